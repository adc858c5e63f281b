package dev.terrane.compute.sandbox;

import dev.terrane.kernel.clock.Threads;
import dev.terrane.kernel.compute.Compute.ConnectionHandler;
import dev.terrane.kernel.compute.Compute.Registration;
import dev.terrane.kernel.compute.ComputeException;
import dev.terrane.kernel.compute.Firewall;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.StandardProtocolFamily;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The network of one server's isolated workloads: a network namespace of its own, the router, with a bridge to which each
 * workload has a cable, and an uplink. The bridge's ports see only the router, so that all traffic passes its firewall. The
 * router is a namespace of a thread of this server, so it ends with the server. Listeners for workloads are sockets inside it:
 * no other program on the machine sees them.
 */
final class SandboxNetwork {
    private final NamespaceThread router;
    private final Threads threads;
    private final IpCommand ip = new IpCommand();
    private final int mtu = MachineNetwork.mtu();
    private final Uplink uplink;
    private final Optional<RouterFirewall> firewall;
    /** Where the machine has no route to workloads. */
    private final Optional<PortForwards> forwards;

    private final List<String> notes = new ArrayList<>();
    private final Map<InetAddress, String> workloads = new ConcurrentHashMap<>();
    private final Set<InetAddress> local = new HashSet<>();
    private final AtomicInteger links = new AtomicInteger();

    /** @param host a thread in the machine's network */
    SandboxNetwork(
            String server,
            Path folder,
            boolean rootless,
            Threads threads,
            NamespaceThread host,
            SandboxProgram program) {
        this.threads = threads;
        router = new NamespaceThread(threads, "compute-router");
        router.leaveNetwork();
        layBridge();
        uplink = rootless
                ? new PastaUplink(folder, router, host, ip, program)
                : new HostCable("tr" + server, folder, router, ip, mtu);
        router.call(() -> {
            ip.run(
                    "addr add " + subnet().gateway().getHostAddress() + "/" + Subnet.PREFIX + " dev br0",
                    // Link-local addresses never leave: what is behind them out there is the machine's own metadata.
                    "route add prohibit 169.254.0.0/16");
            return true;
        });
        notes.addAll(uplink.notes());
        forwards = rootless ? Optional.of(new PortForwards(router, threads)) : Optional.empty();
        firewall = HostCommand.find("nft")
                .map(nft -> new RouterFirewall(router, nft, uplink.serverAddresses()))
                .filter(RouterFirewall::works);
        if (firewall.isEmpty()) {
            notes.add("Security groups are recorded and not enforced: apt-get install nftables");
        }
    }

    private void layBridge() {
        router.call(() -> {
            MachineNetwork.sysctl("net/ipv6/conf/all/disable_ipv6", "1");
            MachineNetwork.sysctl("net/ipv6/conf/default/disable_ipv6", "1");
            MachineNetwork.sysctl("net/ipv4/ip_forward", "1");
            // What comes from one workload goes back over the same bridge to another one; that is meant.
            MachineNetwork.sysctl("net/ipv4/conf/all/send_redirects", "0");
            MachineNetwork.sysctl("net/ipv4/conf/default/send_redirects", "0");
            ip.run("link set lo up", "link add br0 type bridge", "link set br0 mtu " + mtu, "link set br0 up");
            return true;
        });
    }

    boolean outbound() {
        return uplink.outbound();
    }

    boolean firewalled() {
        return firewall.isPresent();
    }

    List<String> notes() {
        return notes;
    }

    Subnet subnet() {
        return uplink.subnet();
    }

    NamespaceThread router() {
        return router;
    }

    Path ip() {
        return ip.program();
    }

    int mtu() {
        return mtu;
    }

    String nextLink() {
        return "v" + links.incrementAndGet();
    }

    /** Takes an address for a workload, the one it had before if that is free. */
    synchronized InetAddress reserve(String workload, Optional<InetAddress> before) {
        uplink.hideNewAddresses();
        InetAddress address = free(workload, before);
        firewall.ifPresent(wall -> wall.attach(workload, address));
        return address;
    }

    private InetAddress free(String workload, Optional<InetAddress> before) {
        if (before.isPresent() && inSubnet(before.get()) && workloads.putIfAbsent(before.get(), workload) == null) {
            return before.get();
        }
        int start = Math.floorMod(workload.hashCode(), subnet().hosts());
        for (int i = 0; i < subnet().hosts(); i++) {
            InetAddress candidate = subnet().host((start + i) % subnet().hosts());
            if (workloads.putIfAbsent(candidate, workload) == null) {
                return candidate;
            }
        }
        throw new ComputeException("No address is free in " + subnet().cidr());
    }

    /** Keeps an address for a stopped workload. */
    synchronized void hold(String workload, InetAddress address) {
        workloads.putIfAbsent(address, workload);
    }

    void release(InetAddress address) {
        workloads.remove(address);
        disconnect(address);
        firewall.ifPresent(wall -> wall.detach(address));
    }

    /** The workload with this address does not run any more. */
    void disconnect(InetAddress address) {
        forwards.ifPresent(all -> all.close(address));
    }

    private boolean inSubnet(InetAddress address) {
        byte[] bytes = address.getAddress();
        return bytes.length == 4 && bytes[0] == 10 && (bytes[1] & 0xff) == subnet().second() && (bytes[2] & 0x80) == 0;
    }

    /** Where the machine reaches a workload's port. */
    InetSocketAddress reach(InetAddress workload, int port) {
        return forwards.map(all -> all.to(workload, port)).orElseGet(() -> new InetSocketAddress(workload, port));
    }

    void firewall(String workload, Firewall rules) {
        firewall.ifPresent(wall -> wall.set(workload, rules));
    }

    void forgetFirewall(String workload) {
        firewall.ifPresent(wall -> wall.forget(workload));
    }

    void serverGroups(Set<String> groups) {
        firewall.ifPresent(wall -> wall.serverGroups(groups));
    }

    Registration listen(InetSocketAddress address, ConnectionHandler handler) {
        ServerSocketChannel server = router.call(() -> {
            InetAddress own = address.getAddress();
            if (!own.equals(subnet().gateway()) && local.add(own)) {
                ip.run("addr add " + own.getHostAddress() + "/32 dev br0");
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
        return listen(new InetSocketAddress(subnet().gateway(), port), (workload, inside) -> {
            try (Socket server = new Socket(InetAddress.getLoopbackAddress(), port)) {
                Relay.between(inside, server, threads);
            }
        });
    }

    void close() {
        uplink.close();
    }
}
