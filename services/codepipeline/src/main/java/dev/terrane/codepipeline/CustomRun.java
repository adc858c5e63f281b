package dev.terrane.codepipeline;

import dev.terrane.kernel.call.Call;
import dev.terrane.kernel.call.Scope;
import dev.terrane.kernel.clock.Clock;
import dev.terrane.kernel.id.Ids;
import dev.terrane.kernel.workflow.Steps;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.services.codepipeline.model.JobStatus;
import software.amazon.awssdk.services.codepipeline.model.OutputArtifact;

/**
 * A custom action: offered as a job to the workers of its type, which have 24 hours to end it. A worker that answers with a continuation token is offered a further job
 * with that token.
 *
 * @see <a href="https://docs.aws.amazon.com/codepipeline/latest/userguide/actions-create-custom-action.html">Custom actions</a>
 */
final class CustomRun implements ActionRun {
    /** The signal that brings a result; its number follows. */
    static final String RESULT = "job-result-";

    private static final Duration PATIENCE = Duration.ofHours(24);
    private static final int MOST_JOBS = 10_000;

    private final CodePipelineTables tables;
    private final ArtifactFiles artifacts;
    private final Clock clock;

    CustomRun(CodePipelineTables tables, ArtifactFiles artifacts, Clock clock) {
        this.tables = tables;
        this.artifacts = artifacts;
        this.clock = clock;
    }

    /**
     * What a worker answered.
     *
     * @param code of a failure, or empty
     * @param token with which it wants to go on, or empty
     * @param revision what a source found: one, or none
     */
    record Result(
            String code,
            String message,
            String summary,
            String token,
            Map<String, String> variables,
            List<RevisionRecord> revision) {
        Result {
            variables = Map.copyOf(variables);
            revision = List.copyOf(revision);
        }
    }

    @Override
    public ActionOutcome run(Steps steps, ActionRecord action) throws InterruptedException {
        String token = "";
        for (int i = 0; i < MOST_JOBS; i++) {
            int number = i;
            String with = token;
            steps.commit("offer-" + i, () -> offer(action, number, with));
            Optional<Result> result = steps.await("result-" + i, RESULT + i, Result.class, PATIENCE);
            if (result.isEmpty()) {
                steps.commit("expire", () -> end(action.id(), JobStatus.TIMED_OUT));
                return ActionOutcome.failed(
                        ActionOutcome.JOB_FAILED, "The job timed out: no worker ended it within 24 hours.");
            }
            token = result.get().token();
            if (token.isEmpty()) {
                return steps.step("outcome", ActionOutcome.class, () -> outcome(action, result.get()));
            }
        }
        return ActionOutcome.failed(ActionOutcome.JOB_FAILED, "The job was continued too often.");
    }

    private void offer(ActionRecord action, int number, String token) {
        Scope scope = Call.current().scope();
        tables.put(
                scope,
                new JobRecord(
                        Ids.uuid(),
                        action.id(),
                        CustomActionRecord.key(action.declaration().actionTypeId()),
                        number,
                        JobStatus.QUEUED,
                        "",
                        token,
                        clock.instant()));
    }

    private void end(String action, JobStatus status) {
        Scope scope = Call.current().scope();
        tables.jobsOf(scope, action).stream()
                .filter(job -> job.open() || job.status() == JobStatus.IN_PROGRESS)
                .forEach(job -> tables.put(scope, job.in(status, job.nonce(), clock.instant())));
    }

    private ActionOutcome outcome(ActionRecord action, Result result) {
        if (!result.code().isEmpty()) {
            return ActionOutcome.failed(result.code(), result.message());
        }
        String revision =
                result.revision().stream().map(RevisionRecord::id).findFirst().orElse("");
        List<ArtifactRecord> outputs = action.declaration().outputArtifacts().stream()
                .map(OutputArtifact::name)
                .map(name -> artifacts.place(action, name, revision, ""))
                .toList();
        return new ActionOutcome("", "", result.summary(), "", result.revision(), outputs, result.variables());
    }

    @Override
    public void abandon(Steps steps, ActionRecord action) throws InterruptedException {
        steps.commit("withdraw", () -> end(action.id(), JobStatus.FAILED));
    }
}
