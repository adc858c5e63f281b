package dev.terrane.cloudformation;

import java.time.Instant;

/**
 * Something that happened to a stack or one of its resources.
 *
 * @param key the stack's id and what orders the events of a stack: the time, then a name that is the same when the work is run again
 * @param id the event's id as AWS shows it
 * @param token the client's request token, or empty
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
        Instant time) {}
