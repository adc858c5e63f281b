package dev.terrane.codepipeline;

import dev.terrane.kernel.call.Call;
import dev.terrane.kernel.call.Principal;
import dev.terrane.kernel.call.Scope;
import dev.terrane.kernel.clock.Clock;
import dev.terrane.kernel.workflow.Workflows;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.codepipeline.model.*;

/** Executions: started, stopped, tried again, rolled back, approved. */
final class Executions {
    private static final String EVENTBRIDGE = "events.amazonaws.com";

    private final CodePipelineTables tables;
    private final Pipelines pipelines;
    private final Launch launch;
    private final Progress progress;
    private final Workflows workflows;
    private final ActionWorkflow actions;
    private final Clock clock;

    Executions(
            CodePipelineTables tables,
            Pipelines pipelines,
            Launch launch,
            Progress progress,
            Workflows workflows,
            ActionWorkflow actions,
            Clock clock) {
        this.tables = tables;
        this.pipelines = pipelines;
        this.launch = launch;
        this.progress = progress;
        this.workflows = workflows;
        this.actions = actions;
        this.clock = clock;
    }

    StartPipelineExecutionResponse start(StartPipelineExecutionRequest request) {
        Scope scope = Call.current().scope();
        return tables.transact(() -> {
            PipelineRecord pipeline = pipelines.require(request.name());
            Map<String, String> variables = variables(pipeline.declaration(), request.variables());
            requireSources(pipeline.declaration(), request.sourceRevisions());
            boolean byRule = byEventBridge();
            Launch.Cause cause = new Launch.Cause(
                    byRule ? TriggerType.CLOUD_WATCH_EVENT : TriggerType.START_PIPELINE_EXECUTION,
                    byRule
                            ? Call.current().sourceArn()
                            : Call.current().principal().arn(),
                    variables,
                    request.sourceRevisions(),
                    request.clientRequestToken() == null ? "" : "token/" + request.clientRequestToken());
            return StartPipelineExecutionResponse.builder()
                    .pipelineExecutionId(launch.start(scope, pipeline, cause))
                    .build();
        });
    }

    private static boolean byEventBridge() {
        boolean asItself = Call.current().principal() instanceof Principal.Service caller
                && caller.name().equals(EVENTBRIDGE);
        return asItself || Call.current().userAgent().equals(EVENTBRIDGE);
    }

    private static Map<String, String> variables(PipelineDeclaration structure, List<PipelineVariable> given) {
        Set<String> declared = structure.variables().stream()
                .map(PipelineVariableDeclaration::name)
                .collect(Collectors.toSet());
        Map<String, String> values = new HashMap<>();
        for (PipelineVariable variable : given) {
            if (!declared.contains(variable.name())) {
                throw Pipelines.validation("The pipeline does not declare the variable " + variable.name());
            }
            values.put(variable.name(), variable.value());
        }
        Set<String> missing = new HashSet<>(declared);
        missing.removeAll(Launch.values(structure, values).keySet());
        if (!missing.isEmpty()) {
            throw Pipelines.validation("Pipeline variables without a default need a value: "
                    + missing.stream().sorted().collect(Collectors.joining(", ")));
        }
        return values;
    }

    private static void requireSources(PipelineDeclaration structure, List<SourceRevisionOverride> overrides) {
        Map<String, ActionDeclaration> sources = structure.stages().getFirst().actions().stream()
                .collect(Collectors.toMap(ActionDeclaration::name, action -> action));
        for (SourceRevisionOverride override : overrides) {
            ActionDeclaration source = sources.get(override.actionName());
            if (source == null) {
                throw Pipelines.validation("The pipeline has no source action named " + override.actionName());
            }
            Optional<ActionKind> kind = ActionKind.of(source.actionTypeId());
            boolean keyAllowed = Boolean.parseBoolean(source.configuration().get("AllowOverrideForS3ObjectKey"));
            boolean fits = switch (override.revisionType()) {
                case COMMIT_ID -> kind.equals(Optional.of(ActionKind.CODECOMMIT_SOURCE));
                case S3_OBJECT_VERSION_ID -> kind.equals(Optional.of(ActionKind.S3_SOURCE));
                case S3_OBJECT_KEY -> kind.equals(Optional.of(ActionKind.S3_SOURCE)) && keyAllowed;
                case IMAGE_DIGEST, UNKNOWN_TO_SDK_VERSION -> false;
            };
            if (!fits) {
                throw Pipelines.validation("The source action " + override.actionName()
                        + " does not allow a revision of type " + override.revisionTypeAsString());
            }
        }
    }

