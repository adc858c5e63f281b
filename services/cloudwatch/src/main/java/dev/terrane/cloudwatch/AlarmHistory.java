package dev.terrane.cloudwatch;

import dev.terrane.kernel.call.Call;
import dev.terrane.kernel.call.Scope;
import dev.terrane.kernel.id.Ids;
import dev.terrane.kernel.page.PageTokens;
import dev.terrane.kernel.store.Page;
import dev.terrane.kernel.store.RecordCodec;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.services.cloudwatch.model.AlarmHistoryItem;
import software.amazon.awssdk.services.cloudwatch.model.CompositeAlarm;
import software.amazon.awssdk.services.cloudwatch.model.DescribeAlarmHistoryRequest;
import software.amazon.awssdk.services.cloudwatch.model.DescribeAlarmHistoryResponse;
import software.amazon.awssdk.services.cloudwatch.model.MetricAlarm;
import software.amazon.awssdk.services.cloudwatch.model.ScanBy;

/** What happened to alarms. It outlives them. */
final class AlarmHistory {
    static final String METRIC = "MetricAlarm";
    static final String COMPOSITE = "CompositeAlarm";

    private static final String STATE = "stateValue";
    private static final int DEFAULT_PAGE = 100;

    private final CloudWatchTables tables;
    private final PageTokens pages;

    AlarmHistory(CloudWatchTables tables, PageTokens pages) {
        this.tables = tables;
        this.pages = pages;
    }

    static HistoryRecord stateUpdate(MetricAlarm before, MetricAlarm after, Instant now) {
        return stateUpdate(
                after.alarmName(),
                METRIC,
                now,
                state(before.stateValueAsString(), before.stateReason(), before.stateReasonData()),
                state(after.stateValueAsString(), after.stateReason(), after.stateReasonData()));
    }

    static HistoryRecord stateUpdate(CompositeAlarm before, CompositeAlarm after, Instant now) {
        return stateUpdate(
                after.alarmName(),
                COMPOSITE,
                now,
                state(before.stateValueAsString(), before.stateReason(), before.stateReasonData()),
                state(after.stateValueAsString(), after.stateReason(), after.stateReasonData()));
    }

    private static HistoryRecord stateUpdate(
            String name, String type, Instant now, Map<String, Object> before, Map<String, Object> after) {
        Map<String, Object> data = new LinkedHashMap<>();
        data.put("version", "1.0");
        data.put("oldState", before);
        data.put("newState", after);
        return item(
                name,
                type,
                now,
                "StateUpdate",
                "Alarm updated from " + before.get(STATE) + " to " + after.get(STATE),
                data);
    }

    private static Map<String, Object> state(String value, String reason, @Nullable String reasonData) {
        Map<String, Object> state = new LinkedHashMap<>();
        state.put(STATE, value);
        state.put("stateReason", reason);
        if (reasonData != null) {
            state.put("stateReasonData", RecordCodec.json().readTree(reasonData));
        }
        return state;
    }

    /** @param change {@code Create}, {@code Update} or {@code Delete} */
    static HistoryRecord configuration(String change, MetricAlarm alarm, @Nullable MetricAlarm before, Instant now) {
        return configuration(change, alarm.alarmName(), METRIC, alarm, before, now);
    }

    static HistoryRecord configuration(
            String change, CompositeAlarm alarm, @Nullable CompositeAlarm before, Instant now) {
        return configuration(change, alarm.alarmName(), COMPOSITE, alarm, before, now);
    }

    private static HistoryRecord configuration(
            String change, String name, String type, SdkPojo alarm, @Nullable SdkPojo before, Instant now) {
        String past = change.toLowerCase(Locale.ROOT) + "d";
        Map<String, Object> data = new LinkedHashMap<>();
        data.put("version", "1.0");
        data.put("type", change);
        data.put(past + "Alarm", alarm);
        if (before != null) {
            data.put("previousAlarm", before);
        }
        return item(name, type, now, "ConfigurationUpdate", "Alarm \"" + name + "\" " + past, data);
    }

    static HistoryRecord action(ActionRecord action, String state, String summary, Instant now) {
        Map<String, Object> data = new LinkedHashMap<>();
        data.put("actionState", state);
        data.put("stateUpdateTimestamp", action.stateChanged().toEpochMilli());
        data.put("notificationResource", action.target());
        data.put("publishedMessage", action.message());
        return item(action.alarmName(), action.alarmType(), now, "Action", summary, data);
    }

    private static HistoryRecord item(
            String alarm, String type, Instant time, String kind, String summary, Map<String, Object> data) {
        return new HistoryRecord(
                Ids.hex(12),
                alarm,
                type,
                time,
                kind,
                summary,
                RecordCodec.json().writeValueAsString(data));
    }

    DescribeAlarmHistoryResponse describe(DescribeAlarmHistoryRequest request) {
        if (request.alarmContributorId() != null) {
            throw Errors.validation("Alarms with contributors are not supported by Terrane yet.");
        }
        Scope scope = Call.current().scope();
        boolean newestFirst = request.scanBy() != ScanBy.TIMESTAMP_ASCENDING;
        String listing = "history/" + scope + "/" + request.alarmName() + "/" + request.alarmTypesAsStrings() + "/"
                + request.historyItemType() + "/" + request.startDate() + "/" + request.endDate() + "/" + newestFirst;
        int most = Optional.ofNullable(request.maxRecords()).orElse(DEFAULT_PAGE);
        Optional<String> after = Pages.cursor(pages, listing, request.nextToken());
        List<AlarmHistoryItem> items = new ArrayList<>();
        do {
            Page<HistoryRecord> page = tables.history(
                    scope, Optional.ofNullable(request.alarmName()), newestFirst, after, most - items.size());
            page.values().stream()
                    .filter(item -> selected(request, item))
                    .map(AlarmHistory::shown)
                    .forEach(items::add);
            after = page.next();
        } while (after.isPresent() && items.size() < most);
        return DescribeAlarmHistoryResponse.builder()
                .alarmHistoryItems(items)
                .nextToken(after.map(cursor -> pages.encode(listing, cursor)).orElse(null))
                .build();
    }

    private static boolean selected(DescribeAlarmHistoryRequest request, HistoryRecord item) {
        List<String> types = request.alarmTypesAsStrings();
        return (types.isEmpty() ? item.type().equals(METRIC) : types.contains(item.type()))
                && (request.historyItemType() == null
                        || request.historyItemTypeAsString().equals(item.kind()))
                && (request.startDate() == null || !item.time().isBefore(request.startDate()))
                && (request.endDate() == null || !item.time().isAfter(request.endDate()));
    }

    private static AlarmHistoryItem shown(HistoryRecord item) {
        return AlarmHistoryItem.builder()
                .alarmName(item.alarm())
                .alarmType(item.type())
                .timestamp(item.time())
                .historyItemType(item.kind())
                .historySummary(item.summary())
                .historyData(item.data())
                .build();
    }
}
