package dev.terrane.compute.sandbox;

import dev.terrane.kernel.compute.ComputeException;
import dev.terrane.kernel.compute.Limits;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Control groups of one server: a group for each workload in every hierarchy that matters, whether the machine has version 1,
 * version 2 or both, and one for each command, so that it can be killed with all that it started.
 */
final class Cgroups {
    private static final long CPU_PERIOD = 100_000;

    private final String server;
    /** Hierarchies of version 1 by controller. */
    private final Map<String, Path> first = new TreeMap<>();

    /** Whether version 1 has processor sets; not joined, but Java believes its limits only where it sees them. */
    private boolean cpuset;

    private final Optional<Path> second;
    private final List<String> secondControllers;
    /** The hierarchy in which commands have groups of their own; without one, they are found by {@link ProcessTree}. */
    private final Optional<Path> killing;

    Cgroups(String server) {
        this.server = server;
        Path unified = null;
        try {
            Map<String, String> own = ownGroups();
            for (String line : Files.readAllLines(Path.of("/proc/self/mountinfo"))) {
                String[] fields = line.split(" ");
                int dash = List.of(fields).indexOf("-");
                Path mount = Path.of(fields[4]);
                if (fields[dash + 1].equals("cgroup2")) {
                    unified = base(mount, own.getOrDefault("", "/"));
                } else if (fields[dash + 1].equals("cgroup")) {
                    for (String option : fields[dash + 3].split(",")) {
                        cpuset |= option.equals("cpuset");
                        if (List.of("memory", "cpu", "cpuacct", "pids", "freezer")
                                .contains(option)) {
                            first.put(option, base(mount, own.getOrDefault(option, "/")));
                        }
                    }
                }
            }
            second = Optional.ofNullable(unified).filter(mount -> writable(mount));
            secondControllers = second.isPresent() ? enableControllers(second.get()) : List.of();
        } catch (IOException e) {
            throw new ComputeException("Control groups can't be read: " + e.getMessage(), e);
        }
        first.values().removeIf(mount -> !writable(mount));
        killing = second.or(() -> Stream.of("pids", "freezer", "memory")
                .filter(first::containsKey)
                .map(first::get)
                .findFirst());
    }

    /** This server's own group by controller; that of version 2 under the empty name. */
    private static Map<String, String> ownGroups() throws IOException {
        Map<String, String> groups = new TreeMap<>();
        for (String line : Files.readAllLines(Path.of("/proc/self/cgroup"))) {
            String[] fields = line.split(":", 3);
            for (String controller : fields[1].split(",", -1)) {
                groups.put(controller, fields[2]);
            }
        }
        return groups;
    }

    /** The folder to make groups in: the whole hierarchy where this server may, else what is delegated to it. */
    private static Path base(Path mount, String own) {
        Path group = mount.resolve(own.substring(1)).normalize();
        return Files.isWritable(mount) || !Files.isWritable(group) ? mount : group;
    }

    private boolean writable(Path mount) {
        Path group = mount.resolve("terrane-" + server);
        try {
            Files.createDirectories(group);
            return Files.isWritable(group.resolve("cgroup.procs"));
        } catch (IOException e) {
            return false;
        }
    }

    boolean any() {
        return killing.isPresent();
    }

    private List<String> enableControllers(Path mount) throws IOException {
        List<String> enabled = new ArrayList<>();
        moveAside(mount);
        List<String> offered = List.of(
                Files.readString(mount.resolve("cgroup.controllers")).strip().split(" "));
        for (String controller : List.of("memory", "cpu", "pids")) {
            if (offered.contains(controller)) {
                try {
                    write(mount.resolve("cgroup.subtree_control"), "+" + controller);
                    write(mount.resolve("terrane-" + server).resolve("cgroup.subtree_control"), "+" + controller);
                    enabled.add(controller);
                } catch (IOException e) {
                    // Not delegated to this server; version 1 may have it, and describe() says so if not.
                }
            }
        }
        return enabled;
    }

