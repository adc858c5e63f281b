package dev.terrane.cloudwatch;

import dev.terrane.cloudwatch.AlarmEvaluation.Point;
import dev.terrane.kernel.call.Scope;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.TreeMap;
import software.amazon.awssdk.services.cloudwatch.model.MetricAlarm;
import software.amazon.awssdk.services.cloudwatch.model.MetricDataQuery;

/** The data that an alarm looks at. */
final class AlarmData {
    private final MetricReader reader;
    private final MetricQueries queries;

    AlarmData(MetricReader reader, MetricQueries queries) {
        this.reader = reader;
        this.queries = queries;
    }

    /** Seconds of an alarm's period: of a metric alarm's own, or of its queries. */
    static int period(MetricAlarm alarm) {
        if (alarm.period() != null) {
            return alarm.period();
        }
        return alarm.metrics().stream()
                .filter(query -> query.metricStat() != null)
                .mapToInt(query -> query.metricStat().period())
                .max()
                .orElseGet(() -> alarm.metrics().stream()
                        .map(MetricDataQuery::period)
                        .filter(Objects::nonNull)
                        .findFirst()
                        .orElse(60));
    }

    /** How often an alarm is evaluated: each minute, or more often with a shorter period. */
    static int step(MetricAlarm alarm) {
        return Math.min(60, period(alarm) < 60 ? 10 : 60);
    }

    /** The metrics that an alarm looks at. */
    static Set<MetricKey> metrics(MetricAlarm alarm) {
        Set<MetricKey> metrics = new HashSet<>();
        if (alarm.metricName() != null) {
            metrics.add(MetricKey.of(alarm.namespace(), alarm.metricName(), alarm.dimensions()));
        }
        for (MetricDataQuery query : alarm.metrics()) {
            if (query.metricStat() != null) {
                metrics.add(MetricKey.of(query.metricStat().metric()));
            }
        }
        return metrics;
    }

    /** The statistic of an alarm on a single metric. */
    static Stat stat(MetricAlarm alarm) {
        return Stat.parse(alarm.statistic() != null ? alarm.statisticAsString() : alarm.extendedStatistic());
    }

    /** The evaluation range, newest first.
     *
     * @param now the second up to which periods must have ended
     */
    List<Point> points(Scope scope, MetricAlarm alarm, long now) {
        int period = period(alarm);
        int length = alarm.evaluationPeriods() + AlarmEvaluation.MORE;
        long end = now - Math.floorMod(now, step(alarm));
        long from = end - (long) length * period;
        NavigableMap<Long, Point> present =
                alarm.metricName() == null ? math(scope, alarm, from, end) : metric(scope, alarm, from, end, period);
        List<Point> points = new ArrayList<>(length);
        for (long time = end - period; time >= from; time -= period) {
            Point point = present.get(time);
            points.add(point == null ? Point.missing(time) : point);
        }
        return points;
    }

    private NavigableMap<Long, Point> metric(Scope scope, MetricAlarm alarm, long from, long end, int period) {
        Stat stat = stat(alarm);
        MetricKey key = MetricKey.of(alarm.namespace(), alarm.metricName(), alarm.dimensions());
        NavigableMap<Long, Point> points = new TreeMap<>();
        reader.read(scope, key, from, end, period, alarm.unitAsString()).forEach((time, samples) -> {
            OptionalDouble value = stat.of().apply(samples);
            if (value.isPresent()) {
                points.put(time, new Point(time, value.getAsDouble(), samples.count()));
            }
        });
        return points;
    }

    private NavigableMap<Long, Point> math(Scope scope, MetricAlarm alarm, long from, long end) {
        String watched = watched(alarm.metrics()).id();
        MathValue value = MetricQueries.value(queries.read(scope, alarm.metrics(), stat -> from, end), watched);
        NavigableMap<Long, Point> points = new TreeMap<>();
        if (value instanceof MathValue.One one) {
            one.series().points().forEach((time, number) -> points.put(time, new Point(time, number, 0)));
        }
        return points;
    }

    /** The query whose value is compared: the one that returns data. */
    static MetricDataQuery watched(List<MetricDataQuery> queries) {
        List<MetricDataQuery> returning = queries.stream()
                .filter(query -> !Boolean.FALSE.equals(query.returnData()))
                .toList();
        if (returning.size() != 1) {
            throw Errors.validation("Exactly one element of the metrics list should return data.");
        }
        return returning.getFirst();
    }
}
