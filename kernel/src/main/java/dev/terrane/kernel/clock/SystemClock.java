package dev.terrane.kernel.clock;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** The machine's own time. */
final class SystemClock implements Clock {
    static final SystemClock INSTANCE = new SystemClock();

    private SystemClock() {}

    @Override
    public Instant instant() {
        return Instant.now().truncatedTo(ChronoUnit.MILLIS);
    }

    @Override
    public void sleepUntil(Instant instant) throws InterruptedException {
        for (Duration left = Duration.between(instant(), instant);
                left.isPositive();
                left = Duration.between(instant(), instant)) {
            Thread.sleep(left);
        }
    }
}
