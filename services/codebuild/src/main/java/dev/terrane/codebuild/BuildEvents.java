package dev.terrane.codebuild;

import dev.terrane.kernel.event.Events;
import dev.terrane.kernel.store.RecordCodec;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import software.amazon.awssdk.services.codebuild.model.Build;
import software.amazon.awssdk.services.codebuild.model.BuildPhase;
import software.amazon.awssdk.services.codebuild.model.EnvironmentVariable;

/**
 * What builds tell the event bus.
 *
 * @see <a href="https://docs.aws.amazon.com/codebuild/latest/userguide/sample-build-notifications.html">The events' form</a>
 */
final class BuildEvents {
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("MMM d, yyyy h:mm:ss a", Locale.US).withZone(ZoneOffset.UTC);

    private final Events events;

    BuildEvents(Events events) {
        this.events = events;
    }

    /** A build has begun or ended. */
    void stateChanged(Build build) {
        Map<String, Object> detail = new LinkedHashMap<>();
        detail.put("build-status", build.buildStatusAsString());
        detail.put("project-name", build.projectName());
        detail.put("build-id", build.arn());
        detail.put("additional-information", information(build));
        detail.put("current-phase", build.currentPhase());
        detail.put("current-phase-context", "[]");
        detail.put("version", "1");
        events.emit("aws.codebuild", "CodeBuild Build State Change", List.of(build.arn()), detail);
    }

    /** A phase has ended. */
    void phaseChanged(Build build, BuildPhase phase) {
        Map<String, Object> detail = new LinkedHashMap<>();
        detail.put("completed-phase", phase.phaseTypeAsString());
        detail.put("project-name", build.projectName());
        detail.put("build-id", build.arn());
        detail.put("completed-phase-context", context(phase));
        detail.put("additional-information", information(build));
        detail.put("completed-phase-status", phase.phaseStatusAsString());
        detail.put("completed-phase-duration-seconds", phase.durationInSeconds());
        detail.put("completed-phase-start", TIME.format(phase.startTime()));
        detail.put("completed-phase-end", TIME.format(phase.endTime()));
        detail.put("version", "1");
        events.emit("aws.codebuild", "CodeBuild Build Phase Change", List.of(build.arn()), detail);
    }

    private static Map<String, Object> information(Build build) {
        Map<String, Object> more = new LinkedHashMap<>();
        more.put("cache", Map.of("type", build.cache().typeAsString()));
        more.put("build-number", build.buildNumber());
        more.put("timeout-in-minutes", build.timeoutInMinutes());
        more.put("build-complete", build.buildComplete());
        more.put("initiator", build.initiator());
        more.put("build-start-time", TIME.format(build.startTime()));
        Map<String, Object> source = new LinkedHashMap<>();
        put(source, "buildspec", build.source().buildspec());
        put(source, "location", build.source().location());
        source.put("type", build.source().typeAsString());
        more.put("source", source);
        put(more, "source-version", build.sourceVersion());
        Map<String, Object> artifact = new LinkedHashMap<>();
        put(artifact, "location", build.artifacts().location());
        put(artifact, "md5sum", build.artifacts().md5sum());
        put(artifact, "sha256sum", build.artifacts().sha256sum());
        more.put("artifact", artifact);
        Map<String, Object> environment = new LinkedHashMap<>();
        environment.put("image", build.environment().image());
        environment.put(
                "privileged-mode", Boolean.TRUE.equals(build.environment().privilegedMode()));
        environment.put("compute-type", build.environment().computeTypeAsString());
        environment.put("type", build.environment().typeAsString());
        environment.put(
                "environment-variables",
                build.environment().environmentVariables().stream()
                        .map(BuildEvents::variable)
                        .toList());
        more.put("environment", environment);
        Map<String, Object> logs = new LinkedHashMap<>();
        put(logs, "group-name", build.logs().groupName());
        put(logs, "stream-name", build.logs().streamName());
        put(logs, "deep-link", build.logs().deepLink());
        more.put("logs", logs);
        List<Map<String, Object>> phases = new ArrayList<>();
        build.phases().forEach(phase -> phases.add(phase(phase)));
        more.put("phases", phases);
        more.put("queued-timeout-in-minutes", build.queuedTimeoutInMinutes());
        put(
                more,
                "exported-environment-variables",
                build.exportedEnvironmentVariables().isEmpty()
                        ? null
                        : build.exportedEnvironmentVariables().stream()
                                .map(v -> Map.of("name", v.name(), "value", v.value()))
                                .toList());
        return more;
    }

    private static void put(Map<String, Object> map, String name, @org.jspecify.annotations.Nullable Object value) {
        if (value != null) {
            map.put(name, value);
        }
    }

    private static Map<String, Object> variable(EnvironmentVariable variable) {
        return Map.of(
                "name",
                variable.name(),
                "type",
                variable.typeAsString() == null ? "PLAINTEXT" : variable.typeAsString(),
                "value",
                variable.value());
    }

    private static Map<String, Object> phase(BuildPhase phase) {
        Map<String, Object> shown = new LinkedHashMap<>();
        shown.put("phase-type", phase.phaseTypeAsString());
        shown.put("start-time", TIME.format(phase.startTime()));
        Instant end = phase.endTime();
        if (end != null) {
            shown.put(
                    "phase-context",
                    phase.contexts().stream()
                            .map(c -> c.statusCode() + ": " + c.message())
                            .toList());
            shown.put("end-time", TIME.format(end));
            shown.put("duration-in-seconds", phase.durationInSeconds());
            shown.put("phase-status", phase.phaseStatusAsString());
        }
        return shown;
    }

    private static String context(BuildPhase phase) {
        return RecordCodec.json()
                .writeValueAsString(phase.contexts().stream()
                        .map(c -> c.statusCode() + ": " + c.message())
                        .toList());
    }
}
