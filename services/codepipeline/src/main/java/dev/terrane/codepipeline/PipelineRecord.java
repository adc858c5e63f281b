package dev.terrane.codepipeline;

import java.time.Instant;
import java.util.Map;
import software.amazon.awssdk.services.codepipeline.model.PipelineDeclaration;

/** A pipeline in its latest version. */
record PipelineRecord(PipelineDeclaration declaration, Instant created, Instant updated, Map<String, String> tags) {
    PipelineRecord {
        tags = Map.copyOf(tags);
    }

    String name() {
        return declaration.name();
    }

    PipelineRecord withDeclaration(PipelineDeclaration changed, Instant now) {
        return new PipelineRecord(changed, created, now, tags);
    }

    PipelineRecord withTags(Map<String, String> changed) {
        return new PipelineRecord(declaration, created, updated, changed);
    }
}
