package dev.terrane.testkit;

import dev.terrane.kernel.audit.AuditLog;
import dev.terrane.kernel.call.Scope;
import dev.terrane.kernel.store.Query;
import dev.terrane.kernel.store.StoreBackend;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/**
 * A store that can be cut off between two commits: those before are on disk, none after it gets there, whatever the server still tries. What a server
 * finds when it starts anew is then what it would find had it been killed at that moment.
 */
final class CrashingBackend implements StoreBackend {
    private final StoreBackend disk;
    private final AtomicLong left = new AtomicLong(Long.MAX_VALUE);

    CrashingBackend(StoreBackend disk) {
        this.disk = disk;
    }

    /** Takes so many more commits, and then none. */
    void crashAfter(long commits) {
        left.set(commits);
    }

    /** Whether it is to be cut off, or is. */
    boolean crashes() {
        return left.get() < Long.MAX_VALUE;
    }

    /** Whether a commit came that was not taken. */
    boolean crashed() {
        return left.get() < 0;
    }

    @Override
    public long commit(Batch batch) {
        // Calls that only read are recorded too: they must not end what they look at.
        boolean counts =
                batch.writes().stream().anyMatch(w -> !AuditLog.keeps(w.row().table()));
        if (counts ? left.getAndUpdate(n -> n < 0 || n == Long.MAX_VALUE ? n : n - 1) <= 0 : crashed()) {
            throw new Failed("The test's server has crashed", new IllegalStateException("crashed"));
        }
        return disk.commit(batch);
    }

    @Override
    public boolean declare(String table, Set<String> indexes) {
        return disk.declare(table, indexes);
    }

    @Override
    public void indexed(String table) {
        disk.indexed(table);
    }

    @Override
    public Optional<StoredRow> get(RowKey row) {
        return disk.get(row);
    }

    @Override
    public List<StoredRow> list(String table, Scope scope, Query query) {
        return disk.list(table, scope, query);
    }

    @Override
    public void everywhere(String table, Consumer<StoredRow> visitor) {
        disk.everywhere(table, visitor);
    }

    @Override
    public List<Scope> scopes(String table) {
        return disk.scopes(table);
    }

    @Override
    public Optional<String> soleOpening() {
        return disk.soleOpening();
    }

    @Override
    public void close() {
        disk.close();
    }
}
