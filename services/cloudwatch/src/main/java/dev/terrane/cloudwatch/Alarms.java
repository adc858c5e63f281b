package dev.terrane.cloudwatch;

import dev.terrane.kernel.arn.Arn;
import dev.terrane.kernel.call.Call;
import dev.terrane.kernel.call.Scope;
import dev.terrane.kernel.clock.Clock;
import dev.terrane.kernel.event.Events;
import dev.terrane.kernel.store.RecordCodec;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.cloudwatch.model.DeleteAlarmsRequest;
import software.amazon.awssdk.services.cloudwatch.model.DeleteAlarmsResponse;
import software.amazon.awssdk.services.cloudwatch.model.DescribeAlarmsForMetricRequest;
import software.amazon.awssdk.services.cloudwatch.model.DescribeAlarmsForMetricResponse;
import software.amazon.awssdk.services.cloudwatch.model.DescribeAlarmsRequest;
import software.amazon.awssdk.services.cloudwatch.model.DescribeAlarmsResponse;
import software.amazon.awssdk.services.cloudwatch.model.InvalidFormatException;
import software.amazon.awssdk.services.cloudwatch.model.MetricAlarm;
import software.amazon.awssdk.services.cloudwatch.model.PutMetricAlarmRequest;
import software.amazon.awssdk.services.cloudwatch.model.PutMetricAlarmResponse;
import software.amazon.awssdk.services.cloudwatch.model.SetAlarmStateRequest;
import software.amazon.awssdk.services.cloudwatch.model.SetAlarmStateResponse;
import software.amazon.awssdk.services.cloudwatch.model.StateValue;
import tools.jackson.core.JacksonException;

/** Metric alarms, and what users do to alarms of either type. */
final class Alarms {
    private final CloudWatchTables tables;
    private final AlarmWatch watch;
    private final AlarmTransitions transitions;
    private final CompositeAlarms composites;
    private final Clock clock;
    private final Events events;
    private final AlarmListing listing;

    Alarms(
            CloudWatchTables tables,
            AlarmWatch watch,
            AlarmTransitions transitions,
            CompositeAlarms composites,
            Clock clock,
            Events events,
            AlarmListing listing) {
        this.tables = tables;
        this.watch = watch;
        this.transitions = transitions;
        this.composites = composites;
        this.clock = clock;
        this.events = events;
        this.listing = listing;
    }

    static Arn arn(Scope scope, String name) {
        return Arn.of("cloudwatch", scope.region(), scope.account(), "alarm:" + name);
    }

    PutMetricAlarmResponse put(PutMetricAlarmRequest request) {
        Scope scope = Call.current().scope();
        AlarmRules.check(request, scope);
        if (tables.composite(scope, request.alarmName()).isPresent()) {
            throw Errors.validation("A composite alarm with the name " + request.alarmName() + " already exists.");
        }
        Instant now = clock.instant();
        Optional<AlarmRecord> before = tables.alarm(scope, request.alarmName());
        MetricAlarm alarm = alarm(scope, request, before.map(AlarmRecord::alarm), now);
        // Tags are for new alarms only: AWS leaves those of an alarm that is there as they are.
        Map<String, String> tags = before.map(AlarmRecord::tags).orElseGet(() -> Tags.added(Map.of(), request.tags()));
        tables.put(scope, new AlarmRecord(request.alarmName(), alarm, tags));
        changed(scope, before.isPresent() ? "Update" : "Create", alarm, before.map(AlarmRecord::alarm));
        tables.afterCommit(() -> watch.watch(scope, alarm));
        return PutMetricAlarmResponse.builder().build();
    }

    private static MetricAlarm alarm(
            Scope scope, PutMetricAlarmRequest request, Optional<MetricAlarm> before, Instant now) {
        MetricAlarm.Builder alarm = MetricAlarm.builder()
                .alarmName(request.alarmName())
                .alarmArn(arn(scope, request.alarmName()).toString())
                .alarmDescription(request.alarmDescription())
                .alarmConfigurationUpdatedTimestamp(now)
                .actionsEnabled(!Boolean.FALSE.equals(request.actionsEnabled()))
                .okActions(request.okActions())
                .alarmActions(request.alarmActions())
                .insufficientDataActions(request.insufficientDataActions())
                .metricName(request.metricName())
                .namespace(request.namespace())
                .statistic(request.statistic())
                .extendedStatistic(request.extendedStatistic())
                .dimensions(request.dimensions())
                .period(request.period())
                .unit(request.unit())
                .evaluationPeriods(request.evaluationPeriods())
                .datapointsToAlarm(request.datapointsToAlarm())
                .threshold(request.threshold())
                .comparisonOperator(request.comparisonOperator())
                .treatMissingData(request.treatMissingData())
                .evaluateLowSampleCountPercentile(request.evaluateLowSampleCountPercentile());
        if (!request.metrics().isEmpty()) {
            alarm.metrics(request.metrics());
        }
        before.ifPresentOrElse(
                old -> alarm.stateValue(old.stateValue())
                        .stateReason(old.stateReason())
                        .stateReasonData(old.stateReasonData())
                        .stateUpdatedTimestamp(old.stateUpdatedTimestamp())
                        .stateTransitionedTimestamp(old.stateTransitionedTimestamp()),
                () -> alarm.stateValue(StateValue.INSUFFICIENT_DATA)
                        .stateReason("Unchecked: Initial alarm creation")
                        .stateUpdatedTimestamp(now)
                        .stateTransitionedTimestamp(now));
        return alarm.build();
    }

