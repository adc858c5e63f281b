package dev.terrane.testkit;

import dev.terrane.kernel.compute.Command;
import dev.terrane.kernel.compute.Compute;
import dev.terrane.kernel.compute.ComputeException;
import dev.terrane.kernel.compute.ComputeFeatures;
import dev.terrane.kernel.compute.Exit;
import dev.terrane.kernel.compute.Firewall;
import dev.terrane.kernel.compute.Images;
import dev.terrane.kernel.compute.Network;
import dev.terrane.kernel.compute.NetworkMode;
import dev.terrane.kernel.compute.NoSuchWorkloadException;
import dev.terrane.kernel.compute.OutputSink;
import dev.terrane.kernel.compute.UnsupportedWorkloadException;
import dev.terrane.kernel.compute.Workload;
import dev.terrane.kernel.compute.WorkloadSpec;
import dev.terrane.kernel.compute.WorkloadStats;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.UnknownHostException;
import java.nio.file.NoSuchFileException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/**
 * A driver whose workloads live in memory: they start, stop, have addresses, files and a network of listeners, and note the commands that
 * they are given, each of which succeeds. It outlives {@link #close}, as disks outlive a server, and may be handed to the next server.
 */
public final class MemoryCompute implements Compute {
    private final Map<String, Workload> workloads = new ConcurrentHashMap<>();
    private final Map<String, Map<String, byte[]>> disks = new ConcurrentHashMap<>();
    private final Map<String, List<Command>> commands = new ConcurrentHashMap<>();
    private final Map<InetSocketAddress, ConnectionHandler> listeners = new ConcurrentHashMap<>();
    private final List<Consumer<Workload>> ends = new CopyOnWriteArrayList<>();
    private final List<String> images = new CopyOnWriteArrayList<>(List.of(Images.HOST));
    private final Map<String, InetSocketAddress> forwards = new ConcurrentHashMap<>();
    private final Map<String, Firewall> firewalls = new ConcurrentHashMap<>();
    private volatile Set<String> serverGroups = Set.of();
    private int addresses = 1;
    private volatile String refusal = "";

    /** From now on no workload starts, for a reason; an empty one lets them start again. */
    public void refuse(String reason) {
        refusal = reason;
    }

    /** A workload's processes end by themselves. */
    public void end(String id) {
        Workload ended = require(id);
        stop(id, Duration.ZERO);
        ends.forEach(listener -> listener.accept(ended));
    }

    /** A workload's port is reached at another address from now on, as on a server without root. It need not run for that. */
    public void forward(String id, int port, InetSocketAddress to) {
        forwards.put(id + ":" + port, to);
    }

    /** The commands that a workload has run. */
    public List<Command> commands(String id) {
        return List.copyOf(commands.getOrDefault(id, List.of()));
    }

    /** Connects to a listener as a workload would. */
    public Socket connect(String workloadId, String host, int port) throws IOException {
        ConnectionHandler handler = listeners.get(new InetSocketAddress(host, port));
        if (handler == null) {
            throw new IOException("Nobody listens at " + host + ":" + port);
        }
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Socket client = new Socket(server.getInetAddress(), server.getLocalPort());
            Socket accepted = server.accept();
            Thread.ofVirtual().start(() -> {
                try (accepted) {
                    handler.handle(workloadId, accepted);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            });
            return client;
        }
    }

    @Override
    public synchronized Workload start(WorkloadSpec spec) {
        if (!refusal.isEmpty()) {
            throw new ComputeException(refusal);
        }
        if (!images.contains(spec.image())) {
            throw new UnsupportedWorkloadException("No image " + spec.image());
        }
        Workload there = workloads.get(spec.id());
        if (there != null && there.running()) {
            return there;
        }
        Optional<InetAddress> address = there != null
                ? there.address()
                : spec.network() == NetworkMode.ISOLATED ? Optional.of(nextAddress()) : Optional.empty();
        Workload started = new Workload(spec, Workload.State.RUNNING, address);
        workloads.put(spec.id(), started);
        disks.computeIfAbsent(spec.id(), id -> new ConcurrentHashMap<>());
        return started;
    }

    private InetAddress nextAddress() {
        addresses++;
        return address("10.87." + addresses / 256 + "." + addresses % 256);
    }

    private static InetAddress address(String literal) {
        try {
            return InetAddress.getByName(literal);
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException(e);
        }
    }

    @Override
    public Optional<Workload> find(String id) {
        return Optional.ofNullable(workloads.get(id));
    }

