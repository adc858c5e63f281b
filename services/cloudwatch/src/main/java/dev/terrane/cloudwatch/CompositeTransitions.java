package dev.terrane.cloudwatch;

import dev.terrane.kernel.call.Scope;
import dev.terrane.kernel.clock.Clock;
import dev.terrane.kernel.event.Events;
import dev.terrane.kernel.id.Ids;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.cloudwatch.model.ActionsSuppressedBy;
import software.amazon.awssdk.services.cloudwatch.model.CompositeAlarm;
import software.amazon.awssdk.services.cloudwatch.model.StateValue;

/**
 * Changes of composite alarms' states, within a call and its transaction: the state, the history, the event and the actions, unless a suppressor holds these back. See
 * "Suppressing composite alarm actions" in the CloudWatch user guide.
 */
final class CompositeTransitions {
    private final CloudWatchTables tables;
    private final Clock clock;
    private final Events events;

    CompositeTransitions(CloudWatchTables tables, Clock clock, Events events) {
        this.tables = tables;
        this.clock = clock;
        this.events = events;
    }

    /** The state of an alarm of any type; empty data where it is not there. */
    StateValue stateOf(Scope scope, String nameOrArn) {
        String name = CompositeRecord.name(nameOrArn);
        return tables.peekAlarm(scope, name)
                .map(record -> record.alarm().stateValue())
                .or(() -> tables.peekComposite(scope, name)
                        .map(record -> record.alarm().stateValue()))
                .orElse(StateValue.INSUFFICIENT_DATA);
    }

    void change(Scope scope, CompositeRecord record, StateValue state, String reason, @Nullable String reasonData) {
        Instant now = clock.instant();
        CompositeAlarm before = record.alarm();
        CompositeRecord changed = record.with(alarm -> {
            alarm.stateValue(state)
                    .stateReason(reason)
                    .stateReasonData(reasonData)
                    .stateUpdatedTimestamp(now);
            return before.stateValue() == state ? alarm : alarm.stateTransitionedTimestamp(now);
        });
        if (before.stateValue() == state) {
            tables.put(scope, changed);
            return;
        }
        CompositeRecord after = suppressed(scope, changed, before, now);
        tables.put(scope, after);
        tables.put(scope, AlarmHistory.stateUpdate(before, after.alarm(), now));
        events.emit(
                "aws.cloudwatch",
                "CloudWatch Alarm State Change",
                List.of(after.alarm().alarmArn()),
                CompositeMessages.stateChange(before, after.alarm()));
        if (after.alarm().actionsSuppressedBy() == null) {
            act(scope, before, after.alarm(), now);
        }
    }

    private CompositeRecord suppressed(Scope scope, CompositeRecord changed, CompositeAlarm before, Instant now) {
        String suppressor = changed.alarm().actionsSuppressor();
        if (suppressor == null) {
            return changed.waiting(null, null).with(CompositeTransitions::free);
        }
        if (stateOf(scope, suppressor) == StateValue.ALARM) {
            return by(changed.waiting(before, null), ActionsSuppressedBy.ALARM);
        }
        int wait = changed.alarm().actionsSuppressorWaitPeriod();
        return wait == 0
                ? changed.waiting(null, null).with(CompositeTransitions::free)
                : by(changed.waiting(before, now.plusSeconds(wait)), ActionsSuppressedBy.WAIT_PERIOD);
    }

    private static CompositeAlarm.Builder free(CompositeAlarm.Builder alarm) {
        return alarm.actionsSuppressedBy((ActionsSuppressedBy) null).actionsSuppressedReason(null);
    }

    private static CompositeRecord by(CompositeRecord record, ActionsSuppressedBy what) {
        return record.with(alarm -> alarm.actionsSuppressedBy(what)
                .actionsSuppressedReason("Actions suppressed by "
                        + (what == ActionsSuppressedBy.ALARM ? record.alarm().actionsSuppressor() : what.toString())));
    }

    /** Looks after actions that are held back: their time has come, or the suppressor changed. */
    void release(Scope scope, CompositeRecord record) {
        Instant now = clock.instant();
        CompositeAlarm alarm = record.alarm();
        CompositeAlarm told = record.told();
        if (told == null || alarm.actionsSuppressedBy() == null) {
            return;
        }
        boolean active =
                alarm.actionsSuppressor() != null && stateOf(scope, alarm.actionsSuppressor()) == StateValue.ALARM;
        boolean byAlarm = alarm.actionsSuppressedBy() == ActionsSuppressedBy.ALARM;
        if (active) {
            if (!byAlarm) {
                tables.put(scope, by(record.waiting(told, null), ActionsSuppressedBy.ALARM));
            }
            return;
        }
        int extension = Objects.requireNonNullElse(alarm.actionsSuppressorExtensionPeriod(), 0);
        if (byAlarm && extension > 0) {
            tables.put(
                    scope, by(record.waiting(told, now.plusSeconds(extension)), ActionsSuppressedBy.EXTENSION_PERIOD));
            return;
        }
        if (byAlarm || record.until() == null || !now.isBefore(record.until())) {
            CompositeRecord freed = record.waiting(null, null).with(CompositeTransitions::free);
            tables.put(scope, freed);
            act(scope, told, freed.alarm(), now);
        }
    }

    private void act(Scope scope, CompositeAlarm before, CompositeAlarm after, Instant now) {
        if (Boolean.FALSE.equals(after.actionsEnabled())) {
            return;
        }
        List<String> targets = switch (after.stateValue()) {
            case OK -> after.okActions();
            case ALARM -> after.alarmActions();
            case INSUFFICIENT_DATA -> after.insufficientDataActions();
            case UNKNOWN_TO_SDK_VERSION -> List.of();
        };
        int number = 0;
        for (String target : targets) {
            tables.put(new ActionRecord(
                    "%014d/%s/%d".formatted(now.toEpochMilli(), Ids.hex(12), number++),
                    scope,
                    after.alarmName(),
                    AlarmHistory.COMPOSITE,
                    after.alarmArn(),
                    target,
                    AlarmMessages.subject(scope, after.stateValueAsString(), after.alarmName()),
                    CompositeMessages.notification(scope, before, after),
                    now,
                    0,
                    now,
                    null,
                    null));
        }
    }

    /** Notes that a composite alarm was made, changed or deleted.
     *
     * @param change {@code Create}, {@code Update} or {@code Delete} */
    void configured(Scope scope, String change, CompositeAlarm alarm, @Nullable CompositeAlarm before) {
        tables.put(scope, AlarmHistory.configuration(change, alarm, before, clock.instant()));
        events.emit(
                "aws.cloudwatch",
                "CloudWatch Alarm Configuration Change",
                List.of(alarm.alarmArn()),
                CompositeMessages.configurationChange(change.toLowerCase(Locale.ROOT), alarm, before));
    }
}
