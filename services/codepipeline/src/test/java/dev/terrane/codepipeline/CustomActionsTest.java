package dev.terrane.codepipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.terrane.testkit.TestServer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.codepipeline.CodePipelineClient;
import software.amazon.awssdk.services.codepipeline.model.*;

/** Custom actions are done by job workers, who poll for them. */
class CustomActionsTest {
    private static final ActionTypeId TYPE = ActionTypeId.builder()
            .category(ActionCategory.BUILD)
            .owner(ActionOwner.CUSTOM)
            .provider("Mill")
            .version("1")
            .build();

    private final Workshop workshop = new Workshop();
    private CodePipelineClient pipelines = workshop.pipelines();

    @BeforeEach
    void makeType() {
        create("1");
    }

    @AfterEach
    void close() {
        assertThat(workshop.server.faults()).isEmpty();
        workshop.close();
    }

    private void create(String version) {
        pipelines.createCustomActionType(r -> r.category(ActionCategory.BUILD)
                .provider("Mill")
                .version(version)
                .settings(s -> s.executionUrlTemplate("https://mill.example.com/{Config:Wheel}/{ExternalExecutionId}"))
                .configurationProperties(property("Wheel", true, true), property("Grain", false, false))
                .inputArtifactDetails(d -> d.minimumCount(1).maximumCount(1))
                .outputArtifactDetails(d -> d.minimumCount(0).maximumCount(1))
                .tags(Tag.builder().key("made").value("here").build()));
    }

    private static ActionConfigurationProperty property(String name, boolean required, boolean queryable) {
        return ActionConfigurationProperty.builder()
                .name(name)
                .required(required)
                .key(true)
                .secret(false)
                .queryable(queryable)
                .build();
    }

    private ActionDeclaration.Builder milling() {
        return ActionDeclaration.builder()
                .name("Mill")
                .namespace("Milled")
                .actionTypeId(TYPE)
                .configuration(Map.of("Wheel", "north", "Grain", "#{SourceVariables.BranchName}"))
                .inputArtifacts(Workshop.input("SourceArtifact"))
                .outputArtifacts(Workshop.output("Flour"));
    }

    private String run() {
        return workshop.create(workshop.structure(
                Workshop.stage("Source", workshop.quietSource()),
                Workshop.stage("Build", milling().build())));
    }

    private List<Job> poll() {
        return pipelines
                .pollForJobs(r -> r.actionTypeId(TYPE).maxBatchSize(5).queryParam(Map.of("Wheel", "north")))
                .jobs();
    }

    private Job next() {
        Job[] found = new Job[1];
        TestServer.await(() -> {
            Optional<Job> job = poll().stream().findFirst();
            job.ifPresent(j -> found[0] = j);
            return job.isPresent();
        });
        return found[0];
    }

    private Job acknowledged() {
        Job job = next();
        assertThat(pipelines
                        .acknowledgeJob(r -> r.jobId(job.id()).nonce(job.nonce()))
                        .status())
                .isEqualTo(JobStatus.IN_PROGRESS);
        return job;
    }

    @Test
    void aWorkerDoesTheAction() {
        String execution = run();
        Job job = next();
        assertThat(pipelines
                        .pollForJobs(r -> r.actionTypeId(TYPE).queryParam(Map.of("Wheel", "south")))
                        .jobs())
                .isEmpty();
        assertThat(poll()).as("it was given to a worker").isEmpty();
        assertThat(job.data().actionConfiguration().configuration())
                .containsExactlyInAnyOrderEntriesOf(Map.of("Wheel", "north", "Grain", "main"));
        assertThat(job.data().pipelineContext().pipelineExecutionId()).isEqualTo(execution);
        assertThat(job.data()
                        .inputArtifacts()
                        .getFirst()
                        .location()
                        .s3Location()
                        .bucketName())
                .isEqualTo("artifacts");
        S3ArtifactLocation out =
                job.data().outputArtifacts().getFirst().location().s3Location();
        assertThat(job.data().artifactCredentials().sessionToken()).isNotEmpty();
        assertThatThrownBy(() -> pipelines.putJobSuccessResult(r -> r.jobId(job.id())))
                .isInstanceOf(InvalidJobStateException.class);
        assertThatThrownBy(() -> pipelines.acknowledgeJob(r -> r.jobId(job.id()).nonce("0")))
                .isInstanceOf(InvalidNonceException.class);
        pipelines.acknowledgeJob(r -> r.jobId(job.id()).nonce(job.nonce()));
        GetJobDetailsResponse details = pipelines.getJobDetails(r -> r.jobId(job.id()));
        assertThat(details.jobDetails().data().artifactCredentials()).isNull();
        workshop.server.restart();
        pipelines = workshop.pipelines();
        pipelines.putJobSuccessResult(r -> r.jobId(job.id())
                .executionDetails(d -> d.summary("ground").externalExecutionId("42"))
                .outputVariables(Map.of("Sacks", "3")));
        workshop.await(execution, PipelineExecutionStatus.SUCCEEDED);
        ActionExecution state = pipelines
                .getPipelineState(r -> r.name("shop"))
                .stageStates()
                .get(1)
                .actionStates()
                .getFirst()
                .latestExecution();
        assertThat(state.summary()).isEqualTo("ground");
        assertThat(state.externalExecutionId()).isEqualTo("42");
        assertThat(state.externalExecutionUrl()).isEqualTo("https://mill.example.com/north/42");
        ActionExecutionDetail last = pipelines
                .listActionExecutions(r -> r.pipelineName("shop"))
                .actionExecutionDetails()
                .getFirst();
        assertThat(last.output().outputVariables()).containsEntry("Sacks", "3");
        assertThat(last.output().outputArtifacts().getFirst().s3location().key())
                .isEqualTo(out.objectKey());
        assertThat(workshop.server.trail().toString())
                .doesNotContain(job.data().artifactCredentials().secretAccessKey());
    }

