package dev.terrane.ec2;

import dev.terrane.kernel.call.Call;
import dev.terrane.kernel.call.Scope;
import dev.terrane.kernel.store.Rows;
import dev.terrane.kernel.store.Store;
import dev.terrane.kernel.store.Table;
import java.util.List;
import java.util.Optional;

/** The networks that EC2 stores, of the current call's account and region: all but the default one. */
final class NetworkTables {
    private final Rows<VpcRecord> vpcs;
    private final Rows<SubnetRecord> subnets;
    private final Rows<RouteTableRecord> routeTables;
    private final Rows<InternetGatewayRecord> gateways;

    NetworkTables(Store store) {
        vpcs = store.rows(Table.of("ec2.vpc", VpcRecord.class, VpcRecord::id));
        subnets = store.rows(Table.of("ec2.subnet", SubnetRecord.class, SubnetRecord::id));
        routeTables = store.rows(Table.of("ec2.route-table", RouteTableRecord.class, RouteTableRecord::id));
        gateways = store.rows(Table.of("ec2.internet-gateway", InternetGatewayRecord.class, InternetGatewayRecord::id));
    }

    private static Scope scope() {
        return Call.current().scope();
    }

    Optional<VpcRecord> vpc(String id) {
        return vpcs.get(scope(), id);
    }

    /** A VPC of some account and region, for what is no call. */
    Optional<VpcRecord> vpc(Scope scope, String id) {
        return vpcs.peek(scope, id);
    }

    List<VpcRecord> vpcs() {
        return vpcs.all(scope());
    }

    void put(VpcRecord vpc) {
        vpcs.put(scope(), vpc);
    }

    void delete(VpcRecord vpc) {
        vpcs.delete(scope(), vpc.id());
    }

    Optional<SubnetRecord> subnet(String id) {
        return subnets.get(scope(), id);
    }

    List<SubnetRecord> subnets() {
        return subnets.all(scope());
    }

    void put(SubnetRecord subnet) {
        subnets.put(scope(), subnet);
    }

    void delete(SubnetRecord subnet) {
        subnets.delete(scope(), subnet.id());
    }

    Optional<RouteTableRecord> routeTable(String id) {
        return routeTables.get(scope(), id);
    }

    List<RouteTableRecord> routeTables() {
        return routeTables.all(scope());
    }

    void put(RouteTableRecord table) {
        routeTables.put(scope(), table);
    }

    void delete(RouteTableRecord table) {
        routeTables.delete(scope(), table.id());
    }

    Optional<InternetGatewayRecord> gateway(String id) {
        return gateways.get(scope(), id);
    }

    List<InternetGatewayRecord> gateways() {
        return gateways.all(scope());
    }

    void put(InternetGatewayRecord gateway) {
        gateways.put(scope(), gateway);
    }

    void delete(InternetGatewayRecord gateway) {
        gateways.delete(scope(), gateway.id());
    }
}
