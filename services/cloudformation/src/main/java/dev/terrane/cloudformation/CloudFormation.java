package dev.terrane.cloudformation;

import dev.terrane.cloudformation.stackset.StackSets;
import software.amazon.awssdk.services.cloudformation.CloudFormationClient;
import software.amazon.awssdk.services.cloudformation.model.*;

/** AWS CloudFormation: one line an operation. */
final class CloudFormation implements CloudFormationClient {
    private final Stacks stacks;
    private final Guards guards;
    private final Listings listings;
    private final OperationEvents events;
    private final ChangeSets changeSets;
    private final Refactors refactors;
    private final Drifts drifts;
    private final Templates templates;
    private final Registry registry;
    private final StackSets stackSets;

    CloudFormation(
            Stacks stacks,
            Guards guards,
            Listings listings,
            OperationEvents events,
            ChangeSets changeSets,
            Refactors refactors,
            Drifts drifts,
            Templates templates,
            Registry registry,
            StackSets stackSets) {
        this.stacks = stacks;
        this.guards = guards;
        this.listings = listings;
        this.events = events;
        this.changeSets = changeSets;
        this.refactors = refactors;
        this.drifts = drifts;
        this.templates = templates;
        this.registry = registry;
        this.stackSets = stackSets;
    }

    @Override
    public String serviceName() {
        return SERVICE_NAME;
    }

    @Override
    public void close() {}

    @Override
    public CreateStackResponse createStack(CreateStackRequest request) {
        return stacks.create(request);
    }

    @Override
    public UpdateStackResponse updateStack(UpdateStackRequest request) {
        return stacks.update(request);
    }

    @Override
    public DeleteStackResponse deleteStack(DeleteStackRequest request) {
        return stacks.delete(request);
    }

    @Override
    public CancelUpdateStackResponse cancelUpdateStack(CancelUpdateStackRequest request) {
        return stacks.cancelUpdate(request);
    }

    @Override
    public ContinueUpdateRollbackResponse continueUpdateRollback(ContinueUpdateRollbackRequest request) {
        return stacks.continueRollback(request);
    }

    @Override
    public RollbackStackResponse rollbackStack(RollbackStackRequest request) {
        return stacks.rollBack(request);
    }

    @Override
    public SignalResourceResponse signalResource(SignalResourceRequest request) {
        return stacks.signal(request);
    }

    @Override
    public UpdateTerminationProtectionResponse updateTerminationProtection(UpdateTerminationProtectionRequest request) {
        return guards.guard(request);
    }

    @Override
    public SetStackPolicyResponse setStackPolicy(SetStackPolicyRequest request) {
        return guards.setPolicy(request);
    }

    @Override
    public GetStackPolicyResponse getStackPolicy(GetStackPolicyRequest request) {
        return guards.getPolicy(request);
    }

    @Override
    public DescribeStacksResponse describeStacks(DescribeStacksRequest request) {
        return listings.describe(request);
    }

    @Override
    public ListStacksResponse listStacks(ListStacksRequest request) {
        return listings.list(request);
    }

    @Override
    public DescribeStackResourceResponse describeStackResource(DescribeStackResourceRequest request) {
        return listings.resource(request);
    }

    @Override
    public DescribeStackResourcesResponse describeStackResources(DescribeStackResourcesRequest request) {
        return listings.resources(request);
    }

    @Override
    public ListStackResourcesResponse listStackResources(ListStackResourcesRequest request) {
        return listings.listResources(request);
    }

    @Override
    public DescribeStackEventsResponse describeStackEvents(DescribeStackEventsRequest request) {
        return listings.events(request);
    }

    @Override
    public DescribeEventsResponse describeEvents(DescribeEventsRequest request) {
        return events.describe(request);
    }

    @Override
    public ListExportsResponse listExports(ListExportsRequest request) {
        return listings.exports(request);
    }

    @Override
    public ListImportsResponse listImports(ListImportsRequest request) {
        return listings.imports(request);
    }

    @Override
    public GetTemplateResponse getTemplate(GetTemplateRequest request) {
        return listings.template(request);
    }

    @Override
    public CreateChangeSetResponse createChangeSet(CreateChangeSetRequest request) {
        return changeSets.create(request);
    }

    @Override
    public DescribeChangeSetResponse describeChangeSet(DescribeChangeSetRequest request) {
        return changeSets.describe(request);
    }

    @Override
    public DescribeChangeSetHooksResponse describeChangeSetHooks(DescribeChangeSetHooksRequest request) {
        return changeSets.hooks(request);
    }

    @Override
    public ListChangeSetsResponse listChangeSets(ListChangeSetsRequest request) {
        return changeSets.list(request);
    }

    @Override
    public DeleteChangeSetResponse deleteChangeSet(DeleteChangeSetRequest request) {
        return changeSets.delete(request);
    }

    @Override
    public ExecuteChangeSetResponse executeChangeSet(ExecuteChangeSetRequest request) {
        return changeSets.execute(request);
    }

    @Override
    public CreateStackRefactorResponse createStackRefactor(CreateStackRefactorRequest request) {
        return refactors.create(request);
    }

    @Override
    public DescribeStackRefactorResponse describeStackRefactor(DescribeStackRefactorRequest request) {
        return refactors.describe(request);
    }

