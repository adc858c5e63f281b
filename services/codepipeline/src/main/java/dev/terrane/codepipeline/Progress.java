package dev.terrane.codepipeline;

import dev.terrane.kernel.call.Scope;
import dev.terrane.kernel.clock.Clock;
import dev.terrane.kernel.id.Ids;
import dev.terrane.kernel.workflow.Workflows;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.codepipeline.model.ActionDeclaration;
import software.amazon.awssdk.services.codepipeline.model.ActionExecutionStatus;
import software.amazon.awssdk.services.codepipeline.model.ExecutionMode;
import software.amazon.awssdk.services.codepipeline.model.ExecutionType;
import software.amazon.awssdk.services.codepipeline.model.PipelineDeclaration;
import software.amazon.awssdk.services.codepipeline.model.PipelineExecutionStatus;
import software.amazon.awssdk.services.codepipeline.model.StageDeclaration;
import software.amazon.awssdk.services.codepipeline.model.StageExecutionStatus;

/**
 * How executions move through their pipeline. Each method is called in the transaction that records what it reacts to, and records in
 * it all that follows, up to the start of the next actions: so an execution stands still nowhere, whenever the server dies.
 */
final class Progress {
    private final CodePipelineTables tables;
    private final CodePipelineEvents events;
    private final Workflows workflows;
    private final Clock clock;
    private final Serials serials;
    private @Nullable ActionWorkflow actions;
    private @Nullable StageFailure failures;

    Progress(CodePipelineTables tables, CodePipelineEvents events, Workflows workflows, Clock clock, Serials serials) {
        this.tables = tables;
        this.events = events;
        this.workflows = workflows;
        this.clock = clock;
        this.serials = serials;
    }

    /** Says by what actions are done, and what becomes of failures; once, before anything moves. */
    void connect(ActionWorkflow doing, StageFailure failing) {
        actions = doing;
        failures = failing;
    }

    private ActionWorkflow actions() {
        if (actions == null) {
            throw new IllegalStateException("Not connected");
        }
        return actions;
    }

    /** A new execution begins, at the door of a stage. */
    void begin(Scope scope, ExecutionRecord execution, String stage) {
        tables.put(scope, execution);
        events.pipeline(scope, execution, "STARTED");
        arrive(scope, execution, stage);
    }

    private void arrive(Scope scope, ExecutionRecord execution, String stage) {
        StageGate gate = tables.gate(scope, execution.pipeline(), stage);
        tables.put(scope, execution.at(stage, false));
        if (execution.origin().mode() == ExecutionMode.SUPERSEDED) {
            for (String older : gate.waiting()) {
                supersede(scope, older, execution);
            }
            gate = gate.withWaiting(List.of());
        }
        tables.put(scope, gate.joinedBy(execution.id()));
        admit(scope, execution.pipeline(), stage);
    }

    private void supersede(Scope scope, String older, ExecutionRecord newer) {
        tables.execution(scope, older).filter(ExecutionRecord::active).ifPresent(execution -> {
            ExecutionRecord superseded = execution.withStatus(
                    PipelineExecutionStatus.SUPERSEDED, "Superseded by execution " + newer.id(), clock.instant());
            tables.put(scope, superseded);
            events.pipeline(scope, superseded, "SUPERSEDED");
        });
    }

    /** Lets in who waits at a stage's door, as far as the stage is open and free. */
    void admit(Scope scope, String pipeline, String stage) {
        StageGate gate = tables.gate(scope, pipeline, stage);
        if (!gate.transition().open()) {
            return;
        }
        for (String id : gate.waiting()) {
            ExecutionRecord execution = tables.execution(scope, id).orElse(null);
            if (execution != null
                    && (execution.parallel()
                            || tables.gate(scope, pipeline, stage).occupant().isEmpty())) {
                enter(scope, execution, stage);
            }
        }
    }

    private void enter(Scope scope, ExecutionRecord execution, String stage) {
        StageGate gate = tables.gate(scope, execution.pipeline(), stage);
        tables.put(scope, gate.enteredBy(execution.id(), !execution.parallel()));
        ExecutionRecord inside = execution.at(stage, true).withStage(stage, StageRecord.entered(clock.instant()));
        tables.put(scope, inside);
        events.stage(scope, inside, stage, "STARTED");
        goOn(scope, inside, stage);
    }