    /** An execution of a pipeline.
     *
     * @throws PipelineExecutionNotFoundException when the pipeline has none of that id */
    ExecutionRecord require(PipelineRecord pipeline, @Nullable String id) {
        return find(pipeline, id)
                .orElseThrow(() -> PipelineExecutionNotFoundException.builder()
                        .message("Pipeline '" + pipeline.name() + "' does not have an execution with id '" + id + "'")
                        .build());
    }

    private Optional<ExecutionRecord> find(PipelineRecord pipeline, @Nullable String id) {
        return Optional.ofNullable(id)
                .flatMap(known -> tables.execution(Call.current().scope(), known))
                .filter(execution -> execution.pipeline().equals(pipeline.name()));
    }

    StopPipelineExecutionResponse stop(StopPipelineExecutionRequest request) {
        Scope scope = Call.current().scope();
        boolean abandon = Boolean.TRUE.equals(request.abandon());
        String reason = request.reason() == null ? "" : request.reason();
        return tables.transact(() -> {
            PipelineRecord pipeline = pipelines.require(request.pipelineName());
            ExecutionRecord execution = find(pipeline, request.pipelineExecutionId())
                    .filter(ExecutionRecord::active)
                    .orElseThrow(() -> PipelineExecutionNotStoppableException.builder()
                            .message("Pipeline execution '" + request.pipelineExecutionId()
                                    + "' is not in progress and can't be stopped")
                            .build());
            if (execution.standing().stopAsked()
                    && (!abandon || execution.standing().abandoned())) {
                throw DuplicatedStopRequestException.builder()
                        .message("Pipeline execution '" + execution.id() + "' is already stopping")
                        .build();
            }
            progress.stop(scope, execution, abandon, reason);
            return StopPipelineExecutionResponse.builder()
                    .pipelineExecutionId(execution.id())
                    .build();
        });
    }

    RetryStageExecutionResponse retry(RetryStageExecutionRequest request) {
        Scope scope = Call.current().scope();
        return tables.transact(() -> {
            PipelineRecord pipeline = pipelines.require(request.pipelineName());
            Pipelines.stage(pipeline, request.stageName());
            StageGate gate = tables.gate(scope, pipeline.name(), request.stageName());
            ExecutionRecord execution = find(pipeline, request.pipelineExecutionId())
                    .orElseThrow(() -> notRetryable("There is no such execution of the pipeline."));
            if (!execution.parallel() && !gate.latest().equals(execution.id())) {
                throw NotLatestPipelineExecutionException.builder()
                        .message("A later execution has entered stage '" + request.stageName() + "'.")
                        .build();
            }
            StageExecutionStatus status = execution
                    .stage(request.stageName())
                    .map(StageRecord::status)
                    .orElseThrow(() -> notRetryable("The execution has not been in the stage."));
            boolean ended = status == StageExecutionStatus.FAILED || status == StageExecutionStatus.STOPPED;
            if (!ended || execution.active()) {
                throw notRetryable("The stage has no failed actions, or they are still in progress.");
            }
            if (execution.origin().version() != pipeline.declaration().version()) {
                throw notRetryable("The pipeline's structure has changed since the stage failed.");
            }
            progress.retry(
                    scope, execution, request.stageName(), true, request.retryMode() == StageRetryMode.ALL_ACTIONS);
            return RetryStageExecutionResponse.builder()
                    .pipelineExecutionId(execution.id())
                    .build();
        });
    }

    private static StageNotRetryableException notRetryable(String why) {
        return StageNotRetryableException.builder()
                .message("Unable to retry. " + why)
                .build();
    }

    RollbackStageResponse rollback(RollbackStageRequest request) {
        Scope scope = Call.current().scope();
        return tables.transact(() -> {
            PipelineRecord pipeline = pipelines.require(request.pipelineName());
            Pipelines.stage(pipeline, request.stageName());
            ExecutionRecord target = require(pipeline, request.targetPipelineExecutionId());
            requireRollback(scope, pipeline, target, request.stageName());
            String id = launch.rollback(
                    scope,
                    target,
                    request.stageName(),
                    TriggerType.MANUAL_ROLLBACK,
                    Call.current().principal().arn());
            return RollbackStageResponse.builder().pipelineExecutionId(id).build();
        });
    }