    @Override
    public ListStackRefactorsResponse listStackRefactors(ListStackRefactorsRequest request) {
        return refactors.list(request);
    }

    @Override
    public ListStackRefactorActionsResponse listStackRefactorActions(ListStackRefactorActionsRequest request) {
        return refactors.actions(request);
    }

    @Override
    public ExecuteStackRefactorResponse executeStackRefactor(ExecuteStackRefactorRequest request) {
        return refactors.execute(request);
    }

    @Override
    public DetectStackDriftResponse detectStackDrift(DetectStackDriftRequest request) {
        return drifts.detect(request);
    }

    @Override
    public DetectStackResourceDriftResponse detectStackResourceDrift(DetectStackResourceDriftRequest request) {
        return drifts.detectOne(request);
    }

    @Override
    public DescribeStackDriftDetectionStatusResponse describeStackDriftDetectionStatus(
            DescribeStackDriftDetectionStatusRequest request) {
        return drifts.status(request);
    }

    @Override
    public DescribeStackResourceDriftsResponse describeStackResourceDrifts(DescribeStackResourceDriftsRequest request) {
        return drifts.describe(request);
    }

    @Override
    public ValidateTemplateResponse validateTemplate(ValidateTemplateRequest request) {
        return templates.validate(request);
    }

    @Override
    public GetTemplateSummaryResponse getTemplateSummary(GetTemplateSummaryRequest request) {
        return templates.summary(request);
    }

    @Override
    public DescribeAccountLimitsResponse describeAccountLimits(DescribeAccountLimitsRequest request) {
        return templates.limits(request);
    }

    @Override
    public ListTypesResponse listTypes(ListTypesRequest request) {
        return registry.list(request);
    }

    @Override
    public DescribeTypeResponse describeType(DescribeTypeRequest request) {
        return registry.describe(request);
    }

    @Override
    public DescribeTypeRegistrationResponse describeTypeRegistration(DescribeTypeRegistrationRequest request) {
        throw Registry.noRegistration(request);
    }

    @Override
    public ListTypeRegistrationsResponse listTypeRegistrations(ListTypeRegistrationsRequest request) {
        return registry.registrations(request);
    }

    @Override
    public DescribePublisherResponse describePublisher(DescribePublisherRequest request) {
        throw Registry.noPublisher(request);
    }

    @Override
    public BatchDescribeTypeConfigurationsResponse batchDescribeTypeConfigurations(
            BatchDescribeTypeConfigurationsRequest request) {
        return registry.configurations(request);
    }

    @Override
    public ListTypeVersionsResponse listTypeVersions(ListTypeVersionsRequest request) {
        return registry.versions(request);
    }

    @Override
    public CreateStackSetResponse createStackSet(CreateStackSetRequest request) {
        return stackSets.create(request);
    }

    @Override
    public UpdateStackSetResponse updateStackSet(UpdateStackSetRequest request) {
        return stackSets.update(request);
    }

    @Override
    public DeleteStackSetResponse deleteStackSet(DeleteStackSetRequest request) {
        return stackSets.delete(request);
    }

    @Override
    public DescribeStackSetResponse describeStackSet(DescribeStackSetRequest request) {
        return stackSets.describe(request);
    }

    @Override
    public ListStackSetsResponse listStackSets(ListStackSetsRequest request) {
        return stackSets.list(request);
    }

    @Override
    public CreateStackInstancesResponse createStackInstances(CreateStackInstancesRequest request) {
        return stackSets.instances().create(request);
    }

    @Override
    public UpdateStackInstancesResponse updateStackInstances(UpdateStackInstancesRequest request) {
        return stackSets.instances().update(request);
    }

    @Override
    public DeleteStackInstancesResponse deleteStackInstances(DeleteStackInstancesRequest request) {
        return stackSets.instances().delete(request);
    }

    @Override
    public ImportStacksToStackSetResponse importStacksToStackSet(ImportStacksToStackSetRequest request) {
        return stackSets.instances().take(request);
    }

    @Override
    public DescribeStackInstanceResponse describeStackInstance(DescribeStackInstanceRequest request) {
        return stackSets.instances().describe(request);
    }

    @Override
    public ListStackInstancesResponse listStackInstances(ListStackInstancesRequest request) {
        return stackSets.instances().list(request);
    }

    @Override
    public DetectStackSetDriftResponse detectStackSetDrift(DetectStackSetDriftRequest request) {
        return stackSets.instances().detectDrift(request);
    }

    @Override
    public DescribeStackSetOperationResponse describeStackSetOperation(DescribeStackSetOperationRequest request) {
        return stackSets.operations().describe(request);
    }

    @Override
    public ListStackSetOperationsResponse listStackSetOperations(ListStackSetOperationsRequest request) {
        return stackSets.operations().list(request);
    }

    @Override
    public ListStackSetOperationResultsResponse listStackSetOperationResults(
            ListStackSetOperationResultsRequest request) {
        return stackSets.operations().results(request);
    }

    @Override
    public ListStackInstanceResourceDriftsResponse listStackInstanceResourceDrifts(
            ListStackInstanceResourceDriftsRequest request) {
        return stackSets.operations().drifts(request);
    }

    @Override
    public StopStackSetOperationResponse stopStackSetOperation(StopStackSetOperationRequest request) {
        return stackSets.operations().stop(request);
    }
}
