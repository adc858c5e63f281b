package dev.terrane.compute.sandbox;

import dev.terrane.kernel.compute.ComputeException;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The uplink of a server that is root: a cable from the router to the machine, which routes the workloads' subnet into it and
 * translates addresses.
 */
final class HostCable implements Uplink {
    private static final int ATTEMPTS = 8;
    /** Tables of servers have the names of their devices, which end with the server. */
    private static final Pattern OURS = Pattern.compile("tr[0-9a-f]{8}");

    private final String name;
    private final NamespaceThread router;
    private final IpCommand ip;
    private final Subnet subnet;
    private final boolean outbound;
    private final List<String> notes = new ArrayList<>();

    /** @param name of the device on the machine */
    HostCable(String name, Path folder, NamespaceThread router, IpCommand ip, int mtu) {
        this.name = name;
        this.router = router;
        this.ip = ip;
        sweep();
        router.call(() -> {
            ip.run(
                    "link add up0 type veth peer name " + name + " netns "
                            + ProcessHandle.current().pid(),
                    "link set up0 mtu " + mtu);
            return true;
        });
        subnet = claimSubnet(folder.resolve("subnet"), mtu);
        router.call(() -> {
            ip.run(
                    "addr add " + subnet.routerSide().getHostAddress() + "/30 dev up0",
                    "link set up0 up",
                    "route add default via " + subnet.hostSide().getHostAddress() + " onlink dev up0");
            return true;
        });
        Optional<String> outside = MachineNetwork.outsideDevice();
        outbound = outside.isPresent() && translate(outside.get());
        if (outside.isEmpty()) {
            notes.add("The machine has no default route; workloads reach only each other and this server.");
        }
    }

    /** Takes a subnet by routing it; of two servers that want the same one at the same moment, one takes the next. */
    private Subnet claimSubnet(Path kept, int mtu) {
        ComputeException last = new ComputeException("No 10.N.0.0/16 network is free for workloads");
        List<Subnet> candidates = Subnet.candidates(kept, name.hashCode());
        for (Subnet candidate : candidates.subList(0, Math.min(ATTEMPTS, candidates.size()))) {
            try {
                ip.run(
                        "addr flush dev " + name,
                        "addr add " + candidate.hostSide().getHostAddress() + "/30 dev " + name,
                        "link set " + name + " mtu " + mtu + " up",
                        "route add " + candidate.cidr() + " via "
                                + candidate.routerSide().getHostAddress() + " dev " + name);
                candidate.keep(kept);
                return candidate;
            } catch (ComputeException e) {
                last = e;
            }
        }
        throw last;
    }

    @Override
    public Subnet subnet() {
        return subnet;
    }

    @Override
    public boolean outbound() {
        return outbound;
    }

    @Override
    public List<String> notes() {
        return notes;
    }

    @Override
    public Set<InetAddress> serverAddresses() {
        return Set.of(subnet.hostSide());
    }

    /**
     * Lets workloads reach the outside under the machine's address, and the machine itself not at all.
     *
     * @return whether this machine can
     */
    private boolean translate(String outside) {
        Optional<Path> nft = HostCommand.find("nft");
        try {
            if (nft.isEmpty()) {
                throw new ComputeException("The command nft is missing: apt-get install nftables");
            }
            HostCommand.run(List.of(nft.get().toString(), "-f", "-"), """
                    table ip %1$s {
                      chain input { type filter hook input priority -10; policy accept;
                        iifname "%1$s" ct state established,related accept
                        iifname "%1$s" drop
                      }
                      chain forward { type filter hook forward priority -10; policy accept;
                        oifname "%1$s" iifname != "%1$s" ct state established,related accept
                        oifname "%1$s" iifname != "%1$s" drop
                      }
                      chain outward { type nat hook postrouting priority srcnat; policy accept;
                        ip saddr %2$s oifname != "%1$s" masquerade
                      }
                    }
                    """.formatted(name, subnet.cidr()));
            for (String device : List.of(name, outside)) {
                MachineNetwork.sysctl("net/ipv4/conf/" + device + "/forwarding", "1");
            }
            return true;
        } catch (ComputeException | IOException e) {
            notes.add("Workloads can't reach the outside: " + e.getMessage());
            hideMachine();
            return false;
        }
    }

    /** Without a packet filter: at least the machine's other addresses are not routed to. */
    private void hideMachine() {
        List<String> routes = MachineNetwork.addresses().stream()
                .filter(address -> !address.equals(subnet.hostSide()))
                .map(address -> "route add prohibit " + address.getHostAddress() + "/32")
                .toList();
        if (!routes.isEmpty()) {
            router.call(() -> {
                ip.run(routes.toArray(String[]::new));
                return true;
            });
        }
        notes.add("Without nftables, workloads reach services of this machine that listen on all addresses, at "
                + subnet.hostSide().getHostAddress() + ".");
    }

    /** Removes what an earlier server of the same data left on the machine, and tables of killed ones whose data is gone. */
    private void sweep() {
        HostCommand.find("nft").ifPresent(nft -> {
            quietly(List.of(nft.toString(), "delete", "table", "ip", name));
            HostCommand.output(List.of(nft.toString(), "list", "tables", "ip"))
                    .lines()
                    .map(line -> line.substring(line.lastIndexOf(' ') + 1))
                    .filter(table -> OURS.matcher(table).matches())
                    .filter(table -> !Files.exists(Path.of("/sys/class/net", table)))
                    .forEach(table -> quietly(List.of(nft.toString(), "delete", "table", "ip", table)));
        });
        if (Files.exists(Path.of("/sys/class/net", name))) {
            quietly(List.of(ip.program().toString(), "link", "delete", name));
        }
    }

    @Override
    public void close() {
        sweep();
    }

    private static void quietly(List<String> command) {
        try {
            HostCommand.run(command, "");
        } catch (ComputeException e) {
            // There was nothing to remove, which is the usual case.
        }
    }
}
