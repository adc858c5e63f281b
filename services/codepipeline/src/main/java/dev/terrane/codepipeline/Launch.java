package dev.terrane.codepipeline;

import dev.terrane.kernel.call.Scope;
import dev.terrane.kernel.clock.Clock;
import dev.terrane.kernel.id.Ids;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import software.amazon.awssdk.services.codepipeline.model.ConcurrentPipelineExecutionsLimitExceededException;
import software.amazon.awssdk.services.codepipeline.model.ExecutionMode;
import software.amazon.awssdk.services.codepipeline.model.ExecutionType;
import software.amazon.awssdk.services.codepipeline.model.PipelineDeclaration;
import software.amazon.awssdk.services.codepipeline.model.PipelineExecutionStatus;
import software.amazon.awssdk.services.codepipeline.model.PipelineVariableDeclaration;
import software.amazon.awssdk.services.codepipeline.model.SourceRevisionOverride;
import software.amazon.awssdk.services.codepipeline.model.TriggerType;

/** Begins executions. */
final class Launch {
    /** The greatest number of executions at once in the modes QUEUED and PARALLEL. See "Quotas in AWS CodePipeline". */
    private static final int MOST_AT_ONCE = 50;

    private final CodePipelineTables tables;
    private final Progress progress;
    private final Clock clock;
    private final Serials serials;

    Launch(CodePipelineTables tables, Progress progress, Clock clock, Serials serials) {
        this.tables = tables;
        this.progress = progress;
        this.clock = clock;
        this.serials = serials;
    }

    /**
     * What an execution begins with.
     *
     * @param token names the cause: a second start for the same cause does nothing; empty for a cause of its own
     */
    record Cause(
            TriggerType trigger,
            String detail,
            Map<String, String> variables,
            List<SourceRevisionOverride> overrides,
            String token) {
        static Cause of(TriggerType trigger, String detail, String token) {
            return new Cause(trigger, detail, Map.of(), List.of(), token);
        }
    }

    /**
     * Begins an execution of a pipeline's latest version.
     *
     * @return its id */
    String start(Scope scope, PipelineRecord pipeline, Cause cause) {
        String id = cause.token().isEmpty()
                ? Ids.uuid()
                : UUID.nameUUIDFromBytes(
                                (scope + "/" + pipeline.name() + "/" + pipeline.created() + "/" + cause.token())
                                        .getBytes(StandardCharsets.UTF_8))
                        .toString();
        if (tables.execution(scope, id).isPresent()) {
            return id;
        }
        PipelineDeclaration structure = pipeline.declaration();
        requireRoom(scope, structure);
        ExecutionRecord.Origin origin = new ExecutionRecord.Origin(
                structure.version(),
                structure.executionMode(),
                ExecutionType.STANDARD,
                cause.trigger(),
                cause.detail(),
                clock.instant(),
                serials.next(),
                values(structure, cause.variables()),
                cause.overrides(),
                "");
        begin(
                scope,
                id,
                pipeline.name(),
                origin,
                ExecutionRecord.Products.NONE,
                structure.stages().getFirst().name());
        return id;
    }

    /**
     * Has a stage done again with what an earlier execution brought into it.
     *
     * @return the id of the execution that does it */
    String rollback(Scope scope, ExecutionRecord target, String stage, TriggerType trigger, String detail) {
        ExecutionRecord.Origin origin = new ExecutionRecord.Origin(
                target.origin().version(),
                target.origin().mode(),
                ExecutionType.ROLLBACK,
                trigger,
                detail,
                clock.instant(),
                serials.next(),
                target.origin().variables(),
                List.of(),
                target.id());
        String id = Ids.uuid();
        begin(scope, id, target.pipeline(), origin, target.products(), stage);
        return id;
    }

    private void begin(
            Scope scope,
            String id,
            String pipeline,
            ExecutionRecord.Origin origin,
            ExecutionRecord.Products products,
            String stage) {
        Instant now = clock.instant();
        ExecutionRecord execution = new ExecutionRecord(
                id,
                pipeline,
                origin,
                new ExecutionRecord.Standing(PipelineExecutionStatus.IN_PROGRESS, "", now, 1, false, false, ""),
                new ExecutionRecord.Place(stage, false),
                Map.of(),
                products);
        progress.begin(scope, execution, stage);
    }

    private void requireRoom(Scope scope, PipelineDeclaration structure) {
        if (structure.executionMode() != ExecutionMode.SUPERSEDED
                && tables.active(scope, structure.name()).size() >= MOST_AT_ONCE) {
            throw ConcurrentPipelineExecutionsLimitExceededException.builder()
                    .message("The pipeline " + structure.name() + " has reached the limit of " + MOST_AT_ONCE
                            + " concurrent executions.")
                    .build();
        }
    }

    /** Every variable of a pipeline with the value given, or its default.
     *
     * @throws software.amazon.awssdk.awscore.exception.AwsServiceException ValidationException, when one has none or is not declared */
    static Map<String, String> values(PipelineDeclaration structure, Map<String, String> given) {
        Map<String, String> values = new HashMap<>();
        for (PipelineVariableDeclaration variable : structure.variables()) {
            String value = given.getOrDefault(variable.name(), variable.defaultValue());
            if (value != null) {
                values.put(variable.name(), value);
            }
        }
        return values;
    }
}
