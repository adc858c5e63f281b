package dev.terrane.ec2;

import static org.assertj.core.api.Assertions.assertThat;

import dev.terrane.kernel.compute.Firewall;
import dev.terrane.kernel.compute.Firewall.Peer;
import dev.terrane.kernel.compute.Firewall.Rule;
import dev.terrane.testkit.MemoryCompute;
import dev.terrane.testkit.TestServer;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.ec2.model.Instance;
import software.amazon.awssdk.services.ec2.model.InstanceStateName;
import software.amazon.awssdk.services.ec2.model.InstanceType;
import software.amazon.awssdk.services.ec2.model.IpPermission;
import software.amazon.awssdk.services.ec2.model.IpRange;
import software.amazon.awssdk.services.ec2.model.UserIdGroupPair;

/** What the rules of security groups mean for the driver, and that each change reaches it at once. */
class FirewallsTest {
    private static final Rule ANYTHING_OUT = new Rule(-1, -1, -1, new Peer.Range("0.0.0.0/0"));

    private final MemoryCompute compute = new MemoryCompute();
    private final TestServer server = TestServer.withCompute((data, threads) -> compute, Ec2Service::new);
    private Ec2Client ec2 = server.client(Ec2Client.class);

    @AfterEach
    void close() {
        assertThat(server.faults()).isEmpty();
        server.close();
    }

    private String launch(String... groups) {
        String id = ec2.runInstances(r -> r.imageId(Images.DEFAULT)
                        .instanceType(InstanceType.T3_MICRO)
                        .minCount(1)
                        .maxCount(1)
                        .securityGroupIds(groups))
                .instances()
                .getFirst()
                .instanceId();
        TestServer.await(() -> instance(id).state().name() == InstanceStateName.RUNNING);
        return id;
    }

    private Instance instance(String id) {
        return ec2.describeInstances(r -> r.instanceIds(id))
                .reservations()
                .getFirst()
                .instances()
                .getFirst();
    }

    private String group(String name) {
        return ec2.createSecurityGroup(r -> r.groupName(name).description(name)).groupId();
    }

    private Firewall firewall(String instance) {
        return compute.firewall(instance).orElseThrow();
    }

    @Test
    void theDefaultGroupAllowsItsMembersInAndEverythingOut() {
        String id = launch();
        String group = instance(id).securityGroups().getFirst().groupId();
        assertThat(firewall(id))
                .isEqualTo(new Firewall(
                        Set.of(group), List.of(new Rule(-1, -1, -1, new Peer.Group(group))), List.of(ANYTHING_OUT)));
    }

    @Test
    void everyChangeOfARuleReachesRunningInstancesAtOnce() {
        String web = group("web");
        String balancers = group("balancers");
        String id = launch(web);
        assertThat(firewall(id)).isEqualTo(new Firewall(Set.of(web), List.of(), List.of(ANYTHING_OUT)));

        ec2.authorizeSecurityGroupIngress(r -> r.groupId(web)
                .ipPermissions(
                        IpPermission.builder()
                                .ipProtocol("tcp")
                                .fromPort(80)
                                .toPort(81)
                                .userIdGroupPairs(UserIdGroupPair.builder()
                                        .groupId(balancers)
                                        .build())
                                .build(),
                        IpPermission.builder()
                                .ipProtocol("icmp")
                                .fromPort(8)
                                .toPort(-1)
                                .ipRanges(
                                        IpRange.builder().cidrIp("192.0.2.0/24").build())
                                .build()));
        assertThat(firewall(id).ingress())
                .containsExactly(
                        new Rule(6, 80, 81, new Peer.Group(balancers)),
                        new Rule(1, 8, -1, new Peer.Range("192.0.2.0/24")));

        ec2.revokeSecurityGroupEgress(r -> r.groupId(web)
                .ipPermissions(IpPermission.builder()
                        .ipProtocol("-1")
                        .ipRanges(IpRange.builder().cidrIp("0.0.0.0/0").build())
                        .build()));
        assertThat(firewall(id).egress()).isEmpty();

        ec2.modifyInstanceAttribute(r -> r.instanceId(id).groups(balancers));
        assertThat(firewall(id)).isEqualTo(new Firewall(Set.of(balancers), List.of(), List.of(ANYTHING_OUT)));
    }

    @Test
    void theRangeOfTheVpcMeansTheNetworkOfTheInstances() {
        String web = group("web");
        ec2.authorizeSecurityGroupIngress(
                r -> r.groupId(web).ipProtocol("tcp").fromPort(22).toPort(22).cidrIp("172.16.0.0/12"));
        assertThat(firewall(launch(web)).ingress())
                .containsExactly(
                        new Rule(6, 22, 22, new Peer.Range("172.16.0.0/12")),
                        new Rule(6, 22, 22, new Peer.Range("10.87.0.0/16")));
    }

    @Test
    void aRestartedServerTellsTheDriverAgain() {
        String web = group("web");
        String id = launch(web);
        Firewall before = firewall(id);
        compute.remove(id);
        server.restart();
        ec2 = server.client(Ec2Client.class);
        TestServer.await(() -> compute.firewall(id).equals(java.util.Optional.of(before)));
    }
}
