package dev.terrane.cloudformation;

import dev.terrane.cloudformation.RefactorRecord.Move;
import dev.terrane.cloudformation.RefactorRecord.Part;
import dev.terrane.cloudformation.ResourceRecord.Physical;
import dev.terrane.cloudformation.StackRecord.Kind;
import dev.terrane.cloudformation.StackRecord.OnFailure;
import dev.terrane.cloudformation.StackRecord.Operation;
import dev.terrane.cloudformation.StackRecord.Then;
import dev.terrane.kernel.call.Scope;
import dev.terrane.kernel.id.Ids;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.services.cloudformation.model.Output;
import software.amazon.awssdk.services.cloudformation.model.ResourceStatus;
import software.amazon.awssdk.services.cloudformation.model.StackStatus;

/** Has the resources of a refactor stand where they are to, all at once: within one transaction. */
final class RefactorMove {
    private final CloudFormationTables tables;
    private final Progress progress;
    private final Blueprints blueprints;
    private final Stacks stacks;
    private final RefactorPlanner planner;
    private final Outputs outputs;

    RefactorMove(
            CloudFormationTables tables,
            Progress progress,
            Blueprints blueprints,
            Stacks stacks,
            RefactorPlanner planner) {
        this.tables = tables;
        this.progress = progress;
        this.blueprints = blueprints;
        this.stacks = stacks;
        this.planner = planner;
        this.outputs = new Outputs(tables);
    }

    /** Moves everything.
     *
     * @throws AwsServiceException when a stack is not what it was any more, or an export is in use elsewhere */
    void move(Scope scope, RefactorRecord refactor) {
        for (Part part : refactor.parts()) {
            if (!planner.current(scope, part)) {
                throw Refusals.invalid("Stack " + part.name() + " has changed since the stack refactor was created");
            }
        }
        Map<Move, ResourceRecord> moved = new LinkedHashMap<>();
        for (Move move : refactor.moves()) {
            ResourceRecord resource = tables.resource(
                            scope, move.from().stack(), move.from().logicalId())
                    .orElseThrow();
            tables.delete(scope, resource);
            moved.put(move, resource);
        }
        Map<Part, StackRecord> begun = new LinkedHashMap<>();
        refactor.parts().forEach(part -> begun.put(part, begin(scope, refactor, part)));
        moved.forEach((move, resource) -> arrive(
                scope,
                begun.entrySet().stream()
                        .filter(e -> e.getKey().stack().equals(move.to().stack()))
                        .findFirst()
                        .orElseThrow()
                        .getValue(),
                move,
                resource));
        Map<String, List<Output>> found = export(scope, begun);
        begun.forEach((part, stack) -> {
            attributes(scope, stack);
            progress.stack(
                    scope,
                    stack.settled(Optional.ofNullable(found.get(stack.id())).orElseThrow()),
                    part.fresh() ? StackStatus.CREATE_COMPLETE : StackStatus.UPDATE_COMPLETE,
                    "");
        });
    }

    private StackRecord begin(Scope scope, RefactorRecord refactor, Part part) {
        if (part.fresh() && !tables.take(scope, part.name(), part.stack())) {
            throw Refusals.invalid("Stack [" + part.name() + "] already exists");
        }
        StackStatus status = part.fresh() ? StackStatus.CREATE_IN_PROGRESS : StackStatus.UPDATE_IN_PROGRESS;
        StackRecord stack = part.fresh()
                ? stacks.fresh(scope, part.stack(), part.name(), part.after(), status, false)
                : tables.stack(scope, part.stack()).becoming(part.after()).touched(progress.now());
        Operation operation = new Operation(
                Ids.uuid(),
                part.fresh() ? Kind.CREATE : Kind.UPDATE,
                refactor.caller(),
                OnFailure.ROLLBACK,
                0,
                List.of(),
                Map.of(),
                "",
                Then.NOTHING,
                "",
                false,
                "");
        return progress.stack(scope, stack.with(operation), status, "Stack refactor " + refactor.id());
    }

    private void arrive(Scope scope, StackRecord stack, Move move, ResourceRecord resource) {
        Physical is = resource.physical();
        ResourceRecord there = new ResourceRecord(
                stack.id(),
                move.to().logicalId(),
                resource.type(),
                ResourceStatus.IMPORT_COMPLETE,
                "",
                progress.now(),
                is.changed(is.properties(), stack.settings().tags(), is.attributes()),
                Optional.empty(),
                List.of(),
                "",
                false);
        progress.resource(scope, stack, there, ResourceStatus.IMPORT_COMPLETE, "");
    }

    /** Evaluates the outputs of all, each stack's after those of the stacks from which it imports. */
    private Map<String, List<Output>> export(Scope scope, Map<Part, StackRecord> stacksNow) {
        Set<String> ids = stacksNow.values().stream().map(StackRecord::id).collect(Collectors.toSet());
        List<ExportRecord> before =
                ids.stream().flatMap(id -> tables.exportsOf(scope, id).stream()).toList();
        before.forEach(export -> tables.delete(scope, export));
        Map<String, List<Output>> found = new LinkedHashMap<>();
        List<StackRecord> left = new ArrayList<>(stacksNow.values());
        while (!left.isEmpty()) {
            Optional<AwsServiceException> failure = Optional.empty();
            int size = left.size();
            for (StackRecord stack : List.copyOf(left)) {
                try {
                    found.put(stack.id(), outputs.put(scope, stack, blueprints));
                    left.remove(stack);
                } catch (AwsServiceException e) {
                    failure = Optional.of(e);
                }
            }
            if (left.size() == size) {
                throw failure.orElseThrow();
            }
        }
        before.forEach(export -> refuseWhereUsed(scope, export, ids));
        return found;
    }

    private void refuseWhereUsed(Scope scope, ExportRecord export, Set<String> refactored) {
        String users = tables.importsOf(scope, export.name()).stream()
                .filter(one -> !refactored.contains(one.stack()))
                .map(ImportRecord::stackName)
                .sorted()
                .collect(Collectors.joining(", "));
        boolean same = tables.export(scope, export.name())
                .filter(now -> now.value().equals(export.value()))
                .isPresent();
        if (!users.isEmpty() && !same) {
            throw Refusals.invalid("Export " + export.name() + " cannot be deleted as it is in use by " + users);
        }
    }

    /** What templates say beside properties may have changed with the logical ids. */
    private void attributes(Scope scope, StackRecord stack) {
        Blueprint blueprint = blueprints.of(stack);
        Blueprint.Values values = blueprints.values(stack);
        for (String logicalId : blueprint.resources()) {
            ResourceRecord resource =
                    tables.resource(scope, stack.id(), logicalId).orElseThrow();
            tables.put(scope, resource.being(resource.physical().with(blueprint.attributes(logicalId, values))));
        }
    }
}
