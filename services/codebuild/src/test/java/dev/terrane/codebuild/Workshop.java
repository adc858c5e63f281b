package dev.terrane.codebuild;

import static org.assertj.core.api.Assertions.assertThat;

import dev.terrane.cloudwatchlogs.CloudWatchLogsService;
import dev.terrane.codecommit.CodeCommitService;
import dev.terrane.compute.sandbox.SandboxCompute;
import dev.terrane.iam.IamService;
import dev.terrane.kernel.compute.ComputeException;
import dev.terrane.kms.KmsService;
import dev.terrane.s3.S3Service;
import dev.terrane.secretsmanager.SecretsManagerService;
import dev.terrane.ssm.SsmService;
import dev.terrane.sts.StsService;
import dev.terrane.testkit.TestIdentities;
import dev.terrane.testkit.TestServer;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;
import org.opentest4j.TestAbortedException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.cloudwatchlogs.CloudWatchLogsClient;
import software.amazon.awssdk.services.codebuild.CodeBuildClient;
import software.amazon.awssdk.services.codebuild.model.*;
import software.amazon.awssdk.services.iam.IamClient;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.S3Object;

/** A server whose builds run in real sandboxes, with a bucket and a service role; a test is skipped where the machine does not permit them. */
final class Workshop implements AutoCloseable {
    static final String BUCKET = "files";

    final TestServer server;
    final String role;
    CodeBuildClient codebuild;
    S3Client s3;

    Workshop() {
        this(TestIdentities.EVERYTHING);
    }

    /** @param policy what builds may do */
    Workshop(String policy) {
        try {
            server = TestServer.withCompute(
                    SandboxCompute::open,
                    S3Service::new,
                    CloudWatchLogsService::new,
                    KmsService::new,
                    SsmService::new,
                    SecretsManagerService::new,
                    CodeCommitService::new,
                    IamService::new,
                    StsService::new,
                    CodeBuildService::new);
        } catch (ComputeException e) {
            throw new TestAbortedException("Sandboxes are not permitted here: " + e.getMessage(), e);
        }
        role = role("build", policy);
        codebuild = server.client(CodeBuildClient.class);
        s3 = server.client(S3Client.class);
        s3.createBucket(r -> r.bucket(BUCKET));
    }

    /** Ends the server in the midst of all and starts it anew. */
    void restart() {
        server.restart();
        codebuild = server.client(CodeBuildClient.class);
        s3 = server.client(S3Client.class);
    }

    /** A role that CodeBuild may assume.
     *
     * @return its ARN */
    String role(String name, String policy) {
        IamClient iam = server.client(IamClient.class);
        String arn = iam.createRole(r -> r.roleName(name).assumeRolePolicyDocument("""
                        {"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"sts:AssumeRole",
                         "Principal":{"Service":"codebuild.amazonaws.com"}}]}"""))
                .role()
                .arn();
        iam.putRolePolicy(r -> r.roleName(name).policyName("may").policyDocument(policy));
        return arn;
    }

    /** A project that is built without a source, by a specification. */
    void project(String name, String buildspec) {
        project(name, buildspec, project -> project);
    }

    void project(String name, String buildspec, UnaryOperator<CreateProjectRequest.Builder> more) {
        CreateProjectRequest.Builder project = CreateProjectRequest.builder()
                .name(name)
                .source(s -> s.type(SourceType.NO_SOURCE).buildspec(buildspec))
                .artifacts(a -> a.type(ArtifactsType.NO_ARTIFACTS))
                .environment(environment().build())
                .serviceRole(role);
        codebuild.createProject(more.apply(project).build());
    }

    static ProjectEnvironment.Builder environment() {
        return ProjectEnvironment.builder()
                .type(EnvironmentType.LINUX_CONTAINER)
                .image("aws/codebuild/standard:7.0")
                .computeType(ComputeType.BUILD_GENERAL1_SMALL);
    }

    Build start(String project) {
        return start(project, request -> request);
    }

    Build start(String project, UnaryOperator<StartBuildRequest.Builder> more) {
        return codebuild
                .startBuild(more.apply(StartBuildRequest.builder().projectName(project))
                        .build())
                .build();
    }

    /** Builds a project to the end. */
    Build build(String project) {
        return finished(start(project));
    }

    Build build(String project, UnaryOperator<StartBuildRequest.Builder> more) {
        return finished(start(project, more));
    }

    /** Builds a project to its success. */
    Build succeed(String project) {
        Build build = build(project);
        assertThat(build.buildStatus()).as(log(build)).isEqualTo(StatusType.SUCCEEDED);
        return build;
    }

    /** The build once it has ended. */
    Build finished(Build build) {
        await(() -> get(build).buildComplete());
        return get(build);
    }

    /** Waits longer than tests do otherwise: a build starts many processes, and the machine may be busy with others. */
    private static void await(BooleanSupplier condition) {
        for (int more = 8; ; more--) {
            try {
                TestServer.await(condition);
                return;
            } catch (AssertionError e) {
                if (more == 0) {
                    throw e;
                }
            }
        }
    }

    Build get(Build build) {
        return codebuild.batchGetBuilds(r -> r.ids(build.id())).builds().getFirst();
    }

    void awaitPhase(Build build, BuildPhaseType phase) {
        await(() -> get(build).currentPhase().equals(phase.toString()));
    }

    static BuildPhase phase(Build build, BuildPhaseType type) {
        return build.phases().stream()
                .filter(phase -> phase.phaseType() == type)
                .findFirst()
                .orElseThrow();
    }

    /** Why a phase ended: its context's status code and message. */
    static String why(Build build, BuildPhaseType type) {
        PhaseContext context = phase(build, type).contexts().getFirst();
        return context.statusCode() + ": " + context.message();
    }

    String log(Build build) {
        return server
                .client(CloudWatchLogsClient.class)
                .getLogEvents(r -> r.logGroupName(build.logs().groupName())
                        .logStreamName(build.logs().streamName())
                        .startFromHead(true))
                .events()
                .stream()
                .map(e -> e.message())
                .collect(Collectors.joining());
    }

    void put(String key, byte[] content) {
        s3.putObject(r -> r.bucket(BUCKET).key(key), RequestBody.fromBytes(content));
    }

    byte[] bytes(String key) {
        return s3.getObjectAsBytes(r -> r.bucket(BUCKET).key(key)).asByteArray();
    }

    String text(String key) {
        return new String(bytes(key), StandardCharsets.UTF_8);
    }

    /** The keys that begin so. */
    List<String> keys(String prefix) {
        return s3.listObjectsV2(r -> r.bucket(BUCKET).prefix(prefix)).contents().stream()
                .map(S3Object::key)
                .toList();
    }

    static byte[] zip(Map<String, String> files) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            for (var file : files.entrySet()) {
                zip.putNextEntry(new ZipEntry(file.getKey()));
                zip.write(file.getValue().getBytes(StandardCharsets.UTF_8));
            }
        } catch (IOException e) {
            throw new IllegalStateException("Memory takes all", e);
        }
        return bytes.toByteArray();
    }

    /** The files of an archive by name, without white space around their text. */
    static Map<String, String> unzip(byte[] archive) throws IOException {
        Map<String, String> files = new TreeMap<>();
        try (ZipInputStream zip = new ZipInputStream(new ByteArrayInputStream(archive))) {
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                files.put(entry.getName(), new String(zip.readAllBytes(), StandardCharsets.UTF_8).strip());
            }
        }
        return files;
    }

    @Override
    public void close() {
        try {
            assertThat(server.platform().compute().list()).isEmpty();
        } finally {
            server.close();
        }
    }
}
