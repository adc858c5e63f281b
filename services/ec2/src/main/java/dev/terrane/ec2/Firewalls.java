package dev.terrane.ec2;

import dev.terrane.kernel.call.Call;
import dev.terrane.kernel.call.Scope;
import dev.terrane.kernel.compute.Compute;
import dev.terrane.kernel.compute.Firewall;
import dev.terrane.kernel.compute.Firewall.Peer;
import dev.terrane.kernel.compute.Firewall.Rule;
import dev.terrane.kernel.store.Store;
import java.util.ArrayList;
import java.util.List;
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
    private static final int ADDRESS_BITS = 32;

    /** Every IPv4 subnet of the default VPC lies in it. */
    private static final String VPC = "172.31.0.0/16";

    private final Ec2Tables tables;
    private final Store store;
    private final Compute compute;

    Firewalls(Ec2Tables tables, Store store, Compute compute) {
        this.tables = tables;
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
                                    .forEach(rule -> (rule.isEgress() ? egress : ingress).addAll(rules(rule))),
                            () -> {
                                // The default group before its first change, see SecurityGroups.initial.
                                ingress.add(new Rule(Rule.ANY, Rule.ANY, Rule.ANY, new Peer.Group(group)));
                                egress.add(new Rule(Rule.ANY, Rule.ANY, Rule.ANY, ANYWHERE));
                            });
        }
        compute.firewall(instance.id(), new Firewall(groups, ingress, egress));
    }

    private static Set<String> groups(InstanceRecord instance) {
        return instance.instance().securityGroups().stream()
                .map(GroupIdentifier::groupId)
                .collect(Collectors.toSet());
    }

    /** What a rule means for the driver: nothing where it is about IPv6, which instances do not have. */
    private List<Rule> rules(SecurityGroupRule rule) {
        int protocol = switch (rule.ipProtocol()) {
            case "-1" -> Rule.ANY;
            case "tcp" -> Rule.TCP;
            case "udp" -> Rule.UDP;
            case "icmp" -> Rule.ICMP;
            case "icmpv6" -> 58;
            default -> Integer.parseInt(rule.ipProtocol());
        };
        return peers(rule).stream()
                .map(peer -> new Rule(protocol, rule.fromPort(), rule.toPort(), peer))
                .toList();
    }

    private List<Peer> peers(SecurityGroupRule rule) {
        if (rule.referencedGroupInfo() != null) {
            return List.of(new Peer.Group(rule.referencedGroupInfo().groupId()));
        }
        if (rule.cidrIpv4() == null) {
            return List.of();
        }
        List<Peer> peers = new ArrayList<>(List.of(new Peer.Range(rule.cidrIpv4())));
        if (covers(rule.cidrIpv4(), VPC)) {
            // Addresses in the VPC are given by the driver, out of a network of its own.
            compute.network().ifPresent(network -> peers.add(new Peer.Range(network.cidr())));
        }
        return peers;
    }

    /** Whether a range is a wider one, but not everything. */
    private static boolean covers(String range, String other) {
        int bits = Integer.parseInt(range.substring(range.indexOf('/') + 1));
        long mask = -1L << (ADDRESS_BITS - bits);
        return bits > 0
                && bits <= Integer.parseInt(other.substring(other.indexOf('/') + 1))
                && (address(range) & mask) == (address(other) & mask);
    }

    private static long address(String range) {
        long address = 0;
        for (String part : range.substring(0, range.indexOf('/')).split("\\.")) {
            address = address << 8 | Integer.parseInt(part);
        }
        return address;
    }
}
