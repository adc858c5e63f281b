package dev.terrane.cloudwatch;

import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import software.amazon.awssdk.services.cloudwatch.model.MetricAlarm;

/**
 * A metric alarm.
 *
 * @param alarm its configuration and state, as DescribeAlarms shows them
 */
record AlarmRecord(String name, MetricAlarm alarm, Map<String, String> tags) {
    AlarmRecord {
        tags = new TreeMap<>(tags);
    }

    AlarmRecord with(UnaryOperator<MetricAlarm.Builder> change) {
        return new AlarmRecord(name, change.apply(alarm.toBuilder()).build(), tags);
    }

    AlarmRecord withTags(Map<String, String> changed) {
        return new AlarmRecord(name, alarm, changed);
    }
}
