package dev.terrane.codepipeline;

import dev.terrane.kernel.call.Call;
import dev.terrane.kernel.workflow.Steps;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.services.codepipeline.model.SourceRevisionOverride;
import software.amazon.awssdk.services.codepipeline.model.SourceRevisionType;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.BucketVersioningStatus;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;

/**
 * A version of an object in a bucket with versions.
 *
 * @see <a href="https://docs.aws.amazon.com/codepipeline/latest/userguide/action-reference-S3.html">Amazon S3 source action</a>
 */
final class S3Source implements ActionRun {
    private final CodePipelineTables tables;
    private final Roles roles;
    private final ArtifactFiles artifacts;

    S3Source(CodePipelineTables tables, Roles roles, ArtifactFiles artifacts) {
        this.tables = tables;
        this.roles = roles;
        this.artifacts = artifacts;
    }

    /** The version that is the artifact. */
    record Version(String key, String id, String etag, Instant modified) {}

    /** What an action's source bucket must be, and is not. */
    private static final class InvalidSource extends RuntimeException {
        InvalidSource(String message) {
            super(message);
        }
    }

    @Override
    public ActionOutcome run(Steps steps, ActionRecord action) throws InterruptedException {
        String bucket = action.resolved().getOrDefault("S3Bucket", "");
        Version version = steps.step("version", Version.class, () -> version(action, bucket));
        steps.commit("note", () -> note(action, version));
        ArtifactRecord artifact = steps.step("copy", ArtifactRecord.class, () -> copy(action, bucket, version));
        Map<String, String> variables = new LinkedHashMap<>();
        variables.put("BucketName", bucket);
        variables.put("ObjectKey", version.key());
        variables.put("VersionId", version.id());
        variables.put("ETag", version.etag());
        RevisionRecord revision = new RevisionRecord(
                action.name(),
                artifact.name(),
                version.id(),
                "Amazon S3 version id: " + version.id(),
                "https://console.aws.amazon.com/s3/object/" + bucket + "/" + version.key() + "?versionId="
                        + version.id(),
                version.modified());
        return ActionOutcome.found(revision, artifact, variables);
    }

    private Version version(ActionRecord action, String bucket) {
        S3Client client = roles.client(S3Client.class, action);
        if (client.getBucketVersioning(r -> r.bucket(bucket)).status() != BucketVersioningStatus.ENABLED) {
            throw new InvalidSource(
                    "The Amazon S3 bucket " + bucket + " must have versioning enabled to be a source of a pipeline.");
        }
        String key = override(action, SourceRevisionType.S3_OBJECT_KEY)
                .or(() -> action.setting("S3ObjectKey"))
                .orElse("");
        Optional<String> wanted = override(action, SourceRevisionType.S3_OBJECT_VERSION_ID);
        HeadObjectResponse head =
                client.headObject(r -> r.bucket(bucket).key(key).versionId(wanted.orElse(null)));
        return new Version(key, head.versionId(), head.eTag().replace("\"", ""), head.lastModified());
    }

    /** What was taken need not start the pipeline again. */
    private void note(ActionRecord action, Version version) {
        if (override(action, SourceRevisionType.S3_OBJECT_KEY).isEmpty()
                && override(action, SourceRevisionType.S3_OBJECT_VERSION_ID).isEmpty()) {
            tables.put(
                    Call.current().scope(),
                    new CodePipelineTables.SeenObject(action.pipeline(), action.name(), version.id()));
        }
    }

    private Optional<String> override(ActionRecord action, SourceRevisionType type) {
        return tables.execution(Call.current().scope(), action.execution()).orElseThrow().origin().overrides().stream()
                .filter(o -> o.actionName().equals(action.name()) && o.revisionType() == type)
                .map(SourceRevisionOverride::revisionValue)
                .findFirst();
    }

    private ArtifactRecord copy(ActionRecord action, String bucket, Version version) throws java.io.IOException {
        String name = action.declaration().outputArtifacts().getFirst().name();
        ArtifactRecord artifact = artifacts.place(action, name, version.id(), "");
        return ArtifactFiles.inTemporaryFile(file -> {
            java.nio.file.Files.delete(file);
            roles.client(S3Client.class, action)
                    .getObject(r -> r.bucket(bucket).key(version.key()).versionId(version.id()), file);
            artifacts.write(action, artifact, file, "");
            return artifact;
        });
    }
}
