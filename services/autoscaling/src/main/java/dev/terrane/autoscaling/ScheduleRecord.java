package dev.terrane.autoscaling;

import java.time.Instant;
import software.amazon.awssdk.services.autoscaling.model.ScheduledUpdateGroupAction;

/** A scheduled action of a group; its start time is when it is carried out next. */
record ScheduleRecord(ScheduledUpdateGroupAction action) {
    static String key(String group, String name) {
        return group + "\0" + name;
    }

    String key() {
        return key(group(), action.scheduledActionName());
    }

    String group() {
        return action.autoScalingGroupName();
    }

    Instant next() {
        return action.startTime();
    }
}
