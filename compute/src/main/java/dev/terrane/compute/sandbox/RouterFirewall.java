package dev.terrane.compute.sandbox;

import dev.terrane.kernel.compute.ComputeException;
import dev.terrane.kernel.compute.Firewall;
import dev.terrane.kernel.compute.Firewall.Peer;
import dev.terrane.kernel.compute.Firewall.Rule;
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * The firewalls of workloads, in the router: everything between two workloads, the server and the outside passes there, and no
 * workload can change it. The whole table is replaced in one transaction whenever something changes.
 */
final class RouterFirewall {
    private static final String TABLE = "firewall";

    private final NamespaceThread router;
    private final Path nft;
    private final Set<InetAddress> server;
    private final Map<String, Firewall> firewalls = new TreeMap<>();
    private final Map<String, InetAddress> addresses = new TreeMap<>();
    private Set<String> serverGroups = Set.of();
    private String applied = "";

    /** @param server the addresses from which this server's own connections come */
    RouterFirewall(NamespaceThread router, Path nft, Set<InetAddress> server) {
        this.router = router;
        this.nft = nft;
        this.server = server;
    }

    synchronized void set(String workload, Firewall firewall) {
        firewalls.put(workload, firewall);
        apply();
    }

    synchronized void forget(String workload) {
        firewalls.remove(workload);
        apply();
    }

    synchronized void serverGroups(Set<String> groups) {
        serverGroups = Set.copyOf(groups);
        apply();
    }

    /** A workload has an address from now on. */
    synchronized void attach(String workload, InetAddress address) {
        addresses.put(workload, address);
        apply();
    }

    synchronized void detach(InetAddress address) {
        addresses.values().removeIf(address::equals);
        apply();
    }

    private void apply() {
        String table = table();
        if (!table.equals(applied)) {
            router.call(() -> {
                HostCommand.run(List.of(nft.toString(), "-f", "-"), table);
                return true;
            });
            applied = table;
        }
    }

    private String table() {
        Map<String, InetAddress> guarded = new LinkedHashMap<>(addresses);
        guarded.keySet().retainAll(firewalls.keySet());
        Map<String, String> sets = sets(guarded.keySet());
        StringBuilder text = new StringBuilder("add table ip " + TABLE + "\ndelete table ip " + TABLE + "\n");
        if (guarded.isEmpty()) {
            return text.toString();
        }
        text.append("table ip " + TABLE + " {\n");
        sets.forEach((group, set) -> text.append(" set ")
                .append(set)
                .append(" { type ipv4_addr;")
                .append(elements(members(group, guarded)))
                .append("}\n"));
        List<String> in = new ArrayList<>();
        List<String> out = new ArrayList<>();
        guarded.forEach((workload, address) -> {
            String ip = address.getHostAddress();
            Firewall firewall = firewalls.getOrDefault(workload, Firewall.open(Set.of()));
            chain(text, "in" + in.size(), "saddr", firewall.ingress(), sets);
            chain(text, "out" + out.size(), "daddr", firewall.egress(), sets);
            in.add(ip + " : jump in" + in.size());
            out.add(ip + " : jump out" + out.size());
        });
        return text.append(" map ingress { type ipv4_addr : verdict;")
                .append(elements(in))
                .append("}\n map egress { type ipv4_addr : verdict;")
                .append(elements(out))
                .append("""
                        }
                         chain forward { type filter hook forward priority 0; policy accept;
                          ct state established,related accept
                          ip saddr vmap @egress
                          ip daddr vmap @ingress
                         }
                         chain output { type filter hook output priority 0; policy accept;
                          ct state established,related accept
                          ip daddr vmap @ingress
                         }
                        }
                        """)
                .toString();
    }

    /** A name in the table for each group that a rule refers to. */
    private Map<String, String> sets(Set<String> guarded) {
        Set<String> referred = new TreeSet<>();
        for (String workload : guarded) {
            Firewall firewall = firewalls.getOrDefault(workload, Firewall.open(Set.of()));
            List<Rule> rules = new ArrayList<>(firewall.ingress());
            rules.addAll(firewall.egress());
            rules.forEach(rule -> {
                if (rule.peer() instanceof Peer.Group group) {
                    referred.add(group.name());
                }
            });
        }
        Map<String, String> sets = new TreeMap<>();
        referred.forEach(group -> sets.put(group, "g" + sets.size()));
        return sets;
    }

    private List<String> members(String group, Map<String, InetAddress> guarded) {
        Set<InetAddress> members = new LinkedHashSet<>();
        guarded.forEach((workload, address) -> {
            if (firewalls
                    .getOrDefault(workload, Firewall.open(Set.of()))
                    .groups()
                    .contains(group)) {
                members.add(address);
            }
        });
        if (serverGroups.contains(group)) {
            members.addAll(server);
        }
        return members.stream().map(InetAddress::getHostAddress).toList();
    }

    private static String elements(List<String> elements) {
        return elements.isEmpty() ? " " : " elements = { " + String.join(", ", elements) + " } ";
    }

    private static void chain(
            StringBuilder text, String name, String side, List<Rule> rules, Map<String, String> sets) {
        Set<String> lines = rules.stream()
                .map(rule -> "  " + (peer(side, rule.peer(), sets) + traffic(rule)).strip() + " return\n")
                .collect(Collectors.toCollection(LinkedHashSet::new));
        text.append(" chain ").append(name).append(" {\n");
        lines.forEach(text::append);
        text.append("  drop\n }\n");
    }

    private static String peer(String side, Peer peer, Map<String, String> sets) {
        return switch (peer) {
            case Peer.Range range -> range.cidr().endsWith("/0") ? "" : "ip " + side + " " + range.cidr();
            case Peer.Group group -> "ip " + side + " @" + sets.get(group.name());
        };
    }

    private static String traffic(Rule rule) {
        return switch (rule.protocol()) {
            case Rule.ANY -> "";
            case Rule.TCP -> " tcp dport " + rule.from() + "-" + rule.to();
            case Rule.UDP -> " udp dport " + rule.from() + "-" + rule.to();
            case Rule.ICMP ->
                " meta l4proto icmp"
                        + (rule.from() == Rule.ANY ? "" : " icmp type " + rule.from())
                        + (rule.from() == Rule.ANY || rule.to() == Rule.ANY ? "" : " icmp code " + rule.to());
            default -> " meta l4proto " + rule.protocol();
        };
    }

    /** Whether this machine's kernel and {@code nft} can do it. */
    boolean works() {
        try {
            router.call(() -> {
                HostCommand.run(List.of(nft.toString(), "-f", "-"), """
                        table ip %1$s {
                         chain probe {
                          ct state established accept
                          ip saddr vmap { 10.0.0.1 : drop }
                         }
                        }
                        delete table ip %1$s
                        """.formatted(TABLE));
                return true;
            });
            return true;
        } catch (ComputeException e) {
            return false;
        }
    }
}
