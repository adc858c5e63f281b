package dev.terrane.codepipeline;

import static dev.terrane.codepipeline.Workshop.stage;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.terrane.testkit.TestServer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.ResponseBytes;
import software.amazon.awssdk.core.sync.ResponseTransformer;
import software.amazon.awssdk.services.codebuild.model.SourceType;
import software.amazon.awssdk.services.codebuild.model.StartBuildRequest;
import software.amazon.awssdk.services.codebuild.model.StatusType;
import software.amazon.awssdk.services.codedeploy.model.DeploymentStatus;
import software.amazon.awssdk.services.codedeploy.model.S3Location;
import software.amazon.awssdk.services.codepipeline.model.*;
import software.amazon.awssdk.services.eventbridge.EventBridgeClient;
import software.amazon.awssdk.services.eventbridge.model.Target;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.ServerSideEncryption;

class ChainTest {
    private final Workshop workshop = new Workshop();

    @AfterEach
    void nothingBroke() {
        assertThat(workshop.server.faults()).isEmpty();
        workshop.close();
    }

    @Test
    void aNewPipelineGoesFromSourceToDeployment() {
        String commit = workshop.push("Add a script", "bin/run.sh", "#!/bin/sh\n", true);
        String execution = workshop.create(workshop.chain());

        workshop.finishBuild(1, Map.of());
        workshop.finishDeployment(1);
        workshop.await(execution, PipelineExecutionStatus.SUCCEEDED);

        PipelineExecutionSummary summary = workshop.executions().getFirst();
        assertThat(summary.trigger().triggerType()).isEqualTo(TriggerType.CREATE_PIPELINE);
        assertThat(summary.sourceRevisions()).singleElement().satisfies(revision -> {
            assertThat(revision.actionName()).isEqualTo("Source");
            assertThat(revision.revisionId()).isEqualTo(commit);
            assertThat(revision.revisionSummary()).isEqualTo("Add a script");
        });
        assertThat(workshop.actions(execution))
                .extracting(ActionExecutionDetail::actionName)
                .containsExactly("Deploy", "Build", "Source");
        Map<String, String> variables =
                workshop.action(execution, "Source").output().outputVariables();
        assertThat(variables)
                .containsEntry("CommitId", commit)
                .containsEntry("CommitMessage", "Add a script")
                .containsEntry("RepositoryName", "shop")
                .containsEntry("BranchName", "main")
                .containsKeys("AuthorDate", "CommitterDate");
    }

    @Test
    void theSourceArtifactIsTheTreeWithItsModesUnderTheStoresKey() throws IOException {
        workshop.push("Add a script", "bin/run.sh", "#!/bin/sh\n", true);
        String execution = workshop.create(workshop.chain());
        workshop.builds.await(1);

        var location = workshop.action(execution, "Source")
                .output()
                .outputArtifacts()
                .getFirst()
                .s3location();
        assertThat(location.bucket()).isEqualTo("artifacts");
        assertThat(location.key()).matches("shop/SourceArti/\\w{7}\\.zip");
        ResponseBytes<GetObjectResponse> zip = workshop.s3()
                .getObject(r -> r.bucket(location.bucket()).key(location.key()), ResponseTransformer.toBytes());
        assertThat(zip.response().serverSideEncryption()).isEqualTo(ServerSideEncryption.AWS_KMS);
        assertThat(contents(zip.asByteArray()))
                .containsExactlyInAnyOrderEntriesOf(Map.of("README.md", "hello", "bin/run.sh", "#!/bin/sh\n"));
        assertThat(modes(zip.asByteArray()))
                .containsExactlyInAnyOrderEntriesOf(Map.of("README.md", 0100644, "bin/run.sh", 0100755));
    }

    private static Map<String, String> contents(byte[] zip) throws IOException {
        Map<String, String> found = new HashMap<>();
        try (ZipInputStream in = new ZipInputStream(new ByteArrayInputStream(zip))) {
            for (ZipEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
                found.put(entry.getName(), new String(in.readAllBytes(), StandardCharsets.UTF_8));
            }
        }
        return found;
    }

