package dev.terrane.cloudtrail;

import dev.terrane.kernel.audit.AuditLog;
import dev.terrane.kernel.audit.AuditRecord;
import dev.terrane.kernel.audit.PendingEvent;
import dev.terrane.kernel.call.Scope;
import dev.terrane.kernel.clock.Clock;
import dev.terrane.kernel.store.Query;
import dev.terrane.kernel.store.Rows;
import dev.terrane.kernel.store.Store;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The events that trails have still to deliver. */
final class PendingEvents {
    private static final int STRIDE = 250;

    /**
     * Events that are delivered together, oldest first.
     *
     * @param region whose they are; empty where nothing is to be delivered
     * @param keys of the pending events
     * @param made when they were put together
     */
    record Batch(String region, List<String> keys, Instant made) {
        Batch {
            keys = List.copyOf(keys);
        }
    }

    /** An event as it is delivered. */
    record Line(Instant time, String json) {}

    private final Rows<PendingEvent> pending;
    private final Rows<AuditRecord> history;
    private final Clock clock;

    PendingEvents(Store store, Clock clock) {
        this.pending = store.rows(AuditLog.PENDING);
        this.history = store.rows(AuditLog.TABLE);
        this.clock = clock;
    }

    boolean any(TrailRecord trail, Sink sink) {
        return !pending.list(trail.home(), Query.prefix(sink.prefix(trail.id())).limit(1))
                .values()
                .isEmpty();
    }

    /** The next events of one region, as many as fit into a delivery. Those that the history no longer holds are forgotten. */
    Batch next(TrailRecord trail, Sink sink) {
        List<String> keys = new ArrayList<>();
        List<PendingEvent> first = pending.list(
                        trail.home(), Query.prefix(sink.prefix(trail.id())).limit(1))
                .values();
        if (first.isEmpty()) {
            return new Batch("", keys, clock.instant());
        }
        String queue = first.getFirst().queue();
        long size = 0;
        Query query = Query.prefix(queue + "/").limit(STRIDE);
        Optional<String> after = Optional.empty();
        do {
            var page = pending.list(trail.home(), query.after(after));
            for (PendingEvent event : page.values()) {
                Optional<Line> line = line(trail, event);
                long length = line.map(PendingEvents::length).orElse(0L);
                if (!keys.isEmpty() && (size + length > sink.mostBytes() || keys.size() == sink.mostEvents())) {
                    return new Batch(region(queue), keys, clock.instant());
                }
                keys.add(event.key());
                size += length;
            }
            after = page.next();
        } while (after.isPresent());
        return new Batch(region(queue), keys, clock.instant());
    }

    private static String region(String queue) {
        return queue.substring(queue.lastIndexOf('/') + 1);
    }

    /** Its length, and what CloudWatch Logs counts for each event besides. */
    private static long length(Line line) {
        return line.json().getBytes(StandardCharsets.UTF_8).length + 26L;
    }

    /** The events of a batch that are still there. */
    List<Line> lines(TrailRecord trail, Batch batch) {
        return batch.keys().stream()
                .flatMap(key -> pending.peek(trail.home(), key).stream())
                .flatMap(event -> line(trail, event).stream())
                .toList();
    }

    private Optional<Line> line(TrailRecord trail, PendingEvent event) {
        AuditRecord data = event.event();
        Optional<AuditRecord> found = data != null
                ? Optional.of(data)
                : history.peek(new Scope(trail.account(), region(event.queue())), event.eventId());
        return found.filter(record -> record.time().isAfter(clock.instant().minus(Retention.KEPT)))
                .map(record -> new Line(record.time(), EventJson.of(record, data != null)));
    }

    /** They are delivered. */
    void forget(TrailRecord trail, Batch batch) {
        batch.keys().forEach(key -> pending.delete(trail.home(), key));
    }

    /** Forgets some of what a trail that is gone has left.
     *
     * @return whether there is more
     */
    boolean purge(Scope home, String trailId) {
        var page = pending.list(home, Query.prefix(trailId + "/").limit(STRIDE));
        page.values().forEach(event -> pending.delete(home, event.key()));
        return page.next().isPresent();
    }
}
