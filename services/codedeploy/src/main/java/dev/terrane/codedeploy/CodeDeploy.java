package dev.terrane.codedeploy;

import dev.terrane.kernel.service.Platform;
import software.amazon.awssdk.services.codedeploy.CodeDeployClient;
import software.amazon.awssdk.services.codedeploy.model.*;

/** CodeDeploy's operations: a table of contents. */
final class CodeDeploy implements CodeDeployClient {
    private final Applications applications;
    private final Revisions revisions;
    private final DeploymentConfigs configs;
    private final DeploymentGroups groups;
    private final Deployments deployments;
    private final Targets targets;
    private final OnPremisesInstances onPremises;
    private final Tags tags;

    CodeDeploy(Platform platform, CodeDeployTables tables, DeploymentWorkflow workflow) {
        Paging paging = new Paging(platform.pages());
        applications = new Applications(tables, paging, platform.clock());
        revisions = new Revisions(tables, applications, paging, platform.clock());
        configs = new DeploymentConfigs(tables, paging, platform.clock());
        groups = new DeploymentGroups(tables, applications, configs, new LaunchHooks(platform.clients()), paging);
        deployments = new Deployments(tables, platform, applications, groups, configs, revisions, workflow, paging);
        targets = new Targets(tables, deployments, paging);
        onPremises = new OnPremisesInstances(tables, paging, platform.clock());
        tags = new Tags(tables, paging);
    }

    Tags tags() {
        return tags;
    }

    @Override
    public String serviceName() {
        return SERVICE_NAME;
    }

    @Override
    public void close() {
        // Nothing of its own to release: storage and threads end with the server.
    }

    @Override
    public DeleteApplicationResponse deleteApplication(DeleteApplicationRequest request) {
        return applications.delete(request, groups);
    }

    @Override
    public CreateApplicationResponse createApplication(CreateApplicationRequest request) {
        return applications.create(request);
    }

    @Override
    public GetApplicationResponse getApplication(GetApplicationRequest request) {
        return applications.get(request);
    }

    @Override
    public BatchGetApplicationsResponse batchGetApplications(BatchGetApplicationsRequest request) {
        return applications.batchGet(request);
    }

    @Override
    public ListApplicationsResponse listApplications(ListApplicationsRequest request) {
        return applications.list(request);
    }

    @Override
    public UpdateApplicationResponse updateApplication(UpdateApplicationRequest request) {
        return applications.update(request);
    }

    @Override
    public RegisterApplicationRevisionResponse registerApplicationRevision(RegisterApplicationRevisionRequest request) {
        return revisions.register(request);
    }

    @Override
    public GetApplicationRevisionResponse getApplicationRevision(GetApplicationRevisionRequest request) {
        return revisions.get(request);
    }

    @Override
    public BatchGetApplicationRevisionsResponse batchGetApplicationRevisions(
            BatchGetApplicationRevisionsRequest request) {
        return revisions.batchGet(request);
    }

    @Override
    public ListApplicationRevisionsResponse listApplicationRevisions(ListApplicationRevisionsRequest request) {
        return revisions.list(request);
    }

    @Override
    public CreateDeploymentConfigResponse createDeploymentConfig(CreateDeploymentConfigRequest request) {
        return configs.create(request);
    }

    @Override
    public GetDeploymentConfigResponse getDeploymentConfig(GetDeploymentConfigRequest request) {
        return configs.get(request);
    }

    @Override
    public ListDeploymentConfigsResponse listDeploymentConfigs(ListDeploymentConfigsRequest request) {
        return configs.list(request);
    }

    @Override
    public DeleteDeploymentConfigResponse deleteDeploymentConfig(DeleteDeploymentConfigRequest request) {
        return configs.delete(request);
    }

    @Override
    public CreateDeploymentGroupResponse createDeploymentGroup(CreateDeploymentGroupRequest request) {
        return groups.create(request);
    }