    /** The Unix modes in the central directory, which the JDK's classes do not show. */
    private static Map<String, Integer> modes(byte[] zip) {
        Map<String, Integer> found = new HashMap<>();
        ByteBuffer bytes = ByteBuffer.wrap(zip).order(ByteOrder.LITTLE_ENDIAN);
        int at = bytes.getInt(zip.length - 22 + 16);
        while (bytes.getInt(at) == 0x02014b50) {
            int length = bytes.getShort(at + 28);
            String name = new String(zip, at + 46, length, StandardCharsets.UTF_8);
            found.put(name, bytes.getInt(at + 38) >>> 16);
            at += 46 + length;
        }
        return found;
    }

    @Test
    void aBuildTakesItsInputFromTheArtifactAndPutsItsOutputBesideIt() {
        String execution = workshop.create(workshop.chain());
        workshop.builds.await(1);

        StartBuildRequest request = workshop.builds.started.getLast();
        var source = workshop.action(execution, "Source")
                .output()
                .outputArtifacts()
                .getFirst()
                .s3location();
        assertThat(request.projectName()).isEqualTo("shop-build");
        assertThat(request.sourceTypeOverride()).isEqualTo(SourceType.S3);
        assertThat(request.sourceLocationOverride()).isEqualTo("artifacts/" + source.key());
        assertThat(request.artifactsOverride().location()).isEqualTo("artifacts");
        assertThat(request.artifactsOverride().path()).isEqualTo("shop/BuildArtif");

        workshop.finishBuild(1, Map.of());
        workshop.deployments.await(1);
        S3Location bundle = workshop.deployments.created.getLast().revision().s3Location();
        assertThat(bundle.key())
                .isEqualTo(request.artifactsOverride().path() + "/"
                        + request.artifactsOverride().name());
        assertThat(bundle.bundleTypeAsString()).isEqualTo("zip");
        assertThat(bundle.eTag()).isNotEmpty();
    }

    @Test
    void aFailedBuildEndsTheExecutionAndARetryGoesOn() {
        String execution = workshop.create(workshop.chain());
        workshop.failBuild(1);
        workshop.await(execution, PipelineExecutionStatus.FAILED);

        ActionExecutionDetail build = workshop.action(execution, "Build");
        assertThat(build.status()).isEqualTo(ActionExecutionStatus.FAILED);
        assertThat(build.output().executionResult().errorDetails().code()).isEqualTo("JobFailed");
        assertThat(build.output().executionResult().errorDetails().message())
                .contains("FAILED")
                .contains("Error while executing command: make");
        assertThat(build.output().executionResult().externalExecutionId()).startsWith("shop-build:");
        assertThat(workshop.stageState("Build").latestExecution().status()).isEqualTo(StageExecutionStatus.FAILED);
        assertThat(workshop.deployments.created).isEmpty();

        workshop.pipelines()
                .retryStageExecution(r -> r.pipelineName("shop")
                        .stageName("Build")
                        .pipelineExecutionId(execution)
                        .retryMode(StageRetryMode.FAILED_ACTIONS));
        workshop.finishBuild(2, Map.of());
        workshop.finishDeployment(1);
        workshop.await(execution, PipelineExecutionStatus.SUCCEEDED);
        assertThat(workshop.stageState("Build").retryStageMetadata().manualStageRetryAttempt())
                .isEqualTo(1);
        assertThat(states("CodePipeline Pipeline Execution State Change"))
                .containsExactly("STARTED", "FAILED", "RESUMED", "SUCCEEDED");
    }

    @Test
    void aRetryRepeatsWhatFailedOrTheWholeStage() {
        ActionDeclaration lint = Workshop.action(ActionCategory.TEST, "CodeBuild", "Lint")
                .configuration(Map.of("ProjectName", "lint"))
                .inputArtifacts(Workshop.input("SourceArtifact"))
                .build();
        String execution = workshop.create(
                workshop.structure(stage("Source", workshop.quietSource()), stage("Build", workshop.build(), lint)));
        workshop.builds.await(2);
        for (StartBuildRequest build : workshop.builds.started) {
            workshop.builds.end(
                    workshop.server.platform(),
                    build.projectName() + ":" + build.idempotencyToken(),
                    build.projectName().equals("lint") ? StatusType.FAILED : StatusType.SUCCEEDED,
                    Map.of());
        }
        workshop.await(execution, PipelineExecutionStatus.FAILED);
        retry(execution, StageRetryMode.FAILED_ACTIONS);
        workshop.builds.await(3);
        assertThat(workshop.builds.started.getLast().projectName()).isEqualTo("lint");
        workshop.failBuild(3);
        workshop.await(execution, PipelineExecutionStatus.FAILED);

        retry(execution, StageRetryMode.ALL_ACTIONS);
        workshop.builds.await(5);
        assertThat(workshop.builds.started.stream().skip(3))
                .extracting(StartBuildRequest::projectName)
                .containsExactlyInAnyOrder("shop-build", "lint");
    }

