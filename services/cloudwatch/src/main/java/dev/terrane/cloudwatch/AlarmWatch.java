package dev.terrane.cloudwatch;

import dev.terrane.cloudwatch.AlarmEvaluation.Outcome;
import dev.terrane.cloudwatch.AlarmEvaluation.Point;
import dev.terrane.kernel.call.Scope;
import dev.terrane.kernel.clock.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import software.amazon.awssdk.services.cloudwatch.model.MetricAlarm;
import software.amazon.awssdk.services.cloudwatch.model.StateValue;

/**
 * Evaluates alarms when their time has come, and between when data for them came. Which alarms there are is held in memory; what they say and their
 * states are rows.
 */
final class AlarmWatch {
    private static final System.Logger LOG = System.getLogger(AlarmWatch.class.getName());

    /** An alarm's identity. */
    record Id(Scope scope, String name) {}

    private record ScopedMetric(Scope scope, String hash) {}

    /** An alarm that is watched. */
    private record Watched(Id id, int step, List<ScopedMetric> metrics) {}

    private final CloudWatchTables tables;
    private final AlarmData data;
    private final AlarmTransitions transitions;
    private final ScalingActions scaling;
    private final Clock clock;
    private final Map<Id, Watched> watched = new ConcurrentHashMap<>();
    private final Map<Id, Long> due = new ConcurrentHashMap<>();
    private final Map<ScopedMetric, Set<Id>> byMetric = new ConcurrentHashMap<>();
    private final Set<Id> touched = ConcurrentHashMap.newKeySet();

    AlarmWatch(
            CloudWatchTables tables,
            AlarmData data,
            AlarmTransitions transitions,
            ScalingActions scaling,
            Clock clock) {
        this.tables = tables;
        this.data = data;
        this.transitions = transitions;
        this.scaling = scaling;
        this.clock = clock;
    }

    /** Watches all alarms there are. */
    void load() {
        tables.everyAlarm((scope, record) -> watch(scope, record.alarm()));
    }

    /** Watches an alarm, new or changed. */
    void watch(Scope scope, MetricAlarm alarm) {
        Id id = new Id(scope, alarm.alarmName());
        forget(id);
        List<ScopedMetric> metrics = AlarmData.metrics(alarm).stream()
                .map(metric -> new ScopedMetric(scope, metric.hash()))
                .toList();
        watched.put(id, new Watched(id, AlarmData.step(alarm), metrics));
        metrics.forEach(metric -> byMetric.computeIfAbsent(metric, m -> ConcurrentHashMap.newKeySet())
                .add(id));
        touched.add(id);
    }

    /** Watches an alarm no more. */
    void forget(Id id) {
        scaling.forget(id);
        Watched old = watched.remove(id);
        due.remove(id);
        touched.remove(id);
        if (old != null) {
            old.metrics()
                    .forEach(metric -> byMetric.computeIfPresent(metric, (m, ids) -> {
                        ids.remove(id);
                        return ids.isEmpty() ? null : ids;
                    }));
        }
    }

    /** Data came for metrics. */
    void arrived(Scope scope, Set<String> metrics) {
        if (byMetric.isEmpty()) {
            return;
        }
        for (String metric : metrics) {
            Set<Id> ids = byMetric.get(new ScopedMetric(scope, metric));
            if (ids != null) {
                touched.addAll(ids);
            }
        }
    }

    /** Evaluates what is due. Called every few seconds. */
    void tick() {
        Instant now = clock.instant();
        long second = now.getEpochSecond();
        for (Watched alarm : new ArrayList<>(watched.values())) {
            boolean timely = due.getOrDefault(alarm.id(), 0L) <= second;
            if (touched.remove(alarm.id()) || timely) {
                due.put(alarm.id(), second - Math.floorMod(second, alarm.step()) + alarm.step());
                evaluateSafely(alarm.id(), now);
            }
        }
    }

    private void evaluateSafely(Id id, Instant now) {
        try {
            tables.peekAlarm(id.scope(), id.name())
                    .ifPresentOrElse(record -> evaluate(id, record, now), () -> forget(id));
        } catch (RuntimeException e) {
            LOG.log(System.Logger.Level.WARNING, "Alarm " + id.name() + " could not be evaluated", e);
        }
    }

    private void evaluate(Id id, AlarmRecord record, Instant now) {
        MetricAlarm alarm = record.alarm();
        List<Point> points = data.points(id.scope(), alarm, now.getEpochSecond());
        if (fewSamples(alarm, points)) {
            return;
        }
        Outcome outcome = AlarmEvaluation.of(alarm, points);
        StateValue state = outcome.state().orElse(alarm.stateValue());
        if (state != alarm.stateValue()) {
            transitions.change(
                    id,
                    alarm,
                    state,
                    AlarmReason.text(alarm, outcome, state),
                    AlarmReason.data(alarm, outcome, points, AlarmData.period(alarm), now));
            scaling.changed(id, now.getEpochSecond());
        } else {
            scaling.stayed(id, alarm, outcome.counted().stream().findFirst().map(Point::value), now.getEpochSecond());
        }
    }

    /** Whether a percentile is of too few samples to mean anything, and the alarm is not to look at such. */
    private static boolean fewSamples(MetricAlarm alarm, List<Point> points) {
        if (!"ignore".equals(alarm.evaluateLowSampleCountPercentile()) || alarm.extendedStatistic() == null) {
            return false;
        }
        OptionalDouble percentile = AlarmData.stat(alarm).percentile();
        if (percentile.isEmpty()) {
            return false;
        }
        double share = percentile.getAsDouble();
        double needed = 10 / (share >= 0.5 ? 1 - share : share);
        return points.stream()
                .limit(alarm.evaluationPeriods())
                .anyMatch(p -> Objects.nonNull(p.value()) && p.sampleCount() < needed);
    }
}
