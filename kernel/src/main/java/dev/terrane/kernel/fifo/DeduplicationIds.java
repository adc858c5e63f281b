package dev.terrane.kernel.fifo;

import dev.terrane.kernel.call.Scope;
import dev.terrane.kernel.store.Query;
import dev.terrane.kernel.store.Rows;
import dev.terrane.kernel.store.Store;
import dev.terrane.kernel.store.Table;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * The ids under which messages were sent to FIFO queues or topics: what is sent again under the same id within five minutes is accepted and
 * not delivered a second time.
 */
public final class DeduplicationIds {
    private static final Scope ALL = Scope.INSTALLATION;
    private static final String EXPIRES = "expires";
    private static final Duration KEPT = Duration.ofMinutes(5);
    /** Ids that are deleted in one commit. */
    private static final int BATCH = 500;

    private final Store store;
    private final Rows<DeduplicationRecord> rows;

    /**
     * That a message was sent under an id.
     *
     * @param scope within which ids are unique: a queue or topic, or a message group of it
     * @param expires in milliseconds since 1970
     */
    public record DeduplicationRecord(String scope, String id, String messageId, long sequence, long expires) {
        private String key() {
            return key(scope, id);
        }

        private static String key(String scope, String id) {
            return scope + "/" + id;
        }
    }

    /** @param table such as {@code sqs.deduplication} */
    public DeduplicationIds(Store store, String table) {
        this.store = store;
        this.rows = store.rows(Table.of(table, DeduplicationRecord.class, DeduplicationRecord::key)
                .index(EXPIRES, row -> ordered(row.expires())));
    }

    /**
     * The message that was sent under the same id within five minutes. Where there is none, this one is kept in mind, in the current
     * transaction.
     *
     * @param now in milliseconds since 1970
     */
    public Optional<DeduplicationRecord> duplicate(String scope, String id, String messageId, long sequence, long now) {
        Optional<DeduplicationRecord> earlier =
                rows.get(ALL, DeduplicationRecord.key(scope, id)).filter(row -> row.expires() > now);
        if (earlier.isEmpty()) {
            rows.put(ALL, new DeduplicationRecord(scope, id, messageId, sequence, now + KEPT.toMillis()));
        }
        return earlier;
    }

    /** Deletes the ids whose time is over. */
    public void deleteExpired(long now) {
        List<DeduplicationRecord> expired = expired(now);
        while (!expired.isEmpty()) {
            List<DeduplicationRecord> batch = expired;
            store.transact(() -> batch.forEach(row -> rows.delete(ALL, row.key())));
            expired = expired(now);
        }
    }

    private List<DeduplicationRecord> expired(long now) {
        return rows.list(ALL, Query.index(EXPIRES).between("", ordered(now)).limit(BATCH))
                .values();
    }

    private static String ordered(long millis) {
        return "%019d".formatted(millis);
    }
}
