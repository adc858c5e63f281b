package dev.terrane.cloudformation;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import software.amazon.awssdk.services.cloudformation.model.Change;
import software.amazon.awssdk.services.cloudformation.model.ChangeSetStatus;
import software.amazon.awssdk.services.cloudformation.model.ExecutionStatus;

/**
 * A change set.
 *
 * @param stack the id of its stack
 * @param type {@code CREATE}, {@code UPDATE} or {@code IMPORT}
 * @param imports the primary identifiers of what is to be imported, by logical ids
 * @param settings what the stack is to become
 * @param options what the request asked for beside
 * @param nesting where it stands among those of stacks in stacks
 */
record ChangeSetRecord(
        String id,
        String arn,
        String name,
        String stack,
        String type,
        String description,
        ChangeSetStatus status,
        ExecutionStatus execution,
        String reason,
        StackRecord.Settings settings,
        StackRecord.OnFailure onFailure,
        List<Change> changes,
        Map<String, String> imports,
        Set<Option> options,
        Nesting nesting,
        Instant created) {
    ChangeSetRecord {
        // One that was stored before there were any has none.
        imports = Map.copyOf(Objects.requireNonNullElse(imports, Map.of()));
        options = Set.copyOf(Objects.requireNonNullElse(options, Set.of()));
        nesting = Objects.requireNonNullElse(nesting, Nesting.NONE);
        changes = List.copyOf(changes);
    }

    /**
     * Where a change set stands among those of stacks in stacks.
     *
     * @param included whether the request asked for change sets of nested stacks
     * @param parent the ARN of the change set of the stack that this one's stack is nested in; empty for a root
     * @param root the ARN of that from which all were made; empty for a root
     * @param nested the ARNs of the change sets of the nested stacks, by logical ids
     * @param before the template that the stack had before it; empty where the stack is made by it
     * @param token of the call that carries it out for its root; empty before
     * @param back the token of the call that takes its stack back to what it was; empty before
     */
    record Nesting(
            boolean included,
            String parent,
            String root,
            Map<String, String> nested,
            String before,
            String token,
            String back) {
        static final Nesting NONE = new Nesting(false, "", "", Map.of(), "", "", "");

        Nesting {
            nested = Map.copyOf(nested);
        }

        static Nesting root(Map<String, String> nested) {
            return new Nesting(true, "", "", nested, "", "", "");
        }

        Nesting forward(String by) {
            return new Nesting(included, parent, root, nested, before, by, back);
        }

        Nesting back(String by) {
            return new Nesting(included, parent, root, nested, before, token, by);
        }

        boolean isRoot() {
            return parent.isEmpty();
        }
    }

    /** What a request may ask for. */
    enum Option {
        IMPORT_EXISTING_RESOURCES
    }

    String key() {
        return key(stack, name);
    }

    static String key(String stack, String name) {
        return stack + "/" + name;
    }

    ChangeSetRecord executing(ExecutionStatus now) {
        return with(now, nesting);
    }

    ChangeSetRecord where(Nesting now) {
        return with(execution, now);
    }

    private ChangeSetRecord with(ExecutionStatus now, Nesting where) {
        return new ChangeSetRecord(
                id,
                arn,
                name,
                stack,
                type,
                description,
                status,
                now,
                reason,
                settings,
                onFailure,
                changes,
                imports,
                options,
                where,
                created);
    }
}