    @Test
    void aFailureIsTheActions() {
        String execution = run();
        Job job = acknowledged();
        pipelines.putJobFailureResult(r -> r.jobId(job.id())
                .failureDetails(d -> d.type(FailureType.CONFIGURATION_ERROR).message("no wheel")));
        workshop.await(execution, PipelineExecutionStatus.FAILED);
        ErrorDetails error = pipelines
                .getPipelineState(r -> r.name("shop"))
                .stageStates()
                .get(1)
                .actionStates()
                .getFirst()
                .latestExecution()
                .errorDetails();
        assertThat(error.code()).isEqualTo("ConfigurationError");
        assertThat(error.message()).isEqualTo("no wheel");
        assertThatThrownBy(() -> pipelines.putJobSuccessResult(r -> r.jobId(job.id())))
                .isInstanceOf(InvalidJobStateException.class);
    }

    @Test
    void aContinuedJobComesAgainWithItsToken() {
        String execution = run();
        Job first = acknowledged();
        pipelines.putJobSuccessResult(r -> r.jobId(first.id()).continuationToken("half"));
        Job second = acknowledged();
        assertThat(second.id()).isNotEqualTo(first.id());
        assertThat(second.data().continuationToken()).isEqualTo("half");
        pipelines.putJobSuccessResult(r -> r.jobId(second.id()));
        workshop.await(execution, PipelineExecutionStatus.SUCCEEDED);
    }

    @Test
    void whatIsNotAcknowledgedIsOfferedAgainAndExpires() {
        String execution = run();
        Job first = next();
        assertThat(poll()).isEmpty();
        workshop.server.advance(Duration.ofSeconds(61));
        Job again = next();
        assertThat(again.id()).isEqualTo(first.id());
        assertThat(again.nonce()).isNotEqualTo(first.nonce());
        TestServer.await(() -> {
            workshop.server.advance(Duration.ofHours(1));
            return workshop.execution(execution).status() == PipelineExecutionStatus.FAILED;
        });
        assertThat(poll()).isEmpty();
    }

    @Test
    void anAbandonedJobIsWithdrawn() {
        String execution = run();
        Job job = acknowledged();
        pipelines.stopPipelineExecution(
                r -> r.pipelineName("shop").pipelineExecutionId(execution).abandon(true));
        workshop.await(execution, PipelineExecutionStatus.STOPPED);
        TestServer.await(() -> {
            try {
                pipelines.putJobFailureResult(r -> r.jobId(job.id())
                        .failureDetails(d -> d.type(FailureType.JOB_FAILED).message("late")));
                return false;
            } catch (InvalidJobStateException e) {
                return true;
            }
        });
    }

    @Test
    void typesAreListedTaggedAndDeleted() {
        assertThat(pipelines
                        .listActionTypes(r -> r.actionOwnerFilter(ActionOwner.CUSTOM))
                        .actionTypes())
                .extracting(ActionType::id)
                .containsExactly(TYPE);
        assertThat(pipelines.listActionTypes(r -> {}).actionTypes()).hasSizeGreaterThan(5);
        String arn = "arn:aws:codepipeline:us-east-1:123456789012:actiontype:Custom/Build/Mill/1";
        assertThat(pipelines.listTagsForResource(r -> r.resourceArn(arn)).tags())
                .hasSize(1);
        assertThatThrownBy(() -> create("1")).hasMessageContaining("already exists");
        pipelines.deleteCustomActionType(
                r -> r.category(ActionCategory.BUILD).provider("Mill").version("1"));
        assertThat(pipelines
                        .listActionTypes(r -> r.actionOwnerFilter(ActionOwner.CUSTOM))
                        .actionTypes())
                .isEmpty();
        assertThatThrownBy(() -> create("1")).hasMessageContaining("another version");
        create("2");
        assertThatThrownBy(this::run).isInstanceOf(InvalidActionDeclarationException.class);
    }

    @Test
    void whatCannotBeIsRefused() {
        assertThatThrownBy(() -> pipelines.pollForJobs(
                        r -> r.actionTypeId(TYPE.toBuilder().provider("None").build())))
                .isInstanceOf(ActionTypeNotFoundException.class);
        assertThatThrownBy(() -> pipelines.pollForJobs(r -> r.actionTypeId(TYPE)))
                .hasMessageContaining("queryParam must name");
        assertThatThrownBy(() -> workshop.create(workshop.structure(
                        Workshop.stage("Source", workshop.quietSource()),
                        Workshop.stage(
                                "Build", milling().configuration(Map.of()).build()))))
                .hasMessageContaining("missing required configuration 'Wheel'");
        assertThatThrownBy(() -> workshop.create(workshop.structure(
                        Workshop.stage("Source", workshop.quietSource()),
                        Workshop.stage(
                                "Build",
                                milling()
                                        .configuration(Map.of("Wheel", "x", "Sail", "y"))
                                        .build()))))
                .hasMessageContaining("unknown configuration 'Sail'");
        assertThatThrownBy(() -> pipelines.createCustomActionType(r -> r.category(ActionCategory.APPROVAL)
                        .provider("x")
                        .version("1")
                        .inputArtifactDetails(d -> d.minimumCount(0).maximumCount(0))
                        .outputArtifactDetails(d -> d.minimumCount(0).maximumCount(0))))
                .hasMessageContaining("Approval");
        assertThatThrownBy(() -> pipelines.getJobDetails(r -> r.jobId("01234567-89ab-cdef-0123-456789abcdef")))
                .isInstanceOf(JobNotFoundException.class);
    }
}
