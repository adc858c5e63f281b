package dev.terrane.cloudwatch;

import dev.terrane.kernel.call.Call;
import dev.terrane.kernel.clock.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import software.amazon.awssdk.services.cloudwatch.model.Datapoint;
import software.amazon.awssdk.services.cloudwatch.model.GetMetricStatisticsRequest;
import software.amazon.awssdk.services.cloudwatch.model.GetMetricStatisticsResponse;
import software.amazon.awssdk.services.cloudwatch.model.Statistic;

/** GetMetricStatistics. */
final class Statistics {
    private static final int MOST = 1_440;

    private final MetricReader reader;
    private final Clock clock;

    Statistics(MetricReader reader, Clock clock) {
        this.reader = reader;
        this.clock = clock;
    }

    GetMetricStatisticsResponse get(GetMetricStatisticsRequest request) {
        check(request);
        List<Stat> extended =
                request.extendedStatistics().stream().map(Stat::parse).toList();
        long from = Spans.start(request.startTime(), clock.instant(), request.period());
        long to = Spans.end(request.endTime());
        long most = Math.ceilDiv(to - from, request.period());
        if (most > MOST) {
            throw Errors.combination("You have requested up to " + String.format("%,d", most)
                    + " datapoints, which exceeds the limit of " + String.format("%,d", MOST)
                    + ". You may reduce the datapoints requested by increasing Period, or decreasing the time range.");
        }
        MetricKey key = MetricKey.of(request.namespace(), request.metricName(), request.dimensions());
        List<Datapoint> points = new ArrayList<>();
        reader.byUnit(Call.current().scope(), key, from, to, request.period()).forEach((unit, periods) -> {
            if (request.unit() == null || request.unitAsString().equals(unit)) {
                periods.forEach(
                        (time, samples) -> points.add(point(time, unit, samples, request.statistics(), extended)));
            }
        });
        return GetMetricStatisticsResponse.builder()
                .label(request.metricName())
                .datapoints(points)
                .build();
    }

    private static void check(GetMetricStatisticsRequest request) {
        Spans.checkPeriod(request.period());
        if (!request.startTime().isBefore(request.endTime())) {
            throw Errors.combination("The parameter StartTime must be less than the parameter EndTime.");
        }
        if (request.statistics().isEmpty() && request.extendedStatistics().isEmpty()) {
            throw Errors.missing("Must specify either Statistics or ExtendedStatistics");
        }
        if (!request.statistics().isEmpty() && !request.extendedStatistics().isEmpty()) {
            throw Errors.combination("Statistics and ExtendedStatistics must not be specified both.");
        }
    }

    private static Datapoint point(
            long time, String unit, Samples samples, List<Statistic> statistics, List<Stat> extended) {
        Datapoint.Builder point =
                Datapoint.builder().timestamp(Instant.ofEpochSecond(time)).unit(unit);
        for (Statistic statistic : statistics) {
            switch (statistic) {
                case SAMPLE_COUNT -> point.sampleCount(samples.count());
                case AVERAGE -> point.average(samples.sum() / samples.count());
                case SUM -> point.sum(samples.sum());
                case MINIMUM -> point.minimum(samples.min());
                case MAXIMUM -> point.maximum(samples.max());
                case UNKNOWN_TO_SDK_VERSION -> throw Errors.value("The parameter Statistics is invalid.");
            }
        }
        if (!extended.isEmpty()) {
            Map<String, Double> values = new HashMap<>();
            for (Stat stat : extended) {
                stat.of().apply(samples).ifPresent(value -> values.put(stat.name(), value));
            }
            point.extendedStatistics(values);
        }
        return point.build();
    }
}
