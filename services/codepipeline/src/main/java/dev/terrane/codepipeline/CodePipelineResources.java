package dev.terrane.codepipeline;

import dev.terrane.kernel.resource.Properties;
import dev.terrane.kernel.resource.ResourceSchema;
import dev.terrane.kernel.resource.ResourceType;
import dev.terrane.kernel.resource.ResourceWork;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import software.amazon.awssdk.services.codepipeline.CodePipelineClient;
import software.amazon.awssdk.services.codepipeline.model.ArtifactStore;
import software.amazon.awssdk.services.codepipeline.model.GetPipelineResponse;
import software.amazon.awssdk.services.codepipeline.model.PipelineDeclaration;
import software.amazon.awssdk.services.codepipeline.model.PipelineNotFoundException;
import software.amazon.awssdk.services.codepipeline.model.PipelineSummary;
import software.amazon.awssdk.services.codepipeline.model.StageTransitionType;
import software.amazon.awssdk.services.codepipeline.model.Tag;

/** CodePipeline's CloudFormation types. */
final class CodePipelineResources {
    static final List<ResourceType> ALL = List.of(new Pipeline(), new WebhookResource(), new CustomActionResource());

    private CodePipelineResources() {}

    private static final class Pipeline implements ResourceType {
        private static final String DISABLED = "DisableInboundStageTransitions";
        private static final String STORES = "ArtifactStores";

        @Override
        public String name() {
            return "AWS::CodePipeline::Pipeline";
        }

        @Override
        public Set<String> supported() {
            return Set.of(
                    "ArtifactStore",
                    STORES,
                    DISABLED,
                    "ExecutionMode",
                    "Name",
                    "PipelineType",
                    "RestartExecutionOnUpdate",
                    "RoleArn",
                    "Stages",
                    "Tags",
                    "Variables");
        }

        @Override
        public Set<String> lacking() {
            return Set.of(
                    "Stages/Actions/Commands",
                    "Stages/Actions/EnvironmentVariables",
                    "Stages/Actions/OutputArtifacts/Files",
                    "Stages/Actions/OutputVariables",
                    "Stages/BeforeEntry",
                    "Stages/Blockers",
                    "Stages/OnFailure/Conditions",
                    "Stages/OnSuccess");
        }

        @Override
        public String create(ResourceWork work) {
            CodePipelineClient pipelines = work.client(CodePipelineClient.class);
            String name = work.desired().text("Name").orElseGet(() -> work.name(100));
            pipelines.createPipeline(
                    r -> r.pipeline(declaration(work.desired(), name)).tags(tags(work.tags())));
            work.made(name);
            transitions(work.desired())
                    .forEach((stage, reason) -> pipelines.disableStageTransition(r -> r.pipelineName(name)
                            .stageName(stage)
                            .reason(reason)
                            .transitionType(StageTransitionType.INBOUND)));
            return name;
        }

        @Override
        public void update(ResourceWork work, String id) {
            CodePipelineClient pipelines = work.client(CodePipelineClient.class);
            PipelineDeclaration declaration = declaration(work.desired(), id);
            if (!declaration.equals(declaration(work.previous(), id))) {
                pipelines.updatePipeline(r -> r.pipeline(declaration));
            }
            Map<String, String> before = transitions(work.previous());
            Map<String, String> after = transitions(work.desired());
            declaration.stages().stream()
                    .filter(stage -> before.containsKey(stage.name()) && !after.containsKey(stage.name()))
                    .forEach(stage -> pipelines.enableStageTransition(r ->
                            r.pipelineName(id).stageName(stage.name()).transitionType(StageTransitionType.INBOUND)));
            after.forEach((stage, reason) -> {
                if (!reason.equals(before.get(stage))) {
                    pipelines.disableStageTransition(r -> r.pipelineName(id)
                            .stageName(stage)
                            .reason(reason)
                            .transitionType(StageTransitionType.INBOUND));
                }
            });
            String arn = CodePipelineEvents.arn(work.scope(), id);
            work.tagChanges(
                    tags -> pipelines.tagResource(r -> r.resourceArn(arn).tags(tags(tags))),
                    keys -> pipelines.untagResource(r -> r.resourceArn(arn).tagKeys(keys)));
            if (work.desired().flag("RestartExecutionOnUpdate").orElse(false)) {
                pipelines.startPipelineExecution(r -> r.name(id).clientRequestToken(work.token()));
            }
        }

