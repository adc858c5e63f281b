package dev.terrane.kernel.clock;

import java.time.Duration;
import java.time.Instant;

/** A clock that stands still until it is moved, and wakes those whose time has come. It never goes back. */
public final class MovableClock implements Clock {
    private Instant now;
    private int sleepers;

    public MovableClock(Instant start) {
        now = start;
    }

    @Override
    public synchronized Instant instant() {
        return now;
    }

    @Override
    public synchronized void sleepUntil(Instant instant) throws InterruptedException {
        sleepers++;
        try {
            while (now.isBefore(instant)) {
                wait();
            }
        } finally {
            sleepers--;
        }
    }

    /** Moves the clock forward. */
    public synchronized void advance(Duration duration) {
        if (duration.isNegative()) {
            throw new IllegalArgumentException("A clock does not go back: " + duration);
        }
        now = now.plus(duration);
        notifyAll();
    }

    /** How many threads wait for this clock now. */
    public synchronized int sleepers() {
        return sleepers;
    }
}
