package dev.terrane.codebuild;

import java.util.List;
import software.amazon.awssdk.services.codebuild.model.Build;
import software.amazon.awssdk.services.codebuild.model.LogsConfig;
import software.amazon.awssdk.services.codebuild.model.ProjectArtifacts;
import software.amazon.awssdk.services.codebuild.model.StartBuildRequest;

/**
 * A build.
 *
 * @param artifacts what is to be made, where the build's own description only says where it is
 * @param request what started it, for a retry
 * @param attempts how often its work was begun: more than once if the server ended meanwhile
 */
record BuildRecord(
        Build build,
        ProjectArtifacts artifacts,
        List<ProjectArtifacts> secondaryArtifacts,
        LogsConfig logs,
        StartBuildRequest request,
        int attempts) {
    BuildRecord {
        secondaryArtifacts = List.copyOf(secondaryArtifacts);
    }

    String id() {
        return build.id();
    }

    BuildRecord with(Build changed) {
        return new BuildRecord(changed, artifacts, secondaryArtifacts, logs, request, attempts);
    }

    BuildRecord begun() {
        return new BuildRecord(build, artifacts, secondaryArtifacts, logs, request, attempts + 1);
    }
}