    /** A stage that has failed, or was stopped, begins again. */
    void retry(Scope scope, ExecutionRecord execution, String stage, boolean byHand, boolean all) {
        ExecutionRecord.Standing standing = execution.standing();
        StageRecord again = execution.stage(stage).orElseThrow().retried(byHand, all);
        Instant now = clock.instant();
        ExecutionRecord resumed = execution
                .withStanding(new ExecutionRecord.Standing(
                        PipelineExecutionStatus.IN_PROGRESS, "", now, standing.attempt() + 1, false, false, ""))
                .at(stage, true)
                .withStage(stage, again);
        StageGate gate = tables.gate(scope, execution.pipeline(), stage);
        tables.put(scope, gate.enteredBy(execution.id(), !execution.parallel()));
        tables.put(scope, resumed);
        events.pipeline(scope, resumed, "RESUMED");
        events.stage(scope, resumed, stage, "RESUMED");
        if (all) {
            goOn(scope, resumed, stage);
            return;
        }
        for (ActionDeclaration action : structure(scope, resumed, stage).actions()) {
            Optional<ActionRecord> last = lastRun(scope, again, action.name());
            boolean undone = last.isEmpty() || last.get().status() != ActionExecutionStatus.SUCCEEDED;
            if (action.runOrder() == again.runOrder() && undone) {
                start(scope, current(scope, resumed), stage, action);
            }
        }
        goOn(scope, current(scope, resumed), stage);
    }

    private Optional<ActionRecord> lastRun(Scope scope, StageRecord stage, String action) {
        return Optional.ofNullable(stage.actions().get(action)).flatMap(id -> tables.action(scope, id));
    }

    private ExecutionRecord current(Scope scope, ExecutionRecord execution) {
        return tables.execution(scope, execution.id()).orElseThrow();
    }

    private StageDeclaration structure(Scope scope, ExecutionRecord execution, String stage) {
        return tables.structure(scope, execution).stages().stream()
                .filter(s -> s.name().equals(stage))
                .findFirst()
                .orElseThrow();
    }

    private void start(Scope scope, ExecutionRecord execution, String stage, ActionDeclaration action) {
        PipelineDeclaration pipeline = tables.structure(scope, execution);
        Instant now = clock.instant();
        ActionRecord run = new ActionRecord(
                Ids.uuid(),
                execution.id(),
                execution.pipeline(),
                execution.origin().version(),
                stage,
                action,
                pipeline.roleArn(),
                now,
                serials.next(),
                ActionExecutionStatus.IN_PROGRESS,
                now,
                Map.of(),
                List.of(),
                ActionRecord.Job.NONE,
                "",
                List.of());
        tables.put(scope, run);
        tables.put(scope, tables.gate(scope, execution.pipeline(), stage).withAction(action.name(), run.id()));
        StageRecord standing = execution.stage(stage).orElseThrow();
        ExecutionRecord begun = execution.withStage(
                stage, standing.withAction(action.name(), run.id()).at(action.runOrder()));
        tables.put(scope, begun);
        events.action(scope, begun, run, "STARTED");
        workflows.start(actions(), scope, run.id(), new ActionWorkflow.Input(run.id()));
    }

    /** An action has ended. One that was abandoned meanwhile stays so. */
    void ended(Scope scope, String actionExecution, ActionOutcome outcome) {
        ActionRecord run = tables.action(scope, actionExecution)
                .filter(ActionRecord::running)
                .orElse(null);
        if (run == null) {
            return;
        }
        ActionRecord done = run.endedWith(outcome, clock.instant());
        tables.put(scope, done);
        ExecutionRecord execution = tables.execution(scope, run.execution()).orElse(null);
        if (execution == null) {
            return;
        }
        if (outcome.success()) {
            execution = execution.withProducts(execution.products().with(run.namespace(), outcome));
            tables.put(scope, execution);
        }
        events.action(scope, execution, done, outcome.success() ? "SUCCEEDED" : "FAILED");
        if (execution.active() && execution.place().inside()) {
            goOn(scope, execution, run.stage());
        }
    }

    /** Goes on within a stage, unless actions are still at work in it. */
    private void goOn(Scope scope, ExecutionRecord execution, String stage) {
        StageRecord standing = execution.stage(stage).orElseThrow();
        List<ActionRecord> runs = standing.actions().values().stream()
                .flatMap(id -> tables.action(scope, id).stream())
                .toList();
        if (runs.stream().anyMatch(ActionRecord::running)) {
            return;
        }
        boolean failed = runs.stream().anyMatch(run -> run.status() != ActionExecutionStatus.SUCCEEDED);
        if (execution.standing().stopAsked()) {
            end(scope, execution, stage, StageExecutionStatus.STOPPED, PipelineExecutionStatus.STOPPED);
        } else if (failed) {
            end(scope, execution, stage, StageExecutionStatus.FAILED, PipelineExecutionStatus.FAILED);
        } else {
            startNext(scope, execution, stage, standing.runOrder());
        }
    }

