package dev.terrane.compute.sandbox;

import dev.terrane.kernel.clock.Threads;
import dev.terrane.kernel.compute.Compute.ConnectionHandler;
import dev.terrane.kernel.compute.Compute.Registration;
import dev.terrane.kernel.compute.ComputeException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.Socket;
import java.net.StandardProtocolFamily;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The network of one server's isolated workloads: a network namespace of its own, the router, with a bridge to which each
 * workload has a cable, and a cable to the server's machine. The router is a namespace of a thread of this server, so it ends
 * with the server. Listeners for workloads are sockets inside it: no other program on the machine sees them.
 */
final class SandboxNetwork {
    private final String name;
    private final Subnet subnet;
    private final NamespaceThread router;
    private final Threads threads;
    private final Path ip = HostCommand.need("ip", "iproute2");
    private final int mtu;
    private final boolean outbound;
    private final List<String> notes = new ArrayList<>();
    private final Map<InetAddress, String> workloads = new ConcurrentHashMap<>();
    private final Set<InetAddress> local = new HashSet<>();
    private final AtomicInteger links = new AtomicInteger();

    SandboxNetwork(String server, Path folder, Threads threads) {
        this.name = "tr" + server;
        this.threads = threads;
        sweep();
        subnet = Subnet.choose(folder.resolve("subnet"), server.hashCode());
        router = new NamespaceThread(threads, "compute-router");
        router.leaveNetwork();
        Optional<String> outside = outsideDevice();
        mtu = outside.map(SandboxNetwork::mtuOf).orElse(1500);
        lay();
        outbound = outside.isPresent() && translate(outside.get());
        if (outside.isEmpty()) {
            notes.add("The machine has no default route; workloads reach only each other and this server.");
        }
    }

    boolean outbound() {
        return outbound;
    }

    List<String> notes() {
        return notes;
    }

    Subnet subnet() {
        return subnet;
    }

    NamespaceThread router() {
        return router;
    }

    Path ip() {
        return ip;
    }

    int mtu() {
        return mtu;
    }

    String nextLink() {
        return "v" + links.incrementAndGet();
    }

    /** Takes an address for a workload, the one it had before if that is free. */
    synchronized InetAddress reserve(String workload, Optional<InetAddress> before) {
        if (before.isPresent() && inSubnet(before.get()) && workloads.putIfAbsent(before.get(), workload) == null) {
            return before.get();
        }
        int start = Math.floorMod(workload.hashCode(), subnet.hosts());
        for (int i = 0; i < subnet.hosts(); i++) {
            InetAddress candidate = subnet.host((start + i) % subnet.hosts());
            if (workloads.putIfAbsent(candidate, workload) == null) {
                return candidate;
            }
        }
        throw new ComputeException("No address is free in " + subnet.cidr());
    }

    /** Keeps an address for a stopped workload. */
    synchronized void hold(String workload, InetAddress address) {
        workloads.putIfAbsent(address, workload);
    }

    void release(InetAddress address) {
        workloads.remove(address);
    }

    private boolean inSubnet(InetAddress address) {
        byte[] bytes = address.getAddress();
        return bytes.length == 4 && bytes[0] == 10 && (bytes[1] & 0xff) == subnet.second() && (bytes[2] & 0x80) == 0;
    }

    Registration listen(InetSocketAddress address, ConnectionHandler handler) {
        ServerSocketChannel server = router.call(() -> {
            InetAddress own = address.getAddress();
            if (!own.equals(subnet.gateway()) && local.add(own)) {
                ip("addr add " + own.getHostAddress() + "/32 dev br0");
            }
            ServerSocketChannel channel = ServerSocketChannel.open(StandardProtocolFamily.INET);
            return channel.bind(address, 1024);
        });
        threads.start("compute-listener-" + address, () -> accept(server, handler));
        return () -> {
            try {
                server.close();
            } catch (IOException e) {
                throw new ComputeException("Closing " + address, e);
            }
        };
    }

    private void accept(ServerSocketChannel server, ConnectionHandler handler) {
        while (server.isOpen()) {
            SocketChannel connection;
            try {
                connection = server.accept();
            } catch (IOException e) {
                continue;
            }
            threads.start("compute-connection", () -> {
                try (Socket socket = connection.socket()) {
                    String workload = workloads.get(socket.getInetAddress());
                    if (workload != null) {
                        handler.handle(workload, socket);
                    }
                } catch (IOException e) {
                    // The workload went away; there is nobody to tell.
                }
            });
        }
    }

