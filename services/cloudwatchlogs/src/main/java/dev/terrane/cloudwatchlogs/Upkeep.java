package dev.terrane.cloudwatchlogs;

import dev.terrane.kernel.clock.Clock;
import dev.terrane.kernel.clock.Threads;
import java.time.Duration;

/** Removes what expired and what was deleted, and writes down how much is stored. */
final class Upkeep {
    private static final Duration OFTEN = Duration.ofMinutes(1);
    private static final Duration SELDOM = Duration.ofHours(1);

    private final LogTables tables;
    private final Usage usage;
    private final Clock clock;
    private final Threads threads;

    Upkeep(LogTables tables, Usage usage, Clock clock, Threads threads) {
        this.tables = tables;
        this.usage = usage;
        this.clock = clock;
        this.threads = threads;
    }

    @SuppressWarnings("resource") // these end with the server
    void start() {
        threads.every("logs-usage", OFTEN, usage::write);
        threads.every("logs-deleted", OFTEN, tables::removeDeleted);
        threads.every("logs-retention", SELDOM, this::expire);
    }

    private void expire() {
        tables.eachGroup((scope, group) -> group.retentionDays().ifPresent(days -> {
            long before = clock.instant().minus(Duration.ofDays(days)).toEpochMilli();
            long freed = tables.removeChunks(scope, LogTables.GROUP_FIRST, group.id(), before);
            usage.add(scope, group.id(), -freed);
        }));
    }
}
