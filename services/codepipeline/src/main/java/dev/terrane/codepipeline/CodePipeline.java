package dev.terrane.codepipeline;

import software.amazon.awssdk.services.codepipeline.CodePipelineClient;
import software.amazon.awssdk.services.codepipeline.model.*;

/** CodePipeline's operations: a table of contents. */
final class CodePipeline implements CodePipelineClient {
    private final Pipelines pipelines;
    private final Executions executions;
    private final Views views;
    private final Webhooks webhooks;
    private final CustomActions customActions;
    private final Jobs jobs;

    CodePipeline(
            Pipelines pipelines,
            Executions executions,
            Views views,
            Webhooks webhooks,
            CustomActions customActions,
            Jobs jobs) {
        this.pipelines = pipelines;
        this.executions = executions;
        this.views = views;
        this.webhooks = webhooks;
        this.customActions = customActions;
        this.jobs = jobs;
    }

    @Override
    public String serviceName() {
        return SERVICE_NAME;
    }

    @Override
    public void close() {
        // Nothing of its own to release: what is under way goes on at the next start.
    }

    @Override
    public CreatePipelineResponse createPipeline(CreatePipelineRequest request) {
        return pipelines.create(request);
    }

    @Override
    public UpdatePipelineResponse updatePipeline(UpdatePipelineRequest request) {
        return pipelines.update(request);
    }

    @Override
    public GetPipelineResponse getPipeline(GetPipelineRequest request) {
        return pipelines.get(request);
    }

    @Override
    public ListPipelinesResponse listPipelines(ListPipelinesRequest request) {
        return pipelines.list(request);
    }

    @Override
    public DeletePipelineResponse deletePipeline(DeletePipelineRequest request) {
        return pipelines.delete(request);
    }

    @Override
    public ListActionTypesResponse listActionTypes(ListActionTypesRequest request) {
        return pipelines.actionTypes(request);
    }

    @Override
    public TagResourceResponse tagResource(TagResourceRequest request) {
        return pipelines.tag(request);
    }

    @Override
    public UntagResourceResponse untagResource(UntagResourceRequest request) {
        return pipelines.untag(request);
    }

    @Override
    public ListTagsForResourceResponse listTagsForResource(ListTagsForResourceRequest request) {
        return pipelines.tags(request);
    }

    @Override
    public StartPipelineExecutionResponse startPipelineExecution(StartPipelineExecutionRequest request) {
        return executions.start(request);
    }

    @Override
    public StopPipelineExecutionResponse stopPipelineExecution(StopPipelineExecutionRequest request) {
        return executions.stop(request);
    }

    @Override
    public RetryStageExecutionResponse retryStageExecution(RetryStageExecutionRequest request) {
        return executions.retry(request);
    }

    @Override
    public RollbackStageResponse rollbackStage(RollbackStageRequest request) {
        return executions.rollback(request);
    }

    @Override
    public PutApprovalResultResponse putApprovalResult(PutApprovalResultRequest request) {
        return executions.approve(request);
    }

    @Override
    public EnableStageTransitionResponse enableStageTransition(EnableStageTransitionRequest request) {
        return executions.enable(request);
    }

    @Override
    public DisableStageTransitionResponse disableStageTransition(DisableStageTransitionRequest request) {
        return executions.disable(request);
    }

    @Override
    public GetPipelineStateResponse getPipelineState(GetPipelineStateRequest request) {
        return views.state(request);
    }

    @Override
    public GetPipelineExecutionResponse getPipelineExecution(GetPipelineExecutionRequest request) {
        return views.execution(request);
    }

    @Override
    public ListPipelineExecutionsResponse listPipelineExecutions(ListPipelineExecutionsRequest request) {
        return views.executions(request);
    }

    @Override
    public ListActionExecutionsResponse listActionExecutions(ListActionExecutionsRequest request) {
        return views.actions(request);
    }

    @Override
    public PutWebhookResponse putWebhook(PutWebhookRequest request) {
        return webhooks.put(request);
    }

    @Override
    public ListWebhooksResponse listWebhooks(ListWebhooksRequest request) {
        return webhooks.list(request);
    }

    @Override
    public DeleteWebhookResponse deleteWebhook(DeleteWebhookRequest request) {
        return webhooks.delete(request);
    }

    @Override
    public RegisterWebhookWithThirdPartyResponse registerWebhookWithThirdParty(
            RegisterWebhookWithThirdPartyRequest request) {
        throw webhooks.notThirdParty(request.webhookName());
    }

    @Override
    public DeregisterWebhookWithThirdPartyResponse deregisterWebhookWithThirdParty(
            DeregisterWebhookWithThirdPartyRequest request) {
        throw webhooks.notThirdParty(request.webhookName());
    }

    @Override
    public CreateCustomActionTypeResponse createCustomActionType(CreateCustomActionTypeRequest request) {
        return customActions.create(request);
    }

    @Override
    public DeleteCustomActionTypeResponse deleteCustomActionType(DeleteCustomActionTypeRequest request) {
        return customActions.delete(request);
    }

    @Override
    public PollForJobsResponse pollForJobs(PollForJobsRequest request) {
        return jobs.poll(request);
    }

    @Override
    public AcknowledgeJobResponse acknowledgeJob(AcknowledgeJobRequest request) {
        return jobs.acknowledge(request);
    }

    @Override
    public GetJobDetailsResponse getJobDetails(GetJobDetailsRequest request) {
        return jobs.details(request);
    }

    @Override
    public PutJobSuccessResultResponse putJobSuccessResult(PutJobSuccessResultRequest request) {
        return jobs.succeed(request);
    }

    @Override
    public PutJobFailureResultResponse putJobFailureResult(PutJobFailureResultRequest request) {
        return jobs.fail(request);
    }
}
