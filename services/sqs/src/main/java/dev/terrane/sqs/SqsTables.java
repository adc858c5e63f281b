package dev.terrane.sqs;

import dev.terrane.kernel.call.Scope;
import dev.terrane.kernel.fifo.DeduplicationIds;
import dev.terrane.kernel.store.Page;
import dev.terrane.kernel.store.Query;
import dev.terrane.kernel.store.Rows;
import dev.terrane.kernel.store.Store;
import dev.terrane.kernel.store.Table;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * SQS's rows. A message is one row, written once; a second small row tells of its receipts. Messages stand in the scope of the installation,
 * under the id of their queue.
 */
final class SqsTables {
    private static final Scope ALL = Scope.INSTALLATION;
    private static final String DEAD_LETTERS = "dead-letters";

    private final Store store;
    private final Rows<QueueRecord> queues;
    private final Rows<MessageRecord> messages;
    private final Rows<ReceiptRecord> receipts;
    private final DeduplicationIds deduplications;
    private final Rows<DeletedQueueRecord> deleted;

    SqsTables(Store store) {
        this.store = store;
        queues = store.rows(Table.of("sqs.queue", QueueRecord.class, QueueRecord::name)
                .index(
                        DEAD_LETTERS,
                        queue -> RedrivePolicy.of(queue)
                                .map(RedrivePolicy::deadLetterTargetArn)
                                .orElse("")));
        messages = store.rows(Table.of("sqs.message", MessageRecord.class, MessageRecord::key));
        receipts = store.rows(Table.of("sqs.receipt", ReceiptRecord.class, ReceiptRecord::key));
        deduplications = new DeduplicationIds(store, "sqs.deduplication");
        deleted = store.rows(Table.of("sqs.deleted", DeletedQueueRecord.class, DeletedQueueRecord::name));
    }

    void transact(Runnable work) {
        store.transact(work);
    }

    /** Commits at once, whatever becomes of the call that is served. */
    <T> T commitNow(Supplier<T> work) {
        return store.transactNow(work);
    }

    void afterCommit(Runnable work) {
        store.afterCommit(work);
    }

    Optional<QueueRecord> queue(Scope scope, String name) {
        return queues.get(scope, name);
    }

    /** A queue that may change meanwhile without harm to the call. */
    Optional<QueueRecord> peekQueue(Scope scope, String name) {
        return queues.peek(scope, name);
    }

    Page<QueueRecord> queues(Scope scope, Query query) {
        return queues.list(scope, query);
    }

    /** The queues whose dead letters go to a queue. */
    Page<QueueRecord> sourcesOf(Scope scope, String deadLetterArn, Query query) {
        return queues.list(
                scope,
                Query.equal(DEAD_LETTERS, deadLetterArn).after(query.after()).limit(query.limit()));
    }

    void everyQueue(BiConsumer<Scope, QueueRecord> visitor) {
        queues.everywhere(visitor);
    }

    void put(QueueRecord queue) {
        queues.put(queue.scope(), queue);
    }

    void deleteQueue(QueueRecord queue) {
        queues.delete(queue.scope(), queue.name());
    }

    void put(MessageRecord message) {
        messages.put(ALL, message);
    }

    Optional<MessageRecord> message(String queue, long sequence) {
        return messages.peek(ALL, MessageRecord.key(queue, sequence));
    }

    void everyMessage(Consumer<MessageRecord> visitor) {
        messages.everywhere((scope, message) -> visitor.accept(message));
    }

    void deleteMessage(String queue, long sequence, boolean received) {
        messages.delete(ALL, MessageRecord.key(queue, sequence));
        if (received) {
            receipts.delete(ALL, MessageRecord.key(queue, sequence));
        }
    }

    void put(ReceiptRecord receipt) {
        receipts.put(ALL, receipt);
    }

    void everyReceipt(Consumer<ReceiptRecord> visitor) {
        receipts.everywhere((scope, receipt) -> visitor.accept(receipt));
    }

    DeduplicationIds deduplications() {
        return deduplications;
    }

    Optional<DeletedQueueRecord> deletedQueue(Scope scope, String name) {
        return deleted.get(scope, name);
    }

    void put(Scope scope, DeletedQueueRecord row) {
        deleted.put(scope, row);
    }
}
