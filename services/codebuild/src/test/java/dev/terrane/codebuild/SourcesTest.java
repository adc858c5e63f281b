package dev.terrane.codebuild;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.codebuild.model.*;
import software.amazon.awssdk.services.codecommit.CodeCommitClient;
import software.amazon.awssdk.services.s3.model.BucketVersioningStatus;

/** Where the sources of a build come from, and what is refused of them. */
final class SourcesTest {
    private static final String SHOW = """
            version: 0.2
            phases:
              build:
                commands:
                  - echo "made of $(cat file.txt) from $CODEBUILD_SOURCE_VERSION = $CODEBUILD_RESOLVED_SOURCE_VERSION"
            """;

    @TempDir
    static Path folder;

    private static Workshop workshop;
    private static String url;
    private static String first;
    private static String second;
    private static String other;

    @BeforeAll
    static void start() throws IOException, InterruptedException {
        workshop = new Workshop();
        url = workshop.server
                .client(CodeCommitClient.class)
                .createRepository(r -> r.repositoryName("shop"))
                .repositoryMetadata()
                .cloneUrlHttp();
        workshop.server
                .identities()
                .gitCredential("git", "pass", workshop.server.administrator().principal());
        git("init", "-q", "-b", "main");
        Files.writeString(folder.resolve("buildspec.yml"), SHOW);
        first = commit("first");
        git("tag", "v1");
        second = commit("second");
        git("checkout", "-q", "-b", "feature/other", first);
        other = commit("other");
        git("push", "-q", url.replace("://", "://git:pass@"), "main", "v1", "feature/other");
    }

    @AfterAll
    static void stop() {
        if (workshop != null) {
            workshop.close();
        }
    }

    private static String commit(String content) throws IOException, InterruptedException {
        Files.writeString(folder.resolve("file.txt"), content);
        git("add", "-A");
        git("-c", "user.name=T", "-c", "user.email=t@example.com", "commit", "-q", "-m", content);
        return git("rev-parse", "HEAD");
    }

