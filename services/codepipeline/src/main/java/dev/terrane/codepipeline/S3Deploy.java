package dev.terrane.codepipeline;

import dev.terrane.kernel.workflow.Steps;
import java.io.IOException;
import java.io.InputStream;
import java.net.URLConnection;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.s3.model.ServerSideEncryption;

/**
 * Puts an artifact into a bucket, as it is or unpacked.
 *
 * @see <a href="https://docs.aws.amazon.com/codepipeline/latest/userguide/action-reference-S3Deploy.html">Amazon S3 deploy action</a>
 */
final class S3Deploy implements ActionRun {
    /** A file unpacked may be this many bytes, and all together; what claims to be smaller than it is breaks off here. */
    private static final long MOST_BYTES = 5L << 30;

    private static final Map<String, String> TYPES = Map.of(
            "js", "text/javascript",
            "mjs", "text/javascript",
            "css", "text/css",
            "json", "application/json",
            "svg", "image/svg+xml",
            "woff2", "font/woff2",
            "webp", "image/webp",
            "wasm", "application/wasm");

    private final Roles roles;
    private final ArtifactFiles artifacts;

    S3Deploy(Roles roles, ArtifactFiles artifacts) {
        this.roles = roles;
        this.artifacts = artifacts;
    }

    /** An artifact that cannot be unpacked. */
    private static final class InvalidArtifact extends RuntimeException {
        InvalidArtifact(String message) {
            super(message);
        }
    }

    @Override
    public ActionOutcome run(Steps steps, ActionRecord action) throws InterruptedException {
        boolean extract =
                action.setting("Extract").filter("true"::equalsIgnoreCase).isPresent();
        steps.step("put", () -> put(action, extract));
        return ActionOutcome.succeeded("Deployment Succeeded", List.of(), Map.of());
    }

    private void put(ActionRecord action, boolean extract) throws IOException {
        ArtifactRecord artifact = action.inputs().getFirst();
        ArtifactFiles.inTemporaryFile(file -> {
            artifacts.read(action, artifact, file);
            if (extract) {
                unpack(action, file);
            } else {
                send(action, action.setting("ObjectKey").orElse(""), file);
            }
            return file;
        });
    }

    private void unpack(ActionRecord action, Path file) throws IOException {
        String folder = action.setting("ObjectKey")
                .map(key -> key.endsWith("/") ? key : key + "/")
                .orElse("");
        long left = MOST_BYTES;
        try (ZipFile zip = new ZipFile(file.toFile())) {
            for (ZipEntry entry : zip.stream().filter(e -> !e.isDirectory()).toList()) {
                requireInside(entry.getName());
                long most = left;
                left -= ArtifactFiles.inTemporaryFile(one -> {
                    long size = copy(zip, entry, one, most);
                    send(action, folder + entry.getName(), one);
                    return size;
                });
            }
        }
    }

    private static void requireInside(String name) {
        if (name.startsWith("/") || List.of(name.split("/")).contains("..")) {
            throw new InvalidArtifact("The artifact has an entry outside itself: " + name);
        }
    }

    private static long copy(ZipFile zip, ZipEntry entry, Path into, long most) throws IOException {
        try (InputStream in = zip.getInputStream(entry);
                var out = Files.newOutputStream(into)) {
            byte[] chunk = new byte[1 << 16];
            long size = 0;
            for (int read = in.read(chunk); read >= 0; read = in.read(chunk)) {
                size += read;
                if (size > most) {
                    throw new InvalidArtifact("The artifact unpacks to more than " + MOST_BYTES + " bytes");
                }
                out.write(chunk, 0, read);
            }
            return size;
        }
    }

    private void send(ActionRecord action, String key, Path file) {
        PutObjectRequest.Builder request = PutObjectRequest.builder()
                .bucket(action.resolved().getOrDefault("BucketName", ""))
                .key(key)
                .contentType(type(key));
        action.setting("CacheControl").ifPresent(request::cacheControl);
        action.setting("KMSEncryptionKeyARN")
                .ifPresent(kms -> request.serverSideEncryption(ServerSideEncryption.AWS_KMS)
                        .ssekmsKeyId(kms));
        roles.client(S3Client.class, action).putObject(request.build(), RequestBody.fromFile(file));
    }

    private static String type(String key) {
        String extension = key.substring(key.lastIndexOf('.') + 1);
        return Optional.ofNullable(TYPES.get(extension))
                .or(() -> Optional.ofNullable(URLConnection.guessContentTypeFromName(key)))
                .orElse("application/octet-stream");
    }
}
