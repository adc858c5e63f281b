package dev.terrane.cloudwatch;

import dev.terrane.kernel.call.Call;
import dev.terrane.kernel.call.Principal;
import dev.terrane.kernel.call.Scope;
import dev.terrane.kernel.clock.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;
import software.amazon.awssdk.services.cloudwatch.model.Dimension;
import software.amazon.awssdk.services.cloudwatch.model.EntityMetricData;
import software.amazon.awssdk.services.cloudwatch.model.MetricDatum;
import software.amazon.awssdk.services.cloudwatch.model.PutMetricDataRequest;
import software.amazon.awssdk.services.cloudwatch.model.PutMetricDataResponse;
import software.amazon.awssdk.services.cloudwatch.model.StatisticSet;

/**
 * Takes data in. What came in one call for one metric and slot is one row, written without looking at any other, so calls never wait for
 * each other however hot a metric is; {@link Upkeep} puts the rows of a slot together later.
 */
final class Ingestion {
    private static final int MOST_DATUMS = 1_000;
    private static final int MOST_VALUES = 150;
    private static final double GREATEST = Math.scalb(1.0, 360);
    private static final Duration PAST = Duration.ofDays(14);
    private static final Duration FUTURE = Duration.ofHours(2);
    /** How old what is known of a metric's last data may be. */
    private static final Duration SEEN = Duration.ofMinutes(10);

    /** A row that this call writes. */
    private record Slot(String metric, Tier tier, long time, String unit) {}

    private final CloudWatchTables tables;
    private final Clock clock;
    private final BiConsumer<Scope, Set<String>> arrivals;

    /** @param arrivals told of the metrics that data came for, once it is durable */
    Ingestion(CloudWatchTables tables, Clock clock, BiConsumer<Scope, Set<String>> arrivals) {
        this.tables = tables;
        this.clock = clock;
        this.arrivals = arrivals;
    }

    PutMetricDataResponse put(PutMetricDataRequest request) {
        boolean platform = Call.current().principal() instanceof Principal.Service service
                && service.name().equals("terrane.internal");
        if (request.namespace().startsWith("AWS/") && !platform) {
            throw Errors.value("The value AWS/ for parameter Namespace is invalid.");
        }
        List<MetricDatum> data = new ArrayList<>(request.metricData());
        for (EntityMetricData entity : request.entityMetricData()) {
            data.addAll(entity.metricData());
        }
        if (data.isEmpty()) {
            throw Errors.missing("The parameter MetricData is required.");
        }
        if (data.size() > MOST_DATUMS) {
            throw Errors.value("The collection MetricData must not have a size greater than " + MOST_DATUMS + ".");
        }
        Instant now = clock.instant();
        Map<String, MetricKey> metrics = new HashMap<>();
        Map<Slot, Samples> slots = new HashMap<>();
        for (int i = 0; i < data.size(); i++) {
            take(request.namespace(), data.get(i), "MetricData.member." + (i + 1), now, platform, metrics, slots);
        }
        write(Call.current().scope(), now, metrics, slots);
        return PutMetricDataResponse.builder().build();
    }

    private static void take(
            String namespace,
            MetricDatum datum,
            String place,
            Instant now,
            boolean platform,
            Map<String, MetricKey> metrics,
            Map<Slot, Samples> slots) {
        check(datum, place, now);
        MetricKey key = MetricKey.of(namespace, datum.metricName(), datum.dimensions());
        String hash = key.hash();
        metrics.put(hash, key);
        Tier tier = platform || Integer.valueOf(1).equals(datum.storageResolution()) ? Tier.SECOND : Tier.MINUTE;
        Instant time = datum.timestamp() == null ? now : datum.timestamp();
        String unit = Optional.ofNullable(datum.unitAsString()).orElse("None");
        Slot slot = new Slot(hash, tier, tier.slot(time.getEpochSecond()), unit);
        for (Samples samples : samples(datum, place)) {
            slots.merge(slot, samples, Samples::plus);
        }
    }

