package dev.terrane.cloudwatch;

import dev.terrane.kernel.call.Scope;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * An action of an alarm that is still to be done.
 *
 * @param key rises with time
 * @param alarmArn on whose behalf it is done
 * @param target the ARN in the alarm's list
 * @param due not to be tried earlier
 * @param metricValue the newest value, for scaling policies; null where it is not known
 * @param threshold of the alarm, or null
 */
record ActionRecord(
        String key,
        Scope scope,
        String alarmName,
        String alarmType,
        String alarmArn,
        String target,
        String subject,
        String message,
        Instant stateChanged,
        int attempts,
        Instant due,
        @Nullable Double metricValue,
        @Nullable Double threshold) {
    ActionRecord again(Instant later) {
        return new ActionRecord(
                key,
                scope,
                alarmName,
                alarmType,
                alarmArn,
                target,
                subject,
                message,
                stateChanged,
                attempts + 1,
                later,
                metricValue,
                threshold);
    }
}
