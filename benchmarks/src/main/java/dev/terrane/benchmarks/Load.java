package dev.terrane.benchmarks;

import dev.terrane.kernel.clock.Clock;
import dev.terrane.kernel.clock.Threads;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;

/** Requests from a few senders at once, each waiting for its answer before it sends the next. */
final class Load {
    static final int SENDERS = 8;
    private static final int MOST_LATENCIES = 1 << 20;
    /** The server is warm when its compiler rests: when this many windows in a row were hardly cheaper than the best before. */
    private static final int SETTLED_WINDOWS = 4;

    private static final double SETTLED = 0.97;
    private static final Duration WINDOW = Duration.ofSeconds(3);
    private static final Duration LONGEST_WARM_UP = Duration.ofSeconds(90);

    private final Processes server;
    private final Duration measured;
    private final Threads threads = new Threads(Clock.system(), fault -> {});

    /** @param measured how long each measurement takes after the server is warm */
    Load(Processes server, Duration measured) {
        this.server = server;
        this.measured = measured;
    }

    /** One request; the number makes names unique. */
    @FunctionalInterface
    interface Request {
        void send(int number) throws IOException, InterruptedException;
    }

    /**
     * What was measured.
     *
     * @param perSecond answers a second
     * @param cpuMicros the server's CPU time for each, user and system
     * @param p50Millis the median latency
     */
    record Result(double perSecond, double cpuMicros, double p50Millis, double p99Millis) {}

    Result measure(Request request) throws IOException, InterruptedException {
        AtomicInteger next = new AtomicInteger();
        warmUp(next, request);
        long begin = Clock.nanos();
        return measure(next, request, SENDERS, () -> Clock.nanos() - begin < measured.toNanos());
    }

    /** Measures so many requests of a server that is warm, so many of them at once. */
    Result measure(Request request, int count, int atOnce) throws IOException, InterruptedException {
        AtomicInteger left = new AtomicInteger(count);
        return measure(new AtomicInteger(), request, atOnce, () -> left.getAndDecrement() > 0);
    }

    private Result measure(AtomicInteger next, Request request, int senders, BooleanSupplier goOn)
            throws IOException, InterruptedException {
        double cpu = server.cpuSeconds();
        long begin = Clock.nanos();
        long[] latencies = send(next, request, senders, goOn);
        double seconds = (Clock.nanos() - begin) / 1e9;
        double micros = (server.cpuSeconds() - cpu) * 1e6 / latencies.length;
        Arrays.sort(latencies);
        return new Result(
                latencies.length / seconds,
                micros,
                latencies[latencies.length / 2] / 1e6,
                latencies[latencies.length * 99 / 100] / 1e6);
    }

    private void warmUp(AtomicInteger next, Request request) throws IOException, InterruptedException {
        long latest = Clock.nanos() + LONGEST_WARM_UP.toNanos();
        double best = Double.MAX_VALUE;
        int settled = 0;
        while (settled < SETTLED_WINDOWS && Clock.nanos() < latest) {
            double cpu = server.cpuSeconds();
            long begin = Clock.nanos();
            int sent = send(next, request, SENDERS, () -> Clock.nanos() - begin < WINDOW.toNanos()).length;
            double each = (server.cpuSeconds() - cpu) / sent;
            settled = each < best * SETTLED ? 0 : settled + 1;
            best = Math.min(best, each);
        }
    }

    /** @return the nanoseconds that each took */
    private long[] send(AtomicInteger next, Request request, int senders, BooleanSupplier goOn)
            throws IOException, InterruptedException {
        long[] latencies = new long[MOST_LATENCIES];
        AtomicInteger sent = new AtomicInteger();
        AtomicReference<IOException> failure = new AtomicReference<>();
        CountDownLatch done = new CountDownLatch(senders);
        for (int sender = 0; sender < senders; sender++) {
            threads.start("sender", () -> {
                try {
                    while (failure.get() == null && goOn.getAsBoolean()) {
                        long begin = Clock.nanos();
                        request.send(next.getAndIncrement());
                        latencies[sent.getAndIncrement()] = Clock.nanos() - begin;
                    }
                } catch (IOException e) {
                    failure.compareAndSet(null, e);
                } finally {
                    done.countDown();
                }
            });
        }
        done.await();
        IOException failed = failure.get();
        if (failed != null) {
            throw failed;
        }
        return Arrays.copyOf(latencies, sent.get());
    }
}