    private static void check(MetricDatum datum, String place, Instant now) {
        Set<String> names = new HashSet<>();
        for (Dimension dimension : datum.dimensions()) {
            if (!names.add(dimension.name())) {
                throw Errors.value(
                        "The parameter " + place + ".Dimensions must not have a dimension twice: " + dimension.name());
            }
            if (dimension.name().startsWith(":") || !printable(dimension.name()) || !printable(dimension.value())) {
                throw Errors.value("The parameter " + place
                        + ".Dimensions must have printable ASCII names and values that hold more than spaces, and no name"
                        + " that begins with a colon.");
            }
        }
        Integer resolution = datum.storageResolution();
        if (resolution != null && resolution != 1 && resolution != 60) {
            throw Errors.value("The parameter " + place + ".StorageResolution must be 1 or 60.");
        }
        if (datum.timestamp() != null) {
            if (datum.timestamp().isBefore(now.minus(PAST))) {
                throw Errors.value("The parameter " + place
                        + ".Timestamp must specify a time no more than two weeks in the past.");
            }
            if (datum.timestamp().isAfter(now.plus(FUTURE))) {
                throw Errors.value("The parameter " + place
                        + ".Timestamp must specify a time no more than two hours in the future.");
            }
        }
    }

    private static boolean printable(String text) {
        return !text.isBlank() && text.chars().allMatch(c -> c >= ' ' && c < 127);
    }

    private static List<Samples> samples(MetricDatum datum, String place) {
        StatisticSet set = datum.statisticValues();
        int forms = (datum.value() == null ? 0 : 1)
                + (set == null ? 0 : 1)
                + (datum.values().isEmpty() ? 0 : 1);
        if (forms == 0) {
            throw Errors.missing("At least one of the parameters " + place + ".Value, " + place + ".Values and " + place
                    + ".StatisticValues must be specified.");
        }
        if (forms > 1) {
            throw Errors.combination("The parameters " + place + ".Value, " + place + ".Values and " + place
                    + ".StatisticValues are mutually exclusive and you have specified more than one.");
        }
        if (datum.value() != null) {
            return List.of(Samples.of(number(datum.value(), place + ".Value")));
        }
        if (set != null) {
            return List.of(samples(set, place + ".StatisticValues"));
        }
        return samples(datum.values(), datum.counts(), place);
    }

    private static Samples samples(StatisticSet set, String place) {
        number(set.sum(), place + ".Sum");
        number(set.minimum(), place + ".Minimum");
        number(set.maximum(), place + ".Maximum");
        if (number(set.sampleCount(), place + ".SampleCount") <= 0) {
            throw Errors.value("The value " + set.sampleCount() + " for parameter " + place
                    + ".SampleCount is invalid: it must be greater than 0.");
        }
        if (set.minimum() > set.maximum()) {
            throw Errors.value(
                    "The parameter " + place + ".Maximum must be greater than or equal to " + place + ".Minimum.");
        }
        return Samples.of(set);
    }

    private static List<Samples> samples(List<Double> values, List<Double> counts, String place) {
        if (values.size() > MOST_VALUES) {
            throw Errors.value(
                    "The collection " + place + ".Values must not have a size greater than " + MOST_VALUES + ".");
        }
        if (!counts.isEmpty() && counts.size() != values.size()) {
            throw Errors.value(
                    "The parameters " + place + ".Values and " + place + ".Counts must be of the same size.");
        }
        List<Samples> samples = new ArrayList<>(values.size());
        for (int i = 0; i < values.size(); i++) {
            double value = number(values.get(i), place + ".Values.member." + (i + 1));
            double count = counts.isEmpty() ? 1 : number(counts.get(i), place + ".Counts.member." + (i + 1));
            if (count < 0) {
                throw Errors.value("The value " + count + " for parameter " + place + ".Counts is invalid.");
            }
            if (count > 0) {
                samples.add(Samples.of(value, count));
            }
        }
        return samples;
    }

    private static double number(double value, String place) {
        if (Double.isNaN(value) || Math.abs(value) > GREATEST) {
            throw Errors.value("The value " + value + " for parameter " + place + " is invalid.");
        }
        return value;
    }

    private void write(Scope scope, Instant now, Map<String, MetricKey> metrics, Map<Slot, Samples> slots) {
        metrics.forEach((hash, key) -> {
            Optional<MetricRecord> known = tables.metric(scope, hash);
            if (known.isEmpty() || known.get().seen().isBefore(now.minus(SEEN))) {
                tables.put(scope, new MetricRecord(hash, key, now));
            }
        });
        slots.forEach((slot, samples) ->
                tables.put(scope, slot.tier(), SamplesRecord.of(slot.metric(), slot.time(), slot.unit(), samples)));
        tables.afterCommit(() -> arrivals.accept(scope, metrics.keySet()));
    }
}
