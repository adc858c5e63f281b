package dev.terrane.codepipeline;

import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.codepipeline.model.ActionTypeId;
import software.amazon.awssdk.services.codepipeline.model.ArtifactStore;
import software.amazon.awssdk.services.codepipeline.model.ArtifactStoreType;
import software.amazon.awssdk.services.codepipeline.model.ExecutionMode;
import software.amazon.awssdk.services.codepipeline.model.InvalidBlockerDeclarationException;
import software.amazon.awssdk.services.codepipeline.model.InvalidStageDeclarationException;
import software.amazon.awssdk.services.codepipeline.model.InvalidStructureException;
import software.amazon.awssdk.services.codepipeline.model.LimitExceededException;
import software.amazon.awssdk.services.codepipeline.model.PipelineDeclaration;
import software.amazon.awssdk.services.codepipeline.model.PipelineType;
import software.amazon.awssdk.services.codepipeline.model.PipelineVariableDeclaration;
import software.amazon.awssdk.services.codepipeline.model.Result;
import software.amazon.awssdk.services.codepipeline.model.StageDeclaration;

/**
 * The structure of a pipeline: what it must be, and how it is kept.
 *
 * @see <a href="https://docs.aws.amazon.com/codepipeline/latest/userguide/reference-pipeline-structure.html">Pipeline structure reference</a>
 */
final class Structure {
    private static final int MOST_STAGES = 50;
    private static final int MOST_ACTIONS = 500;
    private static final int MOST_VARIABLES = 50;

    private Structure() {}

    /** A structure as it is kept: checked, with defaults put in.
     *
     * @param region where the pipeline is
     * @param types what actions of a type may be */
    static PipelineDeclaration checked(
            PipelineDeclaration given, int version, String region, Function<ActionTypeId, Optional<ActionForm>> types) {
        PipelineType type = given.pipelineType() == null ? PipelineType.V1 : given.pipelineType();
        ExecutionMode mode = given.executionMode() == null ? ExecutionMode.SUPERSEDED : given.executionMode();
        boolean second = type == PipelineType.V2;
        if (!second && mode != ExecutionMode.SUPERSEDED) {
            throw invalid("The execution mode " + mode + " is only available for pipelines of type V2.");
        }
        checkStores(given, region);
        checkVariables(given, second);
        if (given.hasTriggers() && !given.triggers().isEmpty()) {
            throw invalid("Triggers are for CodeStarSourceConnection source actions, and this pipeline has none.");
        }
        PipelineDeclaration kept = given.toBuilder()
                .pipelineType(type)
                .executionMode(mode)
                .version(version)
                .stages(given.stages().stream()
                        .map(stage -> normal(stage, second))
                        .toList())
                .build();
        checkStages(kept, region, types);
        return kept;
    }

    /** Where a pipeline in a region keeps its artifacts. */
    static ArtifactStore store(PipelineDeclaration pipeline, String region) {
        ArtifactStore single = pipeline.artifactStore();
        if (single != null) {
            return single;
        }
        ArtifactStore regional = pipeline.artifactStores().get(region);
        if (regional == null) {
            throw invalid("The pipeline has no artifact store for region " + region + ".");
        }
        return regional;
    }

    private static void checkStores(PipelineDeclaration given, String region) {
        boolean several = given.hasArtifactStores() && !given.artifactStores().isEmpty();
        if ((given.artifactStore() != null) == several) {
            throw invalid("The pipeline must have exactly one of artifactStore and artifactStores.");
        }
        if (several && given.artifactStores().size() > 1) {
            throw invalid(
                    "Actions in other regions are not available, so artifactStores can only name " + region + ".");
        }
        ArtifactStore store = store(given, region);
        if (store.type() != ArtifactStoreType.S3) {
            throw invalid("The type of an artifact store must be S3.");
        }
    }

