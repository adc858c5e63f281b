package dev.terrane.compute.sandbox;

import dev.terrane.kernel.compute.ComputeException;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The uplink of a server that is not root: {@code pasta}, a program that carries the router's connections out as those of the
 * server's user. Without it workloads reach only each other and this server.
 */
final class PastaUplink implements Uplink {
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final Path TUN = Path.of("/dev/net/tun");
    private static final Duration LOOK = Duration.ofMillis(20);

    private final NamespaceThread router;
    private final IpCommand ip;
    private final Subnet subnet;
    private final Set<InetAddress> hidden = new HashSet<>();
    private final boolean outbound;
    private final List<String> notes = new ArrayList<>();
    private @Nullable Process pasta;

    /** @param host a thread in the machine's network, with which pasta ends */
    PastaUplink(Path folder, NamespaceThread router, NamespaceThread host, IpCommand ip, SandboxProgram program) {
        this.router = router;
        this.ip = ip;
        Path kept = folder.resolve("subnet");
        subnet = Subnet.candidates(kept, folder.hashCode()).stream()
                .findFirst()
                .orElseThrow(() -> new ComputeException("No 10.N.0.0/16 network is free for workloads"));
        subnet.keep(kept);
        outbound = connect(folder.resolve("pasta.log"), host, program);
    }

    private boolean connect(Path log, NamespaceThread host, SandboxProgram program) {
        try {
            Path command = HostCommand.need("pasta", "passt");
            Path nft = HostCommand.need("nft", "nftables");
            if (!Files.isWritable(TUN)) {
                throw new ComputeException(TUN + " is not this user's to open: as root, chmod 666 " + TUN);
            }
            if (MachineNetwork.outsideDevice().isEmpty()) {
                throw new ComputeException("the machine has no default route");
            }
            Path thread = Path.of(
                    "/proc", Long.toString(ProcessHandle.current().pid()), "task", Integer.toString(router.number()));
            Path namespace = Files.write(log.resolveSibling("router"), new byte[0]);
            ProcessBuilder builder = program.attached(
                    thread.resolve("ns").resolve("net"),
                    namespace,
                    command.toString(),
                    "--foreground",
                    "--quiet",
                    "--ipv4-only",
                    "--config-net",
                    "--no-map-gw",
                    "--ns-ifname",
                    "up0",
                    "--tcp-ports",
                    "none",
                    "--udp-ports",
                    "none",
                    "--tcp-ns",
                    "none",
                    "--udp-ns",
                    "none",
                    "--netns-only",
                    "--netns",
                    namespace.toString());
            builder.redirectErrorStream(true)
                    .redirectOutput(log.toFile())
                    .redirectInput(Path.of("/dev/null").toFile());
            Process process = host.call(builder::start);
            pasta = process;
            awaitRoute(process, thread.resolve("net").resolve("route"), log);
            router.call(() -> {
                HostCommand.run(List.of(nft.toString(), "-f", "-"), """
                        table ip uplink {
                          # Older versions of pasta send segments without flags, which belong to no connection for the
                          # kernel's tracking: the router itself would reset the connection.
                          chain strays { type filter hook input priority 0; policy accept;
                            ct state invalid drop
                          }
                          chain outward { type nat hook postrouting priority srcnat; policy accept;
                            oifname "up0" masquerade
                          }
                        }
                        """);
                return true;
            });
            hideNewAddresses();
            return true;
        } catch (ComputeException | IOException e) {
            notes.add("Workloads can't reach the outside: " + e.getMessage());
            close();
            return false;
        }
    }

    /** Also hidden are those that pasta has copied: they are the router's own, and nothing listens there. */
    @Override
    public synchronized void hideNewAddresses() {
        Set<InetAddress> fresh = new HashSet<>(MachineNetwork.addresses());
        fresh.removeAll(hidden);
        if (pasta != null && !fresh.isEmpty()) {
            String[] routes = fresh.stream()
                    .map(address -> "route replace prohibit " + address.getHostAddress() + "/32")
                    .toArray(String[]::new);
            router.call(() -> {
                ip.run(routes);
                return true;
            });
            hidden.addAll(fresh);
        }
    }

    private static void awaitRoute(Process process, Path routes, Path log) throws IOException {
        for (Duration waited = Duration.ZERO; waited.compareTo(PATIENCE) < 0; waited = waited.plus(LOOK)) {
            if (Files.readString(routes).lines().anyMatch(line -> line.startsWith("up0\t00000000"))) {
                return;
            }
            try {
                if (process.waitFor(LOOK.toMillis(), TimeUnit.MILLISECONDS)) {
                    break;
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new ComputeException("Interrupted while pasta starts", e);
            }
        }
        throw new ComputeException("pasta did not start: "
                + Files.readString(log, StandardCharsets.UTF_8).strip());
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

    /** The server's connections begin in the router. */
    @Override
    public Set<InetAddress> serverAddresses() {
        return Set.of(subnet.gateway());
    }

    @Override
    public void close() {
        Optional.ofNullable(pasta).ifPresent(Process::destroyForcibly);
    }
}
