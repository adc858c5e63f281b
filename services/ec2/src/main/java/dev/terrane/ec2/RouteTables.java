package dev.terrane.ec2;

import dev.terrane.kernel.call.Call;
import dev.terrane.kernel.id.Ids;
import dev.terrane.kernel.page.PageTokens;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.ec2.model.*;

/** Route tables, which are recorded: instances reach each other and the outside whatever they say. */
final class RouteTables {
    private static final Set<String> TARGETS = Set.of("GatewayId", "InstanceId", "NetworkInterfaceId");

    private final Ec2Tables tables;
    private final NetworkTables networks;
    private final PageTokens pages;
    private final Filters<RouteTable> filters = new Filters<RouteTable>()
            .by("route-table-id", RouteTable::routeTableId)
            .by("vpc-id", RouteTable::vpcId)
            .by("owner-id", RouteTable::ownerId)
            .any("association.subnet-id", t -> associated(t, RouteTableAssociation::subnetId))
            .any("association.route-table-id", t -> associated(t, RouteTableAssociation::routeTableId))
            .any(
                    "association.route-table-association-id",
                    t -> associated(t, RouteTableAssociation::routeTableAssociationId))
            .any("association.main", t -> associated(t, a -> String.valueOf(a.main())))
            .any("route.gateway-id", t -> routed(t, Route::gatewayId))
            .any("route.instance-id", t -> routed(t, Route::instanceId))
            .any("route.destination-cidr-block", t -> routed(t, Route::destinationCidrBlock))
            .any("route.state", t -> routed(t, Route::stateAsString))
            .any("route.origin", t -> routed(t, Route::originAsString))
            .tagged(table -> Networks.tags(table.tags()));

    RouteTables(Ec2Tables tables, NetworkTables networks, PageTokens pages) {
        this.tables = tables;
        this.networks = networks;
        this.pages = pages;
    }

    private static List<String> associated(RouteTable table, Function<RouteTableAssociation, @Nullable String> what) {
        return table.associations().stream().map(what).filter(Objects::nonNull).toList();
    }

    private static List<String> routed(RouteTable table, Function<Route, @Nullable String> what) {
        return table.routes().stream().map(what).filter(Objects::nonNull).toList();
    }

    /** All tables, with the default VPC's, which is stored once it is changed. */
    private List<RouteTableRecord> all() {
        List<RouteTableRecord> all = new ArrayList<>(networks.routeTables());
        DefaultNetwork network = new DefaultNetwork(Call.current().scope());
        if (all.stream().noneMatch(table -> table.id().equals(network.routeTableId()))) {
            Route outside = Route.builder()
                    .destinationCidrBlock("0.0.0.0/0")
                    .gatewayId(network.gatewayId())
                    .origin(RouteOrigin.CREATE_ROUTE)
                    .build();
            all.add(new RouteTableRecord(
                    network.routeTableId(),
                    network.vpcId(),
                    List.of(local(DefaultNetwork.CIDR), outside),
                    List.of(association(network.mainAssociationId(), network.routeTableId(), null)),
                    null));
        }
        return all;
    }

    private static Route local(String cidr) {
        return Route.builder()
                .destinationCidrBlock(cidr)
                .gatewayId("local")
                .origin(RouteOrigin.CREATE_ROUTE_TABLE)
                .build();
    }

    private static RouteTableAssociation association(String id, String table, @Nullable String subnet) {
        return RouteTableAssociation.builder()
                .routeTableAssociationId(id)
                .routeTableId(table)
                .subnetId(subnet)
                .main(subnet == null)
                .associationState(s -> s.state(RouteTableAssociationStateCode.ASSOCIATED))
                .build();
    }

    /** A table by its id. What is looked up by its key, not in a list, must be unchanged when it is written. */
    Optional<RouteTableRecord> find(String id) {
        return networks.routeTable(id)
                .or(() -> all().stream().filter(table -> table.id().equals(id)).findFirst());
    }

    private RouteTableRecord require(String id) {
        return find(id).orElseThrow(() ->
                Refusals.of("InvalidRouteTableID.NotFound", "The routeTable ID '" + id + "' does not exist"));
    }

    /** The main table of a new VPC. */
    void addMain(String vpcId, String cidr) {
        String id = "rtb-0" + Ids.hex(16);
        networks.put(new RouteTableRecord(
                id, vpcId, List.of(local(cidr)), List.of(association("rtbassoc-0" + Ids.hex(16), id, null)), null));
    }

