package dev.terrane.codepipeline;

import static dev.terrane.codepipeline.Workshop.stage;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.terrane.testkit.TestServer;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.services.codepipeline.CodePipelineClient;
import software.amazon.awssdk.services.codepipeline.model.*;

/** Nothing happens that the role, or the caller, may not do. */
class PermissionsTest {
    private static String allow(String resource, String... actions) {
        String quoted = List.of(actions).stream().map(a -> "\"" + a + "\"").collect(Collectors.joining(","));
        return "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Action\":[" + quoted
                + "],\"Resource\":\"" + resource + "\"}]}";
    }

    private static ErrorDetails failure(Workshop workshop, String action) {
        String execution = workshop.create(
                workshop.structure(stage("Source", workshop.quietSource()), stage("Build", workshop.build())));
        workshop.await(execution, PipelineExecutionStatus.FAILED);
        return workshop.action(execution, action).output().executionResult().errorDetails();
    }

    @Test
    void aRoleThatMayNotReadTheBranchFailsTheSource() {
        try (Workshop workshop = new Workshop(allow("*", "s3:*"))) {
            ErrorDetails error = failure(workshop, "Source");
            assertThat(error.code()).isEqualTo("PermissionError");
            assertThat(error.message()).contains("codecommit:GetBranch", "assumed-role/pipeline-role/shop");
        }
    }

    @Test
    void aRoleThatMayNotArchiveFailsTheSource() {
        try (Workshop workshop = new Workshop(allow("*", "s3:*", "codecommit:GetBranch", "codecommit:GetCommit"))) {
            ErrorDetails error = failure(workshop, "Source");
            assertThat(error.code()).isEqualTo("PermissionError");
            assertThat(error.message()).contains("codecommit:UploadArchive");
        }
    }

    @Test
    void aRoleThatMayNotWriteTheArtifactFailsTheSource() {
        try (Workshop workshop = new Workshop(allow("*", "codecommit:*"))) {
            ErrorDetails error = failure(workshop, "Source");
            assertThat(error.code()).isEqualTo("PermissionError");
            assertThat(error.message()).contains("s3:PutObject");
        }
    }

    @Test
    void aRoleThatMayNotBuildFailsTheBuild() {
        try (Workshop workshop = new Workshop(allow("*", "codecommit:*", "s3:*"))) {
            ErrorDetails error = failure(workshop, "Build");
            assertThat(error.code()).isEqualTo("PermissionError");
            assertThat(error.message()).contains("codebuild:StartBuild");
            assertThat(workshop.builds.started).isEmpty();
        }
    }

    @Test
    void whatAWSNamesAsEnoughForASourceIsEnough() {
        try (Workshop workshop = new Workshop(allow(
                "*",
                "codecommit:GetBranch",
                "codecommit:GetCommit",
                "codecommit:UploadArchive",
                "codecommit:GetUploadArchiveStatus",
                "codecommit:CancelUploadArchive",
                "s3:PutObject",
                "s3:GetObject",
                "codebuild:StartBuild",
                "codebuild:BatchGetBuilds"))) {
            workshop.create(
                    workshop.structure(stage("Source", workshop.quietSource()), stage("Build", workshop.build())));
            workshop.builds.await(1);
        }
    }

    @Test
    void aRoleThatDoesNotTrustCodePipelineIsRefusedAtOnce() {
        try (Workshop workshop = new Workshop()) {
            String other = workshop.server
                    .identities()
                    .role(TestServer.ACCOUNT, "other", "lambda.amazonaws.com", allow("*", "*"));
            PipelineDeclaration structure = workshop.chain().roleArn(other).build();
            assertThatThrownBy(() -> workshop.pipelines().createPipeline(r -> r.pipeline(structure)))
                    .isInstanceOf(InvalidStructureException.class)
                    .hasMessageContaining("not authorized to perform AssumeRole on role " + other);
        }
    }

