package dev.terrane.codepipeline;

import static dev.terrane.codepipeline.Workshop.action;
import static dev.terrane.codepipeline.Workshop.input;
import static dev.terrane.codepipeline.Workshop.stage;
import static dev.terrane.codepipeline.Workshop.with;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.services.codepipeline.model.*;

/** What a pipeline must be like, and how pipelines are kept. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class StructureTest {
    private final Workshop workshop = new Workshop();

    @AfterEach
    void empty() {
        workshop.pipelines()
                .listPipelines(r -> {})
                .pipelines()
                .forEach(p -> workshop.pipelines().deletePipeline(r -> r.name(p.name())));
    }

    @AfterAll
    void close() {
        assertThat(workshop.server.faults()).isEmpty();
        workshop.close();
    }

    private void refused(PipelineDeclaration.Builder structure, Class<? extends Throwable> error, String message) {
        PipelineDeclaration given = structure.build();
        assertThatThrownBy(() -> workshop.pipelines().createPipeline(r -> r.pipeline(given)))
                .isInstanceOf(error)
                .hasMessageContaining(message);
        assertThat(workshop.pipelines().listPipelines(r -> {}).pipelines()).isEmpty();
    }

    private PipelineDeclaration.Builder twoStages(ActionDeclaration second) {
        return workshop.structure(stage("Source", workshop.quietSource()), stage("Second", second));
    }

    @Test
    void stagesAreAtLeastTwoWithSourcesInTheFirstOnly() {
        refused(
                workshop.structure(stage("Source", workshop.source())),
                InvalidStructureException.class,
                "at least two stages");
        refused(
                workshop.structure(stage("Build", workshop.build()), stage("Source", workshop.source())),
                InvalidStructureException.class,
                "must only contain Source actions");
        refused(
                twoStages(workshop.source().toBuilder().name("Again").build()),
                InvalidStructureException.class,
                "Only the first stage can contain Source actions");
        refused(
                workshop.structure(stage("A", workshop.source()), stage("A", workshop.build())),
                InvalidStageDeclarationException.class,
                "must be unique");
    }

    @Test
    void artifactsFlowForward() {
        refused(
                twoStages(workshop.deploy()),
                InvalidStructureException.class,
                "Input artifact 'BuildArtifact' in action 'Deploy' is not declared");
        refused(
                twoStages(workshop.build().toBuilder()
                        .outputArtifacts(Workshop.output("SourceArtifact"))
                        .build()),
                InvalidStructureException.class,
                "must be unique within a pipeline");
        refused(
                twoStages(
                        workshop.deploy().toBuilder().inputArtifacts(List.of()).build()),
                InvalidActionDeclarationException.class,
                "must have between 1 and 1");
    }

    @Test
    void configurationIsWhatTheActionKnows() {
        refused(
                twoStages(with(workshop.build(), "Color", "red")),
                InvalidActionDeclarationException.class,
                "unknown configuration 'Color'");
        refused(
                twoStages(workshop.build().toBuilder().configuration(Map.of()).build()),
                InvalidActionDeclarationException.class,
                "missing required configuration 'ProjectName'");
        refused(
                twoStages(with(workshop.build(), "BatchEnabled", "true")),
                InvalidActionDeclarationException.class,
                "BatchEnabled");
        refused(
                twoStages(with(workshop.build(), "EnvironmentVariables", "COLOR=red")),
                InvalidActionDeclarationException.class,
                "must be a JSON array");
        refused(
                twoStages(action(ActionCategory.INVOKE, "Lambda", "Call")
                        .configuration(Map.of("FunctionName", "f"))
                        .build()),
                InvalidActionDeclarationException.class,
                "Provider: 'Lambda'");
        refused(
                twoStages(action(ActionCategory.DEPLOY, "S3", "Publish")
                        .configuration(Map.of("BucketName", "b", "Extract", "true", "CannedACL", "public-read"))
                        .inputArtifacts(input("SourceArtifact"))
                        .build()),
                InvalidActionDeclarationException.class,
                "CannedACL");
    }

    @Test
    void referencesNameWhatComesEarlier() {
        refused(
                twoStages(with(workshop.build(), "ProjectName", "#{Elsewhere.NAME}")),
                InvalidActionDeclarationException.class,
                "namespace 'Elsewhere'");
        refused(
                twoStages(with(workshop.build(), "ProjectName", "#{variables.project}")),
                InvalidActionDeclarationException.class,
                "variable 'project'");
    }

    @Test
    void theFirstTypeHasNeitherModesNorVariables() {
        refused(
                workshop.chain().pipelineType(PipelineType.V1).executionMode(ExecutionMode.QUEUED),
                InvalidStructureException.class,
                "only available for pipelines of type V2");
        refused(
                workshop.chain()
                        .pipelineType(PipelineType.V1)
                        .variables(PipelineVariableDeclaration.builder()
                                .name("a")
                                .defaultValue("b")
                                .build()),
                InvalidStructureException.class,
                "only available for pipelines of type V2");
    }

    @Test
    void aPipelineIsKeptWithItsVersionsAndDefaults() {
        PipelineDeclaration first =
                workshop.chain().pipelineType((PipelineType) null).build();
        CreatePipelineResponse made = workshop.pipelines()
                .createPipeline(r -> r.pipeline(first)
                        .tags(Tag.builder().key("team").value("shop").build()));
        assertThat(made.pipeline().version()).isEqualTo(1);
        assertThat(made.pipeline().pipelineType()).isEqualTo(PipelineType.V1);
        assertThat(made.pipeline().executionMode()).isEqualTo(ExecutionMode.SUPERSEDED);
        assertThat(made.pipeline().stages().getFirst().actions().getFirst().runOrder())
                .isEqualTo(1);
        assertThatThrownBy(() -> workshop.pipelines().createPipeline(r -> r.pipeline(first)))
                .isInstanceOf(PipelineNameInUseException.class);

        PipelineDeclaration second = workshop.structure(
                        stage("Source", workshop.quietSource()), stage("Build", workshop.build()))
                .build();
        assertThat(workshop.pipelines()
                        .updatePipeline(r -> r.pipeline(second))
                        .pipeline()
                        .version())
                .isEqualTo(2);
        assertThat(workshop.pipelines()
                        .getPipeline(r -> r.name("shop"))
                        .pipeline()
                        .stages())
                .hasSize(2);
        assertThat(workshop.pipelines()
                        .getPipeline(r -> r.name("shop").version(1))
                        .pipeline()
                        .stages())
                .hasSize(3);
        assertThatThrownBy(() ->
                        workshop.pipelines().getPipeline(r -> r.name("shop").version(9)))
                .isInstanceOf(PipelineVersionNotFoundException.class);
    }

    @Test
    void tagsAreKeptAndChecked() {
        workshop.create(workshop.chain());
        String arn =
                workshop.pipelines().getPipeline(r -> r.name("shop")).metadata().pipelineArn();
        workshop.pipelines()
                .tagResource(r -> r.resourceArn(arn)
                        .tags(Tag.builder().key("team").value("a").build()));
        assertThat(workshop.pipelines()
                        .listTagsForResource(r -> r.resourceArn(arn))
                        .tags())
                .extracting(Tag::key)
                .containsExactly("team");
        workshop.pipelines().untagResource(r -> r.resourceArn(arn).tagKeys("team"));
        assertThat(workshop.pipelines()
                        .listTagsForResource(r -> r.resourceArn(arn))
                        .tags())
                .isEmpty();
        assertThatThrownBy(() -> workshop.pipelines()
                        .tagResource(r -> r.resourceArn(arn)
                                .tags(Tag.builder().key("aws:x").value("a").build())))
                .isInstanceOf(InvalidTagsException.class);
        assertThatThrownBy(() -> workshop.pipelines().listTagsForResource(r -> r.resourceArn(arn + "-not")))
                .isInstanceOf(ResourceNotFoundException.class);
    }

    @Test
    void whatIsNotThereIsNotFoundAndDeletingItIsNoError() {
        assertThatThrownBy(() -> workshop.pipelines().getPipeline(r -> r.name("none")))
                .isInstanceOf(PipelineNotFoundException.class);
        assertThatThrownBy(() -> workshop.pipelines().startPipelineExecution(r -> r.name("none")))
                .isInstanceOf(PipelineNotFoundException.class);
        workshop.pipelines().deletePipeline(r -> r.name("none"));
        workshop.create(workshop.chain());
        assertThatThrownBy(() -> workshop.pipelines()
                        .getPipelineExecution(r ->
                                r.pipelineName("shop").pipelineExecutionId("00000000-0000-0000-0000-000000000000")))
                .isInstanceOf(PipelineExecutionNotFoundException.class);
    }

    @Test
    void executionsArePagedAndATokenServesOneListingOnly() {
        workshop.create(workshop.structure(stage("Source", workshop.quietSource()), stage("Build", workshop.build()))
                .executionMode(ExecutionMode.QUEUED));
        workshop.start();
        workshop.start();
        var first = workshop.pipelines()
                .listPipelineExecutions(r -> r.pipelineName("shop").maxResults(2));
        assertThat(first.pipelineExecutionSummaries()).hasSize(2);
        var rest = workshop.pipelines()
                .listPipelineExecutions(
                        r -> r.pipelineName("shop").maxResults(2).nextToken(first.nextToken()));
        assertThat(rest.pipelineExecutionSummaries()).hasSize(1);
        assertThat(rest.nextToken()).isNull();
        assertThatThrownBy(() -> workshop.pipelines()
                        .listActionExecutions(r -> r.pipelineName("shop").nextToken(first.nextToken())))
                .isInstanceOf(InvalidNextTokenException.class);
    }

    @Test
    void aTokenOfTheClientStartsOnce() {
        workshop.create(workshop.structure(stage("Source", workshop.quietSource()), stage("Build", workshop.build())));
        String once = workshop.pipelines()
                .startPipelineExecution(r -> r.name("shop").clientRequestToken("t-1"))
                .pipelineExecutionId();
        String twice = workshop.pipelines()
                .startPipelineExecution(r -> r.name("shop").clientRequestToken("t-1"))
                .pipelineExecutionId();
        assertThat(twice).isEqualTo(once);
        assertThat(workshop.executions()).hasSize(2);
    }

    @Test
    void valuesForVariablesAreCheckedAtTheStart() {
        workshop.create(workshop.chain()
                .variables(PipelineVariableDeclaration.builder()
                        .name("a")
                        .defaultValue("b")
                        .build()));
        assertThatThrownBy(() -> workshop.pipelines()
                        .startPipelineExecution(r -> r.name("shop")
                                .variables(PipelineVariable.builder()
                                        .name("z")
                                        .value("1")
                                        .build())))
                .isInstanceOf(AwsServiceException.class)
                .hasMessageContaining("does not declare the variable z");
    }

    @Test
    void actionTypesAreThoseThatAreCarriedOut() {
        assertThat(workshop.pipelines().listActionTypes(r -> {}).actionTypes())
                .extracting(t -> t.id().categoryAsString() + "/" + t.id().provider())
                .containsExactlyInAnyOrder(
                        "Source/CodeCommit",
                        "Source/S3",
                        "Build/CodeBuild",
                        "Test/CodeBuild",
                        "Deploy/CodeDeploy",
                        "Deploy/CloudFormation",
                        "Deploy/S3",
                        "Approval/Manual");
    }
}
