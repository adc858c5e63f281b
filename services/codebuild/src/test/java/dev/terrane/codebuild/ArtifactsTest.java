package dev.terrane.codebuild;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.codebuild.model.*;
import software.amazon.awssdk.services.kms.KmsClient;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;

/** What becomes of what a build made. */
final class ArtifactsTest {
    private static final String MAKE = """
            version: 0.2
            env: { variables: { RELEASE: r7 } }
            phases:
              build:
                commands:
                  - mkdir -p out-1/deep out-2
                  - echo one > out-1/one.txt; echo two > out-1/deep/two.txt; echo log > out-1/deep/noise.log; echo three > out-2/three.txt
            artifacts:
            """;

    private static Workshop workshop;

    @BeforeAll
    static void start() {
        workshop = new Workshop();
    }

    @AfterAll
    static void stop() {
        if (workshop != null) {
            workshop.close();
        }
    }

    private static ProjectArtifacts s3(Consumer<ProjectArtifacts.Builder> more) {
        ProjectArtifacts.Builder artifacts =
                ProjectArtifacts.builder().type(ArtifactsType.S3).location(Workshop.BUCKET);
        more.accept(artifacts);
        return artifacts.build();
    }

    @Test
    void filesAreChosenFromBaseDirectoriesAndPacked() throws IOException {
        workshop.project(
                "packed",
                MAKE + "  { base-directory: 'out-*', files: [ '**/*' ], exclude-paths: [ '**/*.log' ] }\n",
                p -> p.artifacts(s3(a -> a.name("packed.zip").packaging(ArtifactPackaging.ZIP))));
        Build build = workshop.succeed("packed");
        assertThat(Workshop.unzip(workshop.bytes("packed.zip")))
                .isEqualTo(Map.of("one.txt", "one", "deep/two.txt", "two", "three.txt", "three"));
        assertThat(build.artifacts().location()).isEqualTo("arn:aws:s3:::files/packed.zip");
        assertThat(build.artifacts().sha256sum()).isEqualTo(sha256(workshop.bytes("packed.zip")));

        Build flat = workshop.build(
                "packed",
                r -> r.buildspecOverride(
                        MAKE + "  { base-directory: out-1, files: [ '**/*.txt' ], discard-paths: yes }\n"));
        assertThat(flat.buildStatus()).isEqualTo(StatusType.SUCCEEDED);
        assertThat(Workshop.unzip(workshop.bytes("packed.zip"))).isEqualTo(Map.of("one.txt", "one", "two.txt", "two"));
    }

