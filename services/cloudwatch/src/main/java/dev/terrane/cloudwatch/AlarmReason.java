package dev.terrane.cloudwatch;

import dev.terrane.cloudwatch.AlarmEvaluation.Outcome;
import dev.terrane.cloudwatch.AlarmEvaluation.Point;
import dev.terrane.kernel.store.RecordCodec;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import software.amazon.awssdk.services.cloudwatch.model.MetricAlarm;
import software.amazon.awssdk.services.cloudwatch.model.StateValue;

/** Why an alarm has its state, in AWS's words and as its JSON. */
final class AlarmReason {
    private static final DateTimeFormatter SHORT =
            DateTimeFormatter.ofPattern("dd/MM/yy HH:mm:ss", Locale.ROOT).withZone(ZoneOffset.UTC);
    private static final DateTimeFormatter LONG = DateTimeFormatter.ofPattern(
                    "yyyy-MM-dd'T'HH:mm:ss.SSSxx", Locale.ROOT)
            .withZone(ZoneOffset.UTC);

    private AlarmReason() {}

    /** A time as it stands in reasons and events: {@code 2026-03-01T12:00:00.000+0000}. */
    static String time(Instant time) {
        return LONG.format(time);
    }

    static String text(MetricAlarm alarm, Outcome outcome, StateValue state) {
        if (state == StateValue.INSUFFICIENT_DATA) {
            int unknown = alarm.evaluationPeriods();
            return "Insufficient Data: " + count(unknown, "datapoint") + (unknown == 1 ? " was" : " were")
                    + " unknown.";
        }
        if (outcome.counted().isEmpty()) {
            int filled = outcome.filled();
            return "Threshold Crossed: no datapoints were received for " + count(filled, "period") + " and "
                    + count(filled, "missing datapoint") + (filled == 1 ? " was" : " were") + " treated as ["
                    + treatment(alarm) + "].";
        }
        return "Threshold Crossed: " + crossed(alarm, outcome, state) + ".";
    }

    private static String crossed(MetricAlarm alarm, Outcome outcome, StateValue state) {
        List<Point> speaking = AlarmEvaluation.speaking(alarm, outcome, state);
        int all = outcome.counted().size() + outcome.filled();
        String values = speaking.stream()
                .map(p -> p.value() + " (" + SHORT.format(Instant.ofEpochSecond(p.time())) + ")")
                .collect(Collectors.joining(", ", "[", "]"));
        StringBuilder text = new StringBuilder();
        text.append(speaking.size())
                .append(" out of the last ")
                .append(all)
                .append(" datapoints ")
                .append(values);
        text.append(speaking.size() == 1 ? " was " : " were ").append(state == StateValue.ALARM ? "" : "not ");
        text.append(comparison(alarm))
                .append(" the threshold (")
                .append(alarm.threshold())
                .append(')');
        if (outcome.filled() > 0) {
            text.append(" and ").append(count(outcome.filled(), "missing datapoint"));
            text.append(outcome.filled() == 1 ? " was" : " were");
            text.append(" treated as [").append(treatment(alarm)).append(']');
        }
        int toAlarm = AlarmEvaluation.toAlarm(alarm);
        int least = state == StateValue.ALARM ? toAlarm : alarm.evaluationPeriods() - toAlarm + 1;
        String way = state == StateValue.ALARM ? "OK -> ALARM" : "ALARM -> OK";
        return text.append(" (minimum ")
                .append(count(least, "datapoint"))
                .append(" for ")
                .append(way)
                .append(" transition)")
                .toString();
    }

    private static String count(int number, String noun) {
        return number + " " + noun + (number == 1 ? "" : "s");
    }

    private static String treatment(MetricAlarm alarm) {
        return "breaching".equals(alarm.treatMissingData()) ? "Breaching" : "NonBreaching";
    }

    private static String comparison(MetricAlarm alarm) {
        return switch (alarm.comparisonOperatorAsString()) {
            case "GreaterThanThreshold" -> "greater than";
            case "GreaterThanOrEqualToThreshold" -> "greater than or equal to";
            case "LessThanThreshold" -> "less than";
            default -> "less than or equal to";
        };
    }

    static String data(MetricAlarm alarm, Outcome outcome, List<Point> points, int period, Instant now) {
        Map<String, Object> data = new LinkedHashMap<>();
        data.put("version", "1.0");
        data.put("queryDate", time(now));
        outcome.counted().stream()
                .mapToLong(Point::time)
                .min()
                .ifPresent(first -> data.put("startDate", time(Instant.ofEpochSecond(first))));
        if (alarm.unit() != null) {
            data.put("unit", alarm.unitAsString());
        }
        String statistic = alarm.statistic() != null ? alarm.statisticAsString() : alarm.extendedStatistic();
        if (statistic != null) {
            data.put("statistic", statistic);
        }
        data.put("period", period);
        data.put(
                "recentDatapoints",
                outcome.counted().reversed().stream().map(Point::value).toList());
        data.put("threshold", alarm.threshold());
        data.put(
                "evaluatedDatapoints",
                points.stream()
                        .limit(alarm.evaluationPeriods())
                        .map(AlarmReason::evaluated)
                        .toList());
        return RecordCodec.json().writeValueAsString(data);
    }

    private static Map<String, Object> evaluated(Point point) {
        Map<String, Object> evaluated = new LinkedHashMap<>();
        evaluated.put("timestamp", time(Instant.ofEpochSecond(point.time())));
        if (point.value() != null) {
            if (point.sampleCount() > 0) {
                evaluated.put("sampleCount", point.sampleCount());
            }
            evaluated.put("value", point.value());
        }
        return evaluated;
    }
}
