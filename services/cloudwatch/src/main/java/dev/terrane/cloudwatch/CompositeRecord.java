package dev.terrane.cloudwatch;

import dev.terrane.kernel.arn.Arn;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.cloudwatch.model.CompositeAlarm;

/**
 * A composite alarm.
 *
 * @param alarm its configuration and state, as DescribeAlarms shows them
 * @param told the state before the changes whose actions are suppressed, or null where none are
 * @param until when a period of suppression ends, or null while the suppressor itself suppresses
 */
record CompositeRecord(
        String name,
        CompositeAlarm alarm,
        Map<String, String> tags,
        @Nullable CompositeAlarm told,
        @Nullable Instant until) {
    private static final String ALARM = "alarm:";

    CompositeRecord {
        tags = new TreeMap<>(tags);
    }

    CompositeRecord with(UnaryOperator<CompositeAlarm.Builder> change) {
        return new CompositeRecord(name, change.apply(alarm.toBuilder()).build(), tags, told, until);
    }

    CompositeRecord withTags(Map<String, String> changed) {
        return new CompositeRecord(name, alarm, changed, told, until);
    }

    /** With actions that wait, or none that do. */
    CompositeRecord waiting(@Nullable CompositeAlarm before, @Nullable Instant end) {
        return new CompositeRecord(name, alarm, tags, before, end);
    }

    /** The names of the alarms that its rule is about. */
    Set<String> children() {
        return CompositeRule.parse(alarm.alarmRule()).children().stream()
                .map(CompositeRecord::name)
                .collect(Collectors.toUnmodifiableSet());
    }

    /** The name of an alarm that is given by name or ARN. */
    static String name(String nameOrArn) {
        return Arn.find(nameOrArn)
                .map(Arn::resource)
                .filter(resource -> resource.startsWith(ALARM))
                .map(resource -> resource.substring(ALARM.length()))
                .orElse(nameOrArn);
    }
}
