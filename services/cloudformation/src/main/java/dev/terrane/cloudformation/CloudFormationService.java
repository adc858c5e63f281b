package dev.terrane.cloudformation;

import dev.terrane.cloudformation.stackset.StackSetResource;
import dev.terrane.cloudformation.stackset.StackSets;
import dev.terrane.kernel.call.Scope;
import dev.terrane.kernel.resource.ResourceType;
import dev.terrane.kernel.service.HttpEndpoint;
import dev.terrane.kernel.service.Platform;
import dev.terrane.kernel.service.Service;
import dev.terrane.kernel.workflow.Workflow;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import software.amazon.awssdk.core.SdkClient;
import software.amazon.awssdk.services.cloudformation.CloudFormationClient;

/** AWS CloudFormation. */
public final class CloudFormationService implements Service {
    static final String PRINCIPAL = "cloudformation.amazonaws.com";

    private final CloudFormationTables tables;
    private final ChangeSetTree tree;
    private final StackWorkflow operations;
    private final Drifts drifts;
    private final WaitConditions waitConditions;
    private final CustomResource customResource;
    private final AnswerUrls answers;
    private final StackSets stackSets;
    private final RefactorWorkflow refactoring;
    private final CloudFormation api;

    public CloudFormationService(Platform platform) {
        tables = new CloudFormationTables(platform.store());
        Progress progress = new Progress(tables, platform.events(), platform.clock());
        TemplateParameters parameters = new TemplateParameters(platform);
        Blueprints blueprints = new Blueprints(tables, parameters, platform.clients());
        Resolver resolver = new Resolver(platform.clients());
        tree = new ChangeSetTree(tables, progress);
        Plans plans = new Plans(tables, blueprints, platform.resourceTypes(), tree);
        operations = new StackWorkflow(platform, tables, progress, blueprints, plans, resolver, tree);
        waitConditions = new WaitConditions(platform, tables);
        customResource = new CustomResource(platform, tables);
        answers = new AnswerUrls(
                platform, Map.of(WaitConditions.KIND, waitConditions, CustomResource.KIND, customResource));
        drifts = new Drifts(platform, tables, resolver);
        platform.events().subscribe(new Notices(platform.clients(), tables));
        Requests requests = new Requests(platform.clients(), tables, blueprints, parameters);
        Guards guards = new Guards(tables, requests);
        Stacks stacks = new Stacks(tables, progress, requests, guards, platform.workflows(), operations, tree);
        Preview preview = new Preview(tables, blueprints, plans);
        stackSets = new StackSets(platform, new TemplatesOfSets(requests, blueprints, parameters));
        RefactorPlanner planner = new RefactorPlanner(tables, requests, blueprints, stacks);
        refactoring = new RefactorWorkflow(
                tables,
                new Retagging(platform, tables, resolver),
                new RefactorMove(tables, progress, blueprints, stacks, planner));
        api = new CloudFormation(
                stacks,
                guards,
                new Listings(tables, blueprints, platform.pages()),
                new OperationEvents(tables, platform.pages()),
                new ChangeSets(
                        tables,
                        stacks,
                        requests,
                        progress,
                        preview,
                        new Imports(blueprints),
                        new ExistingResources(platform, tables, blueprints, resolver),
                        tree,
                        new NestedChangeSets(platform, tables, stacks, requests, progress, preview)),
                new Refactors(tables, planner, progress, platform.workflows(), refactoring, platform.pages()),
                drifts,
                new Templates(requests, blueprints, tables, stackSets),
                new Registry(platform.resourceTypes(), platform.pages()),
                stackSets);
    }

    @Override
    public String name() {
        return "cloudformation";
    }

    @Override
    public Class<? extends SdkClient> api() {
        return CloudFormationClient.class;
    }

    @Override
    public CloudFormationClient implementation() {
        return api;
    }

    @Override
    public List<Workflow<?>> workflows() {
        return Stream.concat(
                        Stream.<Workflow<?>>of(operations, operations.resources(), drifts.workflow(), refactoring),
                        stackSets.workflows().stream())
                .toList();
    }

    @Override
    public List<ResourceType> resourceTypes() {
        return Stream.of(
                        CloudFormationResources.all(tables, tree),
                        waitConditions.types(),
                        List.<ResourceType>of(customResource, new StackSetResource()))
                .flatMap(List::stream)
                .toList();
    }

    @Override
    public List<HttpEndpoint> httpEndpoints() {
        return List.of(answers);
    }

    /** A stack's ARN holds its id. A refactor is about several stacks: their ARNs are joined by spaces. */
    @Override
    public Optional<String> resourceArn(Scope scope, String type, String name) {
        return switch (type) {
            case "stack" -> tables.find(scope, name).map(StackRecord::arn);
            case "stackset" -> stackSets.arn(scope, name);
            case "stackrefactor" ->
                tables.refactor(scope, name)
                        .map(refactor -> refactor.parts().stream()
                                .map(RefactorRecord.Part::arn)
                                .collect(Collectors.joining(" ")))
                        .filter(arns -> !arns.isEmpty());
            case "changeset" ->
                tables.changeSetById(scope, name.substring(name.lastIndexOf('/') + 1))
                        .map(changeSet -> tables.stack(scope, changeSet.stack()).arn());
            case "resource" ->
                tables.byPhysicalId(scope, name).stream()
                        .findFirst()
                        .map(resource -> tables.stack(scope, resource.stack()).arn());
            default -> Optional.empty();
        };
    }

    @Override
    public Map<String, String> resourceTags(String resourceArn) {
        Map<String, String> tags = tables.tags(resourceArn);
        return tags.isEmpty() ? stackSets.tags(resourceArn) : tags;
    }
}