    private void requireRollback(Scope scope, PipelineRecord pipeline, ExecutionRecord target, String stage) {
        PipelineDeclaration structure = pipeline.declaration();
        if (structure.pipelineType() != PipelineType.V2 || structure.executionMode() == ExecutionMode.PARALLEL) {
            throw unable("Only pipelines of type V2 in the modes SUPERSEDED and QUEUED can be rolled back.");
        }
        if (structure.stages().getFirst().name().equals(stage)) {
            throw unable("The source stage can't be rolled back.");
        }
        boolean succeeded = target.stage(stage)
                .filter(s -> s.status() == StageExecutionStatus.SUCCEEDED)
                .isPresent();
        if (!succeeded || target.origin().type() == ExecutionType.ROLLBACK) {
            throw unable("The target execution has not succeeded in the stage, or is a rollback itself.");
        }
        if (target.origin().version() != structure.version()) {
            throw PipelineExecutionOutdatedException.builder()
                    .message("The pipeline's structure has changed since the target execution.")
                    .build();
        }
        if (!tables.gate(scope, pipeline.name(), stage).occupant().isEmpty()) {
            throw unable("The stage is running.");
        }
    }

    private static UnableToRollbackStageException unable(String why) {
        return UnableToRollbackStageException.builder()
                .message("Unable to roll back the stage. " + why)
                .build();
    }

    PutApprovalResultResponse approve(PutApprovalResultRequest request) {
        Scope scope = Call.current().scope();
        return tables.transact(() -> {
            PipelineRecord pipeline = pipelines.require(request.pipelineName());
            StageDeclaration stage = Pipelines.stage(pipeline, request.stageName());
            if (stage.actions().stream().noneMatch(a -> a.name().equals(request.actionName()))) {
                throw ActionNotFoundException.builder()
                        .message("Stage '%s' does not have an action with name '%s'"
                                .formatted(request.stageName(), request.actionName()))
                        .build();
            }
            ActionRecord asked = asked(scope, pipeline, request);
            if (asked.status() == ActionExecutionStatus.SUCCEEDED || asked.status() == ActionExecutionStatus.FAILED) {
                throw ApprovalAlreadyCompletedException.builder()
                        .message("The approval action has already been approved or rejected.")
                        .build();
            }
            if (!asked.running()) {
                throw invalidToken();
            }
            Instant now = clock.instant();
            Approval.Answer answer = new Approval.Answer(
                    request.result().status(),
                    request.result().summary() == null ? "" : request.result().summary(),
                    Call.current().principal().arn());
            workflows.signal(actions, asked.id(), Approval.ANSWER, answer);
            return PutApprovalResultResponse.builder().approvedAt(now).build();
        });
    }

    /** The question to which a token belongs: in any execution that is at the action. */
    private ActionRecord asked(Scope scope, PipelineRecord pipeline, PutApprovalResultRequest request) {
        return tables.actions(scope, pipeline.name(), Optional.empty(), 1000).values().stream()
                .filter(run -> run.stage().equals(request.stageName())
                        && run.name().equals(request.actionName())
                        && !run.token().isEmpty()
                        && run.token().equals(request.token()))
                .findFirst()
                .orElseThrow(Executions::invalidToken);
    }

    private static InvalidApprovalTokenException invalidToken() {
        return InvalidApprovalTokenException.builder()
                .message("The approval request already received a response or has expired.")
                .build();
    }

    EnableStageTransitionResponse enable(EnableStageTransitionRequest request) {
        change(request.pipelineName(), request.stageName(), request.transitionType(), true, "");
        return EnableStageTransitionResponse.builder().build();
    }

    DisableStageTransitionResponse disable(DisableStageTransitionRequest request) {
        change(request.pipelineName(), request.stageName(), request.transitionType(), false, request.reason());
        return DisableStageTransitionResponse.builder().build();
    }

    private void change(String name, String stage, StageTransitionType type, boolean open, String reason) {
        Scope scope = Call.current().scope();
        tables.transact(() -> {
            PipelineRecord pipeline = pipelines.require(name);
            Pipelines.stage(pipeline, stage);
            gateOf(pipeline, stage, type).ifPresent(gated -> {
                StageGate.Transition transition = new StageGate.Transition(
                        open, reason, Call.current().principal().arn(), clock.instant());
                tables.put(scope, tables.gate(scope, name, gated).withTransition(transition));
                progress.admit(scope, name, gated);
            });
            return name;
        });
    }

    /** Out of a stage is into the next one; out of the last one nothing goes. */
    private static Optional<String> gateOf(PipelineRecord pipeline, String stage, StageTransitionType type) {
        if (type == StageTransitionType.INBOUND) {
            return Optional.of(stage);
        }
        List<String> names = pipeline.declaration().stages().stream()
                .map(StageDeclaration::name)
                .toList();
        int next = names.indexOf(stage) + 1;
        return next < names.size() ? Optional.of(names.get(next)) : Optional.empty();
    }
}
