package dev.terrane.kernel.store;

import dev.terrane.kernel.store.StoreBackend.RowKey;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The reads and writes of one transaction, until it commits. Used by one thread. */
final class Transaction {
    /** A row to be written: the record, or empty for a deletion. */
    record Pending(Table<?> table, Optional<? extends Record> value) {}

    private final Map<RowKey, Long> reads = new HashMap<>();
    private final Map<RowKey, Pending> writes = new LinkedHashMap<>();
    private final List<Runnable> afterCommit = new ArrayList<>();
    private final boolean first;

    /** @param first whether the work runs for the first time, and not again after a conflict */
    Transaction(boolean first) {
        this.first = first;
    }

    /** Whether what is likely may be supposed: the commit tells where it is not so, and the work runs again. */
    boolean supposes() {
        return first;
    }

    void read(RowKey row, long version) {
        reads.putIfAbsent(row, version);
    }

    void write(RowKey row, Pending pending) {
        writes.put(row, pending);
    }

    Optional<Pending> pending(RowKey row) {
        return Optional.ofNullable(writes.get(row));
    }

    Map<RowKey, Pending> writes() {
        return writes;
    }

    Map<RowKey, Long> reads() {
        return reads;
    }

    /** Leaves it to a row's write to see that there is none, where none was read. */
    boolean leaveToWrite(RowKey row) {
        return reads.remove(row, 0L);
    }

    void afterCommit(Runnable work) {
        afterCommit.add(work);
    }

    List<Runnable> afterCommit() {
        return afterCommit;
    }
}
