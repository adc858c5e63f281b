package dev.terrane.codepipeline;

import dev.terrane.kernel.arn.Arn;
import dev.terrane.kernel.service.Platform;
import dev.terrane.kernel.service.Service;
import dev.terrane.testkit.TestServer;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedDeque;
import software.amazon.awssdk.services.codebuild.CodeBuildClient;
import software.amazon.awssdk.services.codebuild.model.*;

/** CodeBuild, in which the test says how builds end. What it holds outlives a restart of the server. */
final class Builds implements CodeBuildClient {
    private final Map<String, Build> builds = new ConcurrentHashMap<>();
    private final Map<String, String> byToken = new ConcurrentHashMap<>();
    final ConcurrentLinkedDeque<StartBuildRequest> started = new ConcurrentLinkedDeque<>();
    final ConcurrentLinkedDeque<String> stopped = new ConcurrentLinkedDeque<>();

    Service service() {
        return new Neighbour("codebuild", CodeBuildClient.class, this);
    }

    @Override
    public String serviceName() {
        return SERVICE_NAME;
    }

    @Override
    public void close() {
        // Nothing to release.
    }

    @Override
    public StartBuildResponse startBuild(StartBuildRequest request) {
        String id = byToken.computeIfAbsent(request.idempotencyToken(), token -> {
            started.add(request);
            return request.projectName() + ":" + token;
        });
        Build build = builds.computeIfAbsent(
                id,
                i -> Build.builder().id(i).buildStatus(StatusType.IN_PROGRESS).build());
        return StartBuildResponse.builder().build(build).build();
    }

    @Override
    public BatchGetBuildsResponse batchGetBuilds(BatchGetBuildsRequest request) {
        return BatchGetBuildsResponse.builder()
                .builds(request.ids().stream()
                        .flatMap(id -> builds.containsKey(id)
                                ? java.util.stream.Stream.of(builds.get(id))
                                : java.util.stream.Stream.empty())
                        .toList())
                .build();
    }

    @Override
    public StopBuildResponse stopBuild(StopBuildRequest request) {
        stopped.add(request.id());
        return StopBuildResponse.builder().build();
    }

    /** The build that was started last, once there are so many. */
    String await(int count) {
        TestServer.await(() -> started.size() >= count);
        StartBuildRequest last = started.getLast();
        return last.projectName() + ":" + last.idempotencyToken();
    }

    /** Ends a build, with an event when there is a platform to emit it. */
    void end(Platform platform, String id, StatusType status, Map<String, String> exported) {
        endSilently(id, status, exported);
        String arn = Arn.of("codebuild", TestServer.REGION, TestServer.ACCOUNT, "build/" + id)
                .toString();
        Neighbour.emit(
                platform,
                "aws.codebuild",
                "CodeBuild Build State Change",
                Map.of("build-id", arn, "build-status", status.toString()));
    }

    /** Ends a build without an event. */
    void endSilently(String id, StatusType status, Map<String, String> exported) {
        builds.put(
                id,
                Build.builder()
                        .id(id)
                        .buildStatus(status)
                        .exportedEnvironmentVariables(exported.entrySet().stream()
                                .map(v -> ExportedEnvironmentVariable.builder()
                                        .name(v.getKey())
                                        .value(v.getValue())
                                        .build())
                                .toList())
                        .phases(
                                status == StatusType.SUCCEEDED
                                        ? List.of()
                                        : List.of(BuildPhase.builder()
                                                .phaseType(BuildPhaseType.BUILD)
                                                .contexts(PhaseContext.builder()
                                                        .statusCode("COMMAND_EXECUTION_ERROR")
                                                        .message("Error while executing command: make")
                                                        .build())
                                                .build()))
                        .build());
    }
}
