package dev.terrane.cloudwatchlogs;

import dev.terrane.kernel.call.Scope;
import dev.terrane.kernel.store.Store;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** How many bytes groups hold. Counted in memory and written every minute, as AWS's own number lags: a crash loses a minute's count. */
final class Usage {
    private record Owner(Scope scope, String groupId) {}

    private final LogTables tables;
    private final Store store;
    private final Map<Owner, Long> pending = new ConcurrentHashMap<>();

    Usage(LogTables tables, Store store) {
        this.tables = tables;
        this.store = store;
    }

    void add(Scope scope, String groupId, long bytes) {
        store.afterCommit(() -> pending.merge(new Owner(scope, groupId), bytes, Long::sum));
    }

    long of(Scope scope, String groupId) {
        return Math.max(0, tables.usage(scope, groupId) + pending.getOrDefault(new Owner(scope, groupId), 0L));
    }

    void write() {
        for (Owner owner : List.copyOf(pending.keySet())) {
            Long bytes = pending.remove(owner);
            if (bytes != null && bytes != 0) {
                tables.addUsage(owner.scope(), owner.groupId(), bytes);
            }
        }
    }
}