    private static String sha256(byte[] content) {
        try {
            return java.util.HexFormat.of()
                    .formatHex(
                            java.security.MessageDigest.getInstance("SHA-256").digest(content));
        } catch (java.security.NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void theNameMayComeFromTheSpecificationAndThePlaceFromTheBuild() {
        workshop.project(
                "named",
                MAKE + "  { base-directory: out-2, files: [ '*' ], name: \"$RELEASE-$(date +%Y)\" }\n",
                p -> p.artifacts(s3(a -> a.name("unused")
                        .path("/releases/")
                        .namespaceType(ArtifactNamespace.BUILD_ID)
                        .packaging(ArtifactPackaging.NONE)
                        .overrideArtifactName(true))));
        Build build = workshop.succeed("named");
        String id = build.id().substring(build.id().indexOf(':') + 1);
        assertThat(workshop.keys("releases/"))
                .singleElement()
                .asString()
                .matches("releases/" + id + "/r7-[0-9]{4}/three.txt");
        assertThat(build.artifacts().location()).matches("arn:aws:s3:::files/releases/" + id + "/r7-[0-9]{4}");

        workshop.project(
                "kept",
                MAKE + "  { base-directory: out-2, files: [ '*' ], name: other }\n",
                p -> p.artifacts(s3(a -> a.name("kept"))));
        workshop.succeed("kept");
        assertThat(workshop.keys("kept")).as("the name of the project counts").containsExactly("kept/three.txt");
    }

    @Test
    void severalArtifactsGoToTheirOwnPlaces() throws IOException {
        String spec = """
                  secondary-artifacts:
                    first: { base-directory: out-1, files: [ one.txt ] }
                    second: { base-directory: out-2, files: [ '**/*' ] }
                """;
        workshop.project(
                "several",
                MAKE + spec,
                p -> p.secondaryArtifacts(
                        s3(a -> a.artifactIdentifier("first").name("first.zip").packaging(ArtifactPackaging.ZIP)),
                        s3(a -> a.artifactIdentifier("second").name("second").packaging(ArtifactPackaging.NONE))));
        Build build = workshop.succeed("several");
        assertThat(Workshop.unzip(workshop.bytes("first.zip"))).isEqualTo(Map.of("one.txt", "one"));
        assertThat(workshop.text("second/three.txt")).isEqualTo("three\n");
        assertThat(build.secondaryArtifacts())
                .extracting(BuildArtifacts::artifactIdentifier)
                .containsExactly("first", "second");
    }

    @Test
    void artifactsAreUnderTheProjectsKeyUnlessThatIsSwitchedOff() {
        String key = workshop.server
                .client(KmsClient.class)
                .createKey()
                .keyMetadata()
                .arn();
        workshop.project(
                "sealed",
                MAKE + "  { base-directory: out-2, files: [ '*' ] }\n",
                p -> p.encryptionKey(key).artifacts(s3(a -> a.name("sealed"))));
        workshop.succeed("sealed");
        HeadObjectResponse sealed =
                workshop.s3.headObject(r -> r.bucket(Workshop.BUCKET).key("sealed/three.txt"));
        assertThat(sealed.serverSideEncryptionAsString()).isEqualTo("aws:kms");
        assertThat(sealed.ssekmsKeyId()).isEqualTo(key);
        workshop.build("sealed", r -> r.artifactsOverride(s3(a -> a.name("open").encryptionDisabled(true))));
        assertThat(workshop.s3
                        .headObject(r -> r.bucket(Workshop.BUCKET).key("open/three.txt"))
                        .ssekmsKeyId())
                .isNull();
    }

    @Test
    void linksAreTakenAsWhatTheyLeadToAndNeverOutOfTheBuild() {
        String spec = """
                version: 0.2
                phases:
                  build:
                    commands:
                      - mkdir out; echo real > real.txt; ln -s ../real.txt out/within.txt
                      - $LINK
                artifacts: { base-directory: out, files: [ '**/*' ] }
                """;
        workshop.project("links", spec, p -> p.artifacts(s3(a -> a.name("links"))));
        workshop.succeed("links");
        assertThat(workshop.text("links/within.txt")).isEqualTo("real\n");
        for (String link : new String[] {"ln -s /etc/passwd out/leak.txt", "ln -s /codebuild/state out/leak"}) {
            Build build = workshop.build(
                    "links",
                    r -> r.environmentVariablesOverride(EnvironmentVariable.builder()
                            .name("LINK")
                            .value(link)
                            .build()));
            assertThat(build.buildStatus()).isEqualTo(StatusType.FAILED);
            assertThat(Workshop.why(build, BuildPhaseType.UPLOAD_ARTIFACTS)).contains("leads out of its folder");
        }
        assertThat(workshop.keys("links")).containsExactly("links/within.txt");
        Build folder = workshop.build(
                "links", r -> r.buildspecOverride(spec.replace("base-directory: out", "base-directory: ../../..")));
        assertThat(Workshop.why(folder, BuildPhaseType.UPLOAD_ARTIFACTS)).contains("leads out of its folder");
    }

    @Test
    void nothingToUploadFailsTheBuild() {
        workshop.project("nothing", MAKE + "  { files: [ 'none/*' ] }\n", p -> p.artifacts(s3(a -> a.name("nothing"))));
        Build files = workshop.build("nothing");
        assertThat(files.buildStatus()).isEqualTo(StatusType.FAILED);
        assertThat(Workshop.why(files, BuildPhaseType.UPLOAD_ARTIFACTS))
                .contains("no matching artifact paths found for [none/*]");
        Build base = workshop.build(
                "nothing", r -> r.buildspecOverride(MAKE + "  { base-directory: nowhere, files: [ '*' ] }\n"));
        assertThat(Workshop.why(base, BuildPhaseType.UPLOAD_ARTIFACTS))
                .contains("no matching base directory path found for nowhere");
    }
}
