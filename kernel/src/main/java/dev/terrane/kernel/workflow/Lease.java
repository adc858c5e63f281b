package dev.terrane.kernel.workflow;

import dev.terrane.kernel.clock.Clock;
import dev.terrane.kernel.id.Ids;
import dev.terrane.kernel.store.Store;
import dev.terrane.kernel.workflow.NodeTables.NodeRecord;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.Supplier;

/**
 * A node's right to its processes. One row holds for all of them, so renewing it costs one write however many there are. Whoever finds it
 * ended takes it away before taking the processes, and from then on nothing is committed under it, however late or paused its
 * node is: clocks that differ between nodes cost time, not correctness.
 */
final class Lease {
    private static final Duration LASTS = Duration.ofSeconds(30);
    private static final Duration RENEWED_AFTER = LASTS.dividedBy(3);
    /** How long one node may not notice what another one asks of its processes. */
    private static final Duration BETWEEN_NOTICES = Duration.ofSeconds(1);

    private final Store store;
    private final NodeTables tables;
    private final Clock clock;
    private final String node = Ids.uuid();

    private Lease(Store store, NodeTables tables, Clock clock) {
        this.store = store;
        this.tables = tables;
        this.clock = clock;
    }

    /** A lease for a new node. */
    static Lease take(Store store, NodeTables tables, Clock clock) {
        Lease lease = new Lease(store, tables, clock);
        tables.put(
                new NodeRecord(lease.node, store.soleOpening(), clock.instant().plus(LASTS), false));
        return lease;
    }

    /** The id of the node. */
    String node() {
        return node;
    }

    /** Whether it is held. In a transaction, which does not commit then unless it still holds. */
    boolean isHeld() {
        return tables.node(node).filter(row -> !row.ended()).isPresent();
    }

    /** Runs work in a transaction of its own that commits only while this lease is held.
     *
     * @throws Lost when it is not */
    <T> T transact(Supplier<T> work) {
        return store.transactNow(() -> {
            if (!isHeld()) {
                throw new Lost();
            }
            return work.get();
        });
    }

    /** As {@link #transact(Supplier)}, for work without a result. */
    void transact(Runnable work) {
        transact(() -> {
            work.run();
            return Boolean.TRUE;
        });
    }

    /** Makes it last longer, where a third of its time is over.
     *
     * @throws Lost when another node has taken it */
    void renew() {
        transact(() -> tables.node(node).ifPresent(row -> {
            Instant now = clock.instant();
            if (!now.isBefore(row.until().minus(LASTS).plus(RENEWED_AFTER))) {
                tables.put(row.renewed(now.plus(LASTS)));
            }
        }));
    }

    /** When to look after it next.
     *
     * @param alone whether no other node is there */
    Instant nextLook(boolean alone) {
        return clock.instant().plus(alone ? RENEWED_AFTER : BETWEEN_NOTICES);
    }

    /** Gives it back: other nodes need not wait for its end. */
    void giveBack() {
        store.<Boolean>transactNow(() -> {
            tables.node(node).ifPresent(row -> tables.put(row.asEnded()));
            return true;
        });
    }

    List<NodeRecord> others() {
        return tables.nodes().stream().filter(row -> !row.id().equals(node)).toList();
    }

    /** Takes the lease of another node away where it is over: its time is, or the store's opening in which it was taken.
     *
     * @return whether it is over */
    boolean ends(NodeRecord other) {
        return other.ended()
                || store.<Boolean>transactNow(() -> {
                    NodeRecord row = tables.node(other.id()).orElse(other.asEnded());
                    boolean over = row.ended() || row.until().isBefore(clock.instant()) || isOfEarlierOpening(row);
                    if (over && !row.ended()) {
                        tables.put(row.asEnded());
                    }
                    return over;
                });
    }

    private boolean isOfEarlierOpening(NodeRecord row) {
        return store.soleOpening().isPresent() && !row.opening().equals(store.soleOpening());
    }

    /** The lease is not held any more: another node goes on with the process. Nothing of it is to be stored here. */
    static final class Lost extends RuntimeException {
        Lost() {
            super("The lease is lost", null, false, false);
        }
    }
}
