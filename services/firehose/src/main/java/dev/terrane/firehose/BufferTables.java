package dev.terrane.firehose;

import dev.terrane.kernel.call.Scope;
import dev.terrane.kernel.store.Page;
import dev.terrane.kernel.store.Query;
import dev.terrane.kernel.store.Rows;
import dev.terrane.kernel.store.Store;
import dev.terrane.kernel.store.Table;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What streams have taken and not delivered yet. Whoever adds records reads the stream's buffer with the check at commit, so nothing is added to a buffer once it
 * is closed: what is delivered of it is all of it, however often it is done.
 */
final class BufferTables {
    private static final int PURGED_AT_ONCE = 200;
    private static final int READ_AT_ONCE = 64;

    /**
     * The buffer that a stream fills now.
     *
     * @param opened when its first record came; empty while it has none
     */
    record BufferRecord(String stream, long number, Optional<Instant> opened) {
        boolean isDue(Duration interval, Instant now) {
            return opened.filter(since -> !now.isBefore(since.plus(interval))).isPresent();
        }
    }

    /**
     * A buffer that takes no more records.
     *
     * @param attempts how often it was refused
     * @param next when it is to be tried next
     * @param delivered its records are only to be forgotten
     */
    record ClosedRecord(
            String stream, long number, Instant opened, Instant closed, int attempts, Instant next, boolean delivered) {
        private String key() {
            return prefix(stream, number);
        }

        ClosedRecord refused(Instant again) {
            return new ClosedRecord(stream, number, opened, closed, attempts + 1, again, delivered);
        }

        ClosedRecord done() {
            return new ClosedRecord(stream, number, opened, closed, attempts, next, true);
        }
    }

    /** Bytes of one request's records, or a part of them: short enough that some fit into memory. */
    record DataRecord(String stream, long buffer, long sequence, byte[] bytes) {
        static final int LONGEST = 128 << 10;

        private String key() {
            return prefix(stream, buffer) + ordered(sequence);
        }
    }

    private final Store store;
    private final Rows<BufferRecord> buffers;
    private final Rows<ClosedRecord> closed;
    private final Rows<DataRecord> data;

    BufferTables(Store store) {
        this.store = store;
        buffers = store.rows(Table.of("firehose.buffer", BufferRecord.class, BufferRecord::stream));
        closed = store.rows(Table.of("firehose.closed", ClosedRecord.class, ClosedRecord::key));
        data = store.rows(
                Table.of("firehose.data", DataRecord.class, DataRecord::key).uncached());
    }

    private static String ordered(long number) {
        return "%019d".formatted(number);
    }

    private static String prefix(String stream, long buffer) {
        return stream + "/" + ordered(buffer) + "/";
    }

    BufferRecord buffer(Scope scope, String stream) {
        return buffers.get(scope, stream).orElseGet(() -> new BufferRecord(stream, 1, Optional.empty()));
    }

    /** From now on a buffer has records. */
    void open(Scope scope, BufferRecord buffer, Instant now) {
        buffers.put(scope, new BufferRecord(buffer.stream(), buffer.number(), Optional.of(now)));
    }

    /** The next records go into another buffer. */
    void close(Scope scope, BufferRecord buffer, Instant now) {
        Instant opened = buffer.opened().orElse(now);
        closed.put(scope, new ClosedRecord(buffer.stream(), buffer.number(), opened, now, 0, now, false));
        buffers.put(scope, new BufferRecord(buffer.stream(), buffer.number() + 1, Optional.empty()));
    }

    Optional<ClosedRecord> oldest(Scope scope, String stream) {
        return closed.list(scope, Query.prefix(stream + "/").limit(1)).values().stream()
                .findFirst();
    }

    Optional<ClosedRecord> closed(Scope scope, String stream, long number) {
        return closed.get(scope, prefix(stream, number));
    }

    void put(Scope scope, ClosedRecord buffer) {
        closed.put(scope, buffer);
    }

    void delete(Scope scope, ClosedRecord buffer) {
        closed.delete(scope, buffer.key());
    }

    void put(Scope scope, DataRecord record) {
        data.put(scope, record);
    }

    /** Some of the data of a buffer, in the order in which it came. */
    Page<DataRecord> data(Scope scope, String stream, long buffer, Optional<String> after) {
        return data.list(
                scope, Query.prefix(prefix(stream, buffer)).after(after).limit(READ_AT_ONCE));
    }

    /** Forgets the data of a buffer, bit by bit. Not within a transaction. */
    void purge(Scope scope, String stream, long buffer) {
        forget(scope, prefix(stream, buffer));
    }

    private void forget(Scope scope, String prefix) {
        List<DataRecord> some;
        do {
            some = data.list(scope, Query.prefix(prefix).limit(PURGED_AT_ONCE)).values();
            List<DataRecord> gone = some;
            store.transact(() -> gone.forEach(record -> data.delete(scope, record.key())));
        } while (!some.isEmpty());
    }

    /** Forgets all that a stream left. Not within a transaction. */
    void purge(Scope scope, String stream) {
        forget(scope, stream + "/");
        List<ClosedRecord> left = closed.list(scope, Query.prefix(stream + "/")).values();
        store.transact(() -> {
            left.forEach(buffer -> closed.delete(scope, buffer.key()));
            buffers.delete(scope, stream);
        });
    }
}
