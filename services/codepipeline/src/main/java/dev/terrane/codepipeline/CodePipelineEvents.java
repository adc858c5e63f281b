package dev.terrane.codepipeline;

import dev.terrane.kernel.arn.Arn;
import dev.terrane.kernel.call.Scope;
import dev.terrane.kernel.event.Events;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import software.amazon.awssdk.services.codepipeline.model.ActionTypeId;

/**
 * What CodePipeline tells EventBridge.
 *
 * @see <a href="https://docs.aws.amazon.com/codepipeline/latest/userguide/detect-state-changes-cloudwatch-events.html">Monitoring CodePipeline events</a>
 */
final class CodePipelineEvents {
    private static final String SOURCE = "aws.codepipeline";

    private final Events events;

    CodePipelineEvents(Events events) {
        this.events = events;
    }

    static String arn(Scope scope, String pipeline) {
        return Arn.of("codepipeline", scope.region(), scope.account(), pipeline).toString();
    }

    /**
     * An execution as a whole changed.
     *
     * @param state such as {@code STARTED} or {@code SUPERSEDED}
     */
    void pipeline(Scope scope, ExecutionRecord execution, String state) {
        Map<String, Object> detail = common(execution);
        detail.put(
                "execution-trigger",
                Map.of(
                        "trigger-type", execution.origin().trigger().toString(),
                        "trigger-detail", execution.origin().triggerDetail()));
        detail.put("state", state);
        emit(scope, execution, "CodePipeline Pipeline Execution State Change", detail);
    }

    /** An execution changed in a stage. */
    void stage(Scope scope, ExecutionRecord execution, String stage, String state) {
        Map<String, Object> detail = common(execution);
        detail.put("stage", stage);
        detail.put("state", state);
        emit(scope, execution, "CodePipeline Stage Execution State Change", detail);
    }

    /** A run of an action changed. */
    void action(Scope scope, ExecutionRecord execution, ActionRecord action, String state) {
        Map<String, Object> detail = common(execution);
        detail.put("stage", action.stage());
        detail.put("action", action.name());
        detail.put("action-execution-id", action.id());
        detail.put("state", state);
        detail.put("region", scope.region());
        ActionTypeId type = action.declaration().actionTypeId();
        detail.put(
                "type",
                Map.of(
                        "owner", type.ownerAsString(),
                        "provider", type.provider(),
                        "category", type.categoryAsString(),
                        "version", type.version()));
        if (!action.inputs().isEmpty()) {
            detail.put("input-artifacts", artifacts(action.inputs()));
        }
        action.ended().ifPresent(outcome -> {
            if (!outcome.artifacts().isEmpty()) {
                detail.put("output-artifacts", artifacts(outcome.artifacts()));
            }
            detail.put("execution-result", result(action, outcome));
        });
        emit(scope, execution, "CodePipeline Action Execution State Change", detail);
    }

    private static Map<String, Object> result(ActionRecord action, ActionOutcome outcome) {
        Map<String, Object> result = new LinkedHashMap<>();
        result.put("external-execution-url", action.job().url());
        result.put("external-execution-summary", action.summary());
        result.put("external-execution-id", action.job().id());
        if (!outcome.success()) {
            result.put("error-code", outcome.errorCode());
        }
        return result;
    }

    private static List<Map<String, Object>> artifacts(List<ArtifactRecord> artifacts) {
        return artifacts.stream()
                .map(artifact -> Map.of("name", artifact.name(), "s3location", (Object)
                        Map.of("bucket", artifact.bucket(), "key", artifact.key())))
                .toList();
    }

    private static Map<String, Object> common(ExecutionRecord execution) {
        Map<String, Object> detail = new LinkedHashMap<>();
        Instant started = execution.origin().started();
        detail.put("pipeline", execution.pipeline());
        detail.put("execution-id", execution.id());
        detail.put("start-time", started.toString());
        detail.put("version", (double) execution.origin().version());
        detail.put("pipeline-execution-attempt", (double) execution.standing().attempt());
        return detail;
    }

    private void emit(Scope scope, ExecutionRecord execution, String type, Map<String, Object> detail) {
        events.emit(SOURCE, type, List.of(arn(scope, execution.pipeline())), detail);
    }
}
