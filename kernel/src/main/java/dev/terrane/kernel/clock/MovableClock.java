package dev.terrane.kernel.clock;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** A clock that stands still until it is moved, and wakes those whose time has come. It never goes back. */
public final class MovableClock implements Clock {
    private Instant now;
    private final List<Instant> alarms = new ArrayList<>();

    public MovableClock(Instant start) {
        now = start;
    }

    @Override
    public synchronized Instant instant() {
        return now;
    }

    @Override
    public synchronized void sleepUntil(Instant instant) throws InterruptedException {
        alarms.add(instant);
        try {
            while (now.isBefore(instant)) {
                wait();
            }
        } finally {
            alarms.remove(instant);
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

    /** How many threads wait for a time that has not come. */
    public synchronized int sleepers() {
        return (int) alarms.stream().filter(now::isBefore).count();
    }
}
