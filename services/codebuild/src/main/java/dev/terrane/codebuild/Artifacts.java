package dev.terrane.codebuild;

import dev.terrane.codebuild.Buildspec.ArtifactSet;
import dev.terrane.kernel.arn.Arn;
import dev.terrane.kernel.blob.Blobs;
import dev.terrane.kernel.service.Platform;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.codebuild.model.ArtifactPackaging;
import software.amazon.awssdk.services.codebuild.model.ArtifactsType;
import software.amazon.awssdk.services.codebuild.model.Build;
import software.amazon.awssdk.services.codebuild.model.BuildArtifacts;
import software.amazon.awssdk.services.codebuild.model.ProjectArtifacts;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.s3.model.ServerSideEncryption;

/** Brings what a build made to S3, as the service role. */
final class Artifacts {
    private final Platform platform;
    private final BuildShell shell;
    private final BuildFiles files;
    private final BuildLog log;
    private final S3Client s3;
    private final Build build;
    private final String defaultKey;

    Artifacts(
            Platform platform,
            BuildShell shell,
            BuildFiles files,
            BuildLog log,
            S3Client s3,
            Build build,
            String defaultKey) {
        this.platform = platform;
        this.shell = shell;
        this.files = files;
        this.log = log;
        this.s3 = s3;
        this.build = build;
        this.defaultKey = defaultKey;
    }

    /** Where an artifact will be, as a build tells it. */
    static BuildArtifacts described(ProjectArtifacts artifacts, String buildId) {
        BuildArtifacts.Builder described = BuildArtifacts.builder()
                .overrideArtifactName(artifacts.overrideArtifactName())
                .encryptionDisabled(artifacts.encryptionDisabled())
                .artifactIdentifier(artifacts.artifactIdentifier());
        return artifacts.type() == ArtifactsType.S3
                ? described
                        .location(location(artifacts, buildId, Optional.empty()))
                        .build()
                : described.location("").build();
    }

    private static String location(ProjectArtifacts artifacts, String buildId, Optional<String> name) {
        return Arn.s3(artifacts.location() + "/" + key(artifacts, buildId, name))
                .toString();
    }

    private static String key(ProjectArtifacts artifacts, String buildId, Optional<String> override) {
        String project = buildId.substring(0, buildId.lastIndexOf(':'));
        List<String> parts = new ArrayList<>();
        if (artifacts.path() != null) {
            parts.add(artifacts.path());
        }
        if ("BUILD_ID".equals(artifacts.namespaceTypeAsString())) {
            parts.add(buildId.substring(buildId.lastIndexOf(':') + 1));
        }
        parts.add(override.orElse(artifacts.name() == null ? project : artifacts.name()));
        return String.join(
                "/",
                parts.stream()
                        .map(part -> part.replaceAll("^/+|/+$", ""))
                        .filter(part -> !part.isEmpty())
                        .toList());
    }

    /** Uploads an artifact.
     *
     * @return as the build then tells it */
    BuildArtifacts upload(ProjectArtifacts artifacts, ArtifactSet set) throws IOException, InterruptedException {
        BuildArtifacts before = described(artifacts, build.id());
        if (artifacts.type() != ArtifactsType.S3) {
            return before;
        }
        Optional<String> name = Boolean.TRUE.equals(artifacts.overrideArtifactName())
                        && set.name().isPresent()
                ? Optional.of(shell.evaluate(set.name().get()))
                : Optional.empty();
        String key = key(artifacts, build.id(), name);
        List<String> bases = files.bases(set.baseDirectory());
        log.say("Expanding base directory path: " + (set.baseDirectory().isEmpty() ? "." : set.baseDirectory()));
        log.say("Assembling file list");
        if (bases.isEmpty()) {
            throw BuildFailure.client("no matching base directory path found for " + set.baseDirectory());
        }
        boolean zip = artifacts.packaging() == ArtifactPackaging.ZIP;
        BuildArtifacts.Builder done = before.toBuilder().location(location(artifacts, build.id(), name));
        try {
            return zip
                    ? uploadZip(artifacts, set, bases, key, done).build()
                    : uploadFiles(artifacts, set, bases, key, done).build();
        } catch (SdkException e) {
            throw BuildFailure.client(
                    "Error while uploading artifacts to " + artifacts.location() + "/" + key + ": " + e.getMessage());
        }
    }

    private BuildArtifacts.Builder uploadZip(
            ProjectArtifacts artifacts, ArtifactSet set, List<String> bases, String key, BuildArtifacts.Builder done)
            throws IOException, InterruptedException {
        Blobs.Blob blob;
        int[] found = {0};
        Set<String> names = new HashSet<>();
        try (Blobs.Writing writing = platform.blobs().create()) {
            ZipOutputStream zip = new ZipOutputStream(writing.stream());
            for (String base : bases) {
                found[0] += files.each(base, set.files(), set.exclude(), (path, content) -> {
                    String name = set.discardPaths() ? path.substring(path.lastIndexOf('/') + 1) : path;
                    if (names.add(name)) {
                        zip.putNextEntry(new ZipEntry(name));
                        content.transferTo(zip);
                        zip.closeEntry();
                    }
                });
            }
            requireSome(set, found[0]);
            zip.finish();
            zip.flush();
            blob = writing.commit();
        }
        MessageDigest digest = sha256();
        try (InputStream in = new DigestInputStream(platform.blobs().open(blob.key()), digest)) {
            s3.putObject(request(artifacts, key), RequestBody.fromInputStream(new OneReading(in), blob.size()));
        } finally {
            platform.blobs().delete(blob.key());
        }
        return done.sha256sum(HexFormat.of().formatHex(digest.digest()));
    }

    /** What is read by the request must be read once: a mark that is reset would count bytes twice. */
    private static final class OneReading extends FilterInputStream {
        OneReading(InputStream in) {
            super(in);
        }

        @Override
        public boolean markSupported() {
            return false;
        }
    }

    private BuildArtifacts.Builder uploadFiles(
            ProjectArtifacts artifacts, ArtifactSet set, List<String> bases, String key, BuildArtifacts.Builder done)
            throws IOException, InterruptedException {
        int found = 0;
        for (String base : bases) {
            found += files.each(base, set.files(), set.exclude(), (path, content) -> {
                String name = set.discardPaths() ? path.substring(path.lastIndexOf('/') + 1) : path;
                Blobs.Blob blob = platform.blobs().put(content);
                try (InputStream in = platform.blobs().open(blob.key())) {
                    s3.putObject(
                            request(artifacts, key.isEmpty() ? name : key + "/" + name),
                            RequestBody.fromInputStream(in, blob.size()));
                } finally {
                    platform.blobs().delete(blob.key());
                }
            });
        }
        requireSome(set, found);
        return done;
    }

    private void requireSome(ArtifactSet set, int found) {
        if (found == 0) {
            throw BuildFailure.client("no matching artifact paths found for " + set.files());
        }
        log.say("Found " + found + " file(s)");
    }

    private PutObjectRequest request(ProjectArtifacts artifacts, String key) {
        PutObjectRequest.Builder request =
                PutObjectRequest.builder().bucket(artifacts.location()).key(key);
        boolean own = build.encryptionKey() != null && !build.encryptionKey().equals(defaultKey);
        if (own && !Boolean.TRUE.equals(artifacts.encryptionDisabled())) {
            request.serverSideEncryption(ServerSideEncryption.AWS_KMS).ssekmsKeyId(build.encryptionKey());
        }
        return request.build();
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java has SHA-256", e);
        }
    }
}
