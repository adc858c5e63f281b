package dev.terrane.cloudformation;

import dev.terrane.cloudformation.RefactorRecord.Move;
import dev.terrane.cloudformation.RefactorRecord.Part;
import dev.terrane.kernel.call.Call;
import dev.terrane.kernel.call.Scope;
import dev.terrane.kernel.error.AwsErrors;
import dev.terrane.kernel.id.Ids;
import dev.terrane.kernel.page.PageTokens;
import dev.terrane.kernel.store.Page;
import dev.terrane.kernel.workflow.Workflows;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.services.cloudformation.model.*;

/** Refactors of stacks: resources come to stand in other stacks or under other logical ids, and stay as they are. */
final class Refactors {
    private static final int MOST_STACKS = 5;
    private static final int PAGE = 100;

    private final CloudFormationTables tables;
    private final RefactorPlanner planner;
    private final Progress progress;
    private final Workflows workflows;
    private final RefactorWorkflow workflow;
    private final PageTokens tokens;

    Refactors(
            CloudFormationTables tables,
            RefactorPlanner planner,
            Progress progress,
            Workflows workflows,
            RefactorWorkflow workflow,
            PageTokens tokens) {
        this.tables = tables;
        this.planner = planner;
        this.progress = progress;
        this.workflows = workflows;
        this.workflow = workflow;
        this.tokens = tokens;
    }

    CreateStackRefactorResponse create(CreateStackRefactorRequest request) {
        Set<String> names = new HashSet<>();
        for (StackDefinition definition : request.stackDefinitions()) {
            if (definition.stackName() == null) {
                throw Refusals.invalid("StackName must be specified for each stack definition.");
            }
            if (!names.add(definition.stackName())) {
                throw Refusals.invalid("Stack " + definition.stackName() + " is defined more than once.");
            }
        }
        if (names.isEmpty() || names.size() > MOST_STACKS) {
            throw Refusals.invalid("A stack refactor is about 1 to " + MOST_STACKS + " stacks.");
        }
        String id = Ids.uuid();
        RefactorRecord refactor;
        try {
            refactor = planner.plan(request, id, progress.now());
        } catch (AwsServiceException e) {
            refactor = new RefactorRecord(
                    id,
                    request.description() == null ? "" : request.description(),
                    List.of(),
                    List.of(),
                    AwsErrors.message(e),
                    StackRefactorExecutionStatus.UNAVAILABLE,
                    "",
                    Optional.empty(),
                    progress.now());
        }
        tables.put(scope(), refactor);
        return CreateStackRefactorResponse.builder().stackRefactorId(id).build();
    }

    private RefactorRecord existing(String id) {
        return tables.refactor(scope(), id)
                .orElseThrow(() -> StackRefactorNotFoundException.builder()
                        .message("StackRefactor " + id + " not found")
                        .build());
    }

    /** One that waits is obsolete as soon as one of its stacks is another. */
    private StackRefactorExecutionStatus execution(RefactorRecord refactor) {
        boolean waits = refactor.execution() == StackRefactorExecutionStatus.AVAILABLE;
        return waits && refactor.parts().stream().anyMatch(part -> !planner.current(scope(), part))
                ? StackRefactorExecutionStatus.OBSOLETE
                : refactor.execution();
    }

    private static StackRefactorStatus status(RefactorRecord refactor) {
        return refactor.failure().isEmpty() ? StackRefactorStatus.CREATE_COMPLETE : StackRefactorStatus.CREATE_FAILED;
    }

    DescribeStackRefactorResponse describe(DescribeStackRefactorRequest request) {
        RefactorRecord refactor = existing(request.stackRefactorId());
        return DescribeStackRefactorResponse.builder()
                .stackRefactorId(refactor.id())
                .description(Views.emptyToNull(refactor.description()))
                .stackIds(refactor.parts().stream().map(Part::arn).toList())
                .status(status(refactor))
                .statusReason(Views.emptyToNull(refactor.failure()))
                .executionStatus(execution(refactor))
                .executionStatusReason(Views.emptyToNull(refactor.executionReason()))
                .build();
    }