    @Test
    void callersNeedTheirOwnPermissions() {
        try (Workshop workshop = new Workshop()) {
            String execution = workshop.create(workshop.structure(
                    stage("Source", workshop.quietSource()),
                    stage(
                            "Approve",
                            Workshop.action(ActionCategory.APPROVAL, "Manual", "Ask")
                                    .build())));
            String pipeline = "arn:aws:codepipeline:us-east-1:123456789012:shop";
            CodePipelineClient reader =
                    workshop.server.clientWith(CodePipelineClient.class, allow(pipeline, "codepipeline:GetPipeline*"));
            assertThat(reader.getPipeline(r -> r.name("shop")).metadata().pipelineArn())
                    .isEqualTo(pipeline);
            assertDenied(() -> reader.startPipelineExecution(r -> r.name("shop")), "StartPipelineExecution");
            assertDenied(() -> reader.deletePipeline(r -> r.name("shop")), "DeletePipeline");
            assertDenied(
                    () -> reader.disableStageTransition(r -> r.pipelineName("shop")
                            .stageName("Approve")
                            .transitionType(StageTransitionType.INBOUND)
                            .reason("no")),
                    "DisableStageTransition");
            assertThat(workshop.executions()).hasSize(1);

            TestServer.await(() ->
                    workshop.stageState("Approve").actionStates().getFirst().latestExecution() != null
                            && workshop.stageState("Approve")
                                            .actionStates()
                                            .getFirst()
                                            .latestExecution()
                                            .token()
                                    != null);
            String token = workshop.stageState("Approve")
                    .actionStates()
                    .getFirst()
                    .latestExecution()
                    .token();
            CodePipelineClient approver = workshop.server.clientWith(
                    CodePipelineClient.class, allow(pipeline + "/Approve/Ask", "codepipeline:PutApprovalResult"));
            approver.putApprovalResult(r -> r.pipelineName("shop")
                    .stageName("Approve")
                    .actionName("Ask")
                    .token(token)
                    .result(a -> a.status(ApprovalStatus.APPROVED).summary("")));
            workshop.await(execution, PipelineExecutionStatus.SUCCEEDED);
        }
    }

    @Test
    void makingAPipelineNeedsTheRightToPassEachOfItsRoles() {
        try (Workshop workshop = new Workshop()) {
            String second = workshop.server
                    .identities()
                    .role(TestServer.ACCOUNT, "second", "codepipeline.amazonaws.com", allow("*", "*"));
            PipelineDeclaration structure = workshop.structure(
                            stage("Source", workshop.quietSource()),
                            stage(
                                    "Build",
                                    workshop.build().toBuilder().roleArn(second).build()))
                    .build();
            CodePipelineClient maker = workshop.server.clientWith(
                    CodePipelineClient.class,
                    "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Action\":\"codepipeline:*\","
                            + "\"Resource\":\"*\"},{\"Effect\":\"Allow\",\"Action\":\"iam:PassRole\",\"Resource\":\""
                            + workshop.role + "\"}]}");
            assertDenied(() -> maker.createPipeline(r -> r.pipeline(structure)), "iam:PassRole");
        }
    }

    @Test
    void anActionsRoleIsAssumedByThePipelinesRole() {
        String policy =
                "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Action\":[\"s3:*\",\"codecommit:*\","
                        + "\"codebuild:*\"],\"Resource\":\"*\"},{\"Effect\":\"Allow\",\"Action\":\"sts:AssumeRole\",\"Resource\":"
                        + "\"arn:aws:iam::123456789012:role/builder\"}]}";
        try (Workshop workshop = new Workshop(policy)) {
            String builder = workshop.server
                    .identities()
                    .role(
                            TestServer.ACCOUNT,
                            "builder",
                            "lambda.amazonaws.com",
                            allow("*", "codebuild:BatchGetBuilds"));
            workshop.server.identities().trustAccount(builder);
            String execution = workshop.create(workshop.structure(
                    stage("Source", workshop.quietSource()),
                    stage("Build", workshop.build().toBuilder().roleArn(builder).build())));
            workshop.await(execution, PipelineExecutionStatus.FAILED);
            assertThat(workshop.action(execution, "Build")
                            .output()
                            .executionResult()
                            .errorDetails()
                            .message())
                    .contains("codebuild:StartBuild", "assumed-role/builder/shop");
        }
    }

    @Test
    void anActionsRoleThatThePipelinesRoleMayNotAssumeIsRefusedAtOnce() {
        try (Workshop workshop = new Workshop(allow("*", "s3:*", "codecommit:*", "codebuild:*"))) {
            String builder = workshop.server
                    .identities()
                    .role(TestServer.ACCOUNT, "builder", "codepipeline.amazonaws.com", allow("*", "*"));
            workshop.server.identities().trustAccount(builder);
            PipelineDeclaration structure = workshop.structure(
                            stage("Source", workshop.quietSource()),
                            stage(
                                    "Build",
                                    workshop.build().toBuilder()
                                            .roleArn(builder)
                                            .build()))
                    .build();
            assertThatThrownBy(() -> workshop.pipelines().createPipeline(r -> r.pipeline(structure)))
                    .isInstanceOf(InvalidStructureException.class)
                    .hasMessageContaining(
                            workshop.role + " is not authorized to perform AssumeRole on role " + builder);
        }
    }

    private static void assertDenied(org.assertj.core.api.ThrowableAssert.ThrowingCallable call, String action) {
        assertThatThrownBy(call)
                .isInstanceOf(AwsServiceException.class)
                .hasMessageContaining("is not authorized to perform")
                .hasMessageContaining(action);
    }
}
