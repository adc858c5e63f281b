package dev.terrane.autoscaling;

import software.amazon.awssdk.services.autoscaling.model.ScalingPolicy;

/** A scaling policy of a group, as it is described but for its alarms. */
record PolicyRecord(ScalingPolicy policy) {
    static final String SIMPLE = "SimpleScaling";
    static final String STEP = "StepScaling";
    static final String TARGET_TRACKING = "TargetTrackingScaling";

    static String key(String group, String name) {
        return group + "\0" + name;
    }

    String key() {
        return key(group(), policy.policyName());
    }

    String group() {
        return policy.autoScalingGroupName();
    }

    boolean is(String type) {
        return policy.policyType().equals(type);
    }

    boolean enabled() {
        return !Boolean.FALSE.equals(policy.enabled());
    }
}
