package dev.terrane.compute.sandbox;

import dev.terrane.kernel.clock.Threads;
import dev.terrane.kernel.compute.Command;
import dev.terrane.kernel.compute.Compute;
import dev.terrane.kernel.compute.ComputeException;
import dev.terrane.kernel.compute.ComputeFeatures;
import dev.terrane.kernel.compute.Exit;
import dev.terrane.kernel.compute.Firewall;
import dev.terrane.kernel.compute.Images;
import dev.terrane.kernel.compute.Limits;
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
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/**
 * Workloads in Linux namespaces of their own: mounts (a writable layer over the host's root or an image), processes, host name,
 * message queues, control groups and network. See {@code sandbox.pl} for what a workload's root may do. The server is the
 * machine's root, or an ordinary user's that {@code sandbox.pl rootless} has made root of a user namespace.
 */
public final class SandboxCompute implements Compute {
    private final Path folder;
    private final Threads threads;
    private final Disks disks;
    private final ImageStore images;
    private final Cgroups cgroups;
    private final SandboxProgram program;
    private final Launcher launcher;
    private final Optional<SandboxNetwork> network;
    private final UserNamespace user;
    private final List<String> notes = new ArrayList<>();
    private final Map<String, RunningWorkload> running = new ConcurrentHashMap<>();
    private final Map<String, ReentrantLock> locks = new ConcurrentHashMap<>();
    private final List<Consumer<Workload>> endListeners = new CopyOnWriteArrayList<>();
    private volatile boolean closed;

    private SandboxCompute(Path data, Threads threads) throws IOException {
        this.threads = threads;
        this.folder = Files.createDirectories(data.toAbsolutePath().normalize().resolve("compute"))
                .toRealPath();
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx------"));
        String server = "%08x".formatted(folder.toString().hashCode());
        user = UserNamespace.current(System.getenv());
        cgroups = new Cgroups(server);
        if (!cgroups.any() && !user.rootless()) {
            throw new ComputeException("No control group hierarchy is writable here");
        }
        cgroups.sweep();
        disks = new Disks(folder);
        images = new ImageStore(
                folder,
                user.users(),
                name -> list().stream().anyMatch(each -> each.spec().image().equals(name)));
        program = new SandboxProgram(
                folder, HostTools.find(System.getenv(), Path.of(System.getProperty("user.home", "/root"))));
        NamespaceThread host = new NamespaceThread(threads, "compute-host");
        network = openNetwork(server, host);
        if (!user.users()) {
            notes.add("Only root exists inside: apt-get install uidmap, and give this user a range in /etc/subuid and"
                    + " /etc/subgid.");
        }
        launcher = new Launcher(disks, images, cgroups, program, network, user, host, threads, data.toRealPath());
        restoreDisks();
    }

    /**
     * Opens the driver on a data folder, ends what an earlier server left there, and keeps the disks that are to be kept.
     *
     * @param data the server's data folder, on a file system that can hold an overlay's upper layer (ext4, xfs, btrfs, tmpfs)
     * @param threads of the server; the workloads end with them
     * @throws ComputeException when workloads can't run on this machine; the message says what is missing
     */
    public static SandboxCompute open(Path data, Threads threads) {
        if (!"root".equals(System.getProperty("user.name"))) {
            throw new ComputeException(
                    "Workloads need root, or a user namespace, into which ./terrane puts a server of "
                            + System.getProperty("user.name")
                            + " where the machine permits it; terrane doctor tells more");
        }
        try {
            return new SandboxCompute(data, threads);
        } catch (IOException e) {
            throw new ComputeException("The sandbox driver can't start: " + e.getMessage(), e);
        }
    }

    private Optional<SandboxNetwork> openNetwork(String server, NamespaceThread host) {
        try {
            SandboxNetwork opened = new SandboxNetwork(server, folder, user.rootless(), threads, host, program);
            notes.addAll(opened.notes());
            return Optional.of(opened);
        } catch (ComputeException e) {
            notes.add("No network of their own for workloads: " + e.getMessage());
            return Optional.empty();
        }
    }

