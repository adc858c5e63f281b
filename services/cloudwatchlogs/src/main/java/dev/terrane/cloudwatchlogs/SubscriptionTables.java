package dev.terrane.cloudwatchlogs;

import dev.terrane.kernel.call.Scope;
import dev.terrane.kernel.store.Page;
import dev.terrane.kernel.store.Query;
import dev.terrane.kernel.store.Rows;
import dev.terrane.kernel.store.Store;
import dev.terrane.kernel.store.Table;
import java.time.Instant;
import java.util.List;

/** What subscription filters have still to send. */
final class SubscriptionTables {
    private static final int AT_ONCE = 200;

    /**
     * A chunk that holds events which a filter sends.
     *
     * @param chunk its key
     * @param taken when the events came in
     */
    record PendingRecord(String filter, long sequence, String chunk, Instant taken) {
        private String key() {
            return LogTables.joined(filter, "%020d".formatted(sequence));
        }
    }

    /**
     * Whether a filter's process looks by itself for what there is to send. Who adds something reads it with the check at commit, and wakes a process that does not.
     */
    record AwakeRecord(String filter, boolean awake) {}

    private final Store store;
    private final Rows<PendingRecord> pending;
    private final Rows<AwakeRecord> awake;

    SubscriptionTables(Store store) {
        this.store = store;
        pending = store.rows(Table.of("logs.subscription.pending", PendingRecord.class, PendingRecord::key)
                .uncached());
        awake = store.rows(Table.of("logs.subscription.awake", AwakeRecord.class, AwakeRecord::filter));
    }

    void add(Scope scope, SubscriptionRecord filter, ChunkRecord chunk, Instant now) {
        pending.put(scope, new PendingRecord(filter.id(), chunk.sequence(), chunk.key(), now));
    }

    /** What came first, some of it. */
    List<PendingRecord> first(Scope scope, String filter, int limit) {
        return page(scope, filter, limit).values();
    }

    private Page<PendingRecord> page(Scope scope, String filter, int limit) {
        return pending.list(scope, Query.prefix(LogTables.joined(filter, "")).limit(limit));
    }

    void forget(Scope scope, List<PendingRecord> sent) {
        sent.forEach(one -> pending.delete(scope, one.key()));
    }

    boolean isAwake(Scope scope, String filter) {
        return awake.get(scope, filter).filter(AwakeRecord::awake).isPresent();
    }

    void awake(Scope scope, String filter, boolean now) {
        awake.put(scope, new AwakeRecord(filter, now));
    }

    /** Forgets all that a filter left. Not within a transaction. */
    void purge(Scope scope, String filter) {
        List<PendingRecord> some;
        do {
            some = first(scope, filter, AT_ONCE);
            List<PendingRecord> gone = some;
            store.transact(() -> forget(scope, gone));
        } while (!some.isEmpty());
        awake.delete(scope, filter);
    }
}
