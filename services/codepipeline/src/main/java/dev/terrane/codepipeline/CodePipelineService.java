package dev.terrane.codepipeline;

import dev.terrane.kernel.arn.Arn;
import dev.terrane.kernel.call.Scope;
import dev.terrane.kernel.clock.Clock;
import dev.terrane.kernel.clock.Threads;
import dev.terrane.kernel.resource.ResourceType;
import dev.terrane.kernel.service.HttpEndpoint;
import dev.terrane.kernel.service.Platform;
import dev.terrane.kernel.service.Service;
import dev.terrane.kernel.workflow.Workflow;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.core.SdkClient;
import software.amazon.awssdk.services.codepipeline.CodePipelineClient;

/** AWS CodePipeline. */
public final class CodePipelineService implements Service {
    private static final Duration BETWEEN_LOOKS = Duration.ofMinutes(1);

    private final CodePipelineTables tables;
    private final CodePipeline api;
    private final ActionWorkflow actions;
    private final SourceChanges changes;
    private final Threads threads;
    private final WebhookCalls webhookCalls;

    public CodePipelineService(Platform platform) {
        Clock clock = platform.clock();
        tables = new CodePipelineTables(platform.store());
        threads = platform.threads();
        Serials serials = new Serials(clock);
        Progress progress =
                new Progress(tables, new CodePipelineEvents(platform.events()), platform.workflows(), clock, serials);
        Launch launch = new Launch(tables, progress, clock, serials);
        Roles roles = new Roles(platform.clients());
        ArtifactFiles artifacts = new ArtifactFiles(tables, roles);
        actions = new ActionWorkflow(
                tables, progress, runs(platform, roles, artifacts), new CustomRun(tables, artifacts, clock));
        progress.connect(actions, new StageFailure(tables, progress, launch));
        CustomActions customActions = new CustomActions(tables);
        Pipelines pipelines =
                new Pipelines(tables, customActions, launch, progress, platform.clients(), platform.pages(), clock);
        Executions executions =
                new Executions(tables, pipelines, launch, progress, platform.workflows(), actions, clock);
        api = new CodePipeline(
                pipelines,
                executions,
                new Views(tables, pipelines, executions, platform.pages()),
                new Webhooks(tables, pipelines, platform.endpoint(), platform.pages()),
                customActions,
                new Jobs(tables, artifacts, roles, platform.sessions(), platform.workflows(), actions, clock));
        webhookCalls = new WebhookCalls(tables, launch, clock);
        changes = new SourceChanges(tables, launch, platform.workflows(), actions, platform.clients(), clock);
        platform.events().subscribe(changes);
    }

    /** By whom each kind of action is done. */
    private Map<ActionKind, ActionRun> runs(Platform platform, Roles roles, ArtifactFiles artifacts) {
        JobBoard jobs = new JobBoard(tables, platform.clock());
        ActionRun build = new CodeBuildRun(roles, artifacts, jobs);
        return Map.of(
                ActionKind.CODECOMMIT_SOURCE,
                new CodeCommitSource(tables, roles, artifacts, platform.authorizer()),
                ActionKind.S3_SOURCE,
                new S3Source(tables, roles, artifacts),
                ActionKind.CODEBUILD_BUILD,
                build,
                ActionKind.CODEBUILD_TEST,
                build,
                ActionKind.CODEDEPLOY,
                new CodeDeployRun(roles, jobs),
                ActionKind.CLOUDFORMATION,
                new CloudFormationRun(roles, artifacts, jobs),
                ActionKind.S3_DEPLOY,
                new S3Deploy(roles, artifacts),
                ActionKind.APPROVAL,
                new Approval(tables, roles, platform.clock()));
    }

    @Override
    public String name() {
        return "codepipeline";
    }

    @Override
    public Class<? extends SdkClient> api() {
        return CodePipelineClient.class;
    }

    @Override
    public CodePipelineClient implementation() {
        return api;
    }

    @Override
    public List<Workflow<?>> workflows() {
        return List.of(actions);
    }

    @Override
    public Map<String, String> resourceTags(String resourceArn) {
        return Arn.find(resourceArn)
                .filter(arn -> arn.service().equals("codepipeline"))
                .flatMap(this::tags)
                .orElse(Map.of());
    }

    private Optional<Map<String, String>> tags(Arn arn) {
        Scope scope = new Scope(arn.account(), arn.region());
        return switch (arn.type()) {
            case "webhook" -> tables.webhook(scope, arn.name()).map(WebhookRecord::tags);
            case "actiontype" ->
                tables.customAction(scope, arn.resource().substring(arn.type().length() + 1))
                        .map(CustomActionRecord::tags);
            default -> tables.peek(scope, arn.resource().split("/", 2)[0]).map(PipelineRecord::tags);
        };
    }

    @Override
    public List<HttpEndpoint> httpEndpoints() {
        return List.of(webhookCalls);
    }

    @Override
    public void start() {
        threads.every("codepipeline-sources", BETWEEN_LOOKS, changes::lookAtObjects);
    }

    @Override
    public List<ResourceType> resourceTypes() {
        return CodePipelineResources.ALL;
    }
}
