package dev.terrane.cloudtrail;

import dev.terrane.kernel.audit.AuditLog;
import dev.terrane.kernel.audit.AuditRecord;
import dev.terrane.kernel.call.Scope;
import dev.terrane.kernel.clock.Clock;
import dev.terrane.kernel.clock.Threads;
import dev.terrane.kernel.store.Page;
import dev.terrane.kernel.store.Query;
import dev.terrane.kernel.store.Rows;
import dev.terrane.kernel.store.Store;
import java.time.Duration;

/** Deletes events that are older than the history reaches. Where there are none, a run costs two look-ups an account and region. */
final class Retention {
    /** How far the event history reaches. */
    static final Duration KEPT = Duration.ofDays(90);

    private static final Duration SELDOM = Duration.ofHours(1);
    /** Events deleted in one commit, so that calls need not wait long for theirs. */
    private static final int BATCH = 500;

    private final Store store;
    private final Rows<AuditRecord> records;
    private final Clock clock;
    private final Threads threads;

    Retention(Store store, Clock clock, Threads threads) {
        this.store = store;
        this.records = store.rows(AuditLog.TABLE);
        this.clock = clock;
        this.threads = threads;
    }

    @SuppressWarnings("resource") // it ends with the server
    void start() {
        threads.every("cloudtrail-retention", SELDOM, this::run);
    }

    private void run() {
        String oldest = AuditLog.from(clock.instant().minus(KEPT));
        Query expired = Query.all().between("", oldest).limit(BATCH);
        for (Scope scope : records.scopes()) {
            boolean more = true;
            while (more && !threads.isEnding()) {
                Page<AuditRecord> page = records.list(scope, expired);
                if (!page.values().isEmpty()) {
                    store.transact(() -> page.values().forEach(record -> records.delete(scope, record.eventId())));
                }
                more = page.next().isPresent();
            }
        }
    }
}
