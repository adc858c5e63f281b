package dev.terrane.eventbridge;

import java.time.Instant;

/**
 * A delivery that failed and is tried again.
 *
 * @param attempts how often it was tried so far
 * @param due when it is tried next
 */
record DeliveryRecord(
        String key,
        AcceptedRecord event,
        String rule,
        String target,
        int attempts,
        Instant due,
        String errorCode,
        String errorMessage) {
    String dueKey() {
        return dueKey(due);
    }

    static String dueKey(Instant due) {
        return "%019d".formatted(due.toEpochMilli());
    }
}