    private void restoreDisks() {
        for (String id : disks.ids()) {
            Optional<Disks.Stored> stored = disks.read(id);
            if (stored.isEmpty() || !stored.get().spec().keepDisk()) {
                disks.delete(id);
            } else {
                stored.get().inetAddress().ifPresent(address -> network.ifPresent(net -> net.hold(id, address)));
            }
        }
    }

    @Override
    public Workload start(WorkloadSpec spec) {
        return locked(spec.id(), () -> {
            RunningWorkload before = running.get(spec.id());
            if (before != null) {
                return before.view();
            }
            if (closed) {
                throw new ComputeException("The server is ending");
            }
            RunningWorkload workload = launcher.launch(spec);
            running.put(spec.id(), workload);
            var _ = workload.supervisor().onExit().thenRun(() -> {
                if (!closed) {
                    threads.start("compute-end", () -> ended(workload));
                }
            });
            return workload.view();
        });
    }

    private void ended(RunningWorkload workload) {
        if (workload.stopping) {
            return;
        }
        String id = workload.spec.id();
        boolean gone = locked(id, () -> {
            if (!running.remove(id, workload)) {
                return false;
            }
            workload.group.end();
            launcher.discard(id, workload.spec.keepDisk(), workload.address);
            return true;
        });
        if (gone) {
            Workload view = new Workload(workload.spec, Workload.State.STOPPED, workload.address);
            endListeners.forEach(listener -> listener.accept(view));
        }
    }

    @Override
    public Optional<Workload> find(String id) {
        RunningWorkload workload = running.get(id);
        return workload != null ? Optional.of(workload.view()) : stopped(id);
    }

    private Optional<Workload> stopped(String id) {
        return disks.read(id)
                .filter(stored -> stored.spec().keepDisk())
                .map(stored -> new Workload(stored.spec(), Workload.State.STOPPED, stored.inetAddress()));
    }

    @Override
    public List<Workload> list() {
        return disks.ids().stream().flatMap(id -> find(id).stream()).toList();
    }

    private RunningWorkload need(String id) {
        RunningWorkload workload = running.get(id);
        if (workload == null) {
            throw new NoSuchWorkloadException(id);
        }
        return workload;
    }

    @Override
    public Exit exec(String id, Command command, OutputSink output) throws InterruptedException {
        RunningWorkload workload = need(id);
        return new Execution(workload, threads, output).run(program, disks.folder(id), command);
    }

    @Override
    public void copyIn(String id, String target, InputStream tar) throws IOException, InterruptedException {
        new FilesInside(this, id).unpack(target, tar);
    }

    @Override
    public void copyOut(String id, String path, OutputStream tar) throws IOException, InterruptedException {
        new FilesInside(this, id).pack(path, tar);
    }

    @Override
    public void write(String id, String path, byte[] content, String owner, int mode)
            throws IOException, InterruptedException {
        new FilesInside(this, id).write(path, content, owner, mode);
    }

    @Override
    public byte[] read(String id, String path, int limit) throws IOException, InterruptedException {
        return new FilesInside(this, id).read(path, limit);
    }

