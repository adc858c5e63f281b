package dev.terrane.compute.sandbox;

import dev.terrane.kernel.clock.Clock;
import dev.terrane.kernel.clock.Threads;
import dev.terrane.kernel.compute.Command;
import dev.terrane.kernel.compute.Compute;
import dev.terrane.kernel.compute.OutputSink;
import dev.terrane.kernel.compute.WorkloadSpec;
import java.nio.file.Path;
import java.util.List;

/** A server in a process of its own that the test kills: starts workloads, says so, and waits for its end. */
final class KilledServer {
    private KilledServer() {}

    public static void main(String[] arguments) throws InterruptedException {
        Threads threads = new Threads(Clock.system(), Throwable::printStackTrace);
        Compute compute = SandboxCompute.open(Path.of(arguments[0]), threads);
        compute.start(WorkloadSpec.of("thrown-away", "test").withInit(List.of("sleep", arguments[1])));
        compute.start(WorkloadSpec.of("kept", "test").keepingDisk());
        compute.exec(
                "kept",
                Command.shell("echo kept > /mark; setsid nohup sleep " + arguments[1] + " >/dev/null 2>&1 &"),
                OutputSink.DISCARD);
        System.out.println("started");
        compute.exec("kept", Command.of("sleep", arguments[1]), OutputSink.DISCARD);
    }
}
