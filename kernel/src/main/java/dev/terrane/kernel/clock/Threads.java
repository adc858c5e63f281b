package dev.terrane.kernel.clock;

import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/**
 * The only source of threads. Threads belong to one server and end with it.
 */
public final class Threads implements AutoCloseable {
    private final Clock clock;
    private final Consumer<Throwable> failures;
    private final Set<Thread> running = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    /**
     * @param failures told of what a thread threw, for the log
     */
    public Threads(Clock clock, Consumer<Throwable> failures) {
        this.clock = clock;
        this.failures = failures;
    }

    /** Work that may be interrupted. */
    @FunctionalInterface
    public interface Work {
        void run() throws InterruptedException;
    }

    /** Starts a virtual thread. It is interrupted when the server ends. */
    public Thread start(String name, Work work) {
        return launch(Thread.ofVirtual().name(name), work);
    }

    /** Starts a thread of the operating system, for work that needs one of its own (name spaces, long native calls). */
    public Thread startPlatform(String name, Work work) {
        return launch(Thread.ofPlatform().daemon().name(name), work);
    }

    private Thread launch(Thread.Builder builder, Work work) {
        if (closed) {
            throw new IllegalStateException("The server is ending");
        }
        Thread thread = builder.unstarted(() -> {
            try {
                if (!closed) {
                    work.run();
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } catch (RuntimeException | Error e) {
                if (!closed) {
                    failures.accept(e);
                }
            } finally {
                running.remove(Thread.currentThread());
            }
        });
        running.add(thread);
        thread.start();
        return thread;
    }

    /**
     * Runs work again and again on the server's clock, first after one period, until the server ends or the handle is closed.
     * What a run throws is reported, and the next run comes all the same.
     */
    public AutoCloseable every(String name, Duration period, Runnable work) {
        // The period begins here and not when the thread comes to run, so that a clock moved right after is seen.
        Instant first = clock.instant().plus(period);
        Thread thread = start(name, () -> {
            for (Instant next = first; !closed; next = clock.instant().plus(period)) {
                clock.sleepUntil(next);
                try {
                    work.run();
                } catch (RuntimeException | Error e) {
                    if (!closed) {
                        failures.accept(e);
                    }
                }
            }
        });
        return thread::interrupt;
    }

    /** Whether the server is ending: an interrupted thread leaves its work as it is, to go on at the next start. */
    public boolean isEnding() {
        return closed;
    }

    /** Interrupts all threads and waits a moment for them. */
    @Override
    public void close() {
        closed = true;
        running.forEach(Thread::interrupt);
        for (Thread thread : running) {
            try {
                // One that has not begun yet sees that all ends, and does nothing.
                if (!thread.equals(Thread.currentThread()) && thread.getState() != Thread.State.NEW) {
                    thread.join(Duration.ofSeconds(2));
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }
}