        private static PipelineDeclaration declaration(Properties properties, String name) {
            PipelineDeclaration.Builder declaration =
                    properties.without(STORES).as(PipelineDeclaration.builder()).toBuilder();
            if (properties.has(STORES)) {
                Map<String, ArtifactStore> stores = new LinkedHashMap<>();
                properties
                        .objects(STORES)
                        .forEach(store -> stores.put(
                                store.required("Region"),
                                store.object("ArtifactStore").as(ArtifactStore.builder())));
                declaration.artifactStores(stores);
            }
            return declaration.name(name).build();
        }

        private static Map<String, String> transitions(Properties properties) {
            return properties.objects(DISABLED).stream()
                    .collect(Collectors.toMap(t -> t.required("StageName"), t -> t.required("Reason"), (a, b) -> b));
        }

        private static List<Tag> tags(Map<String, String> tags) {
            return tags.entrySet().stream()
                    .map(tag -> Tag.builder()
                            .key(tag.getKey())
                            .value(tag.getValue())
                            .build())
                    .toList();
        }

        @Override
        public void delete(ResourceWork work, String id) {
            work.client(CodePipelineClient.class).deletePipeline(r -> r.name(id));
        }

        @Override
        public Optional<Properties> read(ResourceWork work, String id) {
            CodePipelineClient pipelines = work.client(CodePipelineClient.class);
            return work.ifThere(PipelineNotFoundException.class, () -> {
                GetPipelineResponse found = pipelines.getPipeline(r -> r.name(id));
                String arn = found.metadata().pipelineArn();
                return Properties.builder()
                        .put("Arn", arn)
                        .put("Version", String.valueOf(found.pipeline().version()))
                        .put(STORES, stores(found.pipeline()))
                        .put(DISABLED, disabled(pipelines, id))
                        .put("RestartExecutionOnUpdate", work.desired().flag("RestartExecutionOnUpdate"))
                        .tags(
                                "Tags",
                                pipelines.listTagsForResource(r -> r.resourceArn(arn)).tags().stream()
                                        .collect(Collectors.toMap(Tag::key, Tag::value)))
                        .model(ResourceSchema.of(name()).orElseThrow(), found.pipeline())
                        .inOrderOf(work.desired(), "Tags", DISABLED)
                        .build();
            });
        }

        private static List<Properties> stores(PipelineDeclaration pipeline) {
            return pipeline.artifactStores().entrySet().stream()
                    .map(store -> Properties.builder()
                            .put("Region", store.getKey())
                            .put("ArtifactStore", store.getValue())
                            .build())
                    .toList();
        }

        private static List<Properties> disabled(CodePipelineClient pipelines, String id) {
            return pipelines.getPipelineState(r -> r.name(id)).stageStates().stream()
                    .filter(stage -> stage.inboundTransitionState() != null
                            && Boolean.FALSE.equals(
                                    stage.inboundTransitionState().enabled()))
                    .map(stage -> Properties.builder()
                            .put("StageName", stage.stageName())
                            .put("Reason", stage.inboundTransitionState().disabledReason())
                            .build())
                    .toList();
        }

        @Override
        public List<String> list(ResourceWork work) {
            return work.client(CodePipelineClient.class).listPipelinesPaginator(r -> {}).pipelines().stream()
                    .map(PipelineSummary::name)
                    .toList();
        }
    }
}
