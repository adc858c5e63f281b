package dev.terrane.autoscaling;

import java.time.Instant;
import software.amazon.awssdk.services.autoscaling.model.Activity;

/** A scaling activity; kept for six weeks ("DescribeScalingActivities"). */
record ActivityRecord(Activity activity) {
    String id() {
        return activity.activityId();
    }

    /** Orders a group's activities by their start. */
    String place() {
        return place(activity.autoScalingGroupName(), activity.startTime()) + activity.activityId();
    }

    static String place(String group, Instant start) {
        return group + "\0" + "%014d".formatted(start.toEpochMilli());
    }
}
