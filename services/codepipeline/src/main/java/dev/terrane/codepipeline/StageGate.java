package dev.terrane.codepipeline;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import software.amazon.awssdk.services.codepipeline.model.TransitionState;

/**
 * The way into a stage of a pipeline, and who is in it. Every move into, out of and to the door of a stage changes this record, so that
 * two executions never enter at once.
 *
 * @param occupant the execution that is at work in the stage, or empty; parallel executions are not counted
 * @param waiting executions at the door, the first to arrive first
 * @param latest the execution that entered last, or empty
 * @param actions by action, its latest action execution
 */
record StageGate(
        String pipeline,
        String stage,
        String occupant,
        List<String> waiting,
        String latest,
        Map<String, String> actions,
        Transition transition) {
    StageGate {
        waiting = List.copyOf(waiting);
        actions = Map.copyOf(actions);
    }

    /** Whether executions may enter. */
    record Transition(boolean open, String reason, String changedBy, Instant changedAt) {
        static final Transition UNTOUCHED = new Transition(true, "", "", Instant.EPOCH);

        TransitionState describe() {
            return TransitionState.builder()
                    .enabled(open)
                    .disabledReason(open ? null : reason)
                    .lastChangedBy(changedBy.isEmpty() ? null : changedBy)
                    .lastChangedAt(changedBy.isEmpty() ? null : changedAt)
                    .build();
        }
    }

    static StageGate of(String pipeline, String stage) {
        return new StageGate(pipeline, stage, "", List.of(), "", Map.of(), Transition.UNTOUCHED);
    }

    static String key(String pipeline, String stage) {
        return pipeline + "/" + stage;
    }

    StageGate withWaiting(List<String> executions) {
        return new StageGate(pipeline, stage, occupant, executions, latest, actions, transition);
    }

    StageGate without(String execution) {
        return withWaiting(waiting.stream().filter(id -> !id.equals(execution)).toList());
    }

    StageGate joinedBy(String execution) {
        return withWaiting(Stream.concat(waiting.stream(), Stream.of(execution)).toList());
    }

    /** An execution goes in. */
    StageGate enteredBy(String execution, boolean alone) {
        StageGate rest = without(execution);
        return new StageGate(
                pipeline, stage, alone ? execution : occupant, rest.waiting, execution, actions, transition);
    }

    /** An execution is at work here no more. */
    StageGate leftBy(String execution) {
        return occupant.equals(execution)
                ? new StageGate(pipeline, stage, "", waiting, latest, actions, transition)
                : this;
    }

    StageGate withAction(String action, String actionExecution) {
        Map<String, String> changed = new java.util.HashMap<>(actions);
        changed.put(action, actionExecution);
        return new StageGate(pipeline, stage, occupant, waiting, latest, changed, transition);
    }

    StageGate withTransition(Transition changed) {
        return new StageGate(pipeline, stage, occupant, waiting, latest, actions, changed);
    }
}