    /** A group with limited groups below has no processes of its own, unless it is the whole hierarchy. */
    private static void moveAside(Path group) throws IOException {
        if (!Files.exists(group.resolve("cgroup.type"))) {
            return;
        }
        Path aside = Files.createDirectories(group.resolve("server"));
        for (String process : Files.readAllLines(group.resolve("cgroup.procs"))) {
            write(aside.resolve("cgroup.procs"), process);
        }
    }

    boolean limits(String controller) {
        return secondControllers.contains(controller) || first.containsKey(controller);
    }

    /** A mounted hierarchy: {@code cgroup2}, or {@code cgroup} with its controllers. */
    record Hierarchy(String type, String controllers) {}

    /** The hierarchies that a workload may read its own limits from. */
    List<Hierarchy> hierarchies() {
        List<Hierarchy> result = new ArrayList<>();
        for (Path mount : new LinkedHashSet<>(first.values())) {
            result.add(new Hierarchy(
                    "cgroup",
                    first.entrySet().stream()
                            .filter(entry -> entry.getValue().equals(mount))
                            .map(Map.Entry::getKey)
                            .collect(Collectors.joining(","))));
        }
        if (cpuset) {
            result.add(new Hierarchy("cgroup", "cpuset"));
        }
        if (second.isPresent()) {
            result.add(new Hierarchy("cgroup2", ""));
        }
        return result;
    }

    /** Makes a workload's groups with its limits. */
    Group create(String id, Limits limits) {
        Group group = new Group(id);
        try {
            for (Path folder : group.folders()) {
                Files.createDirectories(folder);
            }
            group.limit(limits);
            return group;
        } catch (IOException e) {
            group.end();
            throw new ComputeException("Control groups of " + id + ": " + e.getMessage(), e);
        }
    }

    /** Ends whatever an earlier server of the same data left running. */
    void sweep() {
        Set<String> ids = new LinkedHashSet<>();
        for (Path mount : mounts()) {
            try (Stream<Path> groups = Files.list(mount.resolve("terrane-" + server))) {
                groups.filter(Files::isDirectory)
                        .forEach(group -> ids.add(group.getFileName().toString()));
            } catch (IOException e) {
                // A hierarchy without our folder has nothing to end.
            }
        }
        ids.forEach(id -> new Group(id).end());
    }

    /** Removes this server's empty folders. */
    void close() {
        sweep();
        for (Path mount : mounts()) {
            remove(mount.resolve("terrane-" + server));
        }
    }

    private Set<Path> mounts() {
        Set<Path> mounts = new LinkedHashSet<>(first.values());
        second.ifPresent(mounts::add);
        return mounts;
    }

    private static void write(Path file, String value) throws IOException {
        Files.writeString(file, value);
    }

    private static void remove(Path group) {
        try {
            Files.deleteIfExists(group);
        } catch (IOException e) {
            // Still populated by a process that is ending; sweep() at the next start removes it.
        }
    }

    /** One workload's groups. */
    final class Group {
        private final String id;

        private Group(String id) {
            this.id = id;
        }

        private List<Path> folders() {
            return mounts().stream().map(this::in).toList();
        }

        private Path in(Path mount) {
            return mount.resolve("terrane-" + server).resolve(id);
        }

        /** The files that a process writes its number to in order to join. */
        List<Path> entries() {
            return folders().stream()
                    .map(folder -> folder.resolve("cgroup.procs"))
                    .toList();
        }

        /** The same for a command, which gets a group of its own where killing is done. */
        List<Path> entries(String command) throws IOException {
            List<Path> entries = new ArrayList<>();
            for (Path mount : mounts()) {
                Path group = in(mount);
                if (mount.equals(killing.orElseThrow())) {
                    group = Files.createDirectories(group.resolve(command));
                }
                entries.add(group.resolve("cgroup.procs"));
            }
            return entries;
        }

        /** @param process that entered the workload for the command */
        void kill(String command, ProcessHandle process) {
            killing.ifPresentOrElse(mount -> kill(in(mount).resolve(command)), () -> ProcessTree.kill(process));
        }

        /** Removes a command's group if nothing is left in the background. */
        void forget(String command) {
            killing.ifPresent(mount -> remove(in(mount).resolve(command)));
        }

