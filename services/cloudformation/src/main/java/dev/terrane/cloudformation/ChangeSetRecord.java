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
        Instant created) {
    ChangeSetRecord {
        // One that was stored before there were any has none.
        imports = Map.copyOf(Objects.requireNonNullElse(imports, Map.of()));
        options = Set.copyOf(Objects.requireNonNullElse(options, Set.of()));
        changes = List.copyOf(changes);
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
                created);
    }
}
