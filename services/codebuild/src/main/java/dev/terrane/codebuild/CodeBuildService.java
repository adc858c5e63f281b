package dev.terrane.codebuild;

import dev.terrane.kernel.arn.Arn;
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
import software.amazon.awssdk.core.SdkClient;
import software.amazon.awssdk.services.codebuild.CodeBuildClient;
import software.amazon.awssdk.services.codebuild.model.Tag;

/** AWS CodeBuild: projects, builds and test reports. */
public final class CodeBuildService implements Service {
    /** How many builds run at once on this server; others wait. */
    private static final int AT_ONCE = 2;

    private final CodeBuildTables tables;
    private final ContainerCredentials credentials;
    private final BuildWorkflow workflow;
    private final CodeBuild api;

    public CodeBuildService(Platform platform) {
        tables = new CodeBuildTables(platform.store());
        credentials = new ContainerCredentials(platform);
        BuildEvents events = new BuildEvents(platform.events());
        BuildQueue queue = new BuildQueue(tables, AT_ONCE);
        workflow = new BuildWorkflow(platform, tables, queue, events, credentials);
        api = new CodeBuild(
                new Projects(tables, platform.pages(), platform.clients()),
                new Builds(platform, tables, queue, workflow, events),
                new Reports(tables, platform.pages()));
    }

    @Override
    public String name() {
        return "codebuild";
    }

    @Override
    public Class<? extends SdkClient> api() {
        return CodeBuildClient.class;
    }

    @Override
    public CodeBuildClient implementation() {
        return api;
    }

    @Override
    public List<Workflow<?>> workflows() {
        return List.of(workflow);
    }

    @Override
    public List<HttpEndpoint> httpEndpoints() {
        return List.of(credentials);
    }

    @Override
    public Map<String, String> resourceTags(String resourceArn) {
        Optional<Arn> arn = Arn.find(resourceArn).filter(a -> a.service().equals("codebuild"));
        if (arn.isEmpty()) {
            return Map.of();
        }
        Scope scope = new Scope(arn.get().account(), arn.get().region());
        List<Tag> tags = switch (arn.get().type()) {
            case "project" ->
                tables.project(scope, arn.get().name())
                        .map(p -> p.project().tags())
                        .orElse(List.of());
            case "report-group" ->
                tables.group(scope, resourceArn).map(g -> g.group().tags()).orElse(List.of());
            default -> List.of();
        };
        return tags.stream().collect(Collectors.toMap(Tag::key, tag -> tag.value() == null ? "" : tag.value()));
    }

    @Override
    public void start() {
        credentials.listen();
    }

    @Override
    public List<ResourceType> resourceTypes() {
        return CodeBuildResources.ALL;
    }
}
