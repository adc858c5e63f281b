package dev.terrane.cloudformation;

import java.time.Instant;
import java.util.Objects;

/**
 * Something that happened to a stack or one of its resources.
 *
 * @param key the stack's id and what orders the events of a stack: the time, then a name that is the same when the work is run again
 * @param id the event's id as AWS shows it
 * @param token the client's request token, or empty
 * @param operation the id of the {@link StackOperation} that it belongs to, or empty
 */
record EventRecord(
        String key,
        String id,
        String logicalId,
        String physicalId,
        String type,
        String status,
        String reason,
        String properties,
        String token,
        Instant time,
        String operation,
        String operationType) {
    EventRecord {
        // One that was stored before there were any has none.
        operation = Objects.requireNonNullElse(operation, "");
        operationType = Objects.requireNonNullElse(operationType, "");
    }

    /** The id of its stack. */
    String stack() {
        return key.substring(0, key.indexOf('/'));
    }
}
