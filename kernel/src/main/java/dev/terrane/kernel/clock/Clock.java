package dev.terrane.kernel.clock;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/**
 * The only clock. Everything that reads the time or waits for it does so here, so that a test, or an operator who tries a
 * schedule out, moves it.
 */
public interface Clock extends InstantSource {
    /**
     * Waits until the clock shows the instant; returns at once when it already does.
     *
     * @throws InterruptedException when the thread is interrupted
     */
    void sleepUntil(Instant instant) throws InterruptedException;

    /** Waits for a time on this clock. */
    default void sleep(Duration duration) throws InterruptedException {
        sleepUntil(instant().plus(duration));
    }

    /** The real time of this machine, to the millisecond. */
    static Clock system() {
        return SystemClock.INSTANCE;
    }

    /** A steadily rising count of nanoseconds, for measuring how long a piece of work took; never moved by a test. */
    static long nanos() {
        return System.nanoTime();
    }
}