    @Override
    public List<Workload> list() {
        return workloads.values().stream()
                .sorted(Comparator.comparing(Workload::id))
                .toList();
    }

    private Workload require(String id) {
        Workload workload = workloads.get(id);
        if (workload == null || !workload.running()) {
            throw new NoSuchWorkloadException(id);
        }
        return workload;
    }

    private Map<String, byte[]> disk(String id) {
        require(id);
        return disks.computeIfAbsent(id, i -> new ConcurrentHashMap<>());
    }

    @Override
    public Exit exec(String id, Command command, OutputSink output) {
        require(id);
        commands.computeIfAbsent(id, i -> new CopyOnWriteArrayList<>()).add(command);
        return new Exit(0, false);
    }

    @Override
    public void copyIn(String id, String folder, InputStream tar) throws IOException {
        write(id, folder + ".tar", tar.readAllBytes(), "root", 0644);
    }

    @Override
    public void copyOut(String id, String path, OutputStream tar) throws IOException {
        tar.write(read(id, path + ".tar", Integer.MAX_VALUE));
    }

    @Override
    public void write(String id, String path, byte[] content, String owner, int mode) {
        disk(id).put(path, content.clone());
    }

    @Override
    public byte[] read(String id, String path, int limit) throws IOException {
        byte[] content = disk(id).get(path);
        if (content == null) {
            throw new NoSuchFileException(path);
        }
        if (content.length > limit) {
            throw new IOException(path + " is longer than " + limit);
        }
        return content.clone();
    }

    @Override
    public Optional<InetSocketAddress> address(String id, int port) {
        return Optional.ofNullable(forwards.get(id + ":" + port))
                .or(() -> find(id).filter(Workload::running)
                        .flatMap(Workload::address)
                        .map(address -> new InetSocketAddress(address, port)));
    }

    @Override
    public synchronized void stop(String id, Duration grace) {
        Workload workload = workloads.get(id);
        if (workload == null) {
            return;
        }
        if (workload.spec().keepDisk()) {
            workloads.put(id, new Workload(workload.spec(), Workload.State.STOPPED, workload.address()));
        } else {
            remove(id);
        }
    }

    @Override
    public synchronized void remove(String id) {
        workloads.remove(id);
        disks.remove(id);
        firewalls.remove(id);
    }

    @Override
    public WorkloadStats stats(String id) {
        require(id);
        return new WorkloadStats(Duration.ZERO, 0, 1, 0, 0);
    }

    @Override
    public Registration onEnd(Consumer<Workload> listener) {
        ends.add(listener);
        return () -> ends.remove(listener);
    }

    @Override
    public Images images() {
        return new Images() {
            @Override
            public List<String> list() {
                return List.copyOf(images);
            }

            @Override
            public boolean exists(String name) {
                return images.contains(name);
            }

            @Override
            public void load(String name, InputStream tar) {
                images.add(name);
            }

            @Override
            public void remove(String name) {
                images.remove(name);
            }
        };
    }

    @Override
    public Optional<Network> network() {
        return Optional.of(new Network(address("10.87.0.0"), 16, address("10.87.0.1")));
    }

    @Override
    public Registration listen(InetSocketAddress address, ConnectionHandler handler) {
        listeners.put(address, handler);
        return () -> listeners.remove(address, handler);
    }

    @Override
    public Registration publish(int port) {
        return () -> {};
    }

    @Override
    public InetSocketAddress serverAddress(NetworkMode mode, int port) {
        return new InetSocketAddress("127.0.0.1", port);
    }

    @Override
    public void firewall(String id, Firewall firewall) {
        firewalls.put(id, firewall);
    }

    /** What a workload was last told to receive and begin; nothing kept is enforced here. */
    public Optional<Firewall> firewall(String id) {
        return Optional.ofNullable(firewalls.get(id));
    }

    @Override
    public void serverGroups(Set<String> groups) {
        serverGroups = Set.copyOf(groups);
    }

    /** The groups of which the server is a member. */
    public Set<String> serverGroups() {
        return serverGroups;
    }

    @Override
    public ComputeFeatures describe() {
        return new ComputeFeatures("memory", true, true, false, true, true, true, true, List.of());
    }

    /** All workloads end with the server; the disks that are kept stay. */
    @Override
    public void close() {
        ends.clear();
        listeners.clear();
        new ArrayList<>(workloads.keySet()).forEach(id -> stop(id, Duration.ZERO));
    }
}