    /** A subnet is no more. */
    void leave(String subnetId) {
        for (RouteTableRecord table : all()) {
            if (table.associations().stream().anyMatch(a -> subnetId.equals(a.subnetId()))) {
                networks.put(require(table.id()).without(a -> subnetId.equals(a.subnetId())));
            }
        }
    }

    CreateRouteTableResponse create(CreateRouteTableRequest request, Vpcs vpcs) {
        Supported.only("", request, Set.of("VpcId", "ClientToken", "TagSpecifications"));
        Vpc vpc = vpcs.require(request.vpcId());
        Tagging.onlyFor(request.tagSpecifications(), Set.of(ResourceType.ROUTE_TABLE));
        Map<String, String> tags = Tagging.specified(request.tagSpecifications(), ResourceType.ROUTE_TABLE);
        Supported.wet(request.dryRun());
        Optional<RouteTableRecord> before = madeWith(request.clientToken());
        if (before.isPresent()) {
            return again(before.get(), vpc, request);
        }
        RouteTableRecord made = new RouteTableRecord(
                "rtb-0" + Ids.hex(16), vpc.vpcId(), List.of(local(vpc.cidrBlock())), List.of(), request.clientToken());
        networks.put(made);
        tables.tag(made.id(), tags);
        return CreateRouteTableResponse.builder()
                .routeTable(view(made))
                .clientToken(request.clientToken())
                .build();
    }

    private Optional<RouteTableRecord> madeWith(@Nullable String clientToken) {
        return clientToken == null
                ? Optional.empty()
                : networks.routeTables().stream()
                        .filter(table -> clientToken.equals(table.clientToken()))
                        .findFirst();
    }

    private CreateRouteTableResponse again(RouteTableRecord before, Vpc vpc, CreateRouteTableRequest request) {
        if (!before.vpcId().equals(vpc.vpcId())) {
            throw Refusals.of(
                    "IdempotentParameterMismatch",
                    "The client token '" + request.clientToken() + "' was given with other parameters");
        }
        return CreateRouteTableResponse.builder()
                .routeTable(view(before))
                .clientToken(request.clientToken())
                .build();
    }

    DeleteRouteTableResponse delete(DeleteRouteTableRequest request) {
        RouteTableRecord table = require(request.routeTableId());
        if (!table.associations().isEmpty()) {
            throw Refusals.of(
                    "DependencyViolation",
                    "The routeTable '" + table.id() + "' has dependencies and cannot be deleted.");
        }
        Supported.wet(request.dryRun());
        networks.delete(table);
        tables.tag(table.id(), Map.of());
        return DeleteRouteTableResponse.builder().build();
    }

    DescribeRouteTablesResponse describe(DescribeRouteTablesRequest request) {
        Supported.wet(request.dryRun());
        request.routeTableIds().forEach(this::require);
        Paged<RouteTable> page = Paged.of(
                pages,
                PageLimits.ROUTE_TABLES,
                "DescribeRouteTables" + request.filters(),
                all().stream()
                        .filter(table -> request.routeTableIds().isEmpty()
                                || request.routeTableIds().contains(table.id()))
                        .map(this::view)
                        .filter(filters.of(request.filters()))
                        .toList(),
                RouteTable::routeTableId,
                request.maxResults(),
                request.nextToken());
        return DescribeRouteTablesResponse.builder()
                .routeTables(page.items())
                .nextToken(page.next())
                .build();
    }

    /** A route whose target is not there any more leads nowhere. */
    private RouteTable view(RouteTableRecord table) {
        return RouteTable.builder()
                .routeTableId(table.id())
                .vpcId(table.vpcId())
                .ownerId(Call.current().account())
                .associations(table.associations())
                .routes(table.routes().stream()
                        .map(route -> route.toBuilder()
                                .state(leads(table, route) ? RouteState.ACTIVE : RouteState.BLACKHOLE)
                                .build())
                        .toList())
                .tags(TagsRecord.list(tables.tags(table.id())))
                .build();
    }

    private boolean leads(RouteTableRecord table, Route route) {
        if (route.instanceId() != null) {
            return tables.instance(route.instanceId())
                    .filter(InstanceRecord::lives)
                    .isPresent();
        }
        DefaultNetwork network = new DefaultNetwork(Call.current().scope());
        return "local".equals(route.gatewayId())
                || network.gatewayId().equals(route.gatewayId())
                || networks.gateways().stream()
                        .anyMatch(gateway -> gateway.id().equals(route.gatewayId())
                                && gateway.vpcId().equals(table.vpcId()));
    }

