package dev.terrane.cloudwatch;

import dev.terrane.cloudwatch.CompositeMessages.Child;
import dev.terrane.kernel.call.Call;
import dev.terrane.kernel.call.Principal;
import dev.terrane.kernel.call.Scope;
import dev.terrane.kernel.clock.Clock;
import dev.terrane.kernel.id.Ids;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.cloudwatch.model.CompositeAlarm;
import software.amazon.awssdk.services.cloudwatch.model.StateValue;

/**
 * Evaluates composite alarms after they were put and whenever an alarm of their rules has changed its state, within five seconds; and lets go of their suppressed actions.
 * Which ones there are is held in memory.
 */
final class CompositeWatch {
    private static final System.Logger LOG = System.getLogger(CompositeWatch.class.getName());

    /** Why one is looked at, as reasons tell it. */
    enum Cause {
        CREATED("was created and its alarm rule evaluates to "),
        UPDATED("was updated and its alarm rule evaluates to "),
        CHILD("");

        private final String text;

        Cause(String text) {
            this.text = text;
        }
    }

    private final CloudWatchTables tables;
    private final CompositeTransitions transitions;
    private final Clock clock;
    private final Map<AlarmWatch.Id, Set<String>> children = new ConcurrentHashMap<>();
    private final Map<AlarmWatch.Id, Cause> touched = new ConcurrentHashMap<>();

    CompositeWatch(CloudWatchTables tables, CompositeTransitions transitions, Clock clock) {
        this.tables = tables;
        this.transitions = transitions;
        this.clock = clock;
    }

    /** Watches all there are. */
    void load() {
        tables.everyComposite((scope, record) -> watch(scope, record, Cause.CHILD));
    }

    void watch(Scope scope, CompositeRecord record, Cause cause) {
        AlarmWatch.Id id = new AlarmWatch.Id(scope, record.name());
        children.put(id, record.children());
        touched.put(id, cause);
    }

    void forget(Scope scope, String name) {
        AlarmWatch.Id id = new AlarmWatch.Id(scope, name);
        children.remove(id);
        touched.remove(id);
    }

    /** An alarm of any type has another state. */
    void changed(Scope scope, String alarm) {
        children.forEach((id, names) -> {
            if (id.scope().equals(scope) && names.contains(alarm)) {
                touched.putIfAbsent(id, Cause.CHILD);
            }
        });
    }

    /** Evaluates what is touched, and what that touches, and looks after suppressed actions. Called every few seconds. */
    void tick() {
        // No chain of composite alarms is longer than there are composite alarms.
        for (int round = 0; round <= children.size() && !touched.isEmpty(); round++) {
            for (AlarmWatch.Id id : new ArrayList<>(touched.keySet())) {
                Cause cause = touched.remove(id);
                if (cause != null) {
                    safely(id, record -> evaluate(id, record, cause));
                }
            }
        }
        for (AlarmWatch.Id id : new ArrayList<>(children.keySet())) {
            if (tables.peekComposite(id.scope(), id.name())
                    .filter(record -> record.told() != null)
                    .isPresent()) {
                safely(id, record -> change(id, now -> transitions.release(id.scope(), now)));
            }
        }
    }

    private void safely(AlarmWatch.Id id, Consumer<CompositeRecord> work) {
        try {
            tables.peekComposite(id.scope(), id.name()).ifPresent(work);
        } catch (RuntimeException e) {
            LOG.log(System.Logger.Level.WARNING, "Composite alarm " + id.name() + " could not be evaluated", e);
        }
    }

    private void change(AlarmWatch.Id id, Consumer<CompositeRecord> work) {
        Scope scope = id.scope();
        Call.internal(
                        scope,
                        new Principal.Service(scope.account(), "cloudwatch.amazonaws.com"),
                        Ids.uuid(),
                        clock.instant())
                .run(() ->
                        tables.transact(() -> tables.composite(scope, id.name()).ifPresent(work)));
    }

    /** One that is part of a circle, or depends on one, is not evaluated, as AWS documents. */
    private void evaluate(AlarmWatch.Id id, CompositeRecord record, Cause cause) {
        if (circles(id.scope(), id.name(), new HashSet<>(), new HashSet<>())) {
            return;
        }
        CompositeAlarm alarm = record.alarm();
        boolean holds = CompositeRule.parse(alarm.alarmRule()).holds(child -> transitions.stateOf(id.scope(), child));
        StateValue state = holds ? StateValue.ALARM : StateValue.OK;
        if (state == alarm.stateValue()) {
            return;
        }
        List<Child> triggering = triggering(id.scope(), record);
        String reason = cause != Cause.CHILD || triggering.isEmpty()
                ? alarm.alarmArn() + " " + (cause == Cause.CHILD ? Cause.UPDATED : cause).text + state
                : CompositeMessages.transitioned(
                        triggering.getFirst().arn(),
                        triggering.getFirst().state(),
                        triggering.getFirst().since());
        change(id, current -> {
            if (current.alarm().equals(alarm)) {
                transitions.change(
                        id.scope(),
                        current,
                        state,
                        reason,
                        triggering.isEmpty() ? null : CompositeMessages.data(triggering));
                tables.afterCommit(() -> changed(id.scope(), id.name()));
            } else {
                tables.afterCommit(() -> touched.putIfAbsent(id, cause));
            }
        });
    }

    private boolean circles(Scope scope, String name, Set<String> above, Set<String> known) {
        if (known.contains(name)) {
            return false;
        }
        if (!above.add(name)) {
            return true;
        }
        for (String child : children.getOrDefault(new AlarmWatch.Id(scope, name), Set.of())) {
            if (circles(scope, child, above, known)) {
                return true;
            }
        }
        above.remove(name);
        known.add(name);
        return false;
    }

    /** The alarms of the rule that changed their state last. */
    private List<Child> triggering(Scope scope, CompositeRecord record) {
        List<Child> all = record.children().stream()
                .flatMap(name -> child(scope, name).stream())
                .sorted(Comparator.comparing(Child::since).reversed())
                .toList();
        @Nullable Instant last = all.isEmpty() ? null : all.getFirst().since();
        return all.stream().filter(child -> child.since().equals(last)).toList();
    }

    private Optional<Child> child(Scope scope, String name) {
        return tables.peekAlarm(scope, name)
                .map(AlarmRecord::alarm)
                .map(alarm ->
                        new Child(alarm.alarmArn(), alarm.stateValueAsString(), alarm.stateTransitionedTimestamp()))
                .or(() -> tables.peekComposite(scope, name)
                        .map(CompositeRecord::alarm)
                        .map(alarm -> new Child(
                                alarm.alarmArn(), alarm.stateValueAsString(), alarm.stateTransitionedTimestamp())));
    }
}
