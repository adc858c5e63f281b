package dev.terrane.compute.sandbox;

import dev.terrane.kernel.clock.Threads;
import dev.terrane.kernel.compute.Bind;
import dev.terrane.kernel.compute.ComputeException;
import dev.terrane.kernel.compute.Images;
import dev.terrane.kernel.compute.Limits;
import dev.terrane.kernel.compute.NetworkMode;
import dev.terrane.kernel.compute.UnsupportedWorkloadException;
import dev.terrane.kernel.compute.WorkloadSpec;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** Turns a specification into a plan for {@code sandbox.pl} and runs it. */
final class Launcher {
    private final Disks disks;
    private final ImageStore images;
    private final Cgroups cgroups;
    private final SandboxProgram program;
    private final NamespaceThread host;
    private final Optional<SandboxNetwork> network;
    private final UserNamespace user;

    /** Laid while the server starts, where it is not the machine's root. */
    private final CompletableFuture<HostLayers> layers = new CompletableFuture<>();

    /** Found while the server starts; the first workload waits for it. */
    private final CompletableFuture<List<HostMask.Entry>> mask = new CompletableFuture<>();

    /** @param hidden the server's data folder */
    Launcher(
            Disks disks,
            ImageStore images,
            Cgroups cgroups,
            SandboxProgram program,
            Optional<SandboxNetwork> network,
            UserNamespace user,
            NamespaceThread host,
            Threads threads,
            Path hidden) {
        this.disks = disks;
        this.images = images;
        this.cgroups = cgroups;
        this.program = program;
        this.network = network;
        this.user = user;
        this.host = host;
        threads.start("compute-mask", () -> findMask(hidden));
        if (user.rootless()) {
            threads.start("compute-layers", () -> lay(hidden.resolve("compute").resolve("skeleton")));
        }
    }

    /** Starts a workload that does not run, and waits until commands can be run in it. */
    RunningWorkload launch(WorkloadSpec spec) {
        if (!images.exists(spec.image())) {
            throw new UnsupportedWorkloadException("No image " + spec.image());
        }
        refuseUnkeptLimits(spec.limits());
        Optional<InetAddress> address = takeAddress(spec);
        Cgroups.Group group = cgroups.create(spec.id(), spec.limits());
        boolean started = false;
        try {
            boolean hostImage = spec.image().equals(Images.HOST);
            disks.prepare(spec, address, hostImage);
            Path home = disks.folder(spec.id());
            ProcessBuilder builder =
                    program.builder("run", plan(spec, address, group).write(home.resolve("run.plan")));
            program.environment(builder, spec.image(), spec.environment());
            Path log = home.resolve("start.log");
            builder.redirectError(log.toFile())
                    .redirectInput(Path.of("/dev/null").toFile());
            NamespaceThread parent = spec.network() == NetworkMode.ISOLATED && network.isPresent()
                    ? network.get().router()
                    : host;
            Process process = parent.call(builder::start);
            RunningWorkload workload =
                    new RunningWorkload(spec, address, group, process, awaitReady(spec.id(), process, log));
            started = true;
            return workload;
        } catch (IOException e) {
            throw new ComputeException("The workload " + spec.id() + " can't start: " + e.getMessage(), e);
        } finally {
            if (!started) {
                group.end();
                discard(spec.id(), spec.keepDisk(), address);
            }
        }
    }

    private void refuseUnkeptLimits(Limits limits) {
        if ((limits.memoryBytes().isPresent() && !cgroups.limits("memory"))
                || (limits.cpus().isPresent() && !cgroups.limits("cpu"))
                || (limits.processes().isPresent() && !cgroups.limits("pids"))) {
            throw new UnsupportedWorkloadException(
                    "A limit can't be kept here: this machine offers no such control group to the server");
        }
    }

    private Optional<InetAddress> takeAddress(WorkloadSpec spec) {
        if (spec.network() != NetworkMode.ISOLATED) {
            return Optional.empty();
        }
        SandboxNetwork net = network.orElseThrow(() ->
                new UnsupportedWorkloadException("Workloads have no network of their own here; describe() says why"));
        Optional<InetAddress> before = disks.read(spec.id()).flatMap(Disks.Stored::inetAddress);
        before.ifPresent(net::release);
        return Optional.of(net.reserve(spec.id(), before));
    }