    private void startNext(Scope scope, ExecutionRecord execution, String stage, int after) {
        List<ActionDeclaration> declared = structure(scope, execution, stage).actions();
        OptionalInt next = declared.stream()
                .mapToInt(ActionDeclaration::runOrder)
                .filter(order -> order > after)
                .min();
        if (next.isEmpty()) {
            succeed(scope, execution, stage);
            return;
        }
        for (ActionDeclaration action : declared) {
            if (action.runOrder() == next.getAsInt()) {
                start(scope, current(scope, execution), stage, action);
            }
        }
    }

    private void succeed(Scope scope, ExecutionRecord execution, String stage) {
        ExecutionRecord done = execution.withStage(
                stage, execution.stage(stage).orElseThrow().withStatus(StageExecutionStatus.SUCCEEDED));
        tables.put(scope, done);
        events.stage(scope, done, stage, "SUCCEEDED");
        free(scope, done, stage);
        Optional<String> next =
                done.origin().type() == ExecutionType.ROLLBACK ? Optional.empty() : after(scope, done, stage);
        if (next.isPresent()) {
            arrive(scope, done, next.get());
        } else {
            ExecutionRecord succeeded = done.withStatus(PipelineExecutionStatus.SUCCEEDED, "", clock.instant());
            tables.put(scope, succeeded);
            events.pipeline(scope, succeeded, "SUCCEEDED");
        }
        admit(scope, done.pipeline(), stage);
    }

    private Optional<String> after(Scope scope, ExecutionRecord execution, String stage) {
        List<String> names = tables.structure(scope, execution).stages().stream()
                .map(StageDeclaration::name)
                .toList();
        int next = names.indexOf(stage) + 1;
        return next < names.size() ? Optional.of(names.get(next)) : Optional.empty();
    }

    private void free(Scope scope, ExecutionRecord execution, String stage) {
        tables.put(scope, tables.gate(scope, execution.pipeline(), stage).leftBy(execution.id()));
    }

    private void end(
            Scope scope,
            ExecutionRecord execution,
            String stage,
            StageExecutionStatus stageEnd,
            PipelineExecutionStatus end) {
        String summary =
                end == PipelineExecutionStatus.STOPPED ? execution.standing().stopReason() : "";
        ExecutionRecord ended = execution
                .withStage(stage, execution.stage(stage).orElseThrow().withStatus(stageEnd))
                .withStatus(end, summary, clock.instant());
        tables.put(scope, ended);
        String state = end == PipelineExecutionStatus.STOPPED ? "STOPPED" : "FAILED";
        events.stage(scope, ended, stage, state);
        events.pipeline(scope, ended, state);
        free(scope, ended, stage);
        if (end == PipelineExecutionStatus.FAILED && failures != null) {
            failures.react(scope, ended, structure(scope, ended, stage));
        }
        admit(scope, execution.pipeline(), stage);
    }

    /** An execution is to stop: after the actions at work, or at once, leaving them to themselves. */
    void stop(Scope scope, ExecutionRecord execution, boolean abandon, String reason) {
        ExecutionRecord.Standing standing = execution.standing();
        ExecutionRecord stopping = execution.withStanding(new ExecutionRecord.Standing(
                PipelineExecutionStatus.STOPPING, reason, clock.instant(), standing.attempt(), true, abandon, reason));
        tables.put(scope, stopping);
        if (!standing.stopAsked()) {
            events.pipeline(scope, stopping, "STOPPING");
        }
        String stage = execution.place().stage();
        if (!execution.place().inside()) {
            tables.put(scope, tables.gate(scope, execution.pipeline(), stage).without(execution.id()));
            ExecutionRecord stopped = stopping.withStatus(PipelineExecutionStatus.STOPPED, reason, clock.instant());
            tables.put(scope, stopped);
            events.pipeline(scope, stopped, "STOPPED");
            return;
        }
        if (abandon) {
            abandon(scope, stopping, stage);
        } else {
            ExecutionRecord inStage = stopping.withStage(
                    stage, stopping.stage(stage).orElseThrow().withStatus(StageExecutionStatus.STOPPING));
            tables.put(scope, inStage);
            events.stage(scope, inStage, stage, "STOPPING");
        }
        goOn(scope, current(scope, stopping), stage);
    }

    /** Leaves all actions that are at work to themselves, as far as they can't be stopped. */
    void abandon(Scope scope, ExecutionRecord execution, String stage) {
        execution.stage(stage).stream()
                .flatMap(standing -> standing.actions().values().stream())
                .flatMap(id -> tables.action(scope, id).stream())
                .filter(ActionRecord::running)
                .forEach(run -> {
                    ActionRecord abandoned = run.abandoned(clock.instant());
                    tables.put(scope, abandoned);
                    events.action(scope, execution, abandoned, "ABANDONED");
                    workflows.cancel(actions(), run.id(), "The pipeline execution was stopped");
                });
    }
}
