package dev.terrane.cloudwatchlogs;

import dev.terrane.kernel.call.Call;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A log group.
 *
 * @param id names what belongs to it, and is never given to a later group of the same name
 * @param retentionDays how long events are kept; empty for ever
 * @param metricFilters how many it has
 * @param subscriptions its subscription filters; few, and here because they are asked for at every PutLogEvents
 */
record GroupRecord(
        String name,
        String id,
        Instant created,
        String logClass,
        Optional<Integer> retentionDays,
        boolean deletionProtected,
        int metricFilters,
        Map<String, String> tags,
        List<SubscriptionRecord> subscriptions) {
    GroupRecord {
        tags = Map.copyOf(tags);
        // A row that was written before there were any has none.
        subscriptions = subscriptions == null ? List.of() : List.copyOf(subscriptions);
    }

    Optional<SubscriptionRecord> subscription(String filterId) {
        return subscriptions.stream()
                .filter(filter -> filter.id().equals(filterId))
                .findFirst();
    }

    GroupRecord withRetention(Optional<Integer> days) {
        return new GroupRecord(
                name, id, created, logClass, days, deletionProtected, metricFilters, tags, subscriptions);
    }

    GroupRecord withDeletionProtected(boolean protect) {
        return new GroupRecord(name, id, created, logClass, retentionDays, protect, metricFilters, tags, subscriptions);
    }

    GroupRecord withTags(Map<String, String> all) {
        return new GroupRecord(
                name, id, created, logClass, retentionDays, deletionProtected, metricFilters, all, subscriptions);
    }

    GroupRecord withMetricFilters(int count) {
        return new GroupRecord(
                name, id, created, logClass, retentionDays, deletionProtected, count, tags, subscriptions);
    }

    GroupRecord withSubscriptions(List<SubscriptionRecord> filters) {
        return new GroupRecord(
                name, id, created, logClass, retentionDays, deletionProtected, metricFilters, tags, filters);
    }

    /** Before this time, in milliseconds, events have expired by now. */
    long retainedFrom() {
        return retentionDays
                .map(days -> Call.current().time().minus(Duration.ofDays(days)).toEpochMilli())
                .orElse(0L);
    }
}