    CreateRouteResponse create(CreateRouteRequest request) {
        Set<String> members = new HashSet<>(TARGETS);
        members.addAll(Set.of("RouteTableId", "DestinationCidrBlock"));
        Supported.only("", request, members);
        RouteTableRecord table = require(request.routeTableId());
        String destination = destination(request.destinationCidrBlock());
        if (table.route(destination).isPresent()) {
            throw Refusals.of("RouteAlreadyExists", "The route identified by " + destination + " already exists.");
        }
        Route route = target(table, request.gatewayId(), request.instanceId(), request.networkInterfaceId())
                .destinationCidrBlock(destination)
                .build();
        Supported.wet(request.dryRun());
        networks.put(table.withRoute(route));
        return CreateRouteResponse.builder().returnValue(true).build();
    }

    private static String destination(@Nullable String given) {
        if (given == null) {
            throw Refusals.missing("destinationCidrBlock");
        }
        return Cidr.find(given)
                .map(Cidr::toString)
                .orElseThrow(() -> Refusals.value("Value (" + given
                        + ") for parameter destinationCidrBlock is invalid. This is not a valid CIDR block."));
    }

    private Route.Builder target(
            RouteTableRecord table,
            @Nullable String gateway,
            @Nullable String instance,
            @Nullable String networkInterface) {
        Route.Builder route = Route.builder().origin(RouteOrigin.CREATE_ROUTE);
        if (gateway != null && instance == null && networkInterface == null) {
            requireAttached(table, gateway);
            return route.gatewayId(gateway);
        }
        if (gateway != null || (instance == null) == (networkInterface == null)) {
            throw Refusals.combination(
                    "A route has exactly one target: a gateway, an instance or a network interface.");
        }
        Instance found = tables.instances().stream()
                .filter(InstanceRecord::lives)
                .map(InstanceRecord::instance)
                .filter(one -> instance != null
                        ? one.instanceId().equals(instance)
                        : one.networkInterfaces().stream()
                                .anyMatch(face -> face.networkInterfaceId().equals(networkInterface)))
                .findFirst()
                .orElseThrow(() -> instance != null
                        ? Refusals.noInstance(instance)
                        : Refusals.of(
                                "InvalidNetworkInterfaceID.NotFound",
                                "The networkInterface ID '" + networkInterface + "' does not exist"));
        if (!table.vpcId().equals(found.vpcId())) {
            throw Refusals.value("route table " + table.id() + " and instance " + found.instanceId()
                    + " belong to different networks");
        }
        return route.instanceId(found.instanceId())
                .instanceOwnerId(Call.current().account())
                .networkInterfaceId(found.networkInterfaces().stream()
                        .map(InstanceNetworkInterface::networkInterfaceId)
                        .findFirst()
                        .orElse(null));
    }

    private void requireAttached(RouteTableRecord table, String gateway) {
        DefaultNetwork network = new DefaultNetwork(Call.current().scope());
        String vpc = gateway.equals(network.gatewayId())
                ? network.vpcId()
                : networks.gateways().stream()
                        .filter(one -> one.id().equals(gateway))
                        .findFirst()
                        .map(InternetGatewayRecord::vpcId)
                        .orElseThrow(() -> Refusals.of(
                                "InvalidGatewayID.NotFound", "The gateway ID '" + gateway + "' does not exist"));
        if (!vpc.equals(table.vpcId())) {
            throw Refusals.value(
                    "route table " + table.id() + " and network gateway " + gateway + " belong to different networks");
        }
    }

    ReplaceRouteResponse replace(ReplaceRouteRequest request) {
        Set<String> members = new HashSet<>(TARGETS);
        members.addAll(Set.of("RouteTableId", "DestinationCidrBlock"));
        Supported.only("", request, members);
        RouteTableRecord table = require(request.routeTableId());
        String destination = destination(request.destinationCidrBlock());
        if (table.route(destination).isEmpty()) {
            throw Refusals.value(
                    "There is no route defined for '" + destination + "' in the route table. Use CreateRoute instead.");
        }
        requireNotLocal(table, destination, "replace");
        Route route = target(table, request.gatewayId(), request.instanceId(), request.networkInterfaceId())
                .destinationCidrBlock(destination)
                .build();
        Supported.wet(request.dryRun());
        networks.put(table.withRoute(route));
        return ReplaceRouteResponse.builder().build();
    }

