package dev.terrane.cloudwatchlogs;

import dev.terrane.kernel.call.Call;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * A log group.
 *
 * @param id names what belongs to it, and is never given to a later group of the same name
 * @param retentionDays how long events are kept; empty for ever
 * @param metricFilters how many it has
 */
record GroupRecord(
        String name,
        String id,
        Instant created,
        String logClass,
        Optional<Integer> retentionDays,
        boolean deletionProtected,
        int metricFilters,
        Map<String, String> tags) {
    GroupRecord {
        tags = Map.copyOf(tags);
    }

    GroupRecord withRetention(Optional<Integer> days) {
        return new GroupRecord(name, id, created, logClass, days, deletionProtected, metricFilters, tags);
    }

    GroupRecord withDeletionProtected(boolean protect) {
        return new GroupRecord(name, id, created, logClass, retentionDays, protect, metricFilters, tags);
    }

    GroupRecord withTags(Map<String, String> all) {
        return new GroupRecord(name, id, created, logClass, retentionDays, deletionProtected, metricFilters, all);
    }

    GroupRecord withMetricFilters(int count) {
        return new GroupRecord(name, id, created, logClass, retentionDays, deletionProtected, count, tags);
    }

    /** Before this time, in milliseconds, events have expired by now. */
    long retainedFrom() {
        return retentionDays
                .map(days -> Call.current().time().minus(Duration.ofDays(days)).toEpochMilli())
                .orElse(0L);
    }
}
