package dev.terrane.codepipeline;

import java.util.List;
import java.util.Map;

/**
 * How an action ended.
 *
 * @param errorCode one of CodePipeline's failure types, such as {@code JobFailed}; empty when it succeeded
 * @param revision what a source action found: one, or none
 */
record ActionOutcome(
        String errorCode,
        String message,
        String summary,
        String updatedBy,
        List<RevisionRecord> revision,
        List<ArtifactRecord> artifacts,
        Map<String, String> variables) {
    static final String JOB_FAILED = "JobFailed";
    static final String CONFIGURATION = "ConfigurationError";
    static final String PERMISSION = "PermissionError";
    static final String UNAVAILABLE = "SystemUnavailable";

    ActionOutcome {
        revision = List.copyOf(revision);
        artifacts = List.copyOf(artifacts);
        variables = Map.copyOf(variables);
    }

    static ActionOutcome succeeded(String summary, List<ArtifactRecord> artifacts, Map<String, String> variables) {
        return new ActionOutcome("", "", summary, "", List.of(), artifacts, variables);
    }

    static ActionOutcome found(RevisionRecord revision, ArtifactRecord artifact, Map<String, String> variables) {
        return new ActionOutcome("", "", revision.summary(), "", List.of(revision), List.of(artifact), variables);
    }

    static ActionOutcome failed(String code, String message) {
        return new ActionOutcome(code, message, message, "", List.of(), List.of(), Map.of());
    }

    ActionOutcome by(String principal) {
        return new ActionOutcome(errorCode, message, summary, principal, revision, artifacts, variables);
    }

    boolean success() {
        return errorCode.isEmpty();
    }
}
