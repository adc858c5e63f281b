package dev.terrane.cloudwatch;

import dev.terrane.kernel.call.Scope;
import dev.terrane.kernel.store.RecordCodec;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.cloudwatch.model.Metric;
import software.amazon.awssdk.services.cloudwatch.model.MetricAlarm;
import software.amazon.awssdk.services.cloudwatch.model.MetricDataQuery;

/** What is said about alarms: events, and notifications by SNS. See "Alarm events and EventBridge" in the CloudWatch user guide. */
final class AlarmMessages {
    private AlarmMessages() {}

    /** The detail of "CloudWatch Alarm State Change". */
    static Map<String, Object> stateChange(MetricAlarm before, MetricAlarm after) {
        Map<String, Object> detail = new LinkedHashMap<>();
        detail.put("alarmName", after.alarmName());
        detail.put("state", state(after));
        detail.put("previousState", state(before));
        detail.put("configuration", configuration(after));
        return detail;
    }

    /** The detail of "CloudWatch Alarm Configuration Change".
     *
     * @param operation {@code create}, {@code update} or {@code delete}
     */
    static Map<String, Object> configurationChange(String operation, MetricAlarm after, @Nullable MetricAlarm before) {
        Map<String, Object> detail = new LinkedHashMap<>();
        detail.put("alarmName", after.alarmName());
        detail.put("operation", operation);
        detail.put("state", state(after));
        detail.put("configuration", fullConfiguration(after));
        if (before != null) {
            detail.put("previousConfiguration", fullConfiguration(before));
        }
        return detail;
    }

    private static Map<String, Object> state(MetricAlarm alarm) {
        Map<String, Object> state = new LinkedHashMap<>();
        state.put("value", alarm.stateValueAsString());
        state.put("reason", alarm.stateReason());
        if (alarm.stateReasonData() != null) {
            state.put("reasonData", alarm.stateReasonData());
        }
        state.put("timestamp", AlarmReason.time(alarm.stateUpdatedTimestamp()));
        return state;
    }

    private static Map<String, Object> configuration(MetricAlarm alarm) {
        Map<String, Object> configuration = new LinkedHashMap<>();
        if (alarm.alarmDescription() != null) {
            configuration.put("description", alarm.alarmDescription());
        }
        configuration.put("metrics", alarm.metricName() == null ? queries(alarm) : List.of(metric(alarm)));
        return configuration;
    }

    private static Map<String, Object> fullConfiguration(MetricAlarm alarm) {
        Map<String, Object> configuration = new LinkedHashMap<>();
        configuration.put("evaluationPeriods", alarm.evaluationPeriods());
        configuration.put("threshold", alarm.threshold());
        configuration.put("comparisonOperator", alarm.comparisonOperatorAsString());
        if (alarm.treatMissingData() != null) {
            configuration.put("treatMissingData", alarm.treatMissingData());
        }
        configuration.putAll(configuration(alarm));
        configuration.put("alarmName", alarm.alarmName());
        configuration.put("actionsEnabled", alarm.actionsEnabled());
        configuration.put("timestamp", AlarmReason.time(alarm.alarmConfigurationUpdatedTimestamp()));
        configuration.put("okActions", alarm.okActions());
        configuration.put("alarmActions", alarm.alarmActions());
        configuration.put("insufficientDataActions", alarm.insufficientDataActions());
        return configuration;
    }

    private static Map<String, Object> metric(MetricAlarm alarm) {
        Map<String, Object> query = new LinkedHashMap<>();
        query.put(
                "id",
                UUID.nameUUIDFromBytes(alarm.alarmArn().getBytes(StandardCharsets.UTF_8))
                        .toString());
        query.put(
                "metricStat",
                metricStat(
                        Metric.builder()
                                .namespace(alarm.namespace())
                                .metricName(alarm.metricName())
                                .dimensions(alarm.dimensions())
                                .build(),
                        alarm.period(),
                        AlarmData.stat(alarm).name(),
                        alarm.unitAsString()));
        query.put("returnData", true);
        return query;
    }

    private static List<Map<String, Object>> queries(MetricAlarm alarm) {
        return alarm.metrics().stream().map(AlarmMessages::query).toList();
    }

