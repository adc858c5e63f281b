package dev.terrane.codepipeline;

import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import software.amazon.awssdk.services.codepipeline.model.StageExecutionStatus;

/**
 * How one execution fares in one stage.
 *
 * @param runOrder the run order of the actions begun last
 * @param actions by action, its latest action execution here
 */
record StageRecord(
        StageExecutionStatus status,
        Instant entered,
        int runOrder,
        Map<String, String> actions,
        int manualRetries,
        int automaticRetries) {
    StageRecord {
        actions = Map.copyOf(actions);
    }

    static StageRecord entered(Instant now) {
        return new StageRecord(StageExecutionStatus.IN_PROGRESS, now, 0, Map.of(), 0, 0);
    }

    StageRecord withStatus(StageExecutionStatus changed) {
        return new StageRecord(changed, entered, runOrder, actions, manualRetries, automaticRetries);
    }

    StageRecord at(int order) {
        return new StageRecord(status, entered, order, actions, manualRetries, automaticRetries);
    }

    StageRecord withAction(String action, String actionExecution) {
        Map<String, String> changed = new HashMap<>(actions);
        changed.put(action, actionExecution);
        return new StageRecord(status, entered, runOrder, changed, manualRetries, automaticRetries);
    }

    /** Begins again, from an action that is to be found by its run order.
     *
     * @param forgetting whether every action is to be done again */
    StageRecord retried(boolean byHand, boolean forgetting) {
        return new StageRecord(
                StageExecutionStatus.IN_PROGRESS,
                entered,
                forgetting ? 0 : runOrder,
                forgetting ? Map.of() : actions,
                manualRetries + (byHand ? 1 : 0),
                automaticRetries + (byHand ? 0 : 1));
    }
}
