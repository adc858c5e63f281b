package dev.terrane.kernel.store;

import dev.terrane.kernel.call.Scope;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Where rows are kept: a database of bytes by table, scope and key, ordered by key and by declared index values (as UTF-8
 * bytes order). Reads see what is committed. Safe for concurrent use.
 */
public interface StoreBackend extends AutoCloseable {
    /**
     * A stored row.
     *
     * @param version rises with every commit, and is never used again for another content
     * @param cursor what to continue a listing after
     */
    record StoredRow(Scope scope, String key, long version, byte[] body, String cursor) {}

    /** Where a row is. */
    record RowKey(String table, Scope scope, String key) {}

    /** A row's new content, or its deletion where the body is empty.
     * @param indexes values by index name */
    record Write(RowKey row, Optional<byte[]> body, Map<String, String> indexes) {}

    /** What one transaction asks: rows that must have a version (0: must not exist), and writes. */
    record Batch(Map<RowKey, Long> expected, List<Write> writes) {}

    /** Makes a table and its indexes, or adds what is missing to one that exists. */
    void declare(String table, Set<String> indexes);

    Optional<StoredRow> get(RowKey row);

    List<StoredRow> list(String table, Scope scope, Query query);

    void everywhere(String table, Consumer<StoredRow> visitor);

    /**
     * Commits a batch whole or not at all; durable when it returns. Batches that arrive together share one sync.
     *
     * @return the version that its rows have now
     * @throws Conflict when a row does not have the version expected
     */
    long commit(Batch batch);

    @Override
    void close();

    /** Another transaction was first. */
    final class Conflict extends RuntimeException {
        private final transient RowKey row;

        public Conflict(RowKey row) {
            super("Changed meanwhile: " + row, null, false, false);
            this.row = row;
        }

        public RowKey row() {
            return row;
        }
    }
}
