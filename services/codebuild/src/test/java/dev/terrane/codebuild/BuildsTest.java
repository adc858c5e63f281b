package dev.terrane.codebuild;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.terrane.cloudwatchlogs.CloudWatchLogsService;
import dev.terrane.compute.sandbox.SandboxCompute;
import dev.terrane.kernel.clock.Clock;
import dev.terrane.kernel.clock.Threads;
import dev.terrane.kernel.compute.Compute;
import dev.terrane.kernel.compute.ComputeException;
import dev.terrane.kernel.service.Platform;
import dev.terrane.s3.S3Service;
import dev.terrane.testkit.TestIdentities;
import dev.terrane.testkit.TestServer;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.opentest4j.TestAbortedException;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.cloudwatchlogs.CloudWatchLogsClient;
import software.amazon.awssdk.services.codebuild.CodeBuildClient;
import software.amazon.awssdk.services.codebuild.model.*;
import software.amazon.awssdk.services.s3.S3Client;

/** Builds in real sandboxes; skipped where the machine does not permit them. */
final class BuildsTest {
    @TempDir
    Path data;

    private final Threads threads = new Threads(Clock.system(), Throwable::printStackTrace);
    private Compute compute;
    private TestServer server;
    private CodeBuildClient codebuild;
    private S3Client s3;
    private String role;

    @BeforeEach
    void start() {
        try {
            compute = SandboxCompute.open(data, threads);
        } catch (ComputeException e) {
            throw new TestAbortedException("Sandboxes are not permitted here: " + e.getMessage(), e);
        }
        server = TestServer.with(S3Service::new, CloudWatchLogsService::new, p -> new CodeBuildService(on(p)));
        role = server.identities()
                .role(TestServer.ACCOUNT, "build", "codebuild.amazonaws.com", TestIdentities.EVERYTHING);
        server.identities()
                .trust(role, "codebuild.amazonaws.com", "arn:aws:codebuild:us-east-1:123456789012:project/*");
        codebuild = server.client(CodeBuildClient.class);
        s3 = server.client(S3Client.class);
        s3.createBucket(r -> r.bucket("files"));
    }

    @AfterEach
    void stop() {
        try {
            assertThat(compute.list()).isEmpty();
        } finally {
            server.close();
            compute.close();
            threads.close();
        }
    }

    private Platform on(Platform p) {
        return new Platform(
                p.store(),
                p.blobs(),
                p.clock(),
                p.threads(),
                p.clients(),
                p.authorizer(),
                p.gitAuthentication(),
                p.events(),
                p.workflows(),
                p.pages(),
                p.sessions(),
                p.masterKey(),
                compute,
                p.proxy(),
                p.resourceTypes(),
                p.endpoint());
    }

    private void project(ProjectSource source, ProjectArtifacts artifacts) {
        codebuild.createProject(r -> r.name("demo")
                .source(source)
                .artifacts(artifacts)
                .environment(e -> e.type(EnvironmentType.LINUX_CONTAINER)
                        .image("aws/codebuild/standard:7.0")
                        .computeType(ComputeType.BUILD_GENERAL1_SMALL)
                        .environmentVariables(EnvironmentVariable.builder()
                                .name("GREETING")
                                .value("from the project")
                                .build()))
                .serviceRole(role));
    }

    private static ProjectSource inline(String buildspec) {
        return ProjectSource.builder()
                .type(SourceType.NO_SOURCE)
                .buildspec(buildspec)
                .build();
    }

    private static ProjectArtifacts none() {
        return ProjectArtifacts.builder().type(ArtifactsType.NO_ARTIFACTS).build();
    }

    private Build finished(Build build) {
        TestServer.await(() -> get(build).buildComplete());
        return get(build);
    }

    private Build get(Build build) {
        return codebuild.batchGetBuilds(r -> r.ids(build.id())).builds().getFirst();
    }