    private static Map<String, Object> query(MetricDataQuery of) {
        Map<String, Object> query = new LinkedHashMap<>();
        query.put("id", of.id());
        if (of.expression() != null) {
            query.put("expression", of.expression());
        } else {
            query.put(
                    "metricStat",
                    metricStat(
                            of.metricStat().metric(),
                            of.metricStat().period(),
                            of.metricStat().stat(),
                            of.metricStat().unitAsString()));
        }
        if (of.label() != null) {
            query.put("label", of.label());
        }
        query.put("returnData", !Boolean.FALSE.equals(of.returnData()));
        return query;
    }

    private static Map<String, Object> metricStat(Metric metric, int period, String stat, @Nullable String unit) {
        Map<String, String> dimensions = new LinkedHashMap<>();
        metric.dimensions().forEach(d -> dimensions.put(d.name(), d.value()));
        Map<String, Object> named = new LinkedHashMap<>();
        named.put("namespace", metric.namespace());
        named.put("name", metric.metricName());
        named.put("dimensions", dimensions);
        Map<String, Object> metricStat = new LinkedHashMap<>();
        metricStat.put("metric", named);
        metricStat.put("period", period);
        metricStat.put("stat", stat);
        if (unit != null) {
            metricStat.put("unit", unit);
        }
        return metricStat;
    }

    /** The subject of a notification: {@code ALARM: "name" in US East (N. Virginia)}, cut to what SNS takes. */
    static String subject(Scope scope, String state, String name) {
        String subject = state + ": \"" + name + "\" in " + regionName(scope);
        return subject.length() > 99 ? subject.substring(0, 96) + "..." : subject;
    }

    static String regionName(Scope scope) {
        var metadata = Region.of(scope.region()).metadata();
        return metadata == null ? scope.region() : metadata.description();
    }

    /** A notification's message. */
    static String notification(Scope scope, MetricAlarm before, MetricAlarm after) {
        Map<String, @Nullable Object> message = new LinkedHashMap<>();
        message.put("AlarmName", after.alarmName());
        message.put("AlarmDescription", after.alarmDescription());
        message.put("AWSAccountId", scope.account());
        message.put("AlarmConfigurationUpdatedTimestamp", AlarmReason.time(after.alarmConfigurationUpdatedTimestamp()));
        message.put("NewStateValue", after.stateValueAsString());
        message.put("NewStateReason", after.stateReason());
        message.put("StateChangeTime", AlarmReason.time(after.stateUpdatedTimestamp()));
        message.put("Region", regionName(scope));
        message.put("AlarmArn", after.alarmArn());
        message.put("OldStateValue", before.stateValueAsString());
        message.put("OKActions", after.okActions());
        message.put("AlarmActions", after.alarmActions());
        message.put("InsufficientDataActions", after.insufficientDataActions());
        message.put("Trigger", trigger(after));
        return RecordCodec.json().writeValueAsString(message);
    }

    private static Map<String, @Nullable Object> trigger(MetricAlarm alarm) {
        Map<String, @Nullable Object> trigger = new LinkedHashMap<>();
        if (alarm.metricName() == null) {
            trigger.put("Metrics", alarm.metrics());
        } else {
            trigger.put("MetricName", alarm.metricName());
            trigger.put("Namespace", alarm.namespace());
            trigger.put("StatisticType", alarm.statistic() == null ? "ExtendedStatistic" : "Statistic");
            trigger.put(
                    alarm.statistic() == null ? "ExtendedStatistic" : "Statistic",
                    alarm.statistic() == null
                            ? alarm.extendedStatistic()
                            : alarm.statisticAsString().toUpperCase(Locale.ROOT));
            trigger.put("Unit", alarm.unitAsString());
            trigger.put(
                    "Dimensions",
                    alarm.dimensions().stream()
                            .map(d -> Map.of("value", d.value(), "name", d.name()))
                            .toList());
        }
        trigger.put("Period", AlarmData.period(alarm));
        trigger.put("EvaluationPeriods", alarm.evaluationPeriods());
        trigger.put("DatapointsToAlarm", AlarmEvaluation.toAlarm(alarm));
        trigger.put("ComparisonOperator", alarm.comparisonOperatorAsString());
        trigger.put("Threshold", alarm.threshold());
        trigger.put("TreatMissingData", alarm.treatMissingData() == null ? "missing" : alarm.treatMissingData());
        trigger.put(
                "EvaluateLowSampleCountPercentile",
                alarm.evaluateLowSampleCountPercentile() == null ? "" : alarm.evaluateLowSampleCountPercentile());
        return trigger;
    }
}
