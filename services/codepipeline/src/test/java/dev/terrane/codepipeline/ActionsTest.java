package dev.terrane.codepipeline;

import static dev.terrane.codepipeline.Workshop.action;
import static dev.terrane.codepipeline.Workshop.input;
import static dev.terrane.codepipeline.Workshop.output;
import static dev.terrane.codepipeline.Workshop.stage;
import static dev.terrane.codepipeline.Workshop.with;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.terrane.testkit.TestServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.codebuild.model.SourceType;
import software.amazon.awssdk.services.codepipeline.model.*;
import software.amazon.awssdk.services.s3.model.BucketVersioningStatus;

/** What each kind of action does. */
class ActionsTest {
    private final Workshop workshop = new Workshop();

    @AfterEach
    void nothingBroke() {
        assertThat(workshop.server.faults()).isEmpty();
        workshop.close();
    }

    private static ActionDeclaration ask() {
        return action(ActionCategory.APPROVAL, "Manual", "Ask").build();
    }

    private ActionDeclaration askByMail() {
        return with(
                with(ask(), "NotificationArn", "arn:aws:sns:us-east-1:123456789012:boss"), "CustomData", "Look at it");
    }

    private String asked() {
        TestServer.await(
                () -> workshop.stageState("Approve").actionStates().getFirst().latestExecution() != null
                        && workshop.stageState("Approve")
                                        .actionStates()
                                        .getFirst()
                                        .latestExecution()
                                        .token()
                                != null);
        return workshop.stageState("Approve")
                .actionStates()
                .getFirst()
                .latestExecution()
                .token();
    }

    private PutApprovalResultResponse answer(String token, ApprovalStatus status) {
        return workshop.pipelines()
                .putApprovalResult(r -> r.pipelineName("shop")
                        .stageName("Approve")
                        .actionName("Ask")
                        .token(token)
                        .result(a -> a.status(status).summary("I looked")));
    }

    @Test
    void anApprovalLetsTheExecutionGoOn() {
        String execution = workshop.create(
                workshop.structure(stage("Source", workshop.quietSource()), stage("Approve", askByMail())));
        String token = asked();
        TestServer.await(() -> !workshop.topics.published.isEmpty());
        assertThat(workshop.topics.published.getLast().subject())
                .isEqualTo("APPROVAL NEEDED: AWS CodePipeline shop for action Ask");
        assertThat(workshop.topics.published.getLast().message()).contains(token, "Look at it");

        assertThatThrownBy(() -> answer("00000000-0000-0000-0000-000000000000", ApprovalStatus.APPROVED))
                .isInstanceOf(InvalidApprovalTokenException.class);
        assertThat(answer(token, ApprovalStatus.APPROVED).approvedAt()).isEqualTo(TestServer.START);
        workshop.await(execution, PipelineExecutionStatus.SUCCEEDED);
        ActionExecution done =
                workshop.stageState("Approve").actionStates().getFirst().latestExecution();
        assertThat(done.summary()).isEqualTo("I looked");
        assertThat(done.lastUpdatedBy()).contains("administrator");
        assertThatThrownBy(() -> answer(token, ApprovalStatus.APPROVED))
                .isInstanceOf(ApprovalAlreadyCompletedException.class);
    }

    @Test
    void aRejectionFailsTheExecution() {
        String execution =
                workshop.create(workshop.structure(stage("Source", workshop.quietSource()), stage("Approve", ask())));
        answer(asked(), ApprovalStatus.REJECTED);
        workshop.await(execution, PipelineExecutionStatus.FAILED);
        assertThat(workshop.action(execution, "Ask")
                        .output()
                        .executionResult()
                        .errorDetails()
                        .message())
                .startsWith("Rejected by ")
                .endsWith("I looked");
    }

    @Test
    void anApprovalExpiresAfterSevenDaysAlsoAcrossARestart() {
        String execution =
                workshop.create(workshop.structure(stage("Source", workshop.quietSource()), stage("Approve", ask())));
        String token = asked();
        workshop.server.advance(Duration.ofDays(6));
        workshop.server.restart();
        assertThat(workshop.execution(execution).status()).isEqualTo(PipelineExecutionStatus.IN_PROGRESS);
        workshop.server.advance(Duration.ofDays(1).plusSeconds(5));
        workshop.await(execution, PipelineExecutionStatus.FAILED);
        assertThatThrownBy(() -> answer(token, ApprovalStatus.APPROVED))
                .isInstanceOf(ApprovalAlreadyCompletedException.class);
    }

