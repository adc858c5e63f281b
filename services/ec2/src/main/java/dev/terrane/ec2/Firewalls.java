package dev.terrane.ec2;

import dev.terrane.kernel.call.Call;
import dev.terrane.kernel.call.Scope;
import dev.terrane.kernel.compute.Compute;
import dev.terrane.kernel.compute.Firewall;
import dev.terrane.kernel.compute.Firewall.Peer;
import dev.terrane.kernel.compute.Firewall.Rule;
import dev.terrane.kernel.store.Store;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import software.amazon.awssdk.services.ec2.model.GroupIdentifier;
import software.amazon.awssdk.services.ec2.model.SecurityGroupRule;

/**
 * Hands the rules of instances' security groups to the compute driver: when an instance starts, and once a change of its groups
 * or of their rules is durable.
 */
final class Firewalls {
    private static final Peer ANYWHERE = new Peer.Range("0.0.0.0/0");

    private final Ec2Tables tables;
    private final NetworkTables networks;
    private final Store store;
    private final Compute compute;

    Firewalls(Ec2Tables tables, NetworkTables networks, Store store, Compute compute) {
        this.tables = tables;
        this.networks = networks;
        this.store = store;
        this.compute = compute;
    }

    /** Applies what stands in the store to an instance that is about to start. */
    void apply(InstanceRecord instance) {
        apply(Call.current().scope(), instance);
    }

    /** A group's rules have changed. */
    void changed(String groupId) {
        Scope scope = Call.current().scope();
        store.afterCommit(() -> tables.everyInstance((each, instance) -> {
            if (each.equals(scope) && instance.lives() && groups(instance).contains(groupId)) {
                apply(scope, instance);
            }
        }));
    }

    /** An instance is in other groups than before. */
    void moved(String instanceId) {
        Scope scope = Call.current().scope();
        store.afterCommit(() -> tables.instance(scope, instanceId)
                .filter(InstanceRecord::lives)
                .ifPresent(instance -> apply(scope, instance)));
    }

    /** One at a time, so that the last to apply has read the last commit. */
    private synchronized void apply(Scope scope, InstanceRecord instance) {
        Set<String> groups = groups(instance);
        List<Rule> ingress = new ArrayList<>();
        List<Rule> egress = new ArrayList<>();
        for (String group : groups) {
            tables.group(scope, group)
                    .ifPresentOrElse(
                            stored -> stored.rules()
                                    .forEach(rule ->
                                            (rule.isEgress() ? egress : ingress).addAll(rules(scope, instance, rule))),
                            () -> {
                                // The default group before its first change, see SecurityGroups.initial.
                                ingress.add(new Rule(Rule.ANY, Rule.ANY, Rule.ANY, new Peer.Group(group)));
                                egress.add(new Rule(Rule.ANY, Rule.ANY, Rule.ANY, ANYWHERE));
                            });
        }
        Set<String> member = new HashSet<>(groups);
        // A VPC of one's own is a group too, for rules by its range.
        own(scope, instance).ifPresent(vpc -> member.add(vpc.id()));
        compute.firewall(instance.id(), new Firewall(member, ingress, egress));
    }

    private static Set<String> groups(InstanceRecord instance) {
        return instance.instance().securityGroups().stream()
                .map(GroupIdentifier::groupId)
                .collect(Collectors.toSet());
    }

    /** What a rule means for the driver: nothing where it is about IPv6, which instances do not have. */
    private List<Rule> rules(Scope scope, InstanceRecord instance, SecurityGroupRule rule) {
        int protocol = switch (rule.ipProtocol()) {
            case "-1" -> Rule.ANY;
            case "tcp" -> Rule.TCP;
            case "udp" -> Rule.UDP;
            case "icmp" -> Rule.ICMP;
            case "icmpv6" -> 58;
            default -> Integer.parseInt(rule.ipProtocol());
        };
        return peers(scope, instance, rule).stream()
                .map(peer -> new Rule(protocol, rule.fromPort(), rule.toPort(), peer))
                .toList();
    }

    /** The instance's VPC, unless it is the default one. */
    private Optional<VpcRecord> own(Scope scope, InstanceRecord instance) {
        return Optional.ofNullable(instance.instance().vpcId()).flatMap(vpc -> networks.vpc(scope, vpc));
    }

    /** Whether a range is a VPC's or a wider one, but not everything. */
    private static boolean covers(String range, String vpc) {
        Optional<Cidr> of = Cidr.find(vpc);
        return Cidr.find(range)
                .filter(wide -> wide.bits() > 0 && of.filter(wide::contains).isPresent())
                .isPresent();
    }

    private List<Peer> peers(Scope scope, InstanceRecord instance, SecurityGroupRule rule) {
        if (rule.referencedGroupInfo() != null) {
            return List.of(new Peer.Group(rule.referencedGroupInfo().groupId()));
        }
        if (rule.cidrIpv4() == null) {
            return List.of();
        }
        List<Peer> peers = new ArrayList<>(List.of(new Peer.Range(rule.cidrIpv4())));
        Optional<VpcRecord> own = own(scope, instance);
        if (covers(rule.cidrIpv4(), own.map(vpc -> vpc.vpc().cidrBlock()).orElse(DefaultNetwork.CIDR))) {
            // Addresses in a VPC are given by the driver, out of a network of its own that all VPCs share: the range
            // means the VPC's instances, and the server.
            compute.network()
                    .ifPresent(network -> peers.addAll(own.map(vpc -> List.of(
                                    new Peer.Group(vpc.id()),
                                    new Peer.Range(network.gateway().getHostAddress() + "/32")))
                            .orElse(List.of(new Peer.Range(network.cidr())))));
        }
        return peers;
    }
}
