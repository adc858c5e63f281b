package dev.terrane.cloudtrail;

import dev.terrane.kernel.audit.AuditFollower;
import dev.terrane.kernel.audit.AuditLog;
import dev.terrane.kernel.audit.AuditRecord;
import dev.terrane.kernel.audit.PendingEvent;
import dev.terrane.kernel.call.Principal;
import dev.terrane.kernel.store.Rows;
import dev.terrane.kernel.store.Store;
import java.util.Set;

/** Keeps events for the trails that take them, until they are delivered. */
final class TrailFollower implements AuditFollower {
    /** Services whose events are of no region, and recorded in the first one. */
    private static final Set<String> GLOBAL = Set.of("iam.amazonaws.com", "sts.amazonaws.com");

    private static final String GLOBAL_REGION = "us-east-1";

    private final TrailTables tables;
    private final Rows<PendingEvent> pending;

    TrailFollower(TrailTables tables, Store store) {
        this.tables = tables;
        this.pending = store.rows(AuditLog.PENDING);
    }

    @Override
    public boolean followsData(String account) {
        return tables.logging(account).stream().anyMatch(Selection::takesData);
    }

    @Override
    public void follow(AuditRecord event, boolean data) {
        for (TrailRecord trail : tables.logging(event.account())) {
            if (takes(trail, event, data)) {
                for (Sink sink : Sink.of(trail)) {
                    String queue = sink.queue(trail.id(), event.region());
                    pending.put(trail.home(), new PendingEvent(queue, event.eventId(), data ? event : null));
                }
            }
        }
    }

    private static boolean takes(TrailRecord trail, AuditRecord event, boolean data) {
        if (!trail.covers(event.region()) || (isOwn(event) && !data)) {
            return false;
        }
        boolean global = GLOBAL.contains(event.eventSource()) && event.region().equals(GLOBAL_REGION);
        return (!global || trail.settings().globalEvents()) && Selection.takes(trail, event, data);
    }

    /** What a delivery itself asks of other services would have to be delivered too, and so on for ever. */
    private static boolean isOwn(AuditRecord event) {
        return event.principal() instanceof Principal.Service service
                && service.name().equals(Destinations.PRINCIPAL);
    }
}
