package dev.terrane.cloudwatch;

import dev.terrane.kernel.call.Call;
import dev.terrane.kernel.call.Scope;
import dev.terrane.kernel.page.PageTokens;
import dev.terrane.kernel.store.Page;
import dev.terrane.kernel.store.Query;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import software.amazon.awssdk.services.cloudwatch.model.AlarmType;
import software.amazon.awssdk.services.cloudwatch.model.CompositeAlarm;
import software.amazon.awssdk.services.cloudwatch.model.DescribeAlarmsRequest;
import software.amazon.awssdk.services.cloudwatch.model.DescribeAlarmsResponse;
import software.amazon.awssdk.services.cloudwatch.model.MetricAlarm;
import software.amazon.awssdk.services.cloudwatch.model.StateValue;

/** Lists alarms: metric alarms, and after them composite ones where these are asked for. */
final class AlarmListing {
    private static final int DEFAULT_PAGE = 50;
    private static final String METRIC = "metric/";
    private static final String COMPOSITE = "composite/";

    private final CloudWatchTables tables;
    private final PageTokens pages;

    AlarmListing(CloudWatchTables tables, PageTokens pages) {
        this.tables = tables;
        this.pages = pages;
    }

    DescribeAlarmsResponse describe(DescribeAlarmsRequest request) {
        Scope scope = Call.current().scope();
        return request.alarmNames().isEmpty() ? page(scope, request) : named(scope, request);
    }

    private static boolean wantsMetric(DescribeAlarmsRequest request) {
        return request.alarmTypes().isEmpty() || request.alarmTypes().contains(AlarmType.METRIC_ALARM);
    }

    private static boolean wantsComposite(DescribeAlarmsRequest request) {
        return request.alarmTypes().contains(AlarmType.COMPOSITE_ALARM);
    }

    private DescribeAlarmsResponse named(Scope scope, DescribeAlarmsRequest request) {
        List<String> names = request.alarmNames().stream().distinct().toList();
        List<MetricAlarm> metrics = !wantsMetric(request)
                ? List.of()
                : names.stream()
                        .flatMap(name -> tables.peekAlarm(scope, name).stream())
                        .map(AlarmRecord::alarm)
                        .filter(alarm -> selected(request, alarm))
                        .toList();
        List<CompositeAlarm> composites = !wantsComposite(request)
                ? List.of()
                : names.stream()
                        .flatMap(name -> tables.peekComposite(scope, name).stream())
                        .map(CompositeRecord::alarm)
                        .filter(alarm -> selected(request, alarm))
                        .toList();
        return DescribeAlarmsResponse.builder()
                .metricAlarms(metrics)
                .compositeAlarms(composites)
                .build();
    }

    private DescribeAlarmsResponse page(Scope scope, DescribeAlarmsRequest request) {
        String listing = "alarms/" + scope + "/" + request.alarmNamePrefix() + "/" + request.stateValue() + "/"
                + request.actionPrefix() + "/" + request.alarmTypesAsStrings();
        int most = Optional.ofNullable(request.maxRecords()).orElse(DEFAULT_PAGE);
        Query query = request.alarmNamePrefix() == null ? Query.all() : Query.prefix(request.alarmNamePrefix());
        Optional<String> token = Pages.cursor(pages, listing, request.nextToken());
        List<MetricAlarm> metrics = new ArrayList<>();
        List<CompositeAlarm> composites = new ArrayList<>();
        Optional<String> next = Optional.empty();
        boolean begun = token.filter(cursor -> cursor.startsWith(COMPOSITE)).isPresent();
        if (wantsMetric(request) && !begun) {
            Optional<String> after = token.map(cursor -> cursor.substring(METRIC.length()));
            do {
                Page<AlarmRecord> page = tables.alarms(scope, query.after(after).limit(most - metrics.size()));
                page.values().stream()
                        .map(AlarmRecord::alarm)
                        .filter(alarm -> selected(request, alarm))
                        .forEach(metrics::add);
                after = page.next();
            } while (after.isPresent() && metrics.size() < most);
            next = after.map(METRIC::concat);
            if (next.isEmpty() && wantsComposite(request) && metrics.size() == most) {
                next = Optional.of(COMPOSITE);
            }
        }
        if (wantsComposite(request) && next.isEmpty()) {
            Optional<String> after = token.filter(cursor -> cursor.startsWith(COMPOSITE))
                    .map(cursor -> cursor.substring(COMPOSITE.length()))
                    .filter(cursor -> !cursor.isEmpty());
            do {
                Page<CompositeRecord> page =
                        tables.composites(scope, query.after(after).limit(most - metrics.size() - composites.size()));
                page.values().stream()
                        .map(CompositeRecord::alarm)
                        .filter(alarm -> selected(request, alarm))
                        .forEach(composites::add);
                after = page.next();
            } while (after.isPresent() && metrics.size() + composites.size() < most);
            next = after.map(COMPOSITE::concat);
        }
        return DescribeAlarmsResponse.builder()
                .metricAlarms(metrics)
                .compositeAlarms(composites)
                .nextToken(next.map(cursor -> pages.encode(listing, cursor)).orElse(null))
                .build();
    }

    private static boolean selected(DescribeAlarmsRequest request, MetricAlarm alarm) {
        return selected(
                request,
                alarm.stateValue(),
                Stream.of(alarm.okActions(), alarm.alarmActions(), alarm.insufficientDataActions()));
    }

    private static boolean selected(DescribeAlarmsRequest request, CompositeAlarm alarm) {
        return selected(
                request,
                alarm.stateValue(),
                Stream.of(alarm.okActions(), alarm.alarmActions(), alarm.insufficientDataActions()));
    }

    private static boolean selected(DescribeAlarmsRequest request, StateValue state, Stream<List<String>> actions) {
        return (request.stateValue() == null || request.stateValue() == state)
                && (request.actionPrefix() == null
                        || actions.flatMap(List::stream).anyMatch(action -> action.startsWith(request.actionPrefix())));
    }
}
