package dev.terrane.cloudwatchlogs;

import dev.terrane.kernel.call.Scope;
import dev.terrane.kernel.store.Page;
import dev.terrane.kernel.store.Query;
import dev.terrane.kernel.store.Rows;
import dev.terrane.kernel.store.Store;
import dev.terrane.kernel.store.Table;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;

/** What CloudWatch Logs keeps in the store. */
final class LogTables {
    /** Chunks of a group by the time of their first event; likewise of a stream; and of a stream by their last. */
    static final String GROUP_FIRST = "groupFirst";

    static final String STREAM_FIRST = "streamFirst";
    static final String STREAM_LAST = "streamLast";
    private static final int REMOVED_AT_ONCE = 200;

    private final Store store;
    private final Rows<GroupRecord> groups;
    private final Rows<StreamRecord> streams;
    private final Rows<ChunkRecord> chunks;
    private final Rows<RemovedRecord> removed;
    private final Rows<UsageRecord> usage;
    private final Rows<PolicyRecord> policies;
    private final Rows<MetricFilterRecord> filters;

    LogTables(Store store) {
        this.store = store;
        groups = store.rows(Table.of("logs.group", GroupRecord.class, GroupRecord::name));
        streams = store.rows(Table.of("logs.stream", StreamRecord.class, StreamRecord::key));
        chunks = store.rows(Table.of("logs.chunk", ChunkRecord.class, ChunkRecord::key)
                .index(GROUP_FIRST, c -> joined(c.groupId(), ordered(c.first())))
                .index(STREAM_FIRST, c -> joined(c.streamId(), ordered(c.first())))
                .index(STREAM_LAST, c -> joined(c.streamId(), ordered(c.last())))
                .uncached());
        removed = store.rows(Table.of("logs.removed", RemovedRecord.class, RemovedRecord::id));
        usage = store.rows(Table.of("logs.usage", UsageRecord.class, UsageRecord::groupId));
        policies = store.rows(Table.of("logs.policy", PolicyRecord.class, PolicyRecord::name));
        filters = store.rows(Table.of("logs.metricfilter", MetricFilterRecord.class, MetricFilterRecord::key));
    }

    /** Two parts of a key; neither names nor ids hold the separator. */
    static String joined(String first, String second) {
        return first + '\0' + second;
    }

    /** A time such that later ones sort after it as text. */
    static String ordered(long millis) {
        return "%014d".formatted(Math.max(0, millis));
    }

    Optional<GroupRecord> group(Scope scope, String name) {
        return groups.get(scope, name);
    }

    /** A group as it is now, without a check at commit. */
    Optional<GroupRecord> peekGroup(Scope scope, String name) {
        return groups.peek(scope, name);
    }

    Page<GroupRecord> groups(Scope scope, Query query) {
        return groups.list(scope, query);
    }

    void eachGroup(BiConsumer<Scope, GroupRecord> visitor) {
        groups.everywhere(visitor);
    }

    void put(Scope scope, GroupRecord group) {
        groups.put(scope, group);
    }

    Optional<StreamRecord> stream(Scope scope, String groupId, String name) {
        return streams.get(scope, joined(groupId, name));
    }

    Optional<StreamRecord> peekStream(Scope scope, String groupId, String name) {
        return streams.peek(scope, joined(groupId, name));
    }

    /** Streams of a group by name.
     *
     * @param prefix that names begin with */
    Page<StreamRecord> streams(
            Scope scope, String groupId, String prefix, boolean descending, Optional<String> after, int limit) {
        Query query = Query.prefix(joined(groupId, prefix)).limit(limit).after(after);
        return streams.list(scope, descending ? query.reversed() : query);
    }

    void put(Scope scope, StreamRecord stream) {
        streams.put(scope, stream);
    }

    void put(Scope scope, ChunkRecord chunk) {
        chunks.put(scope, chunk);
    }

    /** Chunks from one time on, to before another, by an index. */
    Page<ChunkRecord> chunks(
            Scope scope,
            String index,
            String owner,
            long from,
            long to,
            boolean descending,
            Optional<String> after,
            int limit) {
        Query query = Query.index(index)
                .between(joined(owner, ordered(from)), joined(owner, ordered(to)))
                .after(after)
                .limit(limit);
        return chunks.list(scope, descending ? query.reversed() : query);
    }

