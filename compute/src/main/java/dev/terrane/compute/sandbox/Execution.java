package dev.terrane.compute.sandbox;

import dev.terrane.kernel.clock.Threads;
import dev.terrane.kernel.compute.Command;
import dev.terrane.kernel.compute.ComputeException;
import dev.terrane.kernel.compute.Exit;
import dev.terrane.kernel.compute.OutputSink;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantLock;

/** One command that runs inside a workload. */
final class Execution {
    private final RunningWorkload workload;
    private final String name;
    private final Threads threads;
    private final OutputSink sink;
    private final ReentrantLock oneAtATime = new ReentrantLock();
    private final AtomicReference<RuntimeException> failure = new AtomicReference<>();

    Execution(RunningWorkload workload, Threads threads, OutputSink sink) {
        this.workload = workload;
        this.name = workload.nextCommand();
        this.threads = threads;
        this.sink = sink;
    }

    Exit run(SandboxProgram program, Path folder, Command command) throws InterruptedException {
        Path plan = folder.resolve(name + ".plan");
        try {
            Process process = start(program, plan, command);
            CountDownLatch readers = readOutputs(process, command.mergeOutput());
            command.input().ifPresent(input -> threads.startPlatform("compute-input", () -> feed(input, process)));
            boolean ended = false;
            try {
                ended = await(process, command.timeout());
            } finally {
                if (!ended) {
                    kill(process);
                }
            }
            readers.await();
            if (failure.get() != null) {
                throw failure.get();
            }
            return new Exit(process.exitValue(), !ended);
        } catch (IOException e) {
            throw new ComputeException("A command can't be run in " + workload.spec.id() + ": " + e.getMessage(), e);
        } finally {
            workload.group.forget(name);
            try {
                Files.deleteIfExists(plan);
            } catch (IOException e) {
                // It lies in the workload's own folder and goes with it.
            }
        }
    }

    /** Again until it has ended: a command that was only just started may not have joined its group at the first attempt. */
    private void kill(Process process) {
        boolean interrupted = false;
        boolean ended = false;
        while (!ended) {
            workload.group.kill(name, process.toHandle());
            try {
                ended = process.waitFor(20, TimeUnit.MILLISECONDS);
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private Process start(SandboxProgram program, Path planFile, Command command) throws IOException {
        Plan plan = new Plan().add("enter", workload.init()).add("user", command.user());
        List<Path> groups = workload.group.entries(name);
        groups.forEach(entry -> plan.add("cgroup", entry));
        if (groups.isEmpty()) {
            plan.add("reap", "1");
        }
        command.folder().ifPresent(folder -> plan.add("folder", folder));
        if (command.mergeOutput()) {
            plan.add("merge", "1");
        }
        command.arguments().forEach(word -> plan.addWord("argument", word));
        ProcessBuilder builder = program.builder("enter", plan.write(planFile));
        program.environment(builder, workload.spec.image(), workload.spec.environment(), command.environment());
        if (command.input().isEmpty()) {
            builder.redirectInput(Path.of("/dev/null").toFile());
        }
        return builder.start();
    }

    /** @return whether it ended by itself */
    private static boolean await(Process process, java.util.Optional<Duration> timeout) throws InterruptedException {
        if (timeout.isEmpty()) {
            process.waitFor();
            return true;
        }
        return process.waitFor(timeout.get().toNanos(), TimeUnit.NANOSECONDS);
    }

    private CountDownLatch readOutputs(Process process, boolean merged) {
        List<Runnable> readers = new ArrayList<>();
        readers.add(() -> read(process, process.getInputStream(), OutputSink.Stream.OUT));
        // The error output exists also when merged: it carries what goes wrong before the command runs.
        readers.add(() ->
                read(process, process.getErrorStream(), merged ? OutputSink.Stream.OUT : OutputSink.Stream.ERROR));
        CountDownLatch latch = new CountDownLatch(readers.size());
        readers.forEach(reader -> threads.startPlatform("compute-output", () -> {
            try {
                reader.run();
            } finally {
                latch.countDown();
            }
        }));
        return latch;
    }

    private void read(Process process, InputStream stream, OutputSink.Stream kind) {
        byte[] buffer = new byte[16 * 1024];
        try {
            for (int count = stream.read(buffer); count >= 0; count = stream.read(buffer)) {
                if (failure.get() == null) {
                    hand(process, kind, buffer, count);
                }
            }
        } catch (IOException e) {
            // The command was killed.
        }
    }

    private void hand(Process process, OutputSink.Stream kind, byte[] buffer, int count) {
        oneAtATime.lock();
        try {
            sink.accept(kind, buffer, count);
        } catch (RuntimeException e) {
            failure.compareAndSet(null, e);
            workload.group.kill(name, process.toHandle());
        } finally {
            oneAtATime.unlock();
        }
    }

    private void feed(InputStream input, Process process) {
        try (OutputStream stdin = process.getOutputStream()) {
            byte[] buffer = new byte[64 * 1024];
            for (int count = input.read(buffer); count >= 0; count = input.read(buffer)) {
                stdin.write(buffer, 0, count);
                stdin.flush();
            }
        } catch (IOException e) {
            // The command reads no more; how it ended says the rest.
        }
    }
}
