package dev.terrane.cloudwatch;

import dev.terrane.kernel.call.Call;
import dev.terrane.kernel.call.Principal;
import dev.terrane.kernel.call.Scope;
import dev.terrane.kernel.clock.Clock;
import dev.terrane.kernel.event.Events;
import dev.terrane.kernel.id.Ids;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.cloudwatch.model.MetricAlarm;
import software.amazon.awssdk.services.cloudwatch.model.StateValue;

/** Changes of alarms' states: the new state, the item in the history, the event and the actions are one commit. */
final class AlarmTransitions {
    private final CloudWatchTables tables;
    private final Clock clock;
    private final Events events;
    private final CompositeWatch composites;

    AlarmTransitions(CloudWatchTables tables, Clock clock, Events events, CompositeWatch composites) {
        this.tables = tables;
        this.clock = clock;
        this.events = events;
        this.composites = composites;
    }

    /**
     * Gives an alarm a state that its data speaks for, unless the alarm was changed since it was looked at.
     *
     * @param seen the alarm as it was evaluated
     */
    void change(AlarmWatch.Id id, MetricAlarm seen, StateValue state, String reason, String reasonData) {
        Scope scope = id.scope();
        Call call = Call.internal(
                scope, new Principal.Service(scope.account(), "cloudwatch.amazonaws.com"), Ids.uuid(), clock.instant());
        call.run(() -> tables.transact(() -> {
            Optional<AlarmRecord> current = tables.alarm(scope, id.name());
            if (current.isPresent() && current.get().alarm().equals(seen)) {
                change(scope, current.get(), state, reason, reasonData);
            }
        }));
    }

    /** Gives an alarm a state, within a call and its transaction. */
    void change(Scope scope, AlarmRecord record, StateValue state, String reason, @Nullable String reasonData) {
        Instant now = clock.instant();
        MetricAlarm before = record.alarm();
        AlarmRecord changed = record.with(alarm -> {
            alarm.stateValue(state)
                    .stateReason(reason)
                    .stateReasonData(reasonData)
                    .stateUpdatedTimestamp(now);
            return before.stateValue() == state ? alarm : alarm.stateTransitionedTimestamp(now);
        });
        tables.put(scope, changed);
        MetricAlarm after = changed.alarm();
        if (before.stateValue() == state) {
            return;
        }
        tables.put(scope, AlarmHistory.stateUpdate(before, after, now));
        tables.afterCommit(() -> composites.changed(scope, after.alarmName()));
        events.emit(
                "aws.cloudwatch",
                "CloudWatch Alarm State Change",
                List.of(after.alarmArn()),
                AlarmMessages.stateChange(before, after));
        actions(scope, before, after, now);
    }

    private void actions(Scope scope, MetricAlarm before, MetricAlarm after, Instant now) {
        List<String> targets = ScalingActions.of(after);
        int number = 0;
        for (String target : targets) {
            tables.put(new ActionRecord(
                    "%014d/%s/%d".formatted(now.toEpochMilli(), Ids.hex(12), number++),
                    scope,
                    after.alarmName(),
                    AlarmHistory.METRIC,
                    after.alarmArn(),
                    target,
                    AlarmMessages.subject(scope, after.stateValueAsString(), after.alarmName()),
                    AlarmMessages.notification(scope, before, after),
                    now,
                    0,
                    now,
                    ScalingActions.value(after),
                    after.threshold()));
        }
    }
}
