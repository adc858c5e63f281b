package dev.terrane.codepipeline;

import dev.terrane.kernel.call.Call;
import dev.terrane.kernel.call.Scope;
import dev.terrane.kernel.workflow.Steps;
import dev.terrane.kernel.workflow.Workflow;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import software.amazon.awssdk.services.codepipeline.model.InputArtifact;

/** The durable process of one action execution: it does the action, and then lets the pipeline's execution go on. */
final class ActionWorkflow implements Workflow<ActionWorkflow.Input> {
    private final CodePipelineTables tables;
    private final Progress progress;
    private final Map<ActionKind, ActionRun> runs;
    private final ActionRun custom;

    ActionWorkflow(CodePipelineTables tables, Progress progress, Map<ActionKind, ActionRun> runs, ActionRun custom) {
        this.tables = tables;
        this.progress = progress;
        this.runs = Map.copyOf(runs);
        this.custom = custom;
    }

    /** Which action execution. */
    record Input(String actionExecution) {}

    @Override
    public String name() {
        return "codepipeline.action";
    }

    @Override
    public Class<Input> input() {
        return Input.class;
    }

    @Override
    public String principal() {
        return Roles.SERVICE;
    }

    @Override
    public void run(Steps steps, Input input) throws InterruptedException {
        ActionOutcome outcome;
        try {
            ActionRecord action = steps.commit("resolve", ActionRecord.class, () -> resolve(input.actionExecution()));
            outcome = carryOut(steps, action);
        } catch (Steps.StepFailed e) {
            outcome = Failures.of(e);
        }
        ActionOutcome end = outcome;
        steps.commit("end", () -> progress.ended(Call.current().scope(), input.actionExecution(), end));
    }

    private ActionOutcome carryOut(Steps steps, ActionRecord action) throws InterruptedException {
        ActionRun run = ActionKind.of(action.declaration().actionTypeId())
                .map(runs::get)
                .orElse(custom);
        try {
            return run.run(steps, action);
        } catch (Cancelled e) {
            run.abandon(steps, action);
            throw e;
        }
    }

    /** Puts values for variables and locations for artifacts. */
    private ActionRecord resolve(String id) {
        Scope scope = Call.current().scope();
        ActionRecord action = tables.action(scope, id).orElseThrow();
        ExecutionRecord execution = tables.execution(scope, action.execution()).orElseThrow();
        List<ArtifactRecord> inputs = new ArrayList<>();
        for (InputArtifact input : action.declaration().inputArtifacts()) {
            ArtifactRecord artifact = execution.products().artifacts().get(input.name());
            if (artifact == null) {
                throw new MissingInvalidArtifact(input.name());
            }
            inputs.add(artifact);
        }
        ActionRecord resolved =
                action.resolvedTo(Variables.resolve(action.declaration().configuration(), execution), inputs);
        tables.put(scope, resolved);
        return resolved;
    }

    /** An input artifact that no action of this execution has given. */
    private static final class MissingInvalidArtifact extends RuntimeException {
        MissingInvalidArtifact(String name) {
            super("The input artifact " + name + " is not there: the action that gives it made none.");
        }
    }
}
