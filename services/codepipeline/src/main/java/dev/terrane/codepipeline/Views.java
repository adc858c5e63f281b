package dev.terrane.codepipeline;

import dev.terrane.kernel.call.Call;
import dev.terrane.kernel.call.Scope;
import dev.terrane.kernel.page.PageTokens;
import dev.terrane.kernel.store.Page;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.codepipeline.model.*;

/** What executions and their actions look like from outside. */
final class Views {
    private static final int PAGE = 100;

    private final CodePipelineTables tables;
    private final Pipelines pipelines;
    private final Executions executions;
    private final PageTokens pages;

    Views(CodePipelineTables tables, Pipelines pipelines, Executions executions, PageTokens pages) {
        this.tables = tables;
        this.pipelines = pipelines;
        this.executions = executions;
        this.pages = pages;
    }

    GetPipelineStateResponse state(GetPipelineStateRequest request) {
        Scope scope = Call.current().scope();
        PipelineRecord pipeline = pipelines.require(request.name());
        List<StageState> states = new ArrayList<>();
        for (StageDeclaration stage : pipeline.declaration().stages()) {
            states.add(stage(scope, pipeline, stage, states.isEmpty()));
        }
        return GetPipelineStateResponse.builder()
                .pipelineName(pipeline.name())
                .pipelineVersion(pipeline.declaration().version())
                .stageStates(states)
                .created(pipeline.created())
                .updated(pipeline.updated())
                .build();
    }

    private StageState stage(Scope scope, PipelineRecord pipeline, StageDeclaration stage, boolean first) {
        StageGate gate = tables.gate(scope, pipeline.name(), stage.name());
        List<StageExecution> inbound = gate.waiting().stream()
                .flatMap(id -> tables.execution(scope, id).stream())
                .map(execution -> StageExecution.builder()
                        .pipelineExecutionId(execution.id())
                        .status(StageExecutionStatus.IN_PROGRESS)
                        .type(execution.origin().type())
                        .build())
                .toList();
        Optional<ExecutionRecord> latest = tables.execution(scope, gate.latest());
        StageState.Builder state = StageState.builder()
                .stageName(stage.name())
                .actionStates(stage.actions().stream()
                        .map(action -> action(scope, gate, action))
                        .toList());
        if (!first || !gate.transition().open()) {
            state.inboundTransitionState(gate.transition().describe());
        }
        if (!inbound.isEmpty()) {
            state.inboundExecution(inbound.getLast()).inboundExecutions(inbound);
        }
        latest.ifPresent(execution -> execution.stage(stage.name()).ifPresent(standing -> {
            state.latestExecution(e -> e.pipelineExecutionId(execution.id())
                    .status(standing.status())
                    .type(execution.origin().type()));
            if (standing.manualRetries() + standing.automaticRetries() > 0) {
                state.retryStageMetadata(retries -> retries.manualStageRetryAttempt(standing.manualRetries())
                        .autoStageRetryAttempt(standing.automaticRetries()));
            }
        }));
        return state.build();
    }

    private ActionState action(Scope scope, StageGate gate, ActionDeclaration declared) {
        ActionState.Builder state = ActionState.builder().actionName(declared.name());
        Optional.ofNullable(gate.actions().get(declared.name()))
                .flatMap(id -> tables.action(scope, id))
                .ifPresent(run -> {
                    state.latestExecution(latest(run));
                    run.ended().stream()
                            .flatMap(outcome -> outcome.revision().stream())
                            .forEach(revision -> state.currentRevision(r -> r.revisionId(revision.id())
                                            .revisionChangeId(revision.id())
                                            .created(revision.created()))
                                    .revisionUrl(revision.url()));
                });
        return state.build();
    }

    private static ActionExecution latest(ActionRecord run) {
        boolean asks = run.running() && !run.token().isEmpty();
        return ActionExecution.builder()
                .actionExecutionId(run.id())
                .status(run.status())
                .summary(absent(run.summary()))
                .lastStatusChange(run.updated())
                .token(asks ? run.token() : null)
                .lastUpdatedBy(run.ended()
                        .map(ActionOutcome::updatedBy)
                        .filter(by -> !by.isEmpty())
                        .orElse(null))
                .externalExecutionId(absent(run.job().id()))
                .externalExecutionUrl(absent(run.job().url()))
                .errorDetails(run.describeError())
                .build();
    }

    private static @Nullable String absent(String text) {
        return text.isEmpty() ? null : text;
    }

    GetPipelineExecutionResponse execution(GetPipelineExecutionRequest request) {
        PipelineRecord pipeline = pipelines.require(request.pipelineName());
        ExecutionRecord execution = executions.require(pipeline, request.pipelineExecutionId());
        ExecutionRecord.Origin origin = execution.origin();
        return GetPipelineExecutionResponse.builder()
                .pipelineExecution(PipelineExecution.builder()
                        .pipelineName(execution.pipeline())
                        .pipelineVersion(origin.version())
                        .pipelineExecutionId(execution.id())
                        .status(execution.status())
                        .statusSummary(absent(execution.standing().summary()))
                        .artifactRevisions(execution.products().revisions().stream()
                                .map(RevisionRecord::describeArtifact)
                                .toList())
                        .variables(new TreeMap<>(origin.variables())
                                .entrySet().stream()
                                        .map(v -> ResolvedPipelineVariable.builder()
                                                .name(v.getKey())
                                                .resolvedValue(v.getValue())
                                                .build())
                                        .toList())
                        .trigger(origin.describeTrigger())
                        .executionMode(origin.mode())
                        .executionType(origin.type())
                        .rollbackMetadata(rollback(execution))
                        .build())
                .build();
    }

