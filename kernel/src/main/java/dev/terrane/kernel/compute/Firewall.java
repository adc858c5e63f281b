package dev.terrane.kernel.compute;

import java.util.List;
import java.util.Set;

/**
 * What connections a workload may receive and begin, in the meaning of EC2's security groups: what no rule allows is dropped
 * silently, and what answers an allowed connection passes.
 *
 * @param groups that the workload is a member of; rules, also of other workloads, refer to members by the group's name
 * @param ingress what it may receive
 * @param egress what it may begin
 */
public record Firewall(Set<String> groups, List<Rule> ingress, List<Rule> egress) {
    public Firewall {
        groups = Set.copyOf(groups);
        ingress = List.copyOf(ingress);
        egress = List.copyOf(egress);
    }

    /** Everything passes that is allowed to the other side. */
    public static Firewall open(Set<String> groups) {
        List<Rule> all = List.of(new Rule(Rule.ANY, Rule.ANY, Rule.ANY, new Peer.Range("0.0.0.0/0")));
        return new Firewall(groups, all, all);
    }

    /**
     * What is allowed.
     *
     * @param protocol its number by IANA, or {@link #ANY}
     * @param from the lowest port of TCP and UDP; the type of ICMP, or {@link #ANY}
     * @param to the highest port of TCP and UDP; the code of ICMP, or {@link #ANY}
     */
    public record Rule(int protocol, int from, int to, Peer peer) {
        public static final int ANY = -1;
        public static final int ICMP = 1;
        public static final int TCP = 6;
        public static final int UDP = 17;

        public Rule {
            if (protocol < ANY || protocol > 255) {
                throw new IllegalArgumentException("Not a protocol: " + protocol);
            }
        }
    }

    /** With whom. */
    public sealed interface Peer {
        /** IPv4 addresses, such as {@code 10.0.0.0/8}. */
        record Range(String cidr) implements Peer {
            public Range {
                if (!cidr.matches("\\d{1,3}(\\.\\d{1,3}){3}/\\d{1,2}")) {
                    throw new IllegalArgumentException("Not a range of IPv4 addresses: " + cidr);
                }
            }
        }

        /** The members of a group. */
        record Group(String name) implements Peer {}
    }
}