    private static void checkVariables(PipelineDeclaration given, boolean second) {
        List<PipelineVariableDeclaration> variables = given.variables();
        if (!variables.isEmpty() && !second) {
            throw invalid("Variables at the pipeline level are only available for pipelines of type V2.");
        }
        if (variables.size() > MOST_VARIABLES) {
            throw LimitExceededException.builder()
                    .message("A pipeline can have at most " + MOST_VARIABLES + " variables.")
                    .build();
        }
        requireDistinct(
                variables.stream().map(PipelineVariableDeclaration::name).toList(), "variable");
    }

    private static StageDeclaration normal(StageDeclaration stage, boolean second) {
        if (!stage.blockers().isEmpty()) {
            throw InvalidBlockerDeclarationException.builder()
                    .message("Stage " + stage.name() + " has blockers, which are reserved for future use.")
                    .build();
        }
        if (stage.beforeEntry() != null || stage.onSuccess() != null) {
            throw invalidStage("Stage " + stage.name() + " has conditions, which are not available here.");
        }
        if (stage.onFailure() != null) {
            checkOnFailure(stage, second);
        }
        return stage.toBuilder()
                .actions(stage.actions().stream()
                        .map(action -> action.toBuilder()
                                .runOrder(action.runOrder() == null ? 1 : action.runOrder())
                                .configuration(action.configuration())
                                .inputArtifacts(action.inputArtifacts())
                                .outputArtifacts(action.outputArtifacts())
                                .build())
                        .toList())
                .build();
    }

    private static void checkOnFailure(StageDeclaration stage, boolean second) {
        if (!second) {
            throw invalidStage("onFailure is only available for pipelines of type V2.");
        }
        if (!stage.onFailure().conditions().isEmpty()) {
            throw invalidStage("Stage " + stage.name() + " has conditions, which are not available here.");
        }
        Result result = stage.onFailure().result();
        boolean retries = stage.onFailure().retryConfiguration() != null;
        if (retries && result != Result.RETRY) {
            throw invalidStage("Stage " + stage.name() + " has a retryConfiguration without the result RETRY.");
        }
        if (result != Result.ROLLBACK && result != Result.RETRY && result != Result.FAIL) {
            throw invalidStage(
                    "The result of onFailure in stage " + stage.name() + " must be ROLLBACK, RETRY or FAIL.");
        }
    }

    private static void checkStages(
            PipelineDeclaration pipeline, String region, Function<ActionTypeId, Optional<ActionForm>> types) {
        List<StageDeclaration> stages = pipeline.stages();
        if (stages.size() < 2) {
            throw invalid("Pipeline has " + stages.size() + " stage(s). A pipeline must have at least two stages.");
        }
        int actions = stages.stream().mapToInt(stage -> stage.actions().size()).sum();
        if (stages.size() > MOST_STAGES || actions > MOST_ACTIONS) {
            throw LimitExceededException.builder()
                    .message("A pipeline can have at most %d stages and %d actions."
                            .formatted(MOST_STAGES, MOST_ACTIONS))
                    .build();
        }
        requireDistinct(stages.stream().map(StageDeclaration::name).toList(), "stage");
        StructuredActions flow = new StructuredActions(pipeline, region, types);
        for (int i = 0; i < stages.size(); i++) {
            flow.check(stages.get(i), i == 0);
        }
    }

    static void requireDistinct(Collection<String> names, String what) {
        Set<String> met = new HashSet<>();
        for (String name : names) {
            if (!met.add(name)) {
                throw what.equals("stage")
                        ? invalidStage("Stage names must be unique within a pipeline: " + name)
                        : invalid("The " + what + " name " + name + " is used more than once.");
            }
        }
    }

    static InvalidStructureException invalid(@Nullable String message) {
        return InvalidStructureException.builder().message(message).build();
    }

    static InvalidStageDeclarationException invalidStage(String message) {
        return InvalidStageDeclarationException.builder().message(message).build();
    }
}
