package dev.terrane.cloudformation.stackset;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import software.amazon.awssdk.services.cloudformation.model.Parameter;
import software.amazon.awssdk.services.cloudformation.model.StackDriftStatus;
import software.amazon.awssdk.services.cloudformation.model.StackInstanceDetailedStatus;
import software.amazon.awssdk.services.cloudformation.model.StackInstanceStatus;

/**
 * A stack of a set in one account and region, or the wish for one.
 *
 * @param set the set's id
 * @param stack the stack's ARN, or empty where none was made yet
 * @param overrides values of parameters that are others than the set's
 * @param operation the operation that was last about it
 */
record InstanceRecord(
        String set,
        Target target,
        String stack,
        StackInstanceStatus status,
        StackInstanceDetailedStatus detailed,
        String reason,
        List<Parameter> overrides,
        StackDriftStatus drift,
        Optional<Instant> driftChecked,
        String operation) {
    InstanceRecord {
        overrides = List.copyOf(overrides);
    }

    static String key(String set, Target target) {
        return set + "/" + target.key();
    }

    String key() {
        return key(set, target);
    }

    static InstanceRecord made(String set, Target target) {
        return new InstanceRecord(
                set,
                target,
                "",
                StackInstanceStatus.OUTDATED,
                StackInstanceDetailedStatus.PENDING,
                "",
                List.of(),
                StackDriftStatus.NOT_CHECKED,
                Optional.empty(),
                "");
    }

    boolean inoperable() {
        return status == StackInstanceStatus.INOPERABLE;
    }

    InstanceRecord in(StackInstanceStatus now, StackInstanceDetailedStatus detail, String why) {
        return new InstanceRecord(set, target, stack, now, detail, why, overrides, drift, driftChecked, operation);
    }

    InstanceRecord under(String operationId) {
        return new InstanceRecord(
                set, target, stack, status, detailed, reason, overrides, drift, driftChecked, operationId);
    }

    InstanceRecord of(String stackArn) {
        return new InstanceRecord(
                set, target, stackArn, status, detailed, reason, overrides, drift, driftChecked, operation);
    }

    InstanceRecord overriding(List<Parameter> values) {
        return new InstanceRecord(set, target, stack, status, detailed, reason, values, drift, driftChecked, operation);
    }

    InstanceRecord drifted(StackDriftStatus found, Instant time) {
        return new InstanceRecord(
                set, target, stack, status, detailed, reason, overrides, found, Optional.of(time), operation);
    }
}
