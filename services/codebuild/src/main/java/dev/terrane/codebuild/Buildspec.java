package dev.terrane.codebuild;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A build specification, version 0.2.
 *
 * @param phases by name: install, pre_build, build, post_build
 * @param reports by report group's name or ARN
 * @param cachePaths globs
 * @see <a href="https://docs.aws.amazon.com/codebuild/latest/userguide/build-spec-ref.html">Its reference</a>
 */
record Buildspec(
        Optional<String> runAs,
        Env env,
        Map<String, Phase> phases,
        Map<String, ReportFiles> reports,
        Optional<ArtifactSet> artifacts,
        Map<String, ArtifactSet> secondaryArtifacts,
        List<String> cachePaths) {
    /**
     * What commands find in their environment.
     *
     * @param shell the program that runs commands: sh or bash
     * @param secrets by variable: {@code secret-id:json-key:version-stage:version-id}
     */
    record Env(
            String shell,
            Map<String, String> variables,
            Map<String, String> parameters,
            Map<String, String> secrets,
            List<String> exported,
            boolean gitCredentialHelper) {}

    /** What happens after a phase failed. */
    enum OnFailure {
        /** The usual: BUILD is followed by POST_BUILD, the others by none. */
        UNSAID,
        ABORT,
        CONTINUE
    }

    /** Commands of a phase. */
    record Phase(
            Optional<String> runAs,
            OnFailure onFailure,
            List<String> commands,
            List<String> finallyCommands,
            Map<String, String> runtimes) {}

    /** Files of a report. */
    record ReportFiles(
            List<String> files, List<String> exclude, String baseDirectory, boolean discardPaths, String format) {}

    /** Files of an artifact. */
    record ArtifactSet(
            List<String> files,
            List<String> exclude,
            String baseDirectory,
            boolean discardPaths,
            Optional<String> name) {}
}
