package dev.terrane.codepipeline;

import dev.terrane.kernel.call.Call;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.codepipeline.model.ArtifactStore;
import software.amazon.awssdk.services.codepipeline.model.PipelineDeclaration;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.s3.model.ServerSideEncryption;

/** Artifacts in the pipeline's artifact store: objects {@code PIPELINE/ARTIFACT/RANDOM.zip}, encrypted with its key. */
final class ArtifactFiles {
    /** CodePipeline shortens names in keys, and so do these. */
    private static final int PIPELINE_NAME = 20;

    private static final int ARTIFACT_NAME = 10;
    private static final int RANDOM = 7;

    private final CodePipelineTables tables;
    private final Roles roles;

    ArtifactFiles(CodePipelineTables tables, Roles roles) {
        this.tables = tables;
        this.roles = roles;
    }

    /** Work with a file that is gone afterwards. */
    interface FileWork<T> {
        T with(Path file) throws IOException;
    }

    static <T> T inTemporaryFile(FileWork<T> work) throws IOException {
        Path file = Files.createTempFile("artifact", ".zip");
        try {
            return work.with(file);
        } finally {
            Files.deleteIfExists(file);
        }
    }

    /** Where an action's output goes; always the same for one action execution. */
    ArtifactRecord place(ActionRecord action, String artifact, String revision, String cloneUrl) {
        ArtifactStore store = store(action);
        return new ArtifactRecord(
                artifact,
                store.location(),
                "%s/%s/%s.zip"
                        .formatted(
                                cut(action.pipeline(), PIPELINE_NAME),
                                cut(artifact, ARTIFACT_NAME),
                                action.id().replace("-", "").substring(0, RANDOM)),
                revision,
                cloneUrl);
    }

    private static String cut(String name, int most) {
        return name.length() > most ? name.substring(0, most) : name;
    }

    /** The artifact store of the pipeline to which an action belongs. */
    ArtifactStore store(ActionRecord action) {
        PipelineDeclaration pipeline = tables.version(Call.current().scope(), action.pipeline(), action.version())
                .orElseThrow()
                .declaration();
        return Structure.store(pipeline, Call.current().region());
    }

    /** Writes an artifact as the action's role. */
    void write(ActionRecord action, ArtifactRecord artifact, Path content, String summary) {
        PutObjectRequest.Builder request = PutObjectRequest.builder()
                .bucket(artifact.bucket())
                .key(artifact.key())
                .contentType("application/zip")
                .serverSideEncryption(ServerSideEncryption.AWS_KMS);
        ArtifactStore store = store(action);
        if (store.encryptionKey() != null) {
            request.ssekmsKeyId(store.encryptionKey().id());
        }
        if (!summary.isEmpty()) {
            request.metadata(Map.of("codepipeline-artifact-revision-summary", plain(summary)));
        }
        roles.client(S3Client.class, action).putObject(request.build(), RequestBody.fromFile(content));
    }

    /** Metadata travels in a header, so it is one line of ASCII, and not too long. */
    private static String plain(String summary) {
        String line = summary.replaceAll("[^\\x20-\\x7E]", "?");
        return cut(line, 1000);
    }

    /** Reads an artifact as the action's role. */
    void read(ActionRecord action, ArtifactRecord artifact, Path into) throws IOException {
        Files.deleteIfExists(into);
        roles.client(S3Client.class, action)
                .getObject(request -> request.bucket(artifact.bucket()).key(artifact.key()), into);
    }
}
