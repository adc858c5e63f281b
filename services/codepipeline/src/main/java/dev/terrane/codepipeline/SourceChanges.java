package dev.terrane.codepipeline;

import dev.terrane.kernel.call.Actor;
import dev.terrane.kernel.call.Call;
import dev.terrane.kernel.call.Clients;
import dev.terrane.kernel.call.Principal;
import dev.terrane.kernel.call.Scope;
import dev.terrane.kernel.clock.Clock;
import dev.terrane.kernel.event.Event;
import dev.terrane.kernel.event.Events;
import dev.terrane.kernel.id.Ids;
import dev.terrane.kernel.store.Query;
import dev.terrane.kernel.store.RecordCodec;
import dev.terrane.kernel.workflow.Workflows;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.services.codepipeline.model.ActionDeclaration;
import software.amazon.awssdk.services.codepipeline.model.TriggerType;
import software.amazon.awssdk.services.s3.S3Client;
import tools.jackson.core.type.TypeReference;

/**
 * What happens elsewhere and matters here: pushes to repositories and new objects that sources watch themselves, and the ends of
 * builds and deployments that actions wait for.
 */
final class SourceChanges implements Events.Listener {
    private static final System.Logger LOG = System.getLogger(SourceChanges.class.getName());
    private static final Set<String> PUSHES = Set.of("referenceCreated", "referenceUpdated");

    private final CodePipelineTables tables;
    private final Launch launch;
    private final Workflows workflows;
    private final ActionWorkflow actions;
    private final Clients clients;
    private final Clock clock;

    SourceChanges(
            CodePipelineTables tables,
            Launch launch,
            Workflows workflows,
            ActionWorkflow actions,
            Clients clients,
            Clock clock) {
        this.tables = tables;
        this.launch = launch;
        this.workflows = workflows;
        this.actions = actions;
        this.clients = clients;
        this.clock = clock;
    }

    @Override
    public void receive(Event event) {
        Scope scope = new Scope(event.account(), event.region());
        switch (event.detailType()) {
            case "CodeCommit Repository State Change" -> pushed(scope, event);
            case "CodeBuild Build State Change" -> {
                Map<String, Object> detail = detail(event);
                if (!"IN_PROGRESS".equals(detail.get("build-status"))) {
                    String arn = text(detail, "build-id");
                    wake(scope, arn.substring(arn.indexOf('/') + 1));
                }
            }
            case "CodeDeploy Deployment State-change Notification" -> wake(scope, text(detail(event), "deploymentId"));
            case "CloudFormation Stack Status Change" -> wake(scope, text(detail(event), "stack-id"));
            default -> {}
        }
    }

    private static Map<String, Object> detail(Event event) {
        return RecordCodec.json().readValue(event.detail(), new TypeReference<Map<String, Object>>() {});
    }

    private static String text(Map<String, Object> detail, String key) {
        return String.valueOf(detail.getOrDefault(key, ""));
    }

    private void wake(Scope scope, String job) {
        if (job.isEmpty()) {
            return;
        }
        for (ActionRecord action : tables.actionsByJob(scope, job)) {
            if (action.running()) {
                workflows.signal(actions, action.id(), JobBoard.CHANGED, job);
            }
        }
    }

    private void pushed(Scope scope, Event event) {
        Map<String, Object> detail = detail(event);
        if (!PUSHES.contains(text(detail, "event"))
                || !text(detail, "referenceType").equals("branch")) {
            return;
        }
        for (PipelineRecord pipeline : tables.pipelines(scope, Query.all()).values()) {
            Optional<ActionDeclaration> source = watching(pipeline, ActionKind.CODECOMMIT_SOURCE).stream()
                    .filter(action -> text(detail, "repositoryName")
                                    .equals(action.configuration().get("RepositoryName"))
                            && text(detail, "referenceName")
                                    .equals(action.configuration().get("BranchName")))
                    .findFirst();
            if (source.isPresent()) {
                start(scope, pipeline, source.get().name(), "event/" + event.id());
            }
        }
    }

    /** Sources that watch for changes by themselves: as on AWS, those that do not say otherwise. */
    private static List<ActionDeclaration> watching(PipelineRecord pipeline, ActionKind kind) {
        return pipeline.declaration().stages().getFirst().actions().stream()
                .filter(action -> ActionKind.of(action.actionTypeId())
                        .filter(kind::equals)
                        .isPresent())
                .filter(action ->
                        !"false".equalsIgnoreCase(action.configuration().get("PollForSourceChanges")))
                .toList();
    }

    private void start(Scope scope, PipelineRecord pipeline, String source, String token) {
        asService(scope)
                .run(() -> tables.transact(() -> tables.pipeline(scope, pipeline.name())
                        .map(now -> launch.start(
                                scope, now, Launch.Cause.of(TriggerType.POLL_FOR_SOURCE_CHANGES, source, token)))));
    }

    private Call asService(Scope scope) {
        return Call.internal(scope, new Principal.Service(scope.account(), Roles.SERVICE), Ids.uuid(), clock.instant());
    }

    /** Looks whether objects that are sources have new versions. */
    void lookAtObjects() {
        tables.everyPipeline((scope, pipeline) -> {
            for (ActionDeclaration source : watching(pipeline, ActionKind.S3_SOURCE)) {
                version(scope, pipeline, source).ifPresent(version -> seen(scope, pipeline, source, version));
            }
        });
    }

    private Optional<String> version(Scope scope, PipelineRecord pipeline, ActionDeclaration source) {
        Actor role = Roles.actor(scope, pipeline.declaration().roleArn(), source, pipeline.name());
        try {
            return Optional.ofNullable(clients.client(S3Client.class, role, scope.region())
                    .headObject(r -> r.bucket(source.configuration().get("S3Bucket"))
                            .key(source.configuration().get("S3ObjectKey")))
                    .versionId());
        } catch (AwsServiceException e) {
            LOG.log(System.Logger.Level.DEBUG, "Pipeline " + pipeline.name() + " cannot see its source", e);
            return Optional.empty();
        }
    }

    /** The first version that is seen is what the pipeline began with; each other one starts it. */
    private void seen(Scope scope, PipelineRecord pipeline, ActionDeclaration source, String version) {
        Optional<CodePipelineTables.SeenObject> before = tables.seen(scope, pipeline.name(), source.name());
        if (before.isPresent() && before.get().version().equals(version)) {
            return;
        }
        tables.transact(() -> {
            tables.put(scope, new CodePipelineTables.SeenObject(pipeline.name(), source.name(), version));
            if (before.isPresent()) {
                start(scope, pipeline, source.name(), "object/" + source.name() + "/" + version);
            }
            return version;
        });
    }
}