    @Override
    public UpdateDeploymentGroupResponse updateDeploymentGroup(UpdateDeploymentGroupRequest request) {
        return groups.update(request);
    }

    @Override
    public GetDeploymentGroupResponse getDeploymentGroup(GetDeploymentGroupRequest request) {
        return groups.get(request);
    }

    @Override
    public BatchGetDeploymentGroupsResponse batchGetDeploymentGroups(BatchGetDeploymentGroupsRequest request) {
        return groups.batchGet(request);
    }

    @Override
    public ListDeploymentGroupsResponse listDeploymentGroups(ListDeploymentGroupsRequest request) {
        return groups.list(request);
    }

    @Override
    public DeleteDeploymentGroupResponse deleteDeploymentGroup(DeleteDeploymentGroupRequest request) {
        return groups.delete(request);
    }

    @Override
    public CreateDeploymentResponse createDeployment(CreateDeploymentRequest request) {
        return deployments.create(request);
    }

    @Override
    public GetDeploymentResponse getDeployment(GetDeploymentRequest request) {
        return deployments.get(request);
    }

    @Override
    public BatchGetDeploymentsResponse batchGetDeployments(BatchGetDeploymentsRequest request) {
        return deployments.batchGet(request);
    }

    @Override
    public ListDeploymentsResponse listDeployments(ListDeploymentsRequest request) {
        return deployments.list(request);
    }

    @Override
    public StopDeploymentResponse stopDeployment(StopDeploymentRequest request) {
        return deployments.stop(request);
    }

    @Override
    public ContinueDeploymentResponse continueDeployment(ContinueDeploymentRequest request) {
        return deployments.goOn(request);
    }

    @Override
    public ListDeploymentTargetsResponse listDeploymentTargets(ListDeploymentTargetsRequest request) {
        return targets.list(request);
    }

    @Override
    public GetDeploymentTargetResponse getDeploymentTarget(GetDeploymentTargetRequest request) {
        return targets.get(request);
    }

    @Override
    public BatchGetDeploymentTargetsResponse batchGetDeploymentTargets(BatchGetDeploymentTargetsRequest request) {
        return targets.batchGet(request);
    }

    @Override
    public RegisterOnPremisesInstanceResponse registerOnPremisesInstance(RegisterOnPremisesInstanceRequest request) {
        return onPremises.register(request);
    }

    @Override
    public DeregisterOnPremisesInstanceResponse deregisterOnPremisesInstance(
            DeregisterOnPremisesInstanceRequest request) {
        return onPremises.deregister(request);
    }

    @Override
    public GetOnPremisesInstanceResponse getOnPremisesInstance(GetOnPremisesInstanceRequest request) {
        return onPremises.get(request);
    }

    @Override
    public BatchGetOnPremisesInstancesResponse batchGetOnPremisesInstances(BatchGetOnPremisesInstancesRequest request) {
        return onPremises.batchGet(request);
    }

    @Override
    public ListOnPremisesInstancesResponse listOnPremisesInstances(ListOnPremisesInstancesRequest request) {
        return onPremises.list(request);
    }

    @Override
    public AddTagsToOnPremisesInstancesResponse addTagsToOnPremisesInstances(
            AddTagsToOnPremisesInstancesRequest request) {
        return onPremises.addTags(request);
    }

    @Override
    public RemoveTagsFromOnPremisesInstancesResponse removeTagsFromOnPremisesInstances(
            RemoveTagsFromOnPremisesInstancesRequest request) {
        return onPremises.removeTags(request);
    }

    @Override
    public TagResourceResponse tagResource(TagResourceRequest request) {
        return tags.tag(request);
    }

    @Override
    public UntagResourceResponse untagResource(UntagResourceRequest request) {
        return tags.untag(request);
    }

    @Override
    public ListTagsForResourceResponse listTagsForResource(ListTagsForResourceRequest request) {
        return tags.list(request);
    }
}
