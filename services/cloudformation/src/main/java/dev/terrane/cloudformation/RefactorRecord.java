package dev.terrane.cloudformation;

import dev.terrane.cloudformation.StackRecord.Settings;
import dev.terrane.kernel.call.Principal;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import software.amazon.awssdk.services.cloudformation.model.StackRefactorExecutionStatus;

/**
 * A refactor of stacks: what is to stand where.
 *
 * @param failure why it cannot be carried out; empty where it can
 * @param execution how far it is carried out
 * @param executionReason why that failed; empty where it did not
 * @param caller with whose rights it is carried out; empty before
 */
record RefactorRecord(
        String id,
        String description,
        List<Part> parts,
        List<Move> moves,
        String failure,
        StackRefactorExecutionStatus execution,
        String executionReason,
        Optional<Principal> caller,
        Instant created) {
    RefactorRecord {
        parts = List.copyOf(parts);
        moves = List.copyOf(moves);
    }

    /**
     * A stack that it is about.
     *
     * @param stack the stack's id
     * @param fresh whether the refactor makes the stack
     * @param before what it was made of when the refactor was
     * @param after what it is to be made of
     */
    record Part(String stack, String arn, String name, boolean fresh, Settings before, Settings after) {}

    /** A resource's place. */
    record Place(String stack, String logicalId) {}

    /**
     * A resource that is to stand elsewhere.
     *
     * @param physical its physical id
     * @param manual whether the request said so
     */
    record Move(Place from, Place to, String type, String physical, boolean manual) {}

    Part part(String stack) {
        return parts.stream()
                .filter(part -> part.stack().equals(stack))
                .findFirst()
                .orElseThrow();
    }

    RefactorRecord in(StackRefactorExecutionStatus now, String reason) {
        return new RefactorRecord(id, description, parts, moves, failure, now, reason, caller, created);
    }

    RefactorRecord by(Principal principal) {
        return new RefactorRecord(
                id, description, parts, moves, failure, execution, executionReason, Optional.of(principal), created);
    }
}
