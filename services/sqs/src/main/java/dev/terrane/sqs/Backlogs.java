package dev.terrane.sqs;

import dev.terrane.kernel.clock.Clock;
import dev.terrane.kernel.clock.Threads;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/** The backlogs of all queues, rebuilt from the rows at start-up, and the upkeep: retention, purges, queues deleted. */
final class Backlogs {
    private static final Duration SWEEP = Duration.ofSeconds(60);
    private static final int BATCH = 500;
    /** Sequences begin with the time, so that they rise also across restarts. */
    private static final long PER_MILLISECOND = 1_000_000;

    private final SqsTables tables;
    private final Clock clock;
    private final AtomicLong sequence;
    private final Map<String, Backlog> byQueue = new ConcurrentHashMap<>();
    private final Set<String> gone = ConcurrentHashMap.newKeySet();

    Backlogs(SqsTables tables, Clock clock) {
        this.tables = tables;
        this.clock = clock;
        this.sequence = new AtomicLong(clock.millis() * PER_MILLISECOND);
        load();
    }

    private void load() {
        Map<String, QueueRecord> queues = new HashMap<>();
        tables.everyQueue((scope, queue) -> queues.put(queue.id(), queue));
        Map<String, ReceiptRecord> receipts = new HashMap<>();
        tables.everyReceipt(receipt -> receipts.put(receipt.key(), receipt));
        tables.everyMessage(message -> {
            sequence.accumulateAndGet(message.sequence(), Math::max);
            QueueRecord queue = queues.get(message.queue());
            if (queue == null) {
                gone.add(message.queue());
            }
            Backlog.Entry entry = new Backlog.Entry(message, queue != null && queue.fifo());
            ReceiptRecord receipt = receipts.get(message.key());
            if (receipt != null) {
                entry.received(receipt);
            }
            of(message.queue()).add(entry, clock.millis());
        });
        queues.values().forEach(queue -> deleteBelow(queue.id(), queue.purgedBefore()));
    }

    void start(Threads threads) {
        threads.every("sqs-sweep", SWEEP, this::sweep);
    }

    Backlog of(QueueRecord queue) {
        return of(queue.id());
    }

    private Backlog of(String id) {
        return byQueue.computeIfAbsent(id, i -> new Backlog());
    }

    long nextSequence() {
        return sequence.incrementAndGet();
    }

    /** Stores a message in the current transaction and lets it be received once that is durable. */
    void add(QueueRecord queue, MessageRecord message) {
        tables.put(message);
        tables.afterCommit(() -> of(queue).add(new Backlog.Entry(message, queue.fifo()), clock.millis()));
    }

    /** Deletes messages of a queue whole, in the current transaction. */
    void delete(String queue, List<Backlog.Taken> messages) {
        messages.forEach(message -> tables.deleteMessage(queue, message.sequence(), message.count() > 0));
        tables.afterCommit(() -> {
            Backlog backlog = of(queue);
            messages.forEach(message -> backlog.remove(message.sequence()));
        });
    }

    /** A queue was purged in the current transaction: its messages are hidden with the commit, and their rows deleted afterwards. */
    void purged(QueueRecord queue) {
        tables.afterCommit(() -> deleteBelow(queue.id(), queue.purgedBefore()));
    }

    /** A queue was deleted in the current transaction. */
    void deleted(QueueRecord queue) {
        tables.afterCommit(() -> {
            gone.add(queue.id());
            deleteBelow(queue.id(), Long.MAX_VALUE);
        });
    }

    private void deleteBelow(String queue, long below) {
        Backlog backlog = of(queue);
        List<List<Backlog.Taken>> batches = new ArrayList<>();
        List<Backlog.Taken> batch = backlog.below(below, BATCH);
        while (!batch.isEmpty()) {
            batches.add(batch);
            batch.forEach(message -> backlog.remove(message.sequence()));
            batch = backlog.below(below, BATCH);
        }
        batches.forEach(messages -> tables.transact(() -> delete(queue, messages)));
    }

    private void sweep() {
        long now = clock.millis();
        tables.everyQueue((scope, queue) -> {
            deleteBelow(queue.id(), queue.purgedBefore());
            long oldest = now - queue.number(QueueAttributes.RETENTION) * 1000L;
            deleteUpTo(queue.id(), oldest);
        });
        gone.forEach(queue -> deleteBelow(queue, Long.MAX_VALUE));
        gone.clear();
        tables.deduplications().deleteExpired(now);
    }

    /** Deletes what was sent up to a time. */
    void deleteUpTo(String queue, long time) {
        List<Backlog.Taken> batch = of(queue).sentUpTo(time, BATCH);
        while (!batch.isEmpty()) {
            List<Backlog.Taken> messages = batch;
            tables.transact(() -> delete(queue, messages));
            batch = of(queue).sentUpTo(time, BATCH);
        }
    }
}
