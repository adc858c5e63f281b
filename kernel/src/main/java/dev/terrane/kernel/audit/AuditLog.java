package dev.terrane.kernel.audit;

import dev.terrane.kernel.call.Scope;
import dev.terrane.kernel.id.Ids;
import dev.terrane.kernel.store.Query;
import dev.terrane.kernel.store.Rows;
import dev.terrane.kernel.store.Table;
import java.time.Instant;

/**
 * Where the pipeline records calls and CloudTrail reads them. A record's key is its event id, which begins with its time: a record is always
 * added at the end of its table, and one is found by its id alone. Records are not kept in memory: few are ever read.
 */
public final class AuditLog {
    /** The index of {@code name/eventId}. */
    public static final String EVENT_NAME = "event-name";

    /** The records by event id, the oldest first. */
    public static final Table<AuditRecord> TABLE = Table.of("audit.event", AuditRecord.class, AuditRecord::eventId)
            .index(EVENT_NAME, r -> r.eventName() + "/" + r.eventId())
            .uncached();

    /** What is to be delivered, in the scope of who delivers it, by queue and time. */
    public static final Table<PendingEvent> PENDING =
            Table.of("audit.pending", PendingEvent.class, PendingEvent::key).uncached();

    private AuditLog() {}

    /** Whether a table holds what calls leave behind whatever they do. */
    public static boolean keeps(String table) {
        return table.equals(TABLE.name()) || table.equals(PENDING.name());
    }

    /** A new id for an event of this time. */
    public static String newEventId(Instant time) {
        return Ids.timeOrdered(time);
    }

    /** The lowest event id of a time and all after it: a bound for listings. */
    public static String from(Instant time) {
        return Ids.firstTimeOrdered(time);
    }

    /** The newest records of a scope. */
    public static Iterable<AuditRecord> newest(Rows<AuditRecord> rows, Scope scope, int limit) {
        return rows.list(scope, Query.all().reversed().limit(limit)).values();
    }
}
