package dev.terrane.codepipeline;

import dev.terrane.kernel.clock.Clock;
import java.util.concurrent.atomic.AtomicLong;

/** Numbers that rise with time, so that what began later also sorts later, even within one millisecond. */
final class Serials {
    private final Clock clock;
    private final AtomicLong last = new AtomicLong();

    Serials(Clock clock) {
        this.clock = clock;
    }

    long next() {
        return last.updateAndGet(before -> Math.max(before + 1, clock.millis() * 1000));
    }
}