    private String log(Build build) {
        return server
                .client(CloudWatchLogsClient.class)
                .getLogEvents(r -> r.logGroupName("/aws/codebuild/demo")
                        .logStreamName(build.id().substring(build.id().indexOf(':') + 1))
                        .startFromHead(true))
                .events()
                .stream()
                .map(e -> e.message())
                .collect(Collectors.joining());
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

    @Test
    void runsPhasesInOneShellAndTellsOfThem() {
        project(inline("""
                        version: 0.2
                        env:
                          variables: { GREETING: from the buildspec, COLOUR: blue }
                          exported-variables: [MADE]
                        phases:
                          install:
                            commands:
                              - MADE=first-$COLOUR
                              - cd /tmp
                          build:
                            commands:
                              - echo "$GREETING, $MADE in $(pwd), succeeding $CODEBUILD_BUILD_SUCCEEDING"
                        """), none());
        Build build = finished(codebuild.startBuild(r -> r.projectName("demo")).build());
        assertThat(build.buildStatus()).as(log(build)).isEqualTo(StatusType.SUCCEEDED);
        assertThat(log(build)).contains("from the project, first-blue in /tmp, succeeding 1");
        assertThat(build.exportedEnvironmentVariables())
                .singleElement()
                .satisfies(v -> assertThat(v.value()).isEqualTo("first-blue"));
        assertThat(build.phases())
                .extracting(p -> p.phaseTypeAsString())
                .containsExactly(
                        "SUBMITTED",
                        "QUEUED",
                        "PROVISIONING",
                        "DOWNLOAD_SOURCE",
                        "INSTALL",
                        "PRE_BUILD",
                        "BUILD",
                        "POST_BUILD",
                        "UPLOAD_ARTIFACTS",
                        "FINALIZING",
                        "COMPLETED");
        assertThat(server.awaitEvents("CodeBuild Build State Change", 2))
                .extracting(e -> e.detail().contains("\"build-status\":\"SUCCEEDED\""))
                .containsExactly(false, true);
    }

    @Test
    void failsWithTheCommandsStatusAndRunsPostBuildAllTheSame() {
        project(inline("""
                        version: 0.2
                        phases:
                          build:
                            commands: [ "exit 3", "echo never" ]
                            finally: [ "echo at last" ]
                          post_build:
                            commands: [ "echo after $CODEBUILD_BUILD_SUCCEEDING" ]
                        """), none());
        Build build = finished(codebuild.startBuild(r -> r.projectName("demo")).build());
        assertThat(build.buildStatus()).isEqualTo(StatusType.FAILED);
        BuildPhase failed = build.phases().stream()
                .filter(p -> p.phaseType() == BuildPhaseType.BUILD)
                .findFirst()
                .orElseThrow();
        assertThat(failed.contexts()).singleElement().satisfies(c -> {
            assertThat(c.statusCode()).isEqualTo("COMMAND_EXECUTION_ERROR");
            assertThat(c.message()).isEqualTo("Error while executing command: exit 3. Reason: exit status 3");
        });
        assertThat(log(build)).contains("at last", "after 0").doesNotContain("never\n");
    }

    @Test
    void buildsAZipFromS3IntoAZipWithTestReports() throws IOException {
        byte[] source = zip(Map.of("buildspec.yml", """
                version: 0.2
                phases:
                  build:
                    commands:
                      - mkdir -p out/deep && ./make.sh > out/deep/made.txt
                      - echo '<testsuite name="s"><testcase classname="c" name="good" time="0.5"/><testcase classname="c" name="bad"><failure message="no">stack</failure></testcase></testsuite>' > r.xml
                reports:
                  unit: { files: [ "*.xml" ], file-format: JUNITXML }
                artifacts:
                  base-directory: out
                  files: [ "**/*" ]
                """, "make.sh", "#!/bin/sh\necho made by a script\n"));
        s3.putObject(r -> r.bucket("files").key("in.zip"), RequestBody.fromBytes(source));
        project(
                ProjectSource.builder()
                        .type(SourceType.S3)
                        .location("files/in.zip")
                        .build(),
                ProjectArtifacts.builder()
                        .type(ArtifactsType.S3)
                        .location("files")
                        .name("out.zip")
                        .packaging(ArtifactPackaging.ZIP)
                        .build());
        Build build = finished(codebuild.startBuild(r -> r.projectName("demo")).build());
        assertThat(build.buildStatus()).as(log(build)).isEqualTo(StatusType.SUCCEEDED);
        List<String> found = new ArrayList<>();
        try (ZipInputStream zip = new ZipInputStream(new ByteArrayInputStream(
                s3.getObjectAsBytes(r -> r.bucket("files").key("out.zip")).asByteArray()))) {
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                found.add(entry.getName() + ": " + new String(zip.readAllBytes(), StandardCharsets.UTF_8).strip());
            }
        }
        assertThat(found).containsExactly("deep/made.txt: made by a script");
        Report report = codebuild
                .batchGetReports(r -> r.reportArns(build.reportArns()))
                .reports()
                .getFirst();
        assertThat(report.status()).isEqualTo(ReportStatusType.FAILED);
        assertThat(report.testSummary().statusCounts())
                .containsEntry("SUCCEEDED", 1)
                .containsEntry("FAILED", 1);
        assertThat(codebuild
                        .describeTestCases(r -> r.reportArn(report.arn()).filter(f -> f.status("FAILED")))
                        .testCases())
                .singleElement()
                .satisfies(c -> assertThat(c.message()).contains("no", "stack"));
    }

