package dev.terrane.codepipeline;

import java.time.Instant;
import software.amazon.awssdk.services.codepipeline.model.ArtifactRevision;
import software.amazon.awssdk.services.codepipeline.model.SourceRevision;

/** What a source action found: a commit, or a version of an object. */
record RevisionRecord(String action, String artifact, String id, String summary, String url, Instant created) {
    SourceRevision describe() {
        return SourceRevision.builder()
                .actionName(action)
                .revisionId(id)
                .revisionSummary(summary.isEmpty() ? null : summary)
                .revisionUrl(url.isEmpty() ? null : url)
                .build();
    }

    ArtifactRevision describeArtifact() {
        return ArtifactRevision.builder()
                .name(artifact)
                .revisionId(id)
                .revisionSummary(summary.isEmpty() ? null : summary)
                .revisionUrl(url.isEmpty() ? null : url)
                .created(created)
                .build();
    }
}
