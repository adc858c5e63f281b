package dev.terrane.ec2;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.terrane.iam.IamService;
import dev.terrane.kernel.compute.Firewall.Peer;
import dev.terrane.sts.StsService;
import dev.terrane.testkit.MemoryCompute;
import dev.terrane.testkit.TestServer;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.ec2.model.*;

/** VPCs of one's own, with subnets, route tables and internet gateways. */
class VpcsTest {
    private final MemoryCompute compute = new MemoryCompute();
    private final TestServer server =
            TestServer.withCompute((data, threads) -> compute, IamService::new, StsService::new, Ec2Service::new);
    private Ec2Client ec2 = server.client(Ec2Client.class);

    @AfterEach
    void close() {
        assertThat(server.faults()).isEmpty();
        server.close();
    }

    private static void refused(ThrowingCallable call, String code) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        AwsServiceException.class,
                        e -> assertThat(e.awsErrorDetails().errorCode()).isEqualTo(code));
    }

    private String vpc(String cidr) {
        return ec2.createVpc(r -> r.cidrBlock(cidr)).vpc().vpcId();
    }

    private String subnet(String vpc, String cidr) {
        return ec2.createSubnet(r -> r.vpcId(vpc).cidrBlock(cidr)).subnet().subnetId();
    }

    private RouteTable main(String vpc) {
        return ec2.describeRouteTables(r ->
                        r.filters(Ec2Resources.filter("vpc-id", vpc), Ec2Resources.filter("association.main", "true")))
                .routeTables()
                .getFirst();
    }

    @Test
    void aVpcHasADefaultGroupAndAMainRouteTable() {
        String vpc = vpc("10.0.1.2/16");
        String subnet = subnet(vpc, "10.0.1.0/24");
        server.restart();
        ec2 = server.client(Ec2Client.class);

        Vpc found = ec2.describeVpcs(r -> r.vpcIds(vpc)).vpcs().getFirst();
        assertThat(found.cidrBlock()).isEqualTo("10.0.0.0/16");
        assertThat(found.isDefault()).isFalse();
        assertThat(ec2.describeVpcs(r -> {}).vpcs()).hasSize(2);
        assertThat(ec2.describeSecurityGroups(r -> r.filters(Ec2Resources.filter("vpc-id", vpc)))
                        .securityGroups())
                .singleElement()
                .satisfies(group -> assertThat(group.groupName()).isEqualTo("default"));
        assertThat(main(vpc).routes()).singleElement().satisfies(route -> {
            assertThat(route.gatewayId()).isEqualTo("local");
            assertThat(route.state()).isEqualTo(RouteState.ACTIVE);
        });
        assertThat(ec2.describeSubnets(r -> r.subnetIds(subnet)).subnets())
                .singleElement()
                .satisfies(made -> {
                    assertThat(made.vpcId()).isEqualTo(vpc);
                    assertThat(made.availabilityZone()).isEqualTo("us-east-1a");
                    assertThat(made.availableIpAddressCount()).isEqualTo(251);
                });
    }

    @Test
    void rangesAreThoseThatAwsAllows() {
        refused(() -> vpc("10.0.0.0/8"), "InvalidVpc.Range");
        refused(() -> vpc("10.0.0/16"), "InvalidParameterValue");
        String vpc = vpc("10.0.0.0/16");
        subnet(vpc, "10.0.0.0/24");
        refused(() -> subnet(vpc, "10.0.0.128/25"), "InvalidSubnet.Conflict");
        refused(() -> subnet(vpc, "10.1.0.0/24"), "InvalidSubnet.Range");
        refused(() -> subnet("vpc-0123456789abcdef0", "10.1.0.0/24"), "InvalidVpcID.NotFound");
        refused(
                () -> ec2.createSubnet(
                        r -> r.vpcId(vpc).cidrBlock("10.0.1.0/24").availabilityZone("eu-west-1a")),
                "InvalidParameterValue");
    }

    @Test
    void whatIsUsedCannotBeDeleted() {
        String vpc = vpc("10.0.0.0/16");
        String subnet = subnet(vpc, "10.0.0.0/24");
        String gateway = ec2.createInternetGateway(r -> {}).internetGateway().internetGatewayId();
        ec2.attachInternetGateway(r -> r.internetGatewayId(gateway).vpcId(vpc));
        String table = ec2.createRouteTable(r -> r.vpcId(vpc)).routeTable().routeTableId();
        String association = ec2.associateRouteTable(r -> r.routeTableId(table).subnetId(subnet))
                .associationId();
        refused(() -> ec2.deleteVpc(r -> r.vpcId(vpc)), "DependencyViolation");
        refused(() -> ec2.deleteInternetGateway(r -> r.internetGatewayId(gateway)), "DependencyViolation");
        refused(() -> ec2.deleteRouteTable(r -> r.routeTableId(table)), "DependencyViolation");
        refused(() -> ec2.deleteRouteTable(r -> r.routeTableId(main(vpc).routeTableId())), "DependencyViolation");

        ec2.disassociateRouteTable(r -> r.associationId(association));
        ec2.deleteRouteTable(r -> r.routeTableId(table));
        ec2.detachInternetGateway(r -> r.internetGatewayId(gateway).vpcId(vpc));
        ec2.deleteInternetGateway(r -> r.internetGatewayId(gateway));
        ec2.deleteSubnet(r -> r.subnetId(subnet));
        ec2.deleteVpc(r -> r.vpcId(vpc));

        refused(() -> ec2.describeVpcs(r -> r.vpcIds(vpc)), "InvalidVpcID.NotFound");
        assertThat(ec2.describeSecurityGroups(r -> {}).securityGroups()).hasSize(1);
        assertThat(ec2.describeRouteTables(r -> {}).routeTables()).hasSize(1);
        assertThat(ec2.describeInternetGateways(r -> {}).internetGateways()).hasSize(1);
    }

    @Test
    void routesLeadToWhatIsThere() {
        String vpc = vpc("10.0.0.0/16");
        String table = main(vpc).routeTableId();
        String gateway = ec2.createInternetGateway(r -> {}).internetGateway().internetGatewayId();
        refused(() -> route(table, gateway), "InvalidParameterValue");
        ec2.attachInternetGateway(r -> r.internetGatewayId(gateway).vpcId(vpc));
        route(table, gateway);
        refused(() -> route(table, gateway), "RouteAlreadyExists");
        assertThat(main(vpc).routes())
                .last()
                .satisfies(route -> assertThat(route.state()).isEqualTo(RouteState.ACTIVE));

        ec2.detachInternetGateway(r -> r.internetGatewayId(gateway).vpcId(vpc));
        assertThat(main(vpc).routes())
                .last()
                .satisfies(route -> assertThat(route.state()).isEqualTo(RouteState.BLACKHOLE));
        ec2.deleteRoute(r -> r.routeTableId(table).destinationCidrBlock("0.0.0.0/0"));
        refused(
                () -> ec2.deleteRoute(r -> r.routeTableId(table).destinationCidrBlock("0.0.0.0/0")),
                "InvalidRoute.NotFound");
        refused(
                () -> ec2.deleteRoute(r -> r.routeTableId(table).destinationCidrBlock("10.0.0.0/16")),
                "InvalidParameterValue");
    }

    private void route(String table, String gateway) {
        ec2.createRoute(
                r -> r.routeTableId(table).destinationCidrBlock("0.0.0.0/0").gatewayId(gateway));
    }

    @Test
    void theMainTableCanBeAnother() {
        String vpc = vpc("10.0.0.0/16");
        String other = ec2.createRouteTable(r -> r.vpcId(vpc)).routeTable().routeTableId();
        String association = main(vpc).associations().getFirst().routeTableAssociationId();
        refused(() -> ec2.disassociateRouteTable(r -> r.associationId(association)), "InvalidParameterValue");

        ec2.replaceRouteTableAssociation(r -> r.associationId(association).routeTableId(other));

        assertThat(main(vpc).routeTableId()).isEqualTo(other);
    }

    @Test
    void anInstanceGoesIntoASubnetWithGroupsOfItsVpc() {
        String vpc = vpc("10.0.0.0/16");
        String subnet = subnet(vpc, "10.0.0.0/24");
        String group = ec2.createSecurityGroup(
                        r -> r.vpcId(vpc).groupName("web").description("web"))
                .groupId();
        String foreign = ec2.createSecurityGroup(r -> r.groupName("web").description("web"))
                .groupId();
        ec2.authorizeSecurityGroupIngress(
                r -> r.groupId(group).ipProtocol("tcp").fromPort(80).toPort(80).cidrIp("10.0.0.0/16"));
        refused(() -> launch(subnet, foreign), "InvalidParameter");

        Instance made = launch(subnet, group);

        assertThat(made.vpcId()).isEqualTo(vpc);
        assertThat(made.subnetId()).isEqualTo(subnet);
        assertThat(made.securityGroups()).extracting(GroupIdentifier::groupId).containsExactly(group);
        assertThat(launch(subnet, null).securityGroups())
                .extracting(GroupIdentifier::groupName)
                .containsExactly("default");
        refused(() -> ec2.deleteSubnet(r -> r.subnetId(subnet)), "DependencyViolation");
        TestServer.await(() -> compute.firewall(made.instanceId()).isPresent());
        assertThat(compute.firewall(made.instanceId()).orElseThrow().groups()).containsExactlyInAnyOrder(group, vpc);
        assertThat(compute.firewall(made.instanceId()).orElseThrow().ingress())
                .extracting(rule -> rule.peer())
                .contains(new Peer.Group(vpc));
    }

    private Instance launch(String subnet, @Nullable String group) {
        return ec2.runInstances(r -> r.imageId(Images.DEFAULT)
                        .instanceType("t3.micro")
                        .minCount(1)
                        .maxCount(1)
                        .subnetId(subnet)
                        .securityGroupIds(group == null ? List.of() : List.of(group)))
                .instances()
                .getFirst();
    }
}
