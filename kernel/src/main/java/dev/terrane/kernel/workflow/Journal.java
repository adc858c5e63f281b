package dev.terrane.kernel.workflow;

import dev.terrane.kernel.error.AwsErrors;
import dev.terrane.kernel.store.RecordCodec;
import dev.terrane.kernel.workflow.Steps.StepFailed;
import dev.terrane.kernel.workflow.WorkflowTables.ProcessRecord;
import dev.terrane.kernel.workflow.WorkflowTables.StepRecord;
import dev.terrane.kernel.workflow.WorkflowTables.StepState;
import java.time.Instant;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsServiceException;

/** The steps of one process: those that were done in earlier runs of its code, and those that this run adds. Used by one thread. */
final class Journal {
    private static final String NOTHING = "";

    private final WorkflowTables tables;
    private final String process;
    private final Set<String> met = new HashSet<>();
    private final Map<String, StepRecord> stored;
    private Instant now;

    /** Begins a run of a process's code. */
    Journal(WorkflowTables tables, ProcessRecord process) {
        this.tables = tables;
        this.process = process.key();
        this.stored = tables.steps(process.key());
        this.now = process.started();
    }

    /** When the last step ended. */
    Instant now() {
        return now;
    }

    /** Begins a step.
     *
     * @return what is stored of it, where it was begun before */
    Optional<StepRecord> begin(String name) {
        if (!met.add(name)) {
            throw new IllegalStateException("Two steps are named " + name);
        }
        return Optional.ofNullable(stored.get(name));
    }

    /** Goes past a step that was done before, or throws what it threw. */
    <T> @Nullable T pass(StepRecord step, Class<T> type) {
        now = step.time();
        return switch (step.state()) {
            case DONE, WAITING ->
                step.result().isEmpty() ? null : RecordCodec.json().readValue(step.result(), type);
            case FAILED -> throw new StepFailed(step.code(), step.message());
            case CANCELLED -> throw new Workflow.Cancelled(step.message());
        };
    }

    void waits(String name, Instant until) {
        tables.put(new StepRecord(process, name, StepState.WAITING, NOTHING, "", "", until));
    }

    /** @param result as JSON */
    void done(String name, String result, Instant time) {
        keep(new StepRecord(process, name, StepState.DONE, result, "", "", time));
    }

    void done(String name, Instant time) {
        done(name, NOTHING, time);
    }

    void cancelled(String name, String reason, Instant time) {
        keep(new StepRecord(process, name, StepState.CANCELLED, NOTHING, "", reason, time));
    }

    void failed(String name, StepFailed failure, Instant time) {
        keep(new StepRecord(
                process, name, StepState.FAILED, NOTHING, failure.code(), String.valueOf(failure.getMessage()), time));
    }

    private void keep(StepRecord step) {
        tables.put(step);
        now = step.time();
    }

    /** What a step's work threw, as the workflow's code gets it, now and in later runs. */
    static StepFailed failure(Throwable thrown) {
        return switch (thrown) {
            case StepFailed again -> new StepFailed(again.code(), String.valueOf(again.getMessage()));
            case AwsServiceException e
            when e.awsErrorDetails() != null && e.awsErrorDetails().errorCode() != null ->
                new StepFailed(e.awsErrorDetails().errorCode(), AwsErrors.message(e));
            default -> new StepFailed(thrown.getClass().getSimpleName(), String.valueOf(thrown.getMessage()));
        };
    }
}