    private static String git(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("git"));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        assertThat(process.waitFor()).as(output).isZero();
        return output;
    }

    private static ProjectSource codeCommit() {
        return ProjectSource.builder().type(SourceType.CODECOMMIT).location(url).build();
    }

    private static Build at(String project, String version) {
        return workshop.build(project, r -> r.sourceVersion(version));
    }

    private static void made(Build build, String of, String commit) {
        assertThat(build.buildStatus()).as(workshop.log(build)).isEqualTo(StatusType.SUCCEEDED);
        assertThat(workshop.log(build))
                .contains("made of " + of + " from " + (build.sourceVersion() == null ? "" : build.sourceVersion())
                        + " = " + commit);
        assertThat(build.resolvedSourceVersion()).isEqualTo(commit);
    }

    @Test
    void aRepositoryIsClonedAtItsDefaultBranchABranchATagOrACommit() {
        workshop.project("clone", SHOW, p -> p.source(codeCommit()));
        made(workshop.succeed("clone"), "second", second);
        made(at("clone", "refs/heads/feature/other"), "other", other);
        made(at("clone", "feature/other"), "other", other);
        made(at("clone", "v1"), "first", first);
        made(at("clone", "refs/tags/v1"), "first", first);
        made(at("clone", first), "first", first);
        Build nowhere = at("clone", "nowhere");
        assertThat(nowhere.buildStatus()).isEqualTo(StatusType.FAILED);
        assertThat(Workshop.why(nowhere, BuildPhaseType.DOWNLOAD_SOURCE)).contains(" at nowhere");
    }

    @Test
    void theProjectsVersionCountsUnlessTheStartSaysAnotherAndDepthCutsHistory() {
        workshop.project(
                "deep",
                SHOW,
                p -> p.source(codeCommit().toBuilder().buildspec("""
                                        version: 0.2
                                        phases: { build: { commands: [ 'echo "commits $(git rev-list --count HEAD) of $CODEBUILD_SOURCE_REPO_URL"' ] } }
                                        """).build()).sourceVersion("feature/other"));
        Build whole = workshop.succeed("deep");
        assertThat(whole.resolvedSourceVersion()).isEqualTo(other);
        assertThat(workshop.log(whole)).contains("commits 2 of " + url);
        Build shallow = workshop.build("deep", r -> r.sourceVersion("main").gitCloneDepthOverride(1));
        assertThat(shallow.resolvedSourceVersion()).isEqualTo(second);
        assertThat(workshop.log(shallow)).contains("commits 1 of " + url);
    }

    @Test
    void aRepositoryIsReadAsTheServiceRole() {
        String denied = workshop.role("no-pull", """
                {"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"},
                 {"Effect":"Deny","Action":"codecommit:GitPull","Resource":"*"}]}""");
        workshop.project("denied", SHOW, p -> p.source(codeCommit()).serviceRole(denied));
        Build build = workshop.build("denied");
        assertThat(build.buildStatus()).isEqualTo(StatusType.FAILED);
        assertThat(Workshop.why(build, BuildPhaseType.DOWNLOAD_SOURCE)).contains("Unable to get the source");
        assertThat(workshop.log(build)).contains("403");
    }

    @Test
    void theCredentialOfTheSourceIsNotLeftInTheBuild() {
        workshop.project(
                "left",
                SHOW,
                p -> p.source(codeCommit().toBuilder().buildspec("""
                        version: 0.2
                        phases: { build: { commands: [ 'echo "url $(git remote get-url origin)"', 'echo "secret of $(cat /codebuild/state/git | wc -c) bytes"' ] } }
                        """).build()));
        assertThat(workshop.log(workshop.succeed("left")))
                .contains("secret of 0 bytes")
                .containsPattern("url http://[0-9.]+:[0-9]+/v1/repos/shop\n");
    }

    @Test
    void anyGitUrlIsClonedWithoutCredentials() {
        // This server's own repository stands for a Git host: it takes the user's name and password from the URL.
        String anywhere =
                workshop.server.platform().endpoint().workloadUrl().replace("://", "://git:pass@") + "/v1/repos/shop";
        workshop.project(
                "github",
                SHOW,
                p -> p.source(ProjectSource.builder()
                        .type(SourceType.GITHUB)
                        .location(anywhere)
                        .build()));
        made(at("github", "v1"), "first", first);
        Build file = workshop.build("github", r -> r.sourceLocationOverride("file:///etc"));
        assertThat(Workshop.why(file, BuildPhaseType.DOWNLOAD_SOURCE)).contains("Git sources are read by HTTP");
        Build option = workshop.build("github", r -> r.sourceVersion("--upload-pack=x"));
        assertThat(Workshop.why(option, BuildPhaseType.DOWNLOAD_SOURCE)).contains("Not a source version");
    }

    @Test
    void anArchiveIsTakenInTheVersionThatIsAskedFor() {
        workshop.s3.createBucket(r -> r.bucket("versions"));
        workshop.s3.putBucketVersioning(
                r -> r.bucket("versions").versioningConfiguration(v -> v.status(BucketVersioningStatus.ENABLED)));
        String old = put("versions", "in.zip", Workshop.zip(Map.of("file.txt", "old", "buildspec.yml", SHOW)));
        String young = put("versions", "in.zip", Workshop.zip(Map.of("file.txt", "young", "buildspec.yml", SHOW)));
        workshop.project(
                "zip",
                SHOW,
                p -> p.source(ProjectSource.builder()
                        .type(SourceType.S3)
                        .location("versions/in.zip")
                        .build()));
        made(workshop.succeed("zip"), "young", young);
        made(at("zip", old), "old", old);
        Build gone = workshop.build("zip", r -> r.sourceLocationOverride("versions/none.zip"));
        assertThat(Workshop.why(gone, BuildPhaseType.DOWNLOAD_SOURCE))
                .contains("versions/none.zip", "key does not exist");
    }

    private static String put(String bucket, String key, byte[] content) {
        return workshop.s3
                .putObject(
                        r -> r.bucket(bucket).key(key), software.amazon.awssdk.core.sync.RequestBody.fromBytes(content))
                .versionId();
    }

    @Test
    void severalSourcesLieSideBySide() {
        workshop.put("tools/deep/tool.sh", "#!/bin/sh\necho tool\n".getBytes(StandardCharsets.UTF_8));
        workshop.put("tools/plain.txt", "plain".getBytes(StandardCharsets.UTF_8));
        workshop.project(
                "several",
                """
                        version: 0.2
                        phases:
                          build:
                            commands:
                              - echo "library $(cat "$CODEBUILD_SRC_DIR_library/file.txt") $CODEBUILD_RESOLVED_SOURCE_VERSION_library"
                              - echo "runs $("$CODEBUILD_SRC_DIR_tools/deep/tool.sh") $(cat "$CODEBUILD_SRC_DIR_tools/plain.txt")"
                        """,
                p -> p.secondarySources(
                                codeCommit().toBuilder()
                                        .sourceIdentifier("library")
                                        .build(),
                                ProjectSource.builder()
                                        .type(SourceType.S3)
                                        .location("files/tools/")
                                        .sourceIdentifier("tools")
                                        .build())
                        .secondarySourceVersions(ProjectSourceVersion.builder()
                                .sourceIdentifier("library")
                                .sourceVersion("v1")
                                .build()));
        assertThat(workshop.log(workshop.succeed("several")))
                .contains("library first " + first + "\n", "runs tool plain\n");
    }

    @Test
    void aSpecificationMayBeAnotherFileOrAnObject() {
        workshop.put(
                "elsewhere.yml",
                "version: 0.2\nphases: { build: { commands: [ 'echo from an object' ] } }"
                        .getBytes(StandardCharsets.UTF_8));
        workshop.put("in.zip", Workshop.zip(Map.of("ci/spec.yml", """
                version: 0.2
                phases: { build: { commands: [ 'echo from a file' ] } }
                """)));
        workshop.project(
                "spec",
                SHOW,
                p -> p.source(ProjectSource.builder()
                        .type(SourceType.S3)
                        .location("files/in.zip")
                        .buildspec("ci/spec.yml")
                        .build()));
        assertThat(workshop.log(workshop.succeed("spec"))).contains("from a file\n");
        assertThat(workshop.log(workshop.build("spec", r -> r.buildspecOverride("arn:aws:s3:::files/elsewhere.yml"))))
                .contains("from an object\n");
        Build missing = workshop.build("spec", r -> r.buildspecOverride("missing.yml"));
        assertThat(Workshop.why(missing, BuildPhaseType.DOWNLOAD_SOURCE))
                .startsWith("YAML_FILE_ERROR")
                .contains("missing.yml: no such file or directory");
    }

    @Test
    void archivesThatLeadOutOrSwellAreRefused() throws IOException {
        workshop.project(
                "bad",
                SHOW,
                p -> p.source(ProjectSource.builder()
                        .type(SourceType.S3)
                        .location("files/bad.zip")
                        .build()));
        refused(Workshop.zip(Map.of("../../etc/evil", "x")), "leads out of it: ../../etc/evil");
        refused(Workshop.zip(Map.of("/etc/evil", "x")), "absolute name: /etc/evil");
        refused(Workshop.zip(Map.of("a\\..\\..\\evil", "x")), "leads out of it");
        refused("not an archive".getBytes(StandardCharsets.UTF_8), "not a ZIP archive");
        refused(bomb(), "larger than a source may be");
    }

    private static void refused(byte[] archive, String why) {
        workshop.put("bad.zip", archive);
        Build build = workshop.build("bad");
        assertThat(build.buildStatus()).isEqualTo(StatusType.FAILED);
        assertThat(Workshop.why(build, BuildPhaseType.DOWNLOAD_SOURCE)).contains(why);
    }

    /** 400 megabytes of zeros in less than half a one. */
    private static byte[] bomb() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        byte[] zeros = new byte[1 << 20];
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            zip.putNextEntry(new ZipEntry("zeros"));
            for (int i = 0; i < 400; i++) {
                zip.write(zeros);
            }
        }
        return bytes.toByteArray();
    }
}
