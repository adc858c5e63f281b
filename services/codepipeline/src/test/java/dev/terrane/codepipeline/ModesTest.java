package dev.terrane.codepipeline;

import static dev.terrane.codepipeline.Workshop.stage;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.terrane.testkit.TestServer;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.codebuild.model.StatusType;
import software.amazon.awssdk.services.codepipeline.model.*;

/** Several executions of one pipeline, and ways into stages that are shut. */
class ModesTest {
    private final Workshop workshop = new Workshop();

    @AfterEach
    void nothingBroke() {
        assertThat(workshop.server.faults()).isEmpty();
        workshop.close();
    }

    private PipelineDeclaration.Builder built(ExecutionMode mode) {
        return workshop.structure(stage("Source", workshop.quietSource()), stage("Build", workshop.build()))
                .executionMode(mode);
    }

    private void waitsAt(String stage, String execution) {
        TestServer.await(() -> workshop.stageState(stage).inboundExecution() != null
                && workshop.stageState(stage)
                        .inboundExecution()
                        .pipelineExecutionId()
                        .equals(execution));
    }

    private void endBuild(int number, StatusType status) {
        workshop.builds.await(number);
        var request = List.copyOf(workshop.builds.started).get(number - 1);
        String id = request.projectName() + ":" + request.idempotencyToken();
        workshop.builds.end(workshop.server.platform(), id, status, Map.of());
    }

    @Test
    void aWaitingExecutionIsSupersededByANewerOne() {
        String first = workshop.create(built(ExecutionMode.SUPERSEDED));
        workshop.builds.await(1);
        String second = workshop.start();
        waitsAt("Build", second);
        String third = workshop.start();
        workshop.await(second, PipelineExecutionStatus.SUPERSEDED);
        waitsAt("Build", third);
        assertThat(workshop.execution(first).status()).isEqualTo(PipelineExecutionStatus.IN_PROGRESS);

        endBuild(1, StatusType.SUCCEEDED);
        workshop.await(first, PipelineExecutionStatus.SUCCEEDED);
        endBuild(2, StatusType.SUCCEEDED);
        workshop.await(third, PipelineExecutionStatus.SUCCEEDED);
        assertThat(workshop.execution(second).status()).isEqualTo(PipelineExecutionStatus.SUPERSEDED);
        assertThat(workshop.builds.started).hasSize(2);
    }

    @Test
    void queuedExecutionsGoOneAfterTheOther() {
        String first = workshop.create(built(ExecutionMode.QUEUED));
        workshop.builds.await(1);
        String second = workshop.start();
        waitsAt("Build", second);
        String third = workshop.start();
        waitsAt("Build", third);
        assertThat(workshop.stageState("Build").inboundExecutions())
                .extracting(StageExecution::pipelineExecutionId)
                .containsExactly(second, third);

        endBuild(1, StatusType.FAILED);
        workshop.await(first, PipelineExecutionStatus.FAILED);
        endBuild(2, StatusType.SUCCEEDED);
        workshop.await(second, PipelineExecutionStatus.SUCCEEDED);
        endBuild(3, StatusType.SUCCEEDED);
        workshop.await(third, PipelineExecutionStatus.SUCCEEDED);
    }

    @Test
    void parallelExecutionsDoNotWaitForEachOther() {
        String first = workshop.create(built(ExecutionMode.PARALLEL));
        String second = workshop.start();
        workshop.builds.await(2);
        endBuild(1, StatusType.SUCCEEDED);
        endBuild(2, StatusType.SUCCEEDED);
        workshop.await(first, PipelineExecutionStatus.SUCCEEDED);
        workshop.await(second, PipelineExecutionStatus.SUCCEEDED);
    }

