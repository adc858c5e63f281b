package dev.terrane.ec2;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.ec2.model.Route;
import software.amazon.awssdk.services.ec2.model.RouteTableAssociation;

/**
 * A route table, without its tags. That of the default VPC is stored once it is changed.
 *
 * @param routes with the local one, whose state is always active
 * @param associations with subnets; of a main table also that with the VPC
 * @param clientToken with which it was made
 */
record RouteTableRecord(
        String id,
        String vpcId,
        List<Route> routes,
        List<RouteTableAssociation> associations,
        @Nullable String clientToken) {
    RouteTableRecord {
        routes = List.copyOf(routes);
        associations = List.copyOf(associations);
    }

    boolean main() {
        return associations.stream().anyMatch(RouteTableAssociation::main);
    }

    Optional<Route> route(String destination) {
        return routes.stream()
                .filter(route -> destination.equals(route.destinationCidrBlock()))
                .findFirst();
    }

    RouteTableRecord withRoute(Route route) {
        List<Route> changed = new ArrayList<>(
                withoutRoute(String.valueOf(route.destinationCidrBlock())).routes());
        changed.add(route);
        return new RouteTableRecord(id, vpcId, changed, associations, clientToken);
    }

    RouteTableRecord withoutRoute(String destination) {
        return new RouteTableRecord(
                id,
                vpcId,
                routes.stream()
                        .filter(route -> !destination.equals(route.destinationCidrBlock()))
                        .toList(),
                associations,
                clientToken);
    }

    RouteTableRecord with(RouteTableAssociation association) {
        List<RouteTableAssociation> changed = new ArrayList<>(associations);
        changed.add(association);
        return new RouteTableRecord(id, vpcId, routes, changed, clientToken);
    }

    RouteTableRecord without(Predicate<RouteTableAssociation> association) {
        return new RouteTableRecord(
                id,
                vpcId,
                routes,
                associations.stream().filter(association.negate()).toList(),
                clientToken);
    }
}
