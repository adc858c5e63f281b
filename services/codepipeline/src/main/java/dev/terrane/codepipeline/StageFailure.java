package dev.terrane.codepipeline;

import dev.terrane.kernel.call.Scope;
import dev.terrane.kernel.store.Page;
import java.util.List;
import java.util.Optional;
import software.amazon.awssdk.services.codepipeline.model.FailureConditions;
import software.amazon.awssdk.services.codepipeline.model.Result;
import software.amazon.awssdk.services.codepipeline.model.StageDeclaration;
import software.amazon.awssdk.services.codepipeline.model.StageExecutionStatus;
import software.amazon.awssdk.services.codepipeline.model.StageRetryMode;
import software.amazon.awssdk.services.codepipeline.model.TriggerType;

/** What a stage declares to be done when it fails: it is tried once more, or rolled back. See "Configure stage rollback" in the user guide. */
final class StageFailure {
    private static final int LOOK_BACK = 100;

    private final CodePipelineTables tables;
    private final Progress progress;
    private final Launch launch;

    StageFailure(CodePipelineTables tables, Progress progress, Launch launch) {
        this.tables = tables;
        this.progress = progress;
        this.launch = launch;
    }

    void react(Scope scope, ExecutionRecord failed, StageDeclaration stage) {
        FailureConditions declared = stage.onFailure();
        if (declared == null) {
            return;
        }
        if (declared.result() == Result.RETRY) {
            boolean first = failed.stage(stage.name()).orElseThrow().automaticRetries() == 0;
            if (first) {
                boolean all = declared.retryConfiguration() != null
                        && declared.retryConfiguration().retryMode() == StageRetryMode.ALL_ACTIONS;
                progress.retry(scope, failed, stage.name(), false, all);
            }
        } else if (declared.result() == Result.ROLLBACK
                && failed.origin().rollbackTarget().isEmpty()) {
            lastSuccess(scope, failed, stage.name())
                    .ifPresent(target ->
                            launch.rollback(scope, target, stage.name(), TriggerType.AUTOMATED_ROLLBACK, failed.id()));
        }
    }

    /** The execution that got through a stage last, of the same version. */
    private Optional<ExecutionRecord> lastSuccess(Scope scope, ExecutionRecord failed, String stage) {
        Page<ExecutionRecord> recent = tables.executions(scope, failed.pipeline(), Optional.empty(), LOOK_BACK);
        List<ExecutionRecord> candidates = recent.values();
        return candidates.stream()
                .filter(e -> !e.id().equals(failed.id()))
                .filter(e -> e.origin().version() == failed.origin().version())
                .filter(e -> e.stage(stage)
                        .filter(s -> s.status() == StageExecutionStatus.SUCCEEDED)
                        .isPresent())
                .findFirst();
    }
}
