package dev.terrane.cloudwatch;

import dev.terrane.kernel.arn.Arn;
import dev.terrane.kernel.call.Call;
import dev.terrane.kernel.call.Scope;
import dev.terrane.kernel.clock.Clock;
import dev.terrane.kernel.event.Events;
import dev.terrane.kernel.page.PageTokens;
import dev.terrane.kernel.store.Page;
import dev.terrane.kernel.store.Query;
import dev.terrane.kernel.store.RecordCodec;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.cloudwatch.model.AlarmType;
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

/** Metric alarms. */
final class Alarms {
    private static final int DEFAULT_PAGE = 50;

    private final CloudWatchTables tables;
    private final AlarmWatch watch;
    private final AlarmTransitions transitions;
    private final Clock clock;
    private final Events events;
    private final PageTokens pages;

    Alarms(
            CloudWatchTables tables,
            AlarmWatch watch,
            AlarmTransitions transitions,
            Clock clock,
            Events events,
            PageTokens pages) {
        this.tables = tables;
        this.watch = watch;
        this.transitions = transitions;
        this.clock = clock;
        this.events = events;
        this.pages = pages;
    }

    static Arn arn(Scope scope, String name) {
        return Arn.of("cloudwatch", scope.region(), scope.account(), "alarm:" + name);
    }

    PutMetricAlarmResponse put(PutMetricAlarmRequest request) {
        Scope scope = Call.current().scope();
        AlarmRules.check(request, scope);
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
        for (String name : new LinkedHashSet<>(request.alarmNames())) {
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
        AlarmRecord record = tables.alarm(scope, request.alarmName())
                .orElseThrow(() -> Errors.notFound("Alarm " + request.alarmName() + " does not exist."));
        if (request.stateReasonData() != null) {
            try {
                RecordCodec.json().readTree(request.stateReasonData());
            } catch (JacksonException e) {
                throw InvalidFormatException.builder()
                        .message("TheStateReasonData was not a valid JSON")
                        .build();
            }
        }
        transitions.change(scope, record, request.stateValue(), request.stateReason(), request.stateReasonData());
        return SetAlarmStateResponse.builder().build();
    }

    /** Lets alarms act, or not. Names of alarms that are not there are passed over, as AWS does. */
    void enableActions(List<String> names, boolean enabled) {
        Scope scope = Call.current().scope();
        Instant now = clock.instant();
        for (String name : names) {
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
        if (request.childrenOfAlarmName() != null || request.parentsOfAlarmName() != null) {
            throw Errors.validation("Composite alarms, and with them their children and parents, are not supported by"
                    + " Terrane yet.");
        }
        if (request.hasAlarmTypes() && !request.alarmTypes().contains(AlarmType.METRIC_ALARM)) {
            return DescribeAlarmsResponse.builder().metricAlarms(List.of()).build();
        }
        Scope scope = Call.current().scope();
        if (!request.alarmNames().isEmpty()) {
            return DescribeAlarmsResponse.builder()
                    .metricAlarms(request.alarmNames().stream()
                            .distinct()
                            .flatMap(name -> tables.peekAlarm(scope, name).stream())
                            .map(AlarmRecord::alarm)
                            .filter(alarm -> selected(request, alarm))
                            .toList())
                    .build();
        }
        return page(scope, request);
    }

    private DescribeAlarmsResponse page(Scope scope, DescribeAlarmsRequest request) {
        String listing = "alarms/" + scope + "/" + request.alarmNamePrefix() + "/" + request.stateValue() + "/"
                + request.actionPrefix();
        int most = Optional.ofNullable(request.maxRecords()).orElse(DEFAULT_PAGE);
        Query query = request.alarmNamePrefix() == null ? Query.all() : Query.prefix(request.alarmNamePrefix());
        Optional<String> after = Pages.cursor(pages, listing, request.nextToken());
        List<MetricAlarm> found = new ArrayList<>();
        do {
            Page<AlarmRecord> page = tables.alarms(scope, query.after(after).limit(most - found.size()));
            page.values().stream()
                    .map(AlarmRecord::alarm)
                    .filter(alarm -> selected(request, alarm))
                    .forEach(found::add);
            after = page.next();
        } while (after.isPresent() && found.size() < most);
        return DescribeAlarmsResponse.builder()
                .metricAlarms(found)
                .nextToken(after.map(cursor -> pages.encode(listing, cursor)).orElse(null))
                .build();
    }

    private static boolean selected(DescribeAlarmsRequest request, MetricAlarm alarm) {
        return (request.stateValue() == null || request.stateValue() == alarm.stateValue())
                && (request.actionPrefix() == null
                        || Stream.of(alarm.okActions(), alarm.alarmActions(), alarm.insufficientDataActions())
                                .flatMap(List::stream)
                                .anyMatch(action -> action.startsWith(request.actionPrefix())));
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