    private static @Nullable PipelineRollbackMetadata rollback(ExecutionRecord execution) {
        String target = execution.origin().rollbackTarget();
        return target.isEmpty()
                ? null
                : PipelineRollbackMetadata.builder()
                        .rollbackTargetPipelineExecutionId(target)
                        .build();
    }

    ListPipelineExecutionsResponse executions(ListPipelineExecutionsRequest request) {
        Scope scope = Call.current().scope();
        PipelineRecord pipeline = pipelines.require(request.pipelineName());
        Optional<String> stage = Optional.ofNullable(request.filter())
                .flatMap(filter -> Optional.ofNullable(filter.succeededInStage()))
                .flatMap(succeeded -> Optional.ofNullable(succeeded.stageName()));
        String listing = "codepipeline/executions/" + scope + "/" + pipeline.name() + "/" + stage.orElse("");
        Page<ExecutionRecord> page = tables.executions(
                scope,
                pipeline.name(),
                Pipelines.cursor(pages, listing, request.nextToken()),
                request.maxResults() == null ? PAGE : request.maxResults());
        return ListPipelineExecutionsResponse.builder()
                .pipelineExecutionSummaries(page.values().stream()
                        .filter(e -> stage.isEmpty() || succeededIn(e, stage.get()))
                        .map(Views::summarize)
                        .toList())
                .nextToken(
                        page.next().map(cursor -> pages.encode(listing, cursor)).orElse(null))
                .build();
    }

    private static boolean succeededIn(ExecutionRecord execution, String stage) {
        return execution
                .stage(stage)
                .filter(s -> s.status() == StageExecutionStatus.SUCCEEDED)
                .isPresent();
    }

    private static PipelineExecutionSummary summarize(ExecutionRecord execution) {
        ExecutionRecord.Origin origin = execution.origin();
        ExecutionRecord.Standing standing = execution.standing();
        return PipelineExecutionSummary.builder()
                .pipelineExecutionId(execution.id())
                .status(execution.status())
                .statusSummary(absent(standing.summary()))
                .startTime(origin.started())
                .lastUpdateTime(standing.updated())
                .sourceRevisions(execution.products().revisions().stream()
                        .map(RevisionRecord::describe)
                        .toList())
                .trigger(origin.describeTrigger())
                .stopTrigger(
                        standing.stopAsked()
                                ? StopExecutionTrigger.builder()
                                        .reason(standing.stopReason())
                                        .build()
                                : null)
                .executionMode(origin.mode())
                .executionType(origin.type())
                .rollbackMetadata(rollback(execution))
                .build();
    }

    ListActionExecutionsResponse actions(ListActionExecutionsRequest request) {
        Scope scope = Call.current().scope();
        PipelineRecord pipeline = pipelines.require(request.pipelineName());
        Optional<String> execution = Optional.ofNullable(request.filter())
                .flatMap(filter -> Optional.ofNullable(filter.pipelineExecutionId())
                        .or(() -> Optional.ofNullable(filter.latestInPipelineExecution())
                                .flatMap(latest -> Optional.ofNullable(latest.pipelineExecutionId()))));
        execution.ifPresent(id -> executions.require(pipeline, id));
        String listing = "codepipeline/actions/" + scope + "/" + pipeline.name() + "/" + execution.orElse("");
        Optional<String> after = Pipelines.cursor(pages, listing, request.nextToken());
        int most = request.maxResults() == null ? PAGE : request.maxResults();
        Page<ActionRecord> page = execution.isPresent()
                ? tables.actionsOf(scope, execution.get(), after, most)
                : tables.actions(scope, pipeline.name(), after, most);
        return ListActionExecutionsResponse.builder()
                .actionExecutionDetails(
                        page.values().stream().map(run -> detail(scope, run)).toList())
                .nextToken(
                        page.next().map(cursor -> pages.encode(listing, cursor)).orElse(null))
                .build();
    }

    private static ActionExecutionDetail detail(Scope scope, ActionRecord run) {
        ActionDeclaration declared = run.declaration();
        return ActionExecutionDetail.builder()
                .pipelineExecutionId(run.execution())
                .actionExecutionId(run.id())
                .pipelineVersion(run.version())
                .stageName(run.stage())
                .actionName(run.name())
                .startTime(run.started())
                .lastUpdateTime(run.updated())
                .updatedBy(run.ended()
                        .map(ActionOutcome::updatedBy)
                        .filter(by -> !by.isEmpty())
                        .orElse(null))
                .status(run.status())
                .input(ActionExecutionInput.builder()
                        .actionTypeId(declared.actionTypeId())
                        .configuration(declared.configuration())
                        .resolvedConfiguration(run.resolved())
                        .roleArn(declared.roleArn())
                        .region(scope.region())
                        .inputArtifacts(run.inputs().stream()
                                .map(ArtifactRecord::describe)
                                .toList())
                        .namespace(declared.namespace())
                        .build())
                .output(output(run))
                .build();
    }

    private static ActionExecutionOutput output(ActionRecord run) {
        return ActionExecutionOutput.builder()
                .outputArtifacts(run.ended().stream()
                        .flatMap(outcome -> outcome.artifacts().stream())
                        .map(ArtifactRecord::describe)
                        .toList())
                .outputVariables(run.ended()
                        .map(ActionOutcome::variables)
                        .map(TreeMap::new)
                        .orElseGet(TreeMap::new))
                .executionResult(
                        result -> result.externalExecutionId(absent(run.job().id()))
                                .externalExecutionSummary(absent(run.summary()))
                                .externalExecutionUrl(absent(run.job().url()))
                                .errorDetails(run.describeError()))
                .build();
    }
}
