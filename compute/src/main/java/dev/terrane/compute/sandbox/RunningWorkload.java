package dev.terrane.compute.sandbox;

import dev.terrane.kernel.compute.Workload;
import dev.terrane.kernel.compute.WorkloadSpec;
import dev.terrane.kernel.compute.WorkloadStats;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** The processes of one workload that runs. */
final class RunningWorkload {
    final WorkloadSpec spec;
    final Optional<InetAddress> address;
    final Cgroups.Group group;
    /** Whether it ends because it was told to. */
    volatile boolean stopping;

    private final Process supervisor;
    private final long init;
    private final AtomicInteger commands = new AtomicInteger();

    RunningWorkload(
            WorkloadSpec spec, Optional<InetAddress> address, Cgroups.Group group, Process supervisor, long init) {
        this.spec = spec;
        this.address = address;
        this.group = group;
        this.supervisor = supervisor;
        this.init = init;
    }

    Workload view() {
        return new Workload(spec, Workload.State.RUNNING, address);
    }

    /** The first process inside, by its number outside. */
    long init() {
        return init;
    }

    Process supervisor() {
        return supervisor;
    }

    String nextCommand() {
        return "command-" + commands.incrementAndGet();
    }

    /** SIGTERM to all inside, and SIGKILL to what is left after the grace. */
    void end(Duration grace) throws InterruptedException {
        stopping = true;
        try {
            if (grace.isPositive()) {
                ProcessHandle.of(init).ifPresent(ProcessHandle::destroy);
                supervisor.waitFor(grace.toMillis(), TimeUnit.MILLISECONDS);
            }
        } finally {
            kill();
        }
    }

    /** Kills all inside and waits until the last process is gone. */
    void kill() {
        stopping = true;
        group.end();
        Optional<ProcessHandle> first = ProcessHandle.of(init);
        supervisor.destroyForcibly();
        supervisor.onExit().join();
        // It is killed with its parent, and gone when all inside are.
        first.ifPresent(process -> process.onExit().join());
        group.end();
    }

    WorkloadStats stats() {
        long received = 0;
        long sent = 0;
        if (address.isPresent()) {
            try {
                for (String line : Files.readAllLines(Path.of("/proc", Long.toString(init), "net/dev"))) {
                    String[] fields = line.strip().split("[:\\s]+");
                    if (fields[0].equals("eth0")) {
                        received = Long.parseLong(fields[1]);
                        sent = Long.parseLong(fields[9]);
                    }
                }
            } catch (IOException e) {
                // It ended this moment.
            }
        }
        return new WorkloadStats(
                Duration.ofNanos(group.cpuNanos()), group.memoryBytes(), group.processes(), received, sent);
    }
}
