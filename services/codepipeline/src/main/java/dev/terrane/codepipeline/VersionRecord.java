package dev.terrane.codepipeline;

import java.time.Instant;
import software.amazon.awssdk.services.codepipeline.model.PipelineDeclaration;

/** One version of a pipeline's structure. An execution keeps to the version with which it began. */
record VersionRecord(PipelineDeclaration declaration, Instant created) {
    static String key(String pipeline, int version) {
        return "%s/%09d".formatted(pipeline, version);
    }
}
