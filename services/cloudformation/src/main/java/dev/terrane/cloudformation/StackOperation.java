package dev.terrane.cloudformation;

import dev.terrane.cloudformation.StackRecord.Kind;
import dev.terrane.cloudformation.StackRecord.Operation;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import software.amazon.awssdk.services.cloudformation.model.OperationEntry;
import software.amazon.awssdk.services.cloudformation.model.OperationType;
import software.amazon.awssdk.services.cloudformation.model.StackStatus;

/**
 * What events are grouped by: something that is done to a stack. What follows from a failure without being asked for is an operation of its own: going back, or
 * deleting the stack.
 *
 * @param id empty where nothing has been done to the stack yet
 * @param type empty with it
 */
record StackOperation(String id, String type) {
    private static final Set<Kind> GOING_FORWARD = Set.of(Kind.CREATE, Kind.UPDATE, Kind.IMPORT);

    /** The one that a stack is in, or was in last. */
    static StackOperation of(StackRecord stack) {
        StackOperation asked = asked(stack.operation());
        if (asked.id().isEmpty() || !GOING_FORWARD.contains(stack.operation().kind())) {
            return asked;
        }
        String status = stack.status().toString();
        if (status.contains("ROLLBACK")) {
            return asked.followedBy(OperationType.ROLLBACK);
        }
        return status.startsWith("DELETE_") ? asked.followedBy(OperationType.DELETE_STACK) : asked;
    }

    /** That which somebody asked for. */
    static StackOperation asked(Operation operation) {
        if (operation.id().isEmpty()) {
            return new StackOperation("", "");
        }
        OperationType type = switch (operation.kind()) {
            case CREATE -> OperationType.CREATE_STACK;
            // AWS has no type for an import.
            case UPDATE, IMPORT -> OperationType.UPDATE_STACK;
            case DELETE -> OperationType.DELETE_STACK;
            case ROLL_BACK -> OperationType.ROLLBACK;
            case CONTINUE_ROLLBACK -> OperationType.CONTINUE_ROLLBACK;
        };
        return new StackOperation(operation.id(), type.toString());
    }

    private StackOperation followedBy(OperationType next) {
        String seed = id + "/" + next;
        return new StackOperation(
                UUID.nameUUIDFromBytes(seed.getBytes(StandardCharsets.UTF_8)).toString(), next.toString());
    }

    /** The latest, the newest first. */
    static List<OperationEntry> latest(StackRecord stack) {
        return Stream.of(of(stack), asked(stack.operation()))
                .filter(operation -> !operation.id().isEmpty())
                .distinct()
                .map(operation -> OperationEntry.builder()
                        .operationId(operation.id())
                        .operationType(operation.type())
                        .build())
                .toList();
    }

    /** How an operation stands whose stack has come into a status. */
    static String standing(StackStatus status) {
        String name = status.toString();
        if (name.endsWith("_IN_PROGRESS")) {
            return "IN_PROGRESS";
        }
        return name.endsWith("_FAILED") ? "FAILED" : "SUCCEEDED";
    }
}
