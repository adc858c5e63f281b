package dev.terrane.kernel.audit;

import dev.terrane.kernel.call.Scope;
import dev.terrane.kernel.store.Query;
import dev.terrane.kernel.store.Rows;
import dev.terrane.kernel.store.Table;

/** Where the pipeline records calls and CloudTrail reads them. Keys rise with time, so that the newest are read last. */
public final class AuditLog {
    /** The records, by {@code time/eventId}. */
    public static final Table<AuditRecord> TABLE = Table.of(
                    "audit.record", AuditRecord.class, r -> key(r.time().toEpochMilli(), r.eventId()))
            .index("event-name", r -> r.eventName() + "/" + key(r.time().toEpochMilli(), r.eventId()))
            .index("event-id", AuditRecord::eventId);

    private AuditLog() {}

    /** The key of a record: its time to the millisecond with leading zeros, and its id. */
    public static String key(long epochMillis, String eventId) {
        return "%014d/%s".formatted(epochMillis, eventId);
    }

    /** The newest records of a scope. */
    public static Iterable<AuditRecord> newest(Rows<AuditRecord> rows, Scope scope, int limit) {
        return rows.list(scope, Query.all().reversed().limit(limit)).values();
    }
}