        private void kill(Path group) {
            Path switchFile = group.resolve("cgroup.kill");
            try {
                if (Files.exists(switchFile)) {
                    write(switchFile, "1");
                    return;
                }
                // Version 1 has no switch: kill until a pass finds nobody, since a process may fork meanwhile.
                for (int pass = 0; pass < 1000; pass++) {
                    List<String> processes = Files.readAllLines(group.resolve("cgroup.procs"));
                    if (processes.isEmpty()) {
                        return;
                    }
                    processes.forEach(process ->
                            ProcessHandle.of(Long.parseLong(process)).ifPresent(ProcessHandle::destroyForcibly));
                }
            } catch (IOException e) {
                // The group is gone, and with it its processes.
            }
        }

        /** Kills all that is left and removes the groups. */
        void end() {
            killing.map(this::in).ifPresent(this::endAll);
            folders().forEach(Cgroups::remove);
        }

        private void endAll(Path own) {
            try (Stream<Path> commands = Files.list(own)) {
                commands.filter(Files::isDirectory).forEach(command -> {
                    kill(command);
                    remove(command);
                });
            } catch (IOException e) {
                // Never made.
            }
            kill(own);
        }

        private void limit(Limits limits) throws IOException {
            if (limits.memoryBytes().isPresent()) {
                String bytes = Long.toString(limits.memoryBytes().getAsLong());
                if (secondControllers.contains("memory")) {
                    Path folder = in(second.orElseThrow());
                    write(folder.resolve("memory.max"), bytes);
                    writeIfThere(folder.resolve("memory.swap.max"), "0");
                } else if (first.containsKey("memory")) {
                    Path folder = in(first.get("memory"));
                    write(folder.resolve("memory.limit_in_bytes"), bytes);
                    writeIfThere(folder.resolve("memory.memsw.limit_in_bytes"), bytes);
                }
            }
            if (limits.cpus().isPresent()) {
                long quota = Math.max(1000, Math.round(limits.cpus().getAsDouble() * CPU_PERIOD));
                if (secondControllers.contains("cpu")) {
                    write(in(second.orElseThrow()).resolve("cpu.max"), quota + " " + CPU_PERIOD);
                } else if (first.containsKey("cpu")) {
                    write(in(first.get("cpu")).resolve("cpu.cfs_period_us"), Long.toString(CPU_PERIOD));
                    write(in(first.get("cpu")).resolve("cpu.cfs_quota_us"), Long.toString(quota));
                }
            }
            if (limits.processes().isPresent()) {
                String count = Integer.toString(limits.processes().getAsInt());
                if (secondControllers.contains("pids")) {
                    write(in(second.orElseThrow()).resolve("pids.max"), count);
                } else if (first.containsKey("pids")) {
                    write(in(first.get("pids")).resolve("pids.max"), count);
                }
            }
        }

        private void writeIfThere(Path file, String value) throws IOException {
            if (Files.exists(file)) {
                write(file, value);
            }
        }

        /** Nanoseconds of processor time. */
        long cpuNanos() {
            return first.containsKey("cpuacct")
                    ? number(in(first.get("cpuacct")).resolve("cpuacct.usage"))
                    : second.map(mount -> statNanos(in(mount).resolve("cpu.stat")))
                            .orElse(0L);
        }

        long memoryBytes() {
            return secondControllers.contains("memory")
                    ? number(in(second.orElseThrow()).resolve("memory.current"))
                    : first.containsKey("memory")
                            ? number(in(first.get("memory")).resolve("memory.usage_in_bytes"))
                            : 0;
        }

        int processes() {
            return (int)
                    (secondControllers.contains("pids")
                            ? number(in(second.orElseThrow()).resolve("pids.current"))
                            : first.containsKey("pids")
                                    ? number(in(first.get("pids")).resolve("pids.current"))
                                    : 0);
        }

        private static long number(Path file) {
            try {
                return Long.parseLong(Files.readString(file).strip());
            } catch (IOException e) {
                return 0;
            }
        }

        private static long statNanos(Path file) {
            try {
                return Files.readAllLines(file).stream()
                        .filter(line -> line.startsWith("usage_usec "))
                        .mapToLong(line -> Long.parseLong(line.substring("usage_usec ".length())) * 1000)
                        .sum();
            } catch (IOException e) {
                return 0;
            }
        }
    }
}
