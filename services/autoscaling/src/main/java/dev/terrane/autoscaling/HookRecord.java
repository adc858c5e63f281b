package dev.terrane.autoscaling;

import software.amazon.awssdk.services.autoscaling.model.LifecycleHook;

/** A lifecycle hook of a group. */
record HookRecord(LifecycleHook hook) {
    static String key(String group, String name) {
        return group + "\0" + name;
    }

    String key() {
        return key(hook.autoScalingGroupName(), hook.lifecycleHookName());
    }
}
