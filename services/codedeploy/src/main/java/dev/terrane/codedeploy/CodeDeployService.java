package dev.terrane.codedeploy;

import dev.terrane.kernel.call.Scope;
import dev.terrane.kernel.resource.ResourceType;
import dev.terrane.kernel.service.Platform;
import dev.terrane.kernel.service.Service;
import dev.terrane.kernel.workflow.Workflow;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.core.SdkClient;
import software.amazon.awssdk.services.codedeploy.CodeDeployClient;

/** AWS CodeDeploy: deployments in place to the platform's instances. */
public final class CodeDeployService implements Service {
    private final CodeDeployTables tables;
    private final CodeDeploy api;
    private final DeploymentWorkflow deployments;
    private final RestartWorkflow restarts;
    private final Follower follower;

    public CodeDeployService(Platform platform) {
        tables = new CodeDeployTables(platform.store());
        Parts parts = Parts.of(platform, tables);
        deployments = new DeploymentWorkflow(platform, parts);
        restarts = new RestartWorkflow(platform, parts);
        follower = new Follower(platform, tables, deployments, restarts);
        api = new CodeDeploy(platform, tables, deployments);
        platform.events().subscribe(follower);
    }

    @Override
    public String name() {
        return "codedeploy";
    }

    @Override
    public Class<? extends SdkClient> api() {
        return CodeDeployClient.class;
    }

    @Override
    public CodeDeployClient implementation() {
        return api;
    }

    @Override
    public List<Workflow<?>> workflows() {
        return List.of(deployments, deployments.instances(), deployments.launches(), restarts);
    }

    /** The ARN of the group that a deployment belongs to: requests name the deployment alone. */
    @Override
    public Optional<String> resourceArn(Scope scope, String type, String name) {
        return type.equals("deployment")
                ? tables.glance(scope, name)
                        .map(deployment -> CodeDeployEvents.Arns.group(
                                scope,
                                deployment.info().applicationName(),
                                deployment.info().deploymentGroupName()))
                : Optional.empty();
    }

    @Override
    public Map<String, String> resourceTags(String resourceArn) {
        return api.tags().find(resourceArn);
    }

    @Override
    public void start() {
        follower.start();
    }

    @Override
    public List<ResourceType> resourceTypes() {
        return CodeDeployResources.ALL;
    }
}
