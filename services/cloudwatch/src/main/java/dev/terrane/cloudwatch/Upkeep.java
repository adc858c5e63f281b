package dev.terrane.cloudwatch;

import dev.terrane.kernel.call.Scope;
import dev.terrane.kernel.clock.Clock;
import dev.terrane.kernel.store.Page;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Keeps what is stored small: rows of old slots are put together into one of the next tier, and what is older than all tiers goes away. Each
 * step is one commit that holds both the new row and the deletion of the old ones, so that samples are neither lost nor counted twice.
 */
final class Upkeep {
    /** Rows put together in one commit. */
    private static final int BATCH = 500;

    private static final Duration HISTORY = Duration.ofDays(30);

    private record Slot(long time, String unit) {}

    private record Found(Scope scope, MetricRecord metric) {}

    private final CloudWatchTables tables;
    private final Clock clock;

    Upkeep(CloudWatchTables tables, Clock clock) {
        this.tables = tables;
        this.clock = clock;
    }

    /** Puts together what is old. Called now and then. */
    void run() {
        Instant now = clock.instant();
        // Gathered first: nothing is written while the table is read.
        List<Found> metrics = new ArrayList<>();
        tables.everyMetric((scope, metric) -> metrics.add(new Found(scope, metric)));
        for (Found found : metrics) {
            for (Tier tier : Tier.values()) {
                long cutoff = now.minus(tier.retention()).getEpochSecond();
                age(found.scope(), tier, found.metric().hash(), cutoff - Math.floorMod(cutoff, 3_600));
            }
            if (found.metric().seen().isBefore(now.minus(Tier.HOUR.retention()))) {
                tables.deleteMetric(found.scope(), found.metric().hash());
            }
        }
        List<HistoryRecord> old = new ArrayList<>();
        List<Scope> of = new ArrayList<>();
        tables.everyHistoryBefore(now.minus(HISTORY), (scope, item) -> {
            old.add(item);
            of.add(scope);
        });
        for (int i = 0; i < old.size(); i++) {
            tables.delete(of.get(i), old.get(i));
        }
    }

    /** Moves a tier's samples of before a second on to the next tier. */
    private void age(Scope scope, Tier tier, String metric, long before) {
        boolean more = true;
        while (more) {
            Page<SamplesRecord> page = tables.samples(scope, tier, metric, 0, before, BATCH);
            if (!page.values().isEmpty()) {
                tables.transact(() -> move(scope, tier, metric, page.values()));
            }
            more = page.next().isPresent();
        }
    }

    private void move(Scope scope, Tier tier, String metric, List<SamplesRecord> rows) {
        rows.forEach(row -> tables.delete(scope, tier, row));
        Optional<Tier> coarser = tier.next();
        if (coarser.isEmpty()) {
            return;
        }
        Tier next = coarser.get();
        Map<Slot, Samples> slots = new HashMap<>();
        rows.forEach(row -> slots.merge(new Slot(next.slot(row.time()), row.unit()), row.samples(), Samples::plus));
        slots.forEach((slot, samples) ->
                tables.put(scope, next, SamplesRecord.of(metric, slot.time(), slot.unit(), samples)));
    }
}