    @Override
    public Optional<InetSocketAddress> address(String id, int port) {
        RunningWorkload workload = running.get(id);
        if (workload == null || workload.spec.network() == NetworkMode.NONE) {
            return Optional.empty();
        }
        return Optional.of(
                workload.address.isPresent()
                        ? needNetwork().reach(workload.address.get(), port)
                        : new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    }

    @Override
    public void stop(String id, Duration grace) throws InterruptedException {
        ReentrantLock lock = lock(id);
        lock.lockInterruptibly();
        try {
            RunningWorkload workload = running.get(id);
            if (workload == null) {
                return;
            }
            try {
                workload.end(grace);
            } finally {
                running.remove(id, workload);
                launcher.discard(id, workload.spec.keepDisk(), workload.address);
            }
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void remove(String id) {
        locked(id, () -> {
            Optional<Workload> workload = find(id);
            RunningWorkload alive = running.remove(id);
            if (alive != null) {
                alive.kill();
            }
            workload.ifPresent(known -> launcher.discard(id, false, known.address()));
            network.ifPresent(net -> net.forgetFirewall(id));
            return true;
        });
    }

    @Override
    public WorkloadStats stats(String id) {
        return need(id).stats();
    }

    @Override
    public Registration onEnd(Consumer<Workload> listener) {
        endListeners.add(listener);
        return () -> endListeners.remove(listener);
    }

    @Override
    public Images images() {
        return images;
    }

    @Override
    public Optional<Network> network() {
        return network.map(net ->
                new Network(net.subnet().base(), Subnet.WHOLE, net.subnet().gateway()));
    }

    @Override
    public Registration listen(InetSocketAddress address, ConnectionHandler handler) {
        return needNetwork().listen(address, handler);
    }

    @Override
    public Registration publish(int port) {
        return network.isEmpty() ? () -> {} : network.get().publish(port);
    }

    @Override
    public InetSocketAddress serverAddress(NetworkMode mode, int port) {
        return switch (mode) {
            case HOST -> new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
            case ISOLATED -> new InetSocketAddress(needNetwork().subnet().gateway(), port);
            case NONE -> throw new UnsupportedWorkloadException("A workload without a network reaches nothing");
        };
    }

    private SandboxNetwork needNetwork() {
        return network.orElseThrow(
                () -> new UnsupportedWorkloadException("Workloads have no network of their own here: " + notes));
    }

    @Override
    public void firewall(String id, Firewall firewall) {
        network.ifPresent(net -> net.firewall(id, firewall));
    }

    @Override
    public void serverGroups(Set<String> groups) {
        network.ifPresent(net -> net.serverGroups(groups));
    }

    @Override
    public ComputeFeatures describe() {
        List<String> all = new ArrayList<>(notes);
        boolean available = false;
        String probe = "probe-" + ProcessHandle.current().pid();
        Limits limits = new Limits(
                cgroups.limits("memory") ? OptionalLong.of(256 << 20) : OptionalLong.empty(),
                cgroups.limits("cpu") ? OptionalDouble.of(1) : OptionalDouble.empty(),
                cgroups.limits("pids") ? OptionalInt.of(64) : OptionalInt.empty());
        try {
            start(WorkloadSpec.of(probe, "probe")
                    .withLimits(limits)
                    .withNetwork(network.isPresent() ? NetworkMode.ISOLATED : NetworkMode.NONE));
            available = exec(probe, Command.of("true"), OutputSink.DISCARD).succeeded();
        } catch (ComputeException e) {
            all.add("Workloads can't run: " + e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            all.add("The probe was interrupted");
        } finally {
            remove(probe);
        }
        for (String controller : List.of("memory", "cpu", "pids")) {
            if (!cgroups.limits(controller)) {
                all.add("No limit of " + controller + ": the control group is not writable for this server"
                        + (user.rootless() ? "; systemd-run --user --scope -p Delegate=yes delegates one." : "."));
            }
        }
        return new ComputeFeatures(
                user.rootless() ? "sandbox, rootless" : "sandbox",
                available,
                available && network.isPresent(),
                available && network.map(SandboxNetwork::outbound).orElse(false),
                available && network.map(SandboxNetwork::firewalled).orElse(false),
                cgroups.limits("memory"),
                cgroups.limits("cpu"),
                cgroups.limits("pids"),
                all);
    }

    @Override
    public void close() {
        closed = true;
        for (String id : List.copyOf(running.keySet())) {
            locked(id, () -> {
                RunningWorkload workload = running.remove(id);
                if (workload != null) {
                    workload.kill();
                    launcher.discard(id, workload.spec.keepDisk(), workload.address);
                }
                return true;
            });
        }
        network.ifPresent(SandboxNetwork::close);
        cgroups.close();
    }

    private ReentrantLock lock(String id) {
        return locks.computeIfAbsent(id, key -> new ReentrantLock());
    }

    private <T> T locked(String id, Work<T> work) {
        ReentrantLock lock = lock(id);
        lock.lock();
        try {
            return work.run();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            lock.unlock();
        }
    }

    private interface Work<T> {
        T run() throws IOException;
    }
}
