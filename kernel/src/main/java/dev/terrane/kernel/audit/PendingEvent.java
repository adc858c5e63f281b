package dev.terrane.kernel.audit;

import org.jspecify.annotations.Nullable;

/**
 * An event that is still to be delivered.
 *
 * @param queue what delivers it, and what region it is of: an event's place among all of them
 * @param event a data event, or null for one that the history holds
 */
public record PendingEvent(
        String queue, String eventId, @Nullable AuditRecord event) {
    /** The key in its table. */
    public String key() {
        return queue + "/" + eventId;
    }
}