    private void retry(String execution, StageRetryMode mode) {
        workshop.pipelines()
                .retryStageExecution(r -> r.pipelineName("shop")
                        .stageName("Build")
                        .pipelineExecutionId(execution)
                        .retryMode(mode));
    }

    @Test
    void artifactsAreUnderTheKeyThatTheStoreNames() {
        String key = "arn:aws:kms:us-east-1:123456789012:key/00000000-1111-2222-3333-444444444444";
        String execution = workshop.create(workshop.chain()
                .artifactStore(s -> s.type(ArtifactStoreType.S3)
                        .location("artifacts")
                        .encryptionKey(k -> k.id(key).type(EncryptionKeyType.KMS))));
        workshop.builds.await(1);
        var location = workshop.action(execution, "Source")
                .output()
                .outputArtifacts()
                .getFirst()
                .s3location();
        var source = workshop.s3().headObject(r -> r.bucket(location.bucket()).key(location.key()));
        assertThat(source.serverSideEncryption()).isEqualTo(ServerSideEncryption.AWS_KMS);
        assertThat(source.ssekmsKeyId()).isEqualTo(key);
        assertThat(workshop.keys.asked).containsKey(key);
        assertThat(workshop.builds.started.getLast().encryptionKeyOverride()).isEqualTo(key);
    }

    @Test
    void aRuleForPushesStartsThePipelineAsItsRole() {
        workshop.create(workshop.structure(stage("Source", workshop.quietSource()), stage("Build", workshop.build())));
        workshop.finishBuild(1, Map.of());
        EventBridgeClient events = workshop.server.client(EventBridgeClient.class);
        events.putRule(r -> r.name("push").eventPattern("""
                {"source":["aws.codecommit"],"detail-type":["CodeCommit Repository State Change"],
                 "resources":["arn:aws:codecommit:us-east-1:123456789012:shop"],
                 "detail":{"referenceType":["branch"],"referenceName":["main"]}}"""));
        String starter = workshop.server.identities().role(TestServer.ACCOUNT, "starter", "events.amazonaws.com", """
                        {"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"codepipeline:StartPipelineExecution",
                         "Resource":"arn:aws:codepipeline:us-east-1:123456789012:shop"}]}""");
        workshop.server
                .identities()
                .trust(starter, "events.amazonaws.com", "arn:aws:events:us-east-1:123456789012:rule/push");
        Target shop = Target.builder()
                .id("shop")
                .arn("arn:aws:codepipeline:us-east-1:123456789012:shop")
                .roleArn(starter)
                .build();
        events.putTargets(r -> r.rule("push").targets(shop));
        String commit = workshop.push("By a rule", "a.txt", "a", false);
        workshop.builds.await(2);
        PipelineExecutionSummary execution = workshop.executions().getFirst();
        assertThat(workshop.executions()).hasSize(2);
        assertThat(execution.sourceRevisions().getFirst().revisionId()).isEqualTo(commit);
        assertThat(execution.trigger().triggerType()).isEqualTo(TriggerType.CLOUD_WATCH_EVENT);
        assertThat(execution.trigger().triggerDetail()).isEqualTo("arn:aws:events:us-east-1:123456789012:rule/push");
    }

    @Test
    void aStageThatDidNotFailIsNotTriedAgain() {
        String execution = workshop.create(workshop.chain());
        workshop.builds.await(1);
        assertThatThrownBy(() -> workshop.pipelines()
                        .retryStageExecution(r -> r.pipelineName("shop")
                                .stageName("Build")
                                .pipelineExecutionId(execution)
                                .retryMode(StageRetryMode.FAILED_ACTIONS)))
                .isInstanceOf(StageNotRetryableException.class);
    }

