package dev.terrane.kernel.store;

import dev.terrane.kernel.call.Scope;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
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
     *
     * @param indexes values by index name
     * @param fresh whether there must be no such row yet
     */
    record Write(RowKey row, Optional<byte[]> body, Map<String, String> indexes, boolean fresh) {
        public Write(RowKey row, Optional<byte[]> body, Map<String, String> indexes) {
            this(row, body, indexes, false);
        }
    }

    /** What one transaction asks: rows that must have a version (0: must not exist), and writes, one a row at the most. */
    record Batch(Map<RowKey, Long> expected, List<Write> writes) {}

    /**
     * Makes a table and its indexes, or fits one that exists to them: an index that is no longer declared is dropped.
     *
     * @return whether rows are there that lack values of a new index: each is to be written again, then {@link #indexed} called. It is
     *     answered again after a restart until that was done.
     */
    boolean declare(String table, Set<String> indexes);

    /** All rows of a table have their index values now. */
    void indexed(String table);

    Optional<StoredRow> get(RowKey row);

    List<StoredRow> list(String table, Scope scope, Query query);

    void everywhere(String table, Consumer<StoredRow> visitor);

    /** The scopes in which a table has rows; costs a look-up a scope, however many rows they have. */
    List<Scope> scopes(String table);

    /**
     * Commits a batch whole or not at all; durable when it returns. Batches that arrive together share one sync.
     *
     * @return the version that its rows have now
     * @throws Conflict when a row does not have the version expected, or is there though its write is a fresh one
     * @throws Failed when the disk did not take it; nothing of the batch is there then
     */
    long commit(Batch batch);

    /**
     * A name of this opening that is never used again, where no other server can have the store open at the same time: what was written
     * under another name, its writer has left. Empty where several may.
     */
    Optional<String> soleOpening();

    @Override
    void close();

    /** The order of keys and index values: that of their UTF-8 bytes. */
    static int compare(String a, String b) {
        return Arrays.compareUnsigned(a.getBytes(StandardCharsets.UTF_8), b.getBytes(StandardCharsets.UTF_8));
    }

    /** The place of a row in an index, and the cursor that names it: cursors are ordered as the index is, whatever the two contain. */
    record IndexPlace(String value, String key) {
        private static final String END = "\0\0";
        private static final String ESCAPED = "\0\1";

        /** Reads a cursor. */
        public static IndexPlace of(String cursor) {
            int end = cursor.indexOf(END);
            return end < 0
                    ? new IndexPlace(cursor, "")
                    : new IndexPlace(
                            cursor.substring(0, end).replace(ESCAPED, "\0"), cursor.substring(end + END.length()));
        }

        public String cursor() {
            return value.replace("\0", ESCAPED) + END + key;
        }
    }

    /** The store could not be read or written. */
    final class Failed extends RuntimeException {
        public Failed(String message, Throwable cause) {
            super(message, cause);
        }
    }

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
