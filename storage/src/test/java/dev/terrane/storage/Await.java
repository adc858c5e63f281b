package dev.terrane.storage;

import dev.terrane.kernel.clock.Clock;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Waits for what another thread does. */
final class Await {
    private static final long MOST = 30_000_000_000L;

    private Await() {}

    static void until(BooleanSupplier condition) {
        long begin = Clock.nanos();
        while (!condition.getAsBoolean()) {
            if (Clock.nanos() - begin > MOST) {
                throw new AssertionError("It did not come about in time");
            }
            LockSupport.parkNanos(1_000_000);
        }
    }
}