    ListStackRefactorsResponse list(ListStackRefactorsRequest request) {
        List<String> wanted = request.executionStatusFilterAsStrings();
        String listing = "ListStackRefactors|" + scope() + "|" + wanted;
        int limit = request.maxResults() == null ? PAGE : request.maxResults();
        Optional<String> after = cursor(listing, request.nextToken());
        List<StackRefactorSummary> found = new ArrayList<>();
        do {
            Page<RefactorRecord> page = tables.refactors(scope(), after, limit - found.size());
            page.values().stream()
                    .filter(one ->
                            wanted.isEmpty() || wanted.contains(execution(one).toString()))
                    .map(this::summary)
                    .forEach(found::add);
            after = page.next();
        } while (after.isPresent() && found.size() < limit);
        return ListStackRefactorsResponse.builder()
                .stackRefactorSummaries(found)
                .nextToken(after.map(next -> tokens.encode(listing, next)).orElse(null))
                .build();
    }

    private StackRefactorSummary summary(RefactorRecord refactor) {
        return StackRefactorSummary.builder()
                .stackRefactorId(refactor.id())
                .description(Views.emptyToNull(refactor.description()))
                .status(status(refactor))
                .statusReason(Views.emptyToNull(refactor.failure()))
                .executionStatus(execution(refactor))
                .executionStatusReason(Views.emptyToNull(refactor.executionReason()))
                .build();
    }

    ListStackRefactorActionsResponse actions(ListStackRefactorActionsRequest request) {
        RefactorRecord refactor = existing(request.stackRefactorId());
        List<StackRefactorAction> all = Stream.concat(
                        refactor.parts().stream().filter(Part::fresh).map(Refactors::making),
                        refactor.moves().stream().map(move -> moving(refactor, move)))
                .toList();
        String listing = "ListStackRefactorActions|" + refactor.id();
        int from = cursor(listing, request.nextToken()).map(Integer::valueOf).orElse(0);
        int to = Math.min(all.size(), from + (request.maxResults() == null ? PAGE : request.maxResults()));
        return ListStackRefactorActionsResponse.builder()
                .stackRefactorActions(all.subList(Math.min(from, to), to))
                .nextToken(to < all.size() ? tokens.encode(listing, Integer.toString(to)) : null)
                .build();
    }

    private static StackRefactorAction making(Part part) {
        return StackRefactorAction.builder()
                .action(StackRefactorActionType.CREATE)
                .entity(StackRefactorActionEntity.STACK)
                .physicalResourceId(part.arn())
                .description("Stack " + part.name() + " is created.")
                .tagResources(List.of())
                .untagResources(List.of())
                .build();
    }

    private static StackRefactorAction moving(RefactorRecord refactor, Move move) {
        return StackRefactorAction.builder()
                .action(StackRefactorActionType.MOVE)
                .entity(StackRefactorActionEntity.RESOURCE)
                .physicalResourceId(move.physical())
                .resourceIdentifier(move.physical())
                .description("No configuration changes detected.")
                .detection(move.manual() ? StackRefactorDetection.MANUAL : StackRefactorDetection.AUTO)
                .detectionReason(
                        move.manual()
                                ? "The mapping was given."
                                : "It is the only resource of its type that fits the template.")
                .tagResources(Retagging.tags(refactor, move).entrySet().stream()
                        .map(e -> Tag.builder()
                                .key(e.getKey())
                                .value(e.getValue())
                                .build())
                        .toList())
                .untagResources(Retagging.untagged(refactor, move))
                .resourceMapping(ResourceMapping.builder()
                        .source(location(refactor, move.from()))
                        .destination(location(refactor, move.to()))
                        .build())
                .build();
    }

    private static ResourceLocation location(RefactorRecord refactor, RefactorRecord.Place place) {
        return ResourceLocation.builder()
                .stackName(refactor.part(place.stack()).name())
                .logicalResourceId(place.logicalId())
                .build();
    }

    ExecuteStackRefactorResponse execute(ExecuteStackRefactorRequest request) {
        RefactorRecord refactor = existing(request.stackRefactorId());
        StackRefactorExecutionStatus execution = execution(refactor);
        if (execution != StackRefactorExecutionStatus.AVAILABLE) {
            throw Refusals.invalid("StackRefactor " + refactor.id() + " is in " + execution
                    + " execution status and can not be executed.");
        }
        tables.put(
                scope(),
                refactor.by(Call.current().principal()).in(StackRefactorExecutionStatus.EXECUTE_IN_PROGRESS, ""));
        workflows.start(workflow, scope(), refactor.id(), new RefactorWorkflow.Input(refactor.id()));
        return ExecuteStackRefactorResponse.builder().build();
    }

    private Optional<String> cursor(String listing, @Nullable String token) {
        return Optional.ofNullable(token)
                .map(one -> tokens.decode(listing, one).orElseThrow(() -> Refusals.invalid("Invalid NextToken")));
    }

    private static Scope scope() {
        return Call.current().scope();
    }
}