    Optional<ChunkRecord> chunk(Scope scope, String key) {
        return chunks.peek(scope, key);
    }

    /** The chunk of a stream that came last. */
    Optional<ChunkRecord> newest(Scope scope, String streamId) {
        return chunks.list(scope, Query.prefix(joined(streamId, "")).reversed().limit(1)).values().stream()
                .findFirst();
    }

    /** Deletes a group and what is in it; its chunks are removed later. */
    void delete(Scope scope, GroupRecord group) {
        groups.delete(scope, group.name());
        removed.put(scope, new RemovedRecord(group.id(), true));
    }

    /** Deletes a stream; its chunks are removed later. */
    void delete(Scope scope, StreamRecord stream) {
        streams.delete(scope, stream.key());
        removed.put(scope, new RemovedRecord(stream.id(), false));
    }

    /** Removes what deleted groups and streams left. */
    void removeDeleted() {
        removed.everywhere((scope, record) -> {
            String index = record.group() ? GROUP_FIRST : STREAM_FIRST;
            removeChunks(scope, index, record.id(), Long.MAX_VALUE);
            if (record.group()) {
                removeRest(scope, record.id());
            }
            removed.delete(scope, record.id());
        });
    }

    private void removeRest(Scope scope, String groupId) {
        Page<StreamRecord> left;
        do {
            left = streams(scope, groupId, "", false, Optional.empty(), REMOVED_AT_ONCE);
            List<StreamRecord> some = left.values();
            store.transact(() -> some.forEach(stream -> streams.delete(scope, stream.key())));
        } while (left.next().isPresent());
        filters(scope, groupId).forEach(filter -> filters.delete(scope, filter.key()));
        usage.delete(scope, groupId);
    }

    /** Removes chunks whose last event is before a time.
     *
     * @return the bytes of their events */
    long removeChunks(Scope scope, String index, String owner, long before) {
        long freed = 0;
        Optional<String> after = Optional.empty();
        do {
            Page<ChunkRecord> page = chunks(scope, index, owner, 0, before, false, after, REMOVED_AT_ONCE);
            List<ChunkRecord> old =
                    page.values().stream().filter(c -> c.last() < before).toList();
            if (!old.isEmpty()) {
                store.transact(() -> old.forEach(chunk -> chunks.delete(scope, chunk.key())));
            }
            freed += old.stream().mapToLong(ChunkRecord::bytes).sum();
            after = page.next();
        } while (after.isPresent());
        return freed;
    }

    long usage(Scope scope, String groupId) {
        return usage.peek(scope, groupId).map(UsageRecord::bytes).orElse(0L);
    }

    void addUsage(Scope scope, String groupId, long bytes) {
        store.transact(() -> {
            long sum = usage.get(scope, groupId).map(UsageRecord::bytes).orElse(0L) + bytes;
            usage.put(scope, new UsageRecord(groupId, Math.max(0, sum)));
        });
    }

    List<PolicyRecord> policies(Scope scope) {
        return policies.all(scope);
    }

    Optional<PolicyRecord> policy(Scope scope, String name) {
        return policies.get(scope, name);
    }

    void put(Scope scope, PolicyRecord policy) {
        policies.put(scope, policy);
    }

    void deletePolicy(Scope scope, String name) {
        policies.delete(scope, name);
    }

    /** Metric filters of a group, by name; few by AWS's quota. */
    List<MetricFilterRecord> filters(Scope scope, String groupId) {
        return filters.list(scope, Query.prefix(joined(groupId, ""))).values();
    }

    Optional<MetricFilterRecord> filter(Scope scope, String groupId, String name) {
        return filters.get(scope, joined(groupId, name));
    }

    void put(Scope scope, MetricFilterRecord filter) {
        filters.put(scope, filter);
    }

    void delete(Scope scope, MetricFilterRecord filter) {
        filters.delete(scope, filter.key());
    }
}
