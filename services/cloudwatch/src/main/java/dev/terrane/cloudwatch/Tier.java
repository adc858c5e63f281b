package dev.terrane.cloudwatch;

import dev.terrane.kernel.store.Table;
import java.time.Duration;
import java.util.Optional;

/**
 * How finely samples are kept, and for how long: the older, the coarser, as the CloudWatch user guide has it under "Metrics retention".
 */
enum Tier {
    SECOND(1, Duration.ofHours(3)),
    MINUTE(60, Duration.ofDays(15)),
    FIVE_MINUTES(300, Duration.ofDays(63)),
    HOUR(3600, Duration.ofDays(455));

    private final int seconds;
    private final Duration retention;

    Tier(int seconds, Duration retention) {
        this.seconds = seconds;
        this.retention = retention;
    }

    Table<SamplesRecord> table() {
        return Table.of("cloudwatch.samples-" + seconds, SamplesRecord.class, SamplesRecord::key)
                .uncached();
    }

    /** The length of a slot. */
    int seconds() {
        return seconds;
    }

    /** How long samples stay in this tier before they go on to the next, or from the last one away. */
    Duration retention() {
        return retention;
    }

    /** Where samples go on to. */
    Optional<Tier> next() {
        return switch (this) {
            case SECOND -> Optional.of(MINUTE);
            case MINUTE -> Optional.of(FIVE_MINUTES);
            case FIVE_MINUTES -> Optional.of(HOUR);
            case HOUR -> Optional.empty();
        };
    }

    /** The beginning of the slot that a time is in. */
    long slot(long second) {
        return second - Math.floorMod(second, seconds);
    }
}