    private void changed(Scope scope, String change, MetricAlarm alarm, Optional<MetricAlarm> before) {
        @Nullable MetricAlarm old = before.orElse(null);
        tables.put(scope, AlarmHistory.configuration(change, alarm, old, clock.instant()));
        events.emit(
                "aws.cloudwatch",
                "CloudWatch Alarm Configuration Change",
                List.of(alarm.alarmArn()),
                AlarmMessages.configurationChange(change.toLowerCase(java.util.Locale.ROOT), alarm, old));
    }

    DeleteAlarmsResponse delete(DeleteAlarmsRequest request) {
        Scope scope = Call.current().scope();
        Set<String> names = new LinkedHashSet<>(request.alarmNames());
        composites.requireFree(scope, names);
        for (String name : names) {
            if (composites.delete(scope, name)) {
                continue;
            }
            AlarmRecord record = found(scope, name);
            tables.deleteAlarm(scope, name);
            changed(scope, "Delete", record.alarm(), Optional.empty());
            tables.afterCommit(() -> watch.forget(new AlarmWatch.Id(scope, name)));
        }
        return DeleteAlarmsResponse.builder().build();
    }

    private AlarmRecord found(Scope scope, String name) {
        return tables.alarm(scope, name).orElseThrow(() -> Errors.notFound("Alarm " + name + " does not exist."));
    }

    SetAlarmStateResponse setState(SetAlarmStateRequest request) {
        Scope scope = Call.current().scope();
        if (request.stateReasonData() != null) {
            try {
                RecordCodec.json().readTree(request.stateReasonData());
            } catch (JacksonException e) {
                throw InvalidFormatException.builder()
                        .message("TheStateReasonData was not a valid JSON")
                        .build();
            }
        }
        if (!composites.setState(
                scope, request.alarmName(), request.stateValue(), request.stateReason(), request.stateReasonData())) {
            transitions.change(
                    scope,
                    found(scope, request.alarmName()),
                    request.stateValue(),
                    request.stateReason(),
                    request.stateReasonData());
        }
        return SetAlarmStateResponse.builder().build();
    }

    /** Lets alarms act, or not. Names of alarms that are not there are passed over, as AWS does. */
    void enableActions(List<String> names, boolean enabled) {
        Scope scope = Call.current().scope();
        Instant now = clock.instant();
        for (String name : names) {
            composites.enableActions(scope, name, enabled);
            tables.alarm(scope, name).ifPresent(record -> {
                AlarmRecord changed =
                        record.with(alarm -> alarm.actionsEnabled(enabled).alarmConfigurationUpdatedTimestamp(now));
                tables.put(scope, changed);
                changed(scope, "Update", changed.alarm(), Optional.of(record.alarm()));
            });
        }
    }

    DescribeAlarmsResponse describe(DescribeAlarmsRequest request) {
        if (!request.alarmNames().isEmpty() && request.alarmNamePrefix() != null) {
            throw Errors.combination("AlarmNamePrefix and AlarmNames can not be specified together.");
        }
        if (request.childrenOfAlarmName() != null) {
            return composites.children(request);
        }
        if (request.parentsOfAlarmName() != null) {
            return composites.parents(request);
        }
        return listing.describe(request);
    }

    DescribeAlarmsForMetricResponse describeFor(DescribeAlarmsForMetricRequest request) {
        MetricKey metric = MetricKey.of(request.namespace(), request.metricName(), request.dimensions());
        return DescribeAlarmsForMetricResponse.builder()
                .metricAlarms(tables.alarms(Call.current().scope()).stream()
                        .map(AlarmRecord::alarm)
                        .filter(alarm -> alarm.metricName() != null
                                && AlarmData.metrics(alarm).contains(metric)
                                && (request.statistic() == null || request.statistic() == alarm.statistic())
                                && (request.extendedStatistic() == null
                                        || request.extendedStatistic().equals(alarm.extendedStatistic()))
                                && (request.period() == null || request.period().equals(alarm.period()))
                                && (request.unit() == null || request.unit() == alarm.unit()))
                        .toList())
                .build();
    }
}
