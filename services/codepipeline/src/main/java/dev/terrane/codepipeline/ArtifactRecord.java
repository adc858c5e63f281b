package dev.terrane.codepipeline;

import software.amazon.awssdk.services.codepipeline.model.ArtifactDetail;

/**
 * An artifact of one execution, in the artifact store.
 *
 * @param revision the revision of the source from which it comes, or empty
 * @param cloneUrl where its sources are to be cloned from, when the object only refers to them; otherwise empty
 */
record ArtifactRecord(String name, String bucket, String key, String revision, String cloneUrl) {
    ArtifactDetail describe() {
        return ArtifactDetail.builder()
                .name(name)
                .s3location(location -> location.bucket(bucket).key(key))
                .build();
    }

    /** As CodeBuild names a location in S3. */
    String path() {
        return bucket + "/" + key;
    }
}