    @Test
    void variablesFlowFromTheStartAndFromActionsIntoConfiguration() {
        ActionDeclaration first = with(
                        workshop.build(),
                        "EnvironmentVariables",
                        "[{\"name\":\"COMMIT\",\"value\":\"#{SourceVariables.CommitId}\"},"
                                + "{\"name\":\"TARGET\",\"value\":\"#{variables.target}\",\"type\":\"PLAINTEXT\"},"
                                + "{\"name\":\"RUN\",\"value\":\"#{codepipeline.PipelineExecutionId}\"}]")
                .toBuilder()
                .namespace("Built")
                .build();
        ActionDeclaration second = with(workshop.deploy(), "DeploymentGroupName", "#{Built.GROUP}");
        workshop.create(workshop.structure(
                        stage("Source", workshop.quietSource()), stage("Build", first), stage("Deploy", second))
                .variables(PipelineVariableDeclaration.builder()
                        .name("target")
                        .defaultValue("staging")
                        .build()));
        workshop.builds.await(1);
        workshop.finishBuild(1, Map.of("GROUP", "web-blue"));
        workshop.finishDeployment(1);
        String execution = workshop.pipelines()
                .startPipelineExecution(r -> r.name("shop")
                        .variables(PipelineVariable.builder()
                                .name("target")
                                .value("production")
                                .build()))
                .pipelineExecutionId();
        workshop.builds.await(2);

        var variables = workshop.builds.started.getLast().environmentVariablesOverride();
        String commit =
                workshop.action(execution, "Source").output().outputVariables().get("CommitId");
        assertThat(variables)
                .extracting(v -> v.name() + "=" + v.value())
                .containsExactly(
                        "COMMIT=" + commit,
                        "TARGET=production",
                        "RUN=" + execution,
                        "CODEBUILD_RESOLVED_SOURCE_VERSION=" + commit);
        workshop.finishBuild(2, Map.of("GROUP", "web-green"));
        workshop.finishDeployment(2);
        workshop.await(execution, PipelineExecutionStatus.SUCCEEDED);
        assertThat(workshop.deployments.created.getLast().deploymentGroupName()).isEqualTo("web-green");
        assertThat(workshop.action(execution, "Build").output().outputVariables())
                .containsExactly(Map.entry("GROUP", "web-green"));
        assertThat(workshop.action(execution, "Deploy").input().resolvedConfiguration())
                .containsEntry("DeploymentGroupName", "web-green");
        assertThat(workshop.execution(execution).variables())
                .extracting(ResolvedPipelineVariable::resolvedValue)
                .containsExactly("production");
    }

    @Test
    void aVariableThatNobodyGaveFailsTheAction() {
        ActionDeclaration second = with(workshop.deploy(), "DeploymentGroupName", "#{Built.GROUP}");
        String execution = workshop.create(workshop.structure(
                stage("Source", workshop.quietSource()),
                stage("Build", workshop.build().toBuilder().namespace("Built").build()),
                stage("Deploy", second)));
        workshop.finishBuild(1, Map.of());
        workshop.await(execution, PipelineExecutionStatus.FAILED);
        ErrorDetails error =
                workshop.action(execution, "Deploy").output().executionResult().errorDetails();
        assertThat(error.code()).isEqualTo("ConfigurationError");
        assertThat(error.message()).contains("#{Built.GROUP}");
    }

    @Test
    void actionsOfOneRunOrderGoSideBySideAndTheNextWaitForBoth() {
        ActionDeclaration lint = action(ActionCategory.TEST, "CodeBuild", "Lint")
                .configuration(Map.of("ProjectName", "lint"))
                .inputArtifacts(input("SourceArtifact"))
                .build();
        ActionDeclaration later = action(ActionCategory.TEST, "CodeBuild", "Later")
                .configuration(Map.of("ProjectName", "later"))
                .inputArtifacts(input("BuildArtifact"))
                .runOrder(2)
                .build();
        String execution = workshop.create(workshop.structure(
                stage("Source", workshop.quietSource()), stage("Build", workshop.build(), lint, later)));
        workshop.builds.await(2);
        for (var request : workshop.builds.started) {
            workshop.builds.end(
                    workshop.server.platform(),
                    request.projectName() + ":" + request.idempotencyToken(),
                    software.amazon.awssdk.services.codebuild.model.StatusType.SUCCEEDED,
                    Map.of());
        }
        workshop.builds.await(3);
        assertThat(workshop.builds.started.getLast().projectName()).isEqualTo("later");
        workshop.finishBuild(3, Map.of());
        workshop.await(execution, PipelineExecutionStatus.SUCCEEDED);
    }

    @Test
    void aReferenceLetsTheBuildCloneTheRepository() {
        String execution = workshop.create(workshop.structure(
                stage("Source", with(workshop.quietSource(), "OutputArtifactFormat", "CODEBUILD_CLONE_REF")),
                stage("Build", workshop.build())));
        workshop.builds.await(1);
        var request = workshop.builds.started.getLast();
        assertThat(request.sourceTypeOverride()).isEqualTo(SourceType.CODECOMMIT);
        assertThat(request.sourceLocationOverride()).endsWith("/shop");
        assertThat(request.sourceVersion())
                .isEqualTo(workshop.action(execution, "Source")
                        .output()
                        .outputVariables()
                        .get("CommitId"));
    }

