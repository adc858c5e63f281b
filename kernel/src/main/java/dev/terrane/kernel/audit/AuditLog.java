package dev.terrane.kernel.audit;

import dev.terrane.kernel.call.Scope;
import dev.terrane.kernel.store.Query;
import dev.terrane.kernel.store.Rows;
import dev.terrane.kernel.store.Table;

/** Where the pipeline records calls and CloudTrail reads them. Keys rise with time, so that the newest are read last. */
public final class AuditLog {
    /** The index of {@code name/time/eventId}. */
    public static final String EVENT_NAME = "event-name";

    /** The index of event ids. */
    public static final String EVENT_ID = "event-id";

    /** The records, by {@code time/eventId}. */
    public static final Table<AuditRecord> TABLE = Table.of("audit.record", AuditRecord.class, AuditLog::key)
            .index(EVENT_NAME, r -> r.eventName() + "/" + key(r))
            .index(EVENT_ID, AuditRecord::eventId);

    private AuditLog() {}

    /** The key of a record: its time to the millisecond with leading zeros, and its id. */
    public static String key(long epochMillis, String eventId) {
        return "%014d/%s".formatted(epochMillis, eventId);
    }

    /** The key of a record. */
    public static String key(AuditRecord record) {
        return key(record.time().toEpochMilli(), record.eventId());
    }

    /** The newest records of a scope. */
    public static Iterable<AuditRecord> newest(Rows<AuditRecord> rows, Scope scope, int limit) {
        return rows.list(scope, Query.all().reversed().limit(limit)).values();
    }
}
