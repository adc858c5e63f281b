package dev.terrane.autoscaling;

import java.util.List;
import java.util.function.Consumer;
import software.amazon.awssdk.services.autoscaling.model.AutoScalingGroup;
import software.amazon.awssdk.services.autoscaling.model.SuspendedProcess;

/**
 * A group as it is stored.
 *
 * @param group as it is described, without its instances
 * @param deleting whether it goes as soon as its instances are gone
 * @param cause what users asked for since the last scaling activity, as activities tell it
 */
record GroupRecord(AutoScalingGroup group, boolean deleting, String cause) {
    String name() {
        return group.autoScalingGroupName();
    }

    String arn() {
        return group.autoScalingGroupARN();
    }

    int desired() {
        return deleting ? 0 : group.desiredCapacity();
    }

    boolean runs(String process) {
        return group.suspendedProcesses().stream()
                .map(SuspendedProcess::processName)
                .noneMatch(process::equals);
    }

    List<String> targetGroups() {
        return group.targetGroupARNs();
    }

    GroupRecord with(Consumer<AutoScalingGroup.Builder> change) {
        AutoScalingGroup.Builder builder = group.toBuilder();
        change.accept(builder);
        return new GroupRecord(builder.build(), deleting, cause);
    }

    GroupRecord because(String sentence) {
        return new GroupRecord(group, deleting, cause.isEmpty() ? sentence : cause + "  " + sentence);
    }

    GroupRecord withoutCause() {
        return new GroupRecord(group, deleting, "");
    }

    GroupRecord asDeleting() {
        return new GroupRecord(group.toBuilder().status("Delete in progress").build(), true, cause);
    }
}
