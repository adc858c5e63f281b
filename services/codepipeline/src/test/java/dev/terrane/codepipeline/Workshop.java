package dev.terrane.codepipeline;

import dev.terrane.cloudformation.CloudFormationService;
import dev.terrane.codecommit.CodeCommitService;
import dev.terrane.eventbridge.EventBridgeService;
import dev.terrane.s3.S3Service;
import dev.terrane.sqs.SqsService;
import dev.terrane.testkit.TestIdentities;
import dev.terrane.testkit.TestServer;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.codebuild.model.ProjectArtifacts;
import software.amazon.awssdk.services.codebuild.model.StartBuildRequest;
import software.amazon.awssdk.services.codebuild.model.StatusType;
import software.amazon.awssdk.services.codecommit.CodeCommitClient;
import software.amazon.awssdk.services.codecommit.model.FileModeTypeEnum;
import software.amazon.awssdk.services.codedeploy.model.DeploymentStatus;
import software.amazon.awssdk.services.codepipeline.CodePipelineClient;
import software.amazon.awssdk.services.codepipeline.model.*;
import software.amazon.awssdk.services.s3.S3Client;

/** A server with a repository, an artifact bucket, a role, and neighbours in which the test says what happens. */
final class Workshop implements AutoCloseable {
    static final String ROLE_NAME = "pipeline-role";

    final Builds builds = new Builds();
    final Deployments deployments = new Deployments();
    final Topics topics = new Topics();
    final Keys keys = new Keys();
    final TestServer server = TestServer.with(
            S3Service::new,
            CodeCommitService::new,
            EventBridgeService::new,
            p -> keys.service(),
            p -> builds.service(),
            p -> deployments.service(),
            p -> topics.service(),
            SqsService::new,
            CloudFormationService::new,
            CodePipelineService::new);
    final String role;

    Workshop() {
        this(TestIdentities.EVERYTHING);
    }

    Workshop(String rolePolicy) {
        role = server.identities().role(TestServer.ACCOUNT, ROLE_NAME, "codepipeline.amazonaws.com", rolePolicy);
        server.identities().trust(role, "codepipeline.amazonaws.com", "arn:aws:codepipeline:us-east-1:123456789012:*");
        s3().createBucket(r -> r.bucket("artifacts"));
        codeCommit().createRepository(r -> r.repositoryName("shop"));
        push("first", "README.md", "hello", false);
    }

    CodePipelineClient pipelines() {
        return server.client(CodePipelineClient.class);
    }

    S3Client s3() {
        return server.client(S3Client.class);
    }

    CodeCommitClient codeCommit() {
        return server.client(CodeCommitClient.class);
    }

    /** Commits one file to the branch main. */
    String push(String message, String path, String content, boolean executable) {
        @Nullable String parent = null;
        if (!codeCommit().listBranches(r -> r.repositoryName("shop")).branches().isEmpty()) {
            parent = codeCommit()
                    .getBranch(r -> r.repositoryName("shop").branchName("main"))
                    .branch()
                    .commitId();
        }
        String on = parent;
        return codeCommit()
                .putFile(r -> r.repositoryName("shop")
                        .branchName("main")
                        .parentCommitId(on)
                        .commitMessage(message)
                        .filePath(path)
                        .fileMode(executable ? FileModeTypeEnum.EXECUTABLE : FileModeTypeEnum.NORMAL)
                        .fileContent(SdkBytes.fromUtf8String(content)))
                .commitId();
    }

    ActionDeclaration source() {
        return action(ActionCategory.SOURCE, "CodeCommit", "Source")
                .namespace("SourceVariables")
                .configuration(Map.of("RepositoryName", "shop", "BranchName", "main"))
                .outputArtifacts(output("SourceArtifact"))
                .build();
    }

    ActionDeclaration build() {
        return action(ActionCategory.BUILD, "CodeBuild", "Build")
                .configuration(Map.of("ProjectName", "shop-build"))
                .inputArtifacts(input("SourceArtifact"))
                .outputArtifacts(output("BuildArtifact"))
                .build();
    }

    ActionDeclaration deploy() {
        return action(ActionCategory.DEPLOY, "CodeDeploy", "Deploy")
                .configuration(Map.of("ApplicationName", "shop", "DeploymentGroupName", "web"))
                .inputArtifacts(input("BuildArtifact"))
                .build();
    }

