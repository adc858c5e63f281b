package dev.terrane.cloudwatchlogs;

import java.time.Instant;
import java.util.List;
import software.amazon.awssdk.services.cloudwatchlogs.model.MetricTransformation;

/** A metric filter of a group. */
record MetricFilterRecord(
        String groupId, String name, String pattern, Instant created, List<MetricTransformation> transformations) {
    MetricFilterRecord {
        transformations = List.copyOf(transformations);
    }

    String key() {
        return LogTables.joined(groupId, name);
    }
}
