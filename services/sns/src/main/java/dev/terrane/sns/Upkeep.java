package dev.terrane.sns;

import dev.terrane.kernel.clock.Clock;
import dev.terrane.kernel.clock.Threads;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Deletes what is over: deduplication ids after five minutes, subscriptions that nobody confirmed after two days. */
final class Upkeep {
    private static final Duration LOOK = Duration.ofMinutes(5);
    private static final Duration TO_CONFIRM = Duration.ofDays(2);

    private final SnsTables tables;
    private final Clock clock;

    Upkeep(SnsTables tables, Clock clock) {
        this.tables = tables;
        this.clock = clock;
    }

    void start(Threads threads) {
        threads.every("sns-upkeep", LOOK, this::run);
    }

    private void run() {
        tables.deduplications().deleteExpired(clock.millis());
        Instant oldest = clock.instant().minus(TO_CONFIRM);
        List<SubscriptionRecord> forgotten = new ArrayList<>();
        tables.everySubscription((scope, subscription) -> {
            if (!subscription.confirmed() && subscription.created().isBefore(oldest)) {
                forgotten.add(subscription);
            }
        });
        forgotten.forEach(s -> tables.transact(() -> tables.subscription(s.scope(), s.topic(), s.id())
                .filter(now -> !now.confirmed())
                .ifPresent(tables::delete)));
    }
}