    /** Relays a port of the gateway to the same port of the server's loopback interface. */
    Registration publish(int port) {
        return listen(new InetSocketAddress(subnet.gateway(), port), (workload, inside) -> {
            try (Socket server = new Socket(InetAddress.getLoopbackAddress(), port)) {
                Thread back = threads.start("compute-relay", () -> copy(server, inside));
                copy(inside, server);
                back.join();
            }
        });
    }

    private static void copy(Socket from, Socket to) {
        try {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            in.transferTo(out);
            to.shutdownOutput();
        } catch (IOException e) {
            // One side is gone: let the other one see it.
            try {
                from.close();
                to.close();
            } catch (IOException ignored) {
                // Closed already.
            }
        }
    }

    /** Lays the cable between the machine and the router, and the bridge. */
    private void lay() {
        String hostSide = subnet.hostSide().getHostAddress();
        String routerSide = subnet.routerSide().getHostAddress();
        router.call(() -> {
            sysctl("net/ipv6/conf/all/disable_ipv6", "1");
            sysctl("net/ipv6/conf/default/disable_ipv6", "1");
            sysctl("net/ipv4/ip_forward", "1");
            sysctl("net/ipv4/conf/all/send_redirects", "0");
            ip(
                    "link set lo up",
                    "link add up0 type veth peer name " + name + " netns "
                            + ProcessHandle.current().pid(),
                    "link set up0 mtu " + mtu,
                    "addr add " + routerSide + "/30 dev up0",
                    "link set up0 up",
                    "link add br0 type bridge",
                    "link set br0 mtu " + mtu,
                    "addr add " + subnet.gateway().getHostAddress() + "/" + Subnet.PREFIX + " dev br0",
                    "link set br0 up",
                    "route add default via " + hostSide + " onlink dev up0",
                    // Link-local addresses never leave: what is behind them out there is the machine's own metadata.
                    "route add prohibit 169.254.0.0/16");
            return true;
        });
        ip(
                "addr add " + hostSide + "/30 dev " + name,
                "link set " + name + " mtu " + mtu + " up",
                "route add " + subnet.cidr() + " via " + routerSide + " dev " + name);
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
                sysctl("net/ipv4/conf/" + device + "/forwarding", "1");
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
        try {
            List<String> routes = new ArrayList<>();
            for (NetworkInterface device : Collections.list(NetworkInterface.getNetworkInterfaces())) {
                for (InetAddress address : Collections.list(device.getInetAddresses())) {
                    if (address instanceof Inet4Address
                            && !address.isLoopbackAddress()
                            && !address.equals(subnet.hostSide())) {
                        routes.add("route add prohibit " + address.getHostAddress() + "/32");
                    }
                }
            }
            if (!routes.isEmpty()) {
                router.call(() -> {
                    ip(routes.toArray(String[]::new));
                    return true;
                });
            }
            notes.add("Without nftables, workloads reach services of this machine that listen on all addresses, at "
                    + subnet.hostSide().getHostAddress() + ".");
        } catch (IOException e) {
            throw new ComputeException("The machine's addresses can't be read", e);
        }
    }

    /** Removes what an earlier server of the same data left on the machine. */
    private void sweep() {
        HostCommand.find("nft").ifPresent(nft -> quietly(List.of(nft.toString(), "delete", "table", "ip", name)));
        if (Files.exists(Path.of("/sys/class/net", name))) {
            quietly(List.of(ip.toString(), "link", "delete", name));
        }
    }

    void close() {
        sweep();
    }

    private static void quietly(List<String> command) {
        try {
            HostCommand.run(command, "");
        } catch (ComputeException e) {
            // There was nothing to remove, which is the usual case.
        }
    }

    private void ip(String... lines) {
        HostCommand.run(List.of(ip.toString(), "-batch", "-"), String.join("\n", lines) + "\n");
    }

    private static void sysctl(String name, String value) throws IOException {
        Path file = Path.of("/proc/sys", name);
        if (Files.exists(file) && !Files.readString(file).strip().equals(value)) {
            Files.writeString(file, value);
        }
    }

    private static Optional<String> outsideDevice() {
        try {
            return Files.readAllLines(Path.of("/proc/net/route")).stream()
                    .skip(1)
                    .map(line -> line.split("\\s+"))
                    .filter(fields -> fields[1].equals("00000000"))
                    .map(fields -> fields[0])
                    .findFirst();
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private static int mtuOf(String device) {
        try {
            return Integer.parseInt(
                    Files.readString(Path.of("/sys/class/net", device, "mtu")).strip());
        } catch (IOException e) {
            return 1500;
        }
    }
}
