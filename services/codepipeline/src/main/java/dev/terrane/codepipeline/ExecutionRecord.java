package dev.terrane.codepipeline;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.services.codepipeline.model.ExecutionMode;
import software.amazon.awssdk.services.codepipeline.model.ExecutionTrigger;
import software.amazon.awssdk.services.codepipeline.model.ExecutionType;
import software.amazon.awssdk.services.codepipeline.model.PipelineExecutionStatus;
import software.amazon.awssdk.services.codepipeline.model.SourceRevisionOverride;
import software.amazon.awssdk.services.codepipeline.model.TriggerType;

/** One execution of a pipeline: how it began, where it stands, what it has made. */
record ExecutionRecord(
        String id,
        String pipeline,
        Origin origin,
        Standing standing,
        Place place,
        Map<String, StageRecord> stages,
        Products products) {
    ExecutionRecord {
        stages = Map.copyOf(stages);
    }

    /**
     * How it began.
     *
     * @param serial orders the executions of a pipeline by their start
     * @param variables the pipeline's variables with their values
     * @param overrides revisions that the sources are to take
     * @param rollbackTarget the execution whose products a rollback deploys again, or empty
     */
    record Origin(
            int version,
            ExecutionMode mode,
            ExecutionType type,
            TriggerType trigger,
            String triggerDetail,
            Instant started,
            long serial,
            Map<String, String> variables,
            List<SourceRevisionOverride> overrides,
            String rollbackTarget) {
        Origin {
            variables = Map.copyOf(variables);
            overrides = List.copyOf(overrides);
        }

        ExecutionTrigger describeTrigger() {
            return ExecutionTrigger.builder()
                    .triggerType(trigger)
                    .triggerDetail(triggerDetail)
                    .build();
        }
    }

    /**
     * How it stands.
     *
     * @param attempt 1, and one more at each retry
     * @param stopReason why it was asked to stop, or empty
     */
    record Standing(
            PipelineExecutionStatus status,
            String summary,
            Instant updated,
            int attempt,
            boolean stopAsked,
            boolean abandoned,
            String stopReason) {}

    /** The stage in which it is, or at whose door it waits. */
    record Place(String stage, boolean inside) {}

    /**
     * What its actions gave.
     *
     * @param artifacts by name
     * @param variables by namespace and name
     */
    record Products(
            List<RevisionRecord> revisions,
            Map<String, ArtifactRecord> artifacts,
            Map<String, Map<String, String>> variables) {
        static final Products NONE = new Products(List.of(), Map.of(), Map.of());

        Products {
            revisions = List.copyOf(revisions);
            artifacts = Map.copyOf(artifacts);
            variables = Map.copyOf(variables);
        }

        Products with(String namespace, ActionOutcome outcome) {
            List<RevisionRecord> allRevisions = new ArrayList<>(revisions);
            outcome.revision().forEach(revision -> {
                allRevisions.removeIf(old -> old.action().equals(revision.action()));
                allRevisions.add(revision);
            });
            Map<String, ArtifactRecord> allArtifacts = new HashMap<>(artifacts);
            outcome.artifacts().forEach(artifact -> allArtifacts.put(artifact.name(), artifact));
            Map<String, Map<String, String>> allVariables = new HashMap<>(variables);
            if (!namespace.isEmpty()) {
                allVariables.put(namespace, outcome.variables());
            }
            return new Products(allRevisions, allArtifacts, allVariables);
        }
    }

    boolean parallel() {
        return origin.mode() == ExecutionMode.PARALLEL;
    }

    PipelineExecutionStatus status() {
        return standing.status();
    }

    /** Whether it is neither ended nor stopped. */
    boolean active() {
        return status() == PipelineExecutionStatus.IN_PROGRESS || status() == PipelineExecutionStatus.STOPPING;
    }

    Optional<StageRecord> stage(String name) {
        return Optional.ofNullable(stages.get(name));
    }

    ExecutionRecord withStatus(PipelineExecutionStatus status, String summary, Instant now) {
        return withStanding(new Standing(
                status,
                summary,
                now,
                standing.attempt(),
                standing.stopAsked(),
                standing.abandoned(),
                standing.stopReason()));
    }

    ExecutionRecord withStanding(Standing changed) {
        return new ExecutionRecord(id, pipeline, origin, changed, place, stages, products);
    }

    ExecutionRecord at(String stage, boolean inside) {
        return new ExecutionRecord(id, pipeline, origin, standing, new Place(stage, inside), stages, products);
    }

    ExecutionRecord withStage(String name, StageRecord stage) {
        Map<String, StageRecord> changed = new LinkedHashMap<>(stages);
        changed.put(name, stage);
        return new ExecutionRecord(id, pipeline, origin, standing, place, changed, products);
    }

    ExecutionRecord withProducts(Products changed) {
        return new ExecutionRecord(id, pipeline, origin, standing, place, stages, changed);
    }
}