    @Test
    void aFailedDeploymentTellsWhy() {
        String execution = workshop.create(workshop.chain());
        workshop.finishBuild(1, Map.of());
        workshop.deployments.end(workshop.server.platform(), workshop.deployments.await(1), DeploymentStatus.FAILED);
        workshop.await(execution, PipelineExecutionStatus.FAILED);
        assertThat(workshop.action(execution, "Deploy")
                        .output()
                        .executionResult()
                        .errorDetails()
                        .message())
                .contains("HEALTH_CONSTRAINTS: Too few healthy instances");
    }

    @Test
    void eventsTellOfPipelineStagesAndActions() {
        String execution = workshop.create(workshop.chain());
        workshop.finishBuild(1, Map.of());
        workshop.finishDeployment(1);
        workshop.await(execution, PipelineExecutionStatus.SUCCEEDED);

        workshop.server.awaitEvents("CodePipeline Action Execution State Change", 6);
        assertThat(states("CodePipeline Pipeline Execution State Change")).containsExactly("STARTED", "SUCCEEDED");
        assertThat(states("CodePipeline Stage Execution State Change"))
                .containsExactly("STARTED", "SUCCEEDED", "STARTED", "SUCCEEDED", "STARTED", "SUCCEEDED");
        var event = workshop.server
                .awaitEvents("CodePipeline Action Execution State Change", 6)
                .getLast();
        assertThat(event.source()).isEqualTo("aws.codepipeline");
        assertThat(event.resources()).containsExactly("arn:aws:codepipeline:us-east-1:123456789012:shop");
        assertThat(event.detail())
                .contains("\"pipeline\":\"shop\"", "\"execution-id\":\"" + execution + "\"")
                .contains("\"stage\":\"Deploy\"", "\"action\":\"Deploy\"", "\"state\":\"SUCCEEDED\"")
                .contains("\"version\":1.0", "\"provider\":\"CodeDeploy\"");
    }

    private List<String> states(String detailType) {
        return workshop.server.awaitEvents(detailType, 1).stream()
                .map(event -> event.detail().replaceAll(".*\"state\":\"(\\w+)\".*", "$1"))
                .toList();
    }

    @Test
    void aPushStartsThePipelineThatWatchesTheBranch() {
        String first = workshop.create(workshop.chain());
        workshop.builds.await(1);
        String commit = workshop.push("More", "more.txt", "more", false);
        TestServer.await(() -> workshop.executions().size() == 2);
        PipelineExecutionSummary second = workshop.executions().getFirst();
        assertThat(second.pipelineExecutionId()).isNotEqualTo(first);
        assertThat(second.trigger().triggerType()).isEqualTo(TriggerType.POLL_FOR_SOURCE_CHANGES);
        TestServer.await(
                () -> !workshop.executions().getFirst().sourceRevisions().isEmpty());
        assertThat(workshop.executions().getFirst().sourceRevisions().getFirst().revisionId())
                .isEqualTo(commit);
    }

    @Test
    void aPipelineThatDoesNotPollLeavesPushesToRules() {
        workshop.create(workshop.structure(stage("Source", workshop.quietSource()), stage("Build", workshop.build())));
        workshop.push("More", "more.txt", "more", false);
        workshop.server.awaitEvents("CodeCommit Repository State Change", 2);
        assertThat(workshop.executions()).hasSize(1);
    }

    @Test
    void anExecutionGoesOnAfterARestartInTheMiddle() {
        String execution = workshop.create(workshop.chain());
        String build = workshop.builds.await(1);
        TestServer.await(() ->
                workshop.action(execution, "Build").output().executionResult().externalExecutionId() != null);
        workshop.server.restart();
        workshop.finishBuild(1, Map.of());
        workshop.finishDeployment(1);
        workshop.await(execution, PipelineExecutionStatus.SUCCEEDED);
        assertThat(workshop.builds.started).hasSize(1);
        assertThat(workshop.deployments.created).hasSize(1);
        assertThat(workshop.action(execution, "Build")
                        .output()
                        .executionResult()
                        .externalExecutionId())
                .isEqualTo(build);
    }

    @Test
    void aBuildWhoseEventWasLostIsFoundByLooking() {
        String execution = workshop.create(workshop.chain());
        String build = workshop.builds.await(1);
        workshop.builds.endSilently(build, StatusType.FAILED, Map.of());
        TestServer.await(() -> {
            workshop.server.advance(Duration.ofSeconds(30));
            return workshop.execution(execution).status() == PipelineExecutionStatus.FAILED;
        });
    }
}
