package dev.terrane.codepipeline;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.codepipeline.model.ActionDeclaration;
import software.amazon.awssdk.services.codepipeline.model.ActionExecutionStatus;
import software.amazon.awssdk.services.codepipeline.model.ErrorDetails;

/**
 * One run of an action in one execution.
 *
 * @param role the pipeline's role; it assumes the action's own, where the action has one
 * @param serial orders the runs of a pipeline by their start
 * @param resolved its configuration with variables put in
 * @param job what it started elsewhere
 * @param token of a manual approval, or empty
 * @param outcome how it ended; empty list while it has not
 */
record ActionRecord(
        String id,
        String execution,
        String pipeline,
        int version,
        String stage,
        ActionDeclaration declaration,
        String role,
        Instant started,
        long serial,
        ActionExecutionStatus status,
        Instant updated,
        Map<String, String> resolved,
        List<ArtifactRecord> inputs,
        Job job,
        String token,
        List<ActionOutcome> outcome) {
    ActionRecord {
        resolved = Map.copyOf(resolved);
        inputs = List.copyOf(inputs);
        outcome = List.copyOf(outcome);
    }

    /**
     * Work in another service.
     *
     * @param tried whether it was begun to be started; when there is no id yet, that may or may not have succeeded
     */
    record Job(boolean tried, String id, String url, String summary) {
        static final Job NONE = new Job(false, "", "", "");
    }

    String name() {
        return declaration.name();
    }

    String namespace() {
        return declaration.namespace() == null ? "" : declaration.namespace();
    }

    Optional<String> setting(String key) {
        return Optional.ofNullable(resolved.get(key)).filter(value -> !value.isEmpty());
    }

    boolean running() {
        return status == ActionExecutionStatus.IN_PROGRESS;
    }

    Optional<ActionOutcome> ended() {
        return outcome.stream().findFirst();
    }

    String summary() {
        return ended().map(ActionOutcome::summary).filter(s -> !s.isEmpty()).orElse(job.summary());
    }

    @Nullable
    ErrorDetails describeError() {
        return ended().filter(o -> !o.success())
                .map(o -> ErrorDetails.builder()
                        .code(o.errorCode())
                        .message(o.message())
                        .build())
                .orElse(null);
    }

    ActionRecord resolvedTo(Map<String, String> configuration, List<ArtifactRecord> artifacts) {
        return copy(status, updated, configuration, artifacts, job, token, outcome);
    }

    ActionRecord withJob(Job changed, Instant now) {
        return copy(status, now, resolved, inputs, changed, token, outcome);
    }

    ActionRecord withToken(String asked, Instant now) {
        return copy(status, now, resolved, inputs, job, asked, outcome);
    }

    ActionRecord endedWith(ActionOutcome end, Instant now) {
        return copy(
                end.success() ? ActionExecutionStatus.SUCCEEDED : ActionExecutionStatus.FAILED,
                now,
                resolved,
                inputs,
                job,
                token,
                List.of(end));
    }

    ActionRecord abandoned(Instant now) {
        return copy(ActionExecutionStatus.ABANDONED, now, resolved, inputs, job, token, outcome);
    }

    private ActionRecord copy(
            ActionExecutionStatus newStatus,
            Instant now,
            Map<String, String> configuration,
            List<ArtifactRecord> artifacts,
            Job newJob,
            String newToken,
            List<ActionOutcome> end) {
        return new ActionRecord(
                id,
                execution,
                pipeline,
                version,
                stage,
                declaration,
                role,
                started,
                serial,
                newStatus,
                now,
                configuration,
                artifacts,
                newJob,
                newToken,
                end);
    }
}
