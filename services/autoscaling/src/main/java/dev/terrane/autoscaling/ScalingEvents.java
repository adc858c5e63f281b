package dev.terrane.autoscaling;

import dev.terrane.kernel.arn.Arn;
import dev.terrane.kernel.call.Call;
import dev.terrane.kernel.event.Events;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import software.amazon.awssdk.services.autoscaling.model.Activity;
import software.amazon.awssdk.services.autoscaling.model.LifecycleHook;
import tools.jackson.databind.json.JsonMapper;

/** Auto Scaling's events ("Amazon EC2 Auto Scaling event reference"). */
final class ScalingEvents {
    private static final JsonMapper JSON = JsonMapper.shared();

    private final Events events;

    ScalingEvents(Events events) {
        this.events = events;
    }

    /** An instance was launched or terminated, or that failed. */
    void ended(GroupRecord group, String instanceId, Activity activity, boolean launch, boolean success) {
        Map<String, Object> detail = new LinkedHashMap<>();
        detail.put("StatusCode", success ? "InProgress" : "Failed");
        detail.put("AutoScalingGroupName", group.name());
        detail.put("ActivityId", activity.activityId());
        detail.put("Details", JSON.readTree(activity.details()));
        detail.put("RequestId", activity.activityId());
        detail.put("StatusMessage", activity.statusMessage() == null ? "" : activity.statusMessage());
        detail.put("EndTime", String.valueOf(activity.endTime()));
        detail.put("EC2InstanceId", instanceId);
        detail.put("StartTime", String.valueOf(activity.startTime()));
        detail.put("Cause", activity.cause());
        detail.put("Description", activity.description());
        detail.put("Origin", launch ? "EC2" : "AutoScalingGroup");
        detail.put("Destination", launch ? "AutoScalingGroup" : "EC2");
        events.emit(
                "aws.autoscaling",
                "EC2 Instance " + (launch ? "Launch" : "Terminate") + (success ? " Successful" : " Unsuccessful"),
                instanceId.isEmpty() ? List.of(group.arn()) : List.of(group.arn(), instanceArn(instanceId)),
                detail);
    }

    private static String instanceArn(String instanceId) {
        Call call = Call.current();
        return Arn.of("ec2", call.region(), call.account(), "instance/" + instanceId)
                .toString();
    }

    /** An instance waits for a lifecycle action. */
    void lifecycleAction(GroupRecord group, String instanceId, LifecycleHook hook, String token) {
        boolean launch = hook.lifecycleTransition().equals(Hooks.LAUNCHING);
        Map<String, Object> detail = new LinkedHashMap<>();
        detail.put("LifecycleActionToken", token);
        detail.put("AutoScalingGroupName", group.name());
        detail.put("LifecycleHookName", hook.lifecycleHookName());
        detail.put("EC2InstanceId", instanceId);
        detail.put("LifecycleTransition", hook.lifecycleTransition());
        if (hook.notificationMetadata() != null) {
            detail.put("NotificationMetadata", hook.notificationMetadata());
        }
        detail.put("Origin", launch ? "EC2" : "AutoScalingGroup");
        detail.put("Destination", launch ? "AutoScalingGroup" : "EC2");
        events.emit(
                "aws.autoscaling",
                "EC2 Instance-" + (launch ? "launch" : "terminate") + " Lifecycle Action",
                List.of(group.arn()),
                detail);
    }
}
