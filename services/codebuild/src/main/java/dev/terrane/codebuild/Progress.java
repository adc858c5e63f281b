package dev.terrane.codebuild;

import dev.terrane.kernel.call.Scope;
import dev.terrane.kernel.service.Platform;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;
import software.amazon.awssdk.services.codebuild.model.Build;
import software.amazon.awssdk.services.codebuild.model.BuildPhase;
import software.amazon.awssdk.services.codebuild.model.BuildPhaseType;
import software.amazon.awssdk.services.codebuild.model.PhaseContext;
import software.amazon.awssdk.services.codebuild.model.StatusType;

/** Writes down how far a build is, with its events in the same commit. */
final class Progress {
    private static final Set<BuildPhaseType> BEFORE_WORK = Set.of(BuildPhaseType.SUBMITTED, BuildPhaseType.QUEUED);

    private final Platform platform;
    private final CodeBuildTables tables;
    private final BuildEvents events;
    private final Scope scope;
    private final String id;

    Progress(Platform platform, CodeBuildTables tables, BuildEvents events, Scope scope, String id) {
        this.platform = platform;
        this.tables = tables;
        this.events = events;
        this.scope = scope;
        this.id = id;
    }

    Scope scope() {
        return scope;
    }

    BuildRecord record() {
        return tables.build(scope, id).orElseThrow();
    }

    Build build() {
        return record().build();
    }

    /** Begins the work, anew if it was begun before: what its phases then did is forgotten.
     *
     * @return how often it was begun, this time included */
    int beginWork() {
        return tables.store().<Integer>transact(() -> {
            BuildRecord record = record().begun();
            List<BuildPhase> phases = record.build().phases().stream()
                    .filter(phase -> BEFORE_WORK.contains(phase.phaseType()))
                    .toList();
            tables.put(
                    scope,
                    record.with(record.build().toBuilder()
                            .phases(phases)
                            .reportArns(List.of())
                            .build()));
            if (record.attempts() == 1) {
                end(BuildPhaseType.QUEUED, StatusType.SUCCEEDED, "", "");
            }
            return record.attempts();
        });
    }

    void change(UnaryOperator<Build.Builder> edit) {
        tables.store().transact(() -> {
            BuildRecord record = record();
            tables.put(scope, record.with(edit.apply(record.build().toBuilder()).build()));
        });
    }

    void begin(BuildPhaseType type) {
        change(build -> {
            List<BuildPhase> phases = new ArrayList<>(build().phases());
            phases.add(BuildPhase.builder()
                    .phaseType(type)
                    .startTime(platform.clock().instant())
                    .build());
            return build.currentPhase(type.toString()).phases(phases);
        });
    }

    /** Ends the phase that is under way.
     *
     * @param code of its context, empty where all went well */
    void end(BuildPhaseType type, StatusType status, String code, String message) {
        tables.store().transact(() -> {
            List<BuildPhase> phases = new ArrayList<>(build().phases());
            for (int i = 0; i < phases.size(); i++) {
                BuildPhase phase = phases.get(i);
                if (phase.phaseType() == type && phase.endTime() == null) {
                    phases.set(i, ended(phase, status, code, message));
                    change(build -> build.phases(phases));
                    events.phaseChanged(build(), phases.get(i));
                }
            }
        });
    }

    private BuildPhase ended(BuildPhase phase, StatusType status, String code, String message) {
        Instant now = platform.clock().instant();
        return phase.toBuilder()
                .phaseStatus(status)
                .endTime(now)
                .durationInSeconds(
                        Duration.between(phase.startTime(), now).plusMillis(999).toSeconds())
                .contexts(
                        PhaseContext.builder().statusCode(code).message(message).build())
                .build();
    }

    /** Ends the build. */
    void complete(StatusType status) {
        tables.store().transact(() -> {
            for (BuildPhase phase : build().phases()) {
                if (phase.endTime() == null) {
                    end(phase.phaseType(), status, "", "");
                }
            }
            List<BuildPhase> phases = new ArrayList<>(build().phases());
            phases.add(BuildPhase.builder()
                    .phaseType(BuildPhaseType.COMPLETED)
                    .startTime(platform.clock().instant())
                    .build());
            change(build -> build.phases(phases)
                    .currentPhase("COMPLETED")
                    .buildStatus(status)
                    .buildComplete(true)
                    .endTime(platform.clock().instant()));
            events.stateChanged(build());
        });
    }
}