    private Plan plan(WorkloadSpec spec, Optional<InetAddress> address, Cgroups.Group group) throws IOException {
        Path home = disks.folder(spec.id());
        Plan plan = new Plan().add("root", home.resolve("root")).add("hostname", spec.hostName());
        group.entries().forEach(entry -> plan.add("cgroup", entry));
        cgroups.hierarchies().forEach(each -> plan.add("hierarchy", each.type(), each.controllers()));
        // What is thrown away need not be written through to the disk.
        String options = (spec.keepDisk() ? "" : ",volatile") + (user.rootless() ? ",userxattr" : "");
        boolean hostImage = spec.image().equals(Images.HOST);
        if (hostImage && user.rootless()) {
            layHost(plan, home, options);
        } else {
            plan.add(
                    "disk",
                    overlayPath(images.root(spec.image())),
                    overlayPath(home.resolve("upper")),
                    overlayPath(home.resolve("work")),
                    options);
        }
        if (hostImage) {
            for (HostMask.Entry entry : mask.join()) {
                plan.add("mask", entry.kind(), entry.path(), entry.mode(), entry.user(), entry.group());
            }
            for (Path tool : program.tools().folders()) {
                Path layer = home.resolve("tools").resolve(name(tool));
                plan.add(
                        "layer",
                        tool,
                        overlayPath(tool),
                        overlayPath(Files.createDirectories(layer.resolve("upper"))),
                        overlayPath(Files.createDirectories(layer.resolve("work"))),
                        options);
            }
        }
        for (Bind bind : spec.binds()) {
            plan.add("bind", bind.source(), bind.target(), bind.writable() ? "1" : "");
        }
        Object ip = HostCommand.need("ip", "iproute2");
        if (address.isPresent() && network.isPresent()) {
            SandboxNetwork net = network.get();
            plan.add(
                    "network",
                    "isolated",
                    ip,
                    net.router().number(),
                    net.nextLink(),
                    address.get().getHostAddress(),
                    net.subnet().gateway().getHostAddress(),
                    net.mtu());
        } else {
            plan.add("network", spec.network() == NetworkMode.HOST ? "host" : "none", ip);
        }
        spec.init().ifPresent(command -> command.forEach(word -> plan.addWord("init", word)));
        return plan;
    }

    private void layHost(Plan plan, Path home, String options) throws IOException {
        HostLayers host = layers.join();
        plan.add("plain", Files.createDirectories(home.resolve("top")), home.resolve("upper"));
        host.links().forEach((name, target) -> plan.add("link", name, target));
        for (Path folder : host.folders()) {
            overlayPath(folder);
            overlayPath(host.skeleton());
            Path upper = Files.createDirectories(
                    home.resolve("upper").resolve(folder.toString().substring(1)));
            Path work = home.resolve("works").resolve(name(folder));
            plan.add("layer", folder, host.lower(folder), overlayPath(upper), Files.createDirectories(work), options);
        }
    }

    private static String name(Path folder) {
        return folder.toString().substring(1).replace('/', '_');
    }

    private static String overlayPath(Path path) {
        String text = path.toString();
        if (text.matches(".*[,:\\\\].*")) {
            throw new UnsupportedWorkloadException("A path with a comma, colon or backslash can't be a layer: " + text);
        }
        return text;
    }

    /**
     * Waits for the two lines that the program prints: the number of the first process inside, by its parent, and that it is
     * ready, by itself. They come in either order, since two processes print them.
     *
     * @return the number of the first process inside
     */
    private static long awaitReady(String id, Process process, Path log) throws IOException {
        // Not closed: the workload keeps the other end only until it is ready.
        BufferedReader reader = process.inputReader();
        long init = 0;
        boolean ready = false;
        for (String line = reader.readLine(); line != null; line = reader.readLine()) {
            ready |= line.equals("ready");
            if (line.startsWith("init ")) {
                init = Long.parseLong(line.substring("init ".length()));
            }
            if (ready && init != 0) {
                return init;
            }
        }
        int code = process.destroyForcibly().onExit().join().exitValue();
        throw new ComputeException(("The workload " + id + " did not start (exit status " + code + "): "
                        + Files.readString(log).strip())
                .strip());
    }

    /** Deletes a disk that is not kept, and gives its address back. */
    void discard(String id, boolean keepDisk, Optional<InetAddress> address) {
        if (!keepDisk || disks.read(id).isEmpty()) {
            address.ifPresent(each -> network.ifPresent(net -> net.release(each)));
            disks.delete(id);
        } else {
            address.ifPresent(each -> network.ifPresent(net -> net.disconnect(each)));
        }
    }

    private void lay(Path skeleton) {
        try {
            layers.complete(HostLayers.lay(skeleton));
        } catch (IOException | RuntimeException e) {
            layers.completeExceptionally(
                    new ComputeException("The machine's folders can't be laid over: " + e.getMessage(), e));
        }
    }

    private void findMask(Path hidden) {
        try {
            mask.complete(HostMask.find(hidden));
        } catch (IOException | RuntimeException e) {
            mask.completeExceptionally(
                    new ComputeException("What is to be hidden of the machine can't be told: " + e.getMessage(), e));
        }
    }
}