    @Test
    void aFailureThatANewerExecutionHasPassedIsNotTriedAgain() {
        String first = workshop.create(built(ExecutionMode.SUPERSEDED));
        endBuild(1, StatusType.FAILED);
        workshop.await(first, PipelineExecutionStatus.FAILED);
        workshop.start();
        workshop.builds.await(2);
        assertThatThrownBy(() -> workshop.pipelines()
                        .retryStageExecution(r -> r.pipelineName("shop")
                                .stageName("Build")
                                .pipelineExecutionId(first)
                                .retryMode(StageRetryMode.ALL_ACTIONS)))
                .isInstanceOf(NotLatestPipelineExecutionException.class);
    }

    @Test
    void aShutTransitionHoldsExecutionsUntilItIsOpened() {
        workshop.create(built(ExecutionMode.SUPERSEDED));
        endBuild(1, StatusType.SUCCEEDED);
        workshop.pipelines()
                .disableStageTransition(r -> r.pipelineName("shop")
                        .stageName("Build")
                        .transitionType(StageTransitionType.INBOUND)
                        .reason("Holidays"));
        TransitionState shut = workshop.stageState("Build").inboundTransitionState();
        assertThat(shut.enabled()).isFalse();
        assertThat(shut.disabledReason()).isEqualTo("Holidays");
        assertThat(shut.lastChangedBy()).contains("administrator");

        String execution = workshop.start();
        waitsAt("Build", execution);
        assertThat(workshop.builds.started).hasSize(1);
        workshop.pipelines()
                .enableStageTransition(
                        r -> r.pipelineName("shop").stageName("Build").transitionType(StageTransitionType.INBOUND));
        endBuild(2, StatusType.SUCCEEDED);
        workshop.await(execution, PipelineExecutionStatus.SUCCEEDED);
        assertThat(workshop.stageState("Build").inboundTransitionState().enabled())
                .isTrue();
    }

    @Test
    void aTransitionOfAnUnknownStageIsRefused() {
        workshop.create(built(ExecutionMode.SUPERSEDED));
        assertThatThrownBy(() -> workshop.pipelines()
                        .enableStageTransition(r -> r.pipelineName("shop")
                                .stageName("Nowhere")
                                .transitionType(StageTransitionType.INBOUND)))
                .isInstanceOf(StageNotFoundException.class);
    }

    @Test
    void stoppingWaitsForTheActionAtWork() {
        String execution = workshop.create(built(ExecutionMode.SUPERSEDED));
        workshop.builds.await(1);
        stop(execution, false);
        assertThat(workshop.execution(execution).status()).isEqualTo(PipelineExecutionStatus.STOPPING);
        assertThatThrownBy(() -> stop(execution, false)).isInstanceOf(DuplicatedStopRequestException.class);
        endBuild(1, StatusType.SUCCEEDED);
        workshop.await(execution, PipelineExecutionStatus.STOPPED);
        assertThat(workshop.executions().getFirst().stopTrigger().reason()).isEqualTo("enough");
        assertThat(workshop.stageState("Build").latestExecution().status()).isEqualTo(StageExecutionStatus.STOPPED);
    }

    @Test
    void abandoningStopsTheBuild() {
        String execution = workshop.create(built(ExecutionMode.SUPERSEDED));
        String build = workshop.builds.await(1);
        stop(execution, true);
        assertThat(workshop.execution(execution).status()).isEqualTo(PipelineExecutionStatus.STOPPED);
        assertThat(workshop.action(execution, "Build").status()).isEqualTo(ActionExecutionStatus.ABANDONED);
        TestServer.await(() -> workshop.builds.stopped.contains(build));
        assertThatThrownBy(() -> stop(execution, true)).isInstanceOf(PipelineExecutionNotStoppableException.class);
    }

    @Test
    void anExecutionThatWaitsStopsAtOnce() {
        String first = workshop.create(built(ExecutionMode.QUEUED));
        workshop.builds.await(1);
        String second = workshop.start();
        waitsAt("Build", second);
        stop(second, false);
        assertThat(workshop.execution(second).status()).isEqualTo(PipelineExecutionStatus.STOPPED);
        assertThat(workshop.stageState("Build").inboundExecution()).isNull();
        endBuild(1, StatusType.SUCCEEDED);
        workshop.await(first, PipelineExecutionStatus.SUCCEEDED);
        assertThat(workshop.builds.started).hasSize(1);
    }

