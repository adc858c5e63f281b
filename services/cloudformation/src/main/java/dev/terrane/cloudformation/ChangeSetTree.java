package dev.terrane.cloudformation;

import dev.terrane.cloudformation.ChangeSetRecord.Nesting;
import dev.terrane.kernel.call.Scope;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.cloudformation.model.ChangeSetStatus;
import software.amazon.awssdk.services.cloudformation.model.ExecutionStatus;
import software.amazon.awssdk.services.cloudformation.model.StackStatus;

/** The change sets of a stack and of the stacks in it: they are carried out together, and go together. All within a transaction. */
final class ChangeSetTree {
    private static final Set<StackStatus> GOING_ON =
            Set.of(StackStatus.CREATE_IN_PROGRESS, StackStatus.UPDATE_IN_PROGRESS);

    private final CloudFormationTables tables;
    private final Progress progress;

    ChangeSetTree(CloudFormationTables tables, Progress progress) {
        this.tables = tables;
        this.progress = progress;
    }

    /**
     * What a nested stack is made of by the operation of its parent that goes on.
     *
     * @param template its text as it was when the change set was made, or, on the way back, before that
     */
    record Planned(String stackName, String template) {}

    /**
     * What the change set that a stack's operation carries out says of a nested stack; empty where it says nothing.
     *
     * @param token of the work that asks: the first one to ask while the operation goes forward carries the change set out
     */
    Optional<Planned> planned(Scope scope, String stack, String logicalId, String token) {
        StackRecord parent = tables.find(scope, stack).orElseThrow();
        return nested(scope, parent, logicalId).flatMap(set -> {
            Nesting nesting = set.nesting();
            boolean first = nesting.token().isEmpty() && !goesBack(scope, parent);
            boolean forward = first || nesting.token().equals(token);
            tables.put(scope, set.where(forward ? nesting.forward(token) : nesting.back(token)));
            String template = forward ? set.settings().template() : nesting.before();
            return template.isEmpty()
                    ? Optional.empty()
                    : Optional.of(new Planned(tables.stack(scope, set.stack()).name(), template));
        });
    }

    /** Whether a stack goes back from what its change set has made of it: by itself, or since the stack around it does. */
    private boolean goesBack(Scope scope, StackRecord stack) {
        return !GOING_ON.contains(stack.status())
                || tables.changeSetByArn(scope, stack.operation().changeSet())
                        .filter(set -> !set.nesting().back().isEmpty())
                        .filter(set ->
                                set.nesting().back().equals(stack.operation().token()))
                        .isPresent();
    }

    /** Whether the change set that a stack's operation carries out changes something within a nested stack. */
    boolean changes(Scope scope, StackRecord stack, String logicalId) {
        return nested(scope, stack, logicalId)
                .filter(set -> set.status() == ChangeSetStatus.CREATE_COMPLETE)
                .isPresent();
    }

    private Optional<ChangeSetRecord> nested(Scope scope, StackRecord parent, String logicalId) {
        return Optional.of(parent.operation().changeSet())
                .filter(arn -> !arn.isEmpty())
                .flatMap(arn -> tables.changeSetByArn(scope, arn))
                .flatMap(set -> Optional.ofNullable(set.nesting().nested().get(logicalId)))
                .flatMap(arn -> tables.changeSetByArn(scope, arn));
    }

    /** The change set of a nested stack that a call with this token carries out, or takes back. */
    Optional<ChangeSetRecord> carriedOut(Scope scope, StackRecord stack, @Nullable String token) {
        return stack.parent().isEmpty() || token == null || token.isEmpty()
                ? Optional.empty()
                : tables.changeSets(scope, stack.id()).stream()
                        .filter(set -> set.nesting().token().equals(token)
                                || set.nesting().back().equals(token))
                        .findFirst();
    }

    /** A stack as it is when a change set begins to be carried out. */
    StackRecord executing(Scope scope, StackRecord stack, Optional<ChangeSetRecord> changeSet) {
        if (changeSet.isEmpty()) {
            return stack;
        }
        deleteOthers(scope, changeSet.get());
        tables.put(scope, changeSet.get().executing(ExecutionStatus.EXECUTE_COMPLETE));
        return stack.executing(changeSet.get().arn());
    }

    /** The other change sets of a stack were made against what it is no longer; those of its parents' are theirs. */
    void deleteOthers(Scope scope, ChangeSetRecord executed) {
        tables.changeSets(scope, executed.stack()).stream()
                .filter(other ->
                        !other.id().equals(executed.id()) && other.nesting().isRoot())
                .forEach(other -> delete(scope, other));
    }

    /** Deletes a change set with those that were made for it, and the stacks that were never made. */
    void delete(Scope scope, ChangeSetRecord changeSet) {
        tables.delete(scope, changeSet);
        for (String arn : changeSet.nesting().nested().values()) {
            tables.changeSetByArn(scope, arn).ifPresent(nested -> {
                delete(scope, nested);
                tables.peek(scope, nested.stack())
                        .filter(stack -> stack.status() == StackStatus.REVIEW_IN_PROGRESS)
                        .ifPresent(stack -> delete(scope, stack));
            });
        }
    }

    /** Deletes all change sets of a stack that goes. */
    void deleteAll(Scope scope, StackRecord stack) {
        tables.changeSets(scope, stack.id()).forEach(set -> delete(scope, set));
    }

    /** Deletes a stack of which nothing is there. */
    void delete(Scope scope, StackRecord stack) {
        tables.release(scope, stack.name());
        progress.stack(scope, stack.deletedAt(progress.now()), StackStatus.DELETE_COMPLETE, Reasons.USER_INITIATED);
    }

    /** Deletes the nested stacks that were to be made by change sets that are over, and were not. */
    void abandon(Scope scope, StackRecord stack) {
        tables.changeSets(scope, stack.id()).stream()
                .filter(set -> set.execution() == ExecutionStatus.EXECUTE_COMPLETE)
                .flatMap(set -> set.nesting().nested().values().stream())
                .flatMap(arn -> tables.changeSetByArn(scope, arn).stream())
                .forEach(nested -> tables.peek(scope, nested.stack())
                        .filter(of -> of.status() == StackStatus.REVIEW_IN_PROGRESS)
                        .ifPresent(of -> {
                            delete(scope, nested);
                            delete(scope, of);
                        }));
    }
}
