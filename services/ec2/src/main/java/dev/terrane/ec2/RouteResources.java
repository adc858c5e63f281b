package dev.terrane.ec2;

import dev.terrane.kernel.resource.Properties;
import dev.terrane.kernel.resource.ResourceSchema;
import dev.terrane.kernel.resource.ResourceType;
import dev.terrane.kernel.resource.ResourceWork;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.ec2.model.CreateRouteRequest;
import software.amazon.awssdk.services.ec2.model.ReplaceRouteRequest;
import software.amazon.awssdk.services.ec2.model.Route;
import software.amazon.awssdk.services.ec2.model.RouteTable;
import software.amazon.awssdk.services.ec2.model.RouteTableAssociation;

/** CloudFormation's types of route tables, routes, and subnets' tables. */
final class RouteResources {
    private RouteResources() {}

    private static Ec2Client ec2(ResourceWork work) {
        return work.client(Ec2Client.class);
    }

    private static Optional<RouteTable> table(ResourceWork work, String id) {
        return Ec2Resources.found(() -> ec2(work).describeRouteTables(r -> r.routeTableIds(id)).routeTables().stream()
                .findFirst());
    }

    private static Stream<RouteTable> tables(ResourceWork work) {
        return ec2(work).describeRouteTablesPaginator(r -> {}).routeTables().stream();
    }

    /** {@code AWS::EC2::RouteTable}. */
    static final class TableType implements ResourceType {
        @Override
        public String name() {
            return "AWS::EC2::RouteTable";
        }

        @Override
        public Set<String> supported() {
            return Set.of("Tags", "VpcId");
        }

        @Override
        public String create(ResourceWork work) {
            String id = ec2(work)
                    .createRouteTable(r -> r.vpcId(work.desired().required("VpcId"))
                            .clientToken(work.token())
                            .tagSpecifications(Ec2Resources.specifications(work, "route-table")))
                    .routeTable()
                    .routeTableId();
            work.made(id);
            return id;
        }

        @Override
        public void update(ResourceWork work, String id) {
            Ec2Resources.changeTags(work, id);
        }

        @Override
        public void delete(ResourceWork work, String id) {
            Ec2Resources.unlessGone(() -> ec2(work).deleteRouteTable(r -> r.routeTableId(id)));
        }

        @Override
        public Optional<Properties> read(ResourceWork work, String id) {
            return table(work, id)
                    .map(table -> Properties.builder()
                            .tags("Tags", Ec2Resources.tags(table.tags()))
                            .model(ResourceSchema.of(name()).orElseThrow(), table)
                            .inOrderOf(work.desired(), "Tags")
                            .build());
        }

        @Override
        public List<String> list(ResourceWork work) {
            return tables(work).map(RouteTable::routeTableId).toList();
        }
    }

    /** {@code AWS::EC2::Route}: {@code rtb-…|10.0.0.0/8}. Another target replaces it in place. */
    static final class RouteType implements ResourceType {
        private static final String DESTINATION = "DestinationCidrBlock";

        @Override
        public String name() {
            return "AWS::EC2::Route";
        }

        @Override
        public Set<String> supported() {
            return Set.of(DESTINATION, "GatewayId", "InstanceId", "NetworkInterfaceId", "RouteTableId");
        }

        @Override
        public String create(ResourceWork work) {
            ec2(work).createRoute(work.desired().as(CreateRouteRequest.builder()));
            String destination = work.desired().required(DESTINATION);
            String id = work.desired().required("RouteTableId") + "|"
                    + Cidr.find(destination).map(Cidr::toString).orElse(destination);
            work.made(id);
            return id;
        }

        @Override
        public void update(ResourceWork work, String id) {
            ec2(work).replaceRoute(work.desired().as(ReplaceRouteRequest.builder()));
        }

        private static String tableId(String id) {
            return id.substring(0, id.indexOf('|'));
        }

        private static String destination(String id) {
            return id.substring(id.indexOf('|') + 1);
        }

        @Override
        public void delete(ResourceWork work, String id) {
            Ec2Resources.unlessGone(() ->
                    ec2(work).deleteRoute(r -> r.routeTableId(tableId(id)).destinationCidrBlock(destination(id))));
        }

        @Override
        public Optional<Properties> read(ResourceWork work, String id) {
            return table(work, tableId(id))
                    .flatMap(table -> table.routes().stream()
                            .filter(route -> destination(id).equals(route.destinationCidrBlock()))
                            .findFirst())
                    .map(route -> state(work, id, route));
        }

        private Properties state(ResourceWork work, String id, Route route) {
            Route.Builder shown = route.toBuilder();
            if (work.desired().has("InstanceId")) {
                shown.networkInterfaceId(null);
            } else if (work.desired().has("NetworkInterfaceId")) {
                shown.instanceId(null);
            }
            return Properties.builder()
                    .put("RouteTableId", tableId(id))
                    .put("CidrBlock", destination(id))
                    .put(
                            DESTINATION,
                            work.desired()
                                    .text(DESTINATION)
                                    .filter(given -> Cidr.find(given)
                                            .filter(cidr -> cidr.toString().equals(destination(id)))
                                            .isPresent())
                                    .orElse(destination(id)))
                    .model(ResourceSchema.of(name()).orElseThrow(), shown.build())
                    .build();
        }

        @Override
        public List<String> list(ResourceWork work) {
            return tables(work)
                    .flatMap(table -> table.routes().stream()
                            .map(route -> table.routeTableId() + "|" + route.destinationCidrBlock()))
                    .toList();
        }
    }

    /** {@code AWS::EC2::SubnetRouteTableAssociation}. */
    static final class Association implements ResourceType {
        @Override
        public String name() {
            return "AWS::EC2::SubnetRouteTableAssociation";
        }

        @Override
        public Set<String> supported() {
            return Set.of("RouteTableId", "SubnetId");
        }

        @Override
        public String create(ResourceWork work) {
            String id = ec2(work)
                    .associateRouteTable(r -> r.routeTableId(work.desired().required("RouteTableId"))
                            .subnetId(work.desired().required("SubnetId")))
                    .associationId();
            work.made(id);
            return id;
        }

        @Override
        public void update(ResourceWork work, String id) {
            // Nothing of it can be changed in place.
        }

        @Override
        public void delete(ResourceWork work, String id) {
            Ec2Resources.unlessGone(() -> ec2(work).disassociateRouteTable(r -> r.associationId(id)));
        }

        @Override
        public Optional<Properties> read(ResourceWork work, String id) {
            return ec2(work)
                    .describeRouteTables(
                            r -> r.filters(Ec2Resources.filter("association.route-table-association-id", id)))
                    .routeTables()
                    .stream()
                    .flatMap(table -> table.associations().stream())
                    .filter(association -> id.equals(association.routeTableAssociationId()))
                    .findFirst()
                    .map(association -> Properties.builder()
                            .put("Id", id)
                            .put("RouteTableId", association.routeTableId())
                            .put("SubnetId", association.subnetId())
                            .build());
        }

        @Override
        public List<String> list(ResourceWork work) {
            return tables(work)
                    .flatMap(table -> table.associations().stream())
                    .filter(association -> !association.main())
                    .map(RouteTableAssociation::routeTableAssociationId)
                    .toList();
        }
    }
}