    private void stop(String execution, boolean abandon) {
        workshop.pipelines()
                .stopPipelineExecution(r -> r.pipelineName("shop")
                        .pipelineExecutionId(execution)
                        .abandon(abandon)
                        .reason("enough"));
    }

    @Test
    void aStageIsRolledBackToWhatAnEarlierExecutionBrought() {
        String good = workshop.create(workshop.chain());
        workshop.finishBuild(1, Map.of());
        workshop.finishDeployment(1);
        workshop.await(good, PipelineExecutionStatus.SUCCEEDED);
        String bundle =
                workshop.deployments.created.getLast().revision().s3Location().key();

        String second = workshop.start();
        workshop.finishBuild(2, Map.of());
        workshop.finishDeployment(2);
        workshop.await(second, PipelineExecutionStatus.SUCCEEDED);

        String rollback = workshop.pipelines()
                .rollbackStage(r -> r.pipelineName("shop").stageName("Deploy").targetPipelineExecutionId(good))
                .pipelineExecutionId();
        workshop.finishDeployment(3);
        workshop.await(rollback, PipelineExecutionStatus.SUCCEEDED);
        assertThat(workshop.deployments
                        .created
                        .getLast()
                        .revision()
                        .s3Location()
                        .key())
                .isEqualTo(bundle);
        assertThat(workshop.execution(rollback).executionType()).isEqualTo(ExecutionType.ROLLBACK);
        assertThat(workshop.execution(rollback).rollbackMetadata().rollbackTargetPipelineExecutionId())
                .isEqualTo(good);
        assertThatThrownBy(() -> workshop.pipelines()
                        .rollbackStage(
                                r -> r.pipelineName("shop").stageName("Source").targetPipelineExecutionId(good)))
                .isInstanceOf(UnableToRollbackStageException.class);
    }

    @Test
    void aStageThatSaysSoTriesAgainByItself() {
        StageDeclaration retried = stage("Build", workshop.build()).toBuilder()
                .onFailure(f -> f.result(Result.RETRY).retryConfiguration(c -> c.retryMode(StageRetryMode.ALL_ACTIONS)))
                .build();
        String execution = workshop.create(workshop.structure(stage("Source", workshop.quietSource()), retried));
        endBuild(1, StatusType.FAILED);
        endBuild(2, StatusType.FAILED);
        workshop.await(execution, PipelineExecutionStatus.FAILED);
        TestServer.await(() -> workshop.builds.started.size() == 2);
        assertThat(workshop.stageState("Build").retryStageMetadata().autoStageRetryAttempt())
                .isEqualTo(1);
    }

    @Test
    void aStageThatSaysSoIsRolledBackByItself() {
        StageDeclaration reverted = stage("Deploy", workshop.deploy()).toBuilder()
                .onFailure(f -> f.result(Result.ROLLBACK))
                .build();
        String good = workshop.create(workshop.structure(
                stage("Source", workshop.quietSource()), stage("Build", workshop.build()), reverted));
        workshop.finishBuild(1, Map.of());
        workshop.finishDeployment(1);
        workshop.await(good, PipelineExecutionStatus.SUCCEEDED);
        String bad = workshop.start();
        workshop.finishBuild(2, Map.of());
        workshop.deployments.end(
                workshop.server.platform(),
                workshop.deployments.await(2),
                software.amazon.awssdk.services.codedeploy.model.DeploymentStatus.FAILED);
        workshop.finishDeployment(3);
        workshop.await(bad, PipelineExecutionStatus.FAILED);
        PipelineExecutionSummary last = workshop.executions().getFirst();
        assertThat(last.trigger().triggerType()).isEqualTo(TriggerType.AUTOMATED_ROLLBACK);
        workshop.await(last.pipelineExecutionId(), PipelineExecutionStatus.SUCCEEDED);
    }
}