    @Test
    void stopsABuild() {
        project(inline("version: 0.2\nphases: { build: { commands: [ 'sleep 600' ] } }"), none());
        Build build = codebuild.startBuild(r -> r.projectName("demo")).build();
        TestServer.await(() -> "BUILD".equals(get(build).currentPhase()));
        codebuild.stopBuild(r -> r.id(build.id()));
        assertThat(finished(build).buildStatus()).isEqualTo(StatusType.STOPPED);
    }

    @Test
    void refusesSourcesThatLeadOutAndImagesThatItCannotRun() throws IOException {
        s3.putObject(r -> r.bucket("files").key("in.zip"), RequestBody.fromBytes(zip(Map.of("../../etc/evil", "x"))));
        project(
                ProjectSource.builder()
                        .type(SourceType.S3)
                        .location("files/in.zip")
                        .build(),
                none());
        Build slip = finished(codebuild.startBuild(r -> r.projectName("demo")).build());
        assertThat(slip.phases())
                .anySatisfy(p -> assertThat(p.contexts())
                        .anySatisfy(c -> assertThat(c.message()).contains("leads out of it")));
        Build image = finished(codebuild
                .startBuild(r -> r.projectName("demo").imageOverride("maven:3"))
                .build());
        assertThat(image.buildStatus()).isEqualTo(StatusType.FAILED);
        assertThat(image.phases())
                .anySatisfy(p -> assertThat(p.contexts())
                        .anySatisfy(c -> assertThat(c.statusCode()).isEqualTo("BUILD_CONTAINER_UNABLE_TO_PULL_IMAGE")));
    }

    @Test
    void letsNobodyStartWithoutPermission() {
        project(inline("version: 0.2\nphases: { build: { commands: [ 'true' ] } }"), none());
        CodeBuildClient reader = server.clientWith(CodeBuildClient.class, """
                {"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"codebuild:BatchGet*","Resource":"*"}]}""");
        assertThatThrownBy(() -> reader.startBuild(r -> r.projectName("demo")))
                .isInstanceOf(AwsServiceException.class)
                .hasMessageContaining("codebuild:StartBuild");
        assertThat(codebuild.listBuilds(r -> {}).ids()).isEmpty();
        assertThatThrownBy(() -> codebuild.startBuild(r -> r.projectName("other")))
                .isInstanceOf(ResourceNotFoundException.class);
    }
}