    static InputArtifact input(String name) {
        return InputArtifact.builder().name(name).build();
    }

    static OutputArtifact output(String name) {
        return OutputArtifact.builder().name(name).build();
    }

    static ActionDeclaration.Builder action(ActionCategory category, String provider, String name) {
        return ActionDeclaration.builder()
                .name(name)
                .actionTypeId(t -> t.category(category)
                        .owner(ActionOwner.AWS)
                        .provider(provider)
                        .version("1"));
    }

    static StageDeclaration stage(String name, ActionDeclaration... actions) {
        return StageDeclaration.builder().name(name).actions(actions).build();
    }

    PipelineDeclaration.Builder structure(StageDeclaration... stages) {
        return PipelineDeclaration.builder()
                .name("shop")
                .pipelineType(PipelineType.V2)
                .roleArn(role)
                .artifactStore(s -> s.type(ArtifactStoreType.S3).location("artifacts"))
                .stages(stages);
    }

    /** The usual pipeline. */
    PipelineDeclaration.Builder chain() {
        return structure(stage("Source", source()), stage("Build", build()), stage("Deploy", deploy()));
    }

    /** Makes a pipeline and gives the execution with which it begins. */
    String create(PipelineDeclaration.Builder structure) {
        PipelineDeclaration made = structure.build();
        pipelines().createPipeline(r -> r.pipeline(made));
        return executions().getFirst().pipelineExecutionId();
    }

    List<PipelineExecutionSummary> executions() {
        return pipelines().listPipelineExecutions(r -> r.pipelineName("shop")).pipelineExecutionSummaries();
    }

    String start() {
        return pipelines().startPipelineExecution(r -> r.name("shop")).pipelineExecutionId();
    }

    PipelineExecution execution(String id) {
        return pipelines()
                .getPipelineExecution(r -> r.pipelineName("shop").pipelineExecutionId(id))
                .pipelineExecution();
    }

    void await(String execution, PipelineExecutionStatus status) {
        try {
            TestServer.await(() -> execution(execution).status() == status);
        } catch (AssertionError e) {
            throw new AssertionError(execution(execution) + " " + actions(execution), e);
        }
    }

    StageState stageState(String stage) {
        return pipelines().getPipelineState(r -> r.name("shop")).stageStates().stream()
                .filter(s -> s.stageName().equals(stage))
                .findFirst()
                .orElseThrow();
    }

    /** The runs of actions of an execution, the last first. */
    List<ActionExecutionDetail> actions(String execution) {
        return pipelines()
                .listActionExecutions(r -> r.pipelineName("shop").filter(f -> f.pipelineExecutionId(execution)))
                .actionExecutionDetails();
    }

    ActionExecutionDetail action(String execution, String name) {
        return actions(execution).stream()
                .filter(a -> a.actionName().equals(name))
                .findFirst()
                .orElseThrow();
    }

    /** Ends the build of that number well, with its artifact. */
    void finishBuild(int number, Map<String, String> exported) {
        String id = builds.await(number);
        StartBuildRequest request = builds.started.getLast();
        ProjectArtifacts to = request.artifactsOverride();
        if (to.path() != null) {
            s3().putObject(
                            r -> r.bucket(to.location()).key(to.path() + "/" + to.name()),
                            RequestBody.fromString("PK built"));
        }
        builds.end(server.platform(), id, StatusType.SUCCEEDED, exported);
    }

    void failBuild(int number) {
        builds.end(server.platform(), builds.await(number), StatusType.FAILED, Map.of());
    }

    void finishDeployment(int number) {
        deployments.end(server.platform(), deployments.await(number), DeploymentStatus.SUCCEEDED);
    }

    /** A source action that starts only by hand. */
    ActionDeclaration quietSource() {
        return with(source(), "PollForSourceChanges", "false");
    }

    static ActionDeclaration with(ActionDeclaration action, String key, String value) {
        Map<String, String> changed = new java.util.HashMap<>(action.configuration());
        changed.put(key, value);
        UnaryOperator<ActionDeclaration> put =
                a -> a.toBuilder().configuration(changed).build();
        return put.apply(action);
    }

    @Override
    public void close() {
        server.close();
    }
}
