package dev.terrane.cloudwatch;

import dev.terrane.kernel.call.Scope;
import java.util.Map;
import java.util.NavigableMap;
import java.util.OptionalDouble;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Reads samples, summed up by periods. */
final class MetricReader {
    private final CloudWatchTables tables;

    MetricReader(CloudWatchTables tables) {
        this.tables = tables;
    }

    /**
     * The samples of a metric in a span of time, by the beginning of their period. Periods follow each other from the beginning of the
     * span.
     *
     * @param from second of the beginning, inclusive
     * @param to second of the end, exclusive
     * @param unit only samples that were given with it, or all
     */
    NavigableMap<Long, Samples> read(
            Scope scope, MetricKey metric, long from, long to, int period, @Nullable String unit) {
        NavigableMap<Long, Samples> periods = new TreeMap<>();
        byUnit(scope, metric, from, to, period).forEach((of, samples) -> {
            if (unit == null || unit.equals(of)) {
                samples.forEach((time, more) -> periods.merge(time, more, Samples::plus));
            }
        });
        return periods;
    }

    /** As {@link #read}, for each unit that samples were given with. */
    Map<String, NavigableMap<Long, Samples>> byUnit(Scope scope, MetricKey metric, long from, long to, int period) {
        Map<String, NavigableMap<Long, Samples>> units = new TreeMap<>();
        String hash = metric.hash();
        for (Tier tier : Tier.values()) {
            tables.samples(
                    scope,
                    tier,
                    hash,
                    from,
                    to,
                    record -> units.computeIfAbsent(record.unit(), u -> new TreeMap<>())
                            .merge(
                                    record.time() - Math.floorMod(record.time() - from, period),
                                    record.samples(),
                                    Samples::plus));
        }
        return units;
    }

    /** The values of a statistic by the beginning of their period. */
    NavigableMap<Long, Double> values(
            Scope scope, MetricKey metric, Stat stat, long from, long to, int period, @Nullable String unit) {
        NavigableMap<Long, Double> values = new TreeMap<>();
        read(scope, metric, from, to, period, unit).forEach((time, samples) -> {
            OptionalDouble value = stat.of().apply(samples);
            value.ifPresent(v -> values.put(time, v));
        });
        return values;
    }
}