    private static void requireNotLocal(RouteTableRecord table, String destination, String what) {
        if (table.route(destination)
                .filter(route -> "local".equals(route.gatewayId()))
                .isPresent()) {
            throw Refusals.value("cannot " + what + " local route " + destination + " in route table " + table.id());
        }
    }

    DeleteRouteResponse delete(DeleteRouteRequest request) {
        Supported.only("", request, Set.of("RouteTableId", "DestinationCidrBlock"));
        RouteTableRecord table = require(request.routeTableId());
        String destination = destination(request.destinationCidrBlock());
        if (table.route(destination).isEmpty()) {
            throw Refusals.of(
                    "InvalidRoute.NotFound",
                    "no route with destination-cidr-block " + destination + " in route table " + table.id());
        }
        requireNotLocal(table, destination, "remove");
        Supported.wet(request.dryRun());
        networks.put(table.withoutRoute(destination));
        return DeleteRouteResponse.builder().build();
    }

    AssociateRouteTableResponse associate(AssociateRouteTableRequest request, Vpcs vpcs) {
        Supported.only("", request, Set.of("RouteTableId", "SubnetId"));
        RouteTableRecord table = require(request.routeTableId());
        if (request.subnetId() == null) {
            throw Refusals.missing("subnetId");
        }
        Subnet subnet = vpcs.requireSubnet(request.subnetId());
        if (!table.vpcId().equals(subnet.vpcId())) {
            throw Refusals.value(
                    "Route table " + table.id() + " and subnet " + subnet.subnetId() + " belong to different networks");
        }
        boolean taken = all().stream()
                .flatMap(other -> other.associations().stream())
                .anyMatch(association -> subnet.subnetId().equals(association.subnetId()));
        if (taken) {
            throw Refusals.of(
                    "Resource.AlreadyAssociated",
                    "the specified association for route table " + table.id()
                            + " conflicts with an existing association");
        }
        Supported.wet(request.dryRun());
        RouteTableAssociation made = association("rtbassoc-0" + Ids.hex(16), table.id(), subnet.subnetId());
        networks.put(table.with(made));
        return AssociateRouteTableResponse.builder()
                .associationId(made.routeTableAssociationId())
                .associationState(made.associationState())
                .build();
    }

    private RouteTableRecord associatedBy(String id) {
        return all().stream()
                .filter(table -> table.associations().stream()
                        .anyMatch(a -> a.routeTableAssociationId().equals(id)))
                .findFirst()
                .flatMap(table -> find(table.id()))
                .orElseThrow(() ->
                        Refusals.of("InvalidAssociationID.NotFound", "The association ID '" + id + "' does not exist"));
    }

    DisassociateRouteTableResponse disassociate(DisassociateRouteTableRequest request) {
        String id = request.associationId();
        RouteTableRecord table = associatedBy(id);
        if (table.associations().stream()
                .anyMatch(a -> a.routeTableAssociationId().equals(id) && a.main())) {
            throw Refusals.value("cannot disassociate the main route table association " + id);
        }
        Supported.wet(request.dryRun());
        networks.put(table.without(a -> a.routeTableAssociationId().equals(id)));
        return DisassociateRouteTableResponse.builder().build();
    }

    /** Moves a subnet, or the role of the main table, to another table of the VPC. */
    ReplaceRouteTableAssociationResponse replace(ReplaceRouteTableAssociationRequest request) {
        String id = request.associationId();
        RouteTableRecord from = associatedBy(id);
        RouteTableRecord to = require(request.routeTableId());
        if (!from.vpcId().equals(to.vpcId())) {
            throw Refusals.value(
                    "Route table " + to.id() + " and route table " + from.id() + " belong to different networks");
        }
        Supported.wet(request.dryRun());
        RouteTableAssociation old = from.associations().stream()
                .filter(a -> a.routeTableAssociationId().equals(id))
                .findFirst()
                .orElseThrow();
        RouteTableAssociation made = association("rtbassoc-0" + Ids.hex(16), to.id(), old.subnetId());
        RouteTableRecord left = from.without(a -> a.routeTableAssociationId().equals(id));
        networks.put(left);
        networks.put((to.id().equals(from.id()) ? left : to).with(made));
        return ReplaceRouteTableAssociationResponse.builder()
                .newAssociationId(made.routeTableAssociationId())
                .associationState(made.associationState())
                .build();
    }
}