    @Test
    void anExecutionTakesTheCommitThatItIsStartedWith() {
        workshop.create(workshop.structure(stage("Source", workshop.quietSource()), stage("Build", workshop.build())));
        String first = workshop.codeCommit()
                .getBranch(r -> r.repositoryName("shop").branchName("main"))
                .branch()
                .commitId();
        workshop.push("second", "b.txt", "b", false);
        workshop.finishBuild(1, Map.of());
        String execution = workshop.pipelines()
                .startPipelineExecution(r -> r.name("shop")
                        .sourceRevisions(SourceRevisionOverride.builder()
                                .actionName("Source")
                                .revisionType(SourceRevisionType.COMMIT_ID)
                                .revisionValue(first)
                                .build()))
                .pipelineExecutionId();
        workshop.builds.await(2);
        assertThat(workshop.execution(execution).artifactRevisions().getFirst().revisionId())
                .isEqualTo(first);
    }

    private static byte[] zip(Map<String, String> files) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            for (var file : files.entrySet()) {
                zip.putNextEntry(new ZipEntry(file.getKey()));
                zip.write(file.getValue().getBytes(StandardCharsets.UTF_8));
            }
        }
        return bytes.toByteArray();
    }

    private PipelineDeclaration.Builder fromS3ToS3() {
        ActionDeclaration source = action(ActionCategory.SOURCE, "S3", "Source")
                .configuration(Map.of("S3Bucket", "inbox", "S3ObjectKey", "site.zip"))
                .outputArtifacts(output("Site"))
                .build();
        ActionDeclaration deploy = action(ActionCategory.DEPLOY, "S3", "Publish")
                .configuration(
                        Map.of("BucketName", "web", "Extract", "true", "ObjectKey", "v1", "CacheControl", "max-age=60"))
                .inputArtifacts(input("Site"))
                .build();
        return workshop.structure(stage("Source", source), stage("Publish", deploy));
    }

    private void putSite(Map<String, String> files) throws IOException {
        byte[] content = zip(files);
        workshop.s3().putObject(r -> r.bucket("inbox").key("site.zip"), RequestBody.fromBytes(content));
    }

    @Test
    void anObjectIsUnpackedIntoAnotherBucketAndANewVersionStartsAgain() throws IOException {
        workshop.s3().createBucket(r -> r.bucket("inbox"));
        workshop.s3().createBucket(r -> r.bucket("web"));
        workshop.s3()
                .putBucketVersioning(
                        r -> r.bucket("inbox").versioningConfiguration(v -> v.status(BucketVersioningStatus.ENABLED)));
        putSite(Map.of("index.html", "<h1>one</h1>", "css/site.css", "h1 {}"));
        String execution = workshop.create(fromS3ToS3());
        workshop.await(execution, PipelineExecutionStatus.SUCCEEDED);

        var page = workshop.s3().getObjectAsBytes(r -> r.bucket("web").key("v1/index.html"));
        assertThat(page.asUtf8String()).isEqualTo("<h1>one</h1>");
        assertThat(page.response().contentType()).isEqualTo("text/html");
        assertThat(page.response().cacheControl()).isEqualTo("max-age=60");
        assertThat(workshop.s3()
                        .headObject(r -> r.bucket("web").key("v1/css/site.css"))
                        .contentType())
                .isEqualTo("text/css");

        putSite(Map.of("index.html", "<h1>two</h1>"));
        TestServer.await(() -> {
            workshop.server.advance(Duration.ofSeconds(61));
            return workshop.executions().size() > 1;
        });
        workshop.await(workshop.executions().getFirst().pipelineExecutionId(), PipelineExecutionStatus.SUCCEEDED);
        assertThat(workshop.s3()
                        .getObjectAsBytes(r -> r.bucket("web").key("v1/index.html"))
                        .asUtf8String())
                .isEqualTo("<h1>two</h1>");
    }

    @Test
    void aSourceBucketWithoutVersionsAndAnArchiveThatLeadsOutsideAreRefused() throws IOException {
        workshop.s3().createBucket(r -> r.bucket("inbox"));
        workshop.s3().createBucket(r -> r.bucket("web"));
        putSite(Map.of("../escape.txt", "out"));
        String execution = workshop.create(fromS3ToS3());
        workshop.await(execution, PipelineExecutionStatus.FAILED);
        assertThat(workshop.action(execution, "Source")
                        .output()
                        .executionResult()
                        .errorDetails()
                        .message())
                .contains("must have versioning enabled");

        workshop.s3()
                .putBucketVersioning(
                        r -> r.bucket("inbox").versioningConfiguration(v -> v.status(BucketVersioningStatus.ENABLED)));
        putSite(Map.of("../escape.txt", "out"));
        String second = workshop.start();
        workshop.await(second, PipelineExecutionStatus.FAILED);
        assertThat(workshop.action(second, "Publish")
                        .output()
                        .executionResult()
                        .errorDetails()
                        .message())
                .contains("outside itself: ../escape.txt");
    }
}
