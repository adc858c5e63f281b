package dev.terrane.cloudformation.stackset;

import java.util.List;
import software.amazon.awssdk.services.cloudformation.model.StackInstanceResourceDriftsSummary;
import software.amazon.awssdk.services.cloudformation.model.StackSetOperationResultStatus;

/**
 * What has become of an operation in one account and region.
 *
 * @param operation the operation's key
 * @param gated whether it came so far that the account's gate was looked for
 * @param drifts what a detection of drift found
 */
record ResultRecord(
        String operation,
        Target target,
        StackSetOperationResultStatus status,
        String reason,
        boolean gated,
        List<StackInstanceResourceDriftsSummary> drifts) {
    ResultRecord {
        drifts = List.copyOf(drifts);
    }

    static ResultRecord pending(String operation, Target target) {
        return new ResultRecord(operation, target, StackSetOperationResultStatus.PENDING, "", false, List.of());
    }

    static String key(String operation, Target target) {
        return operation + "/" + target.key();
    }

    String key() {
        return key(operation, target);
    }

    ResultRecord in(StackSetOperationResultStatus now, String why) {
        return new ResultRecord(operation, target, now, why, gated, drifts);
    }

    /** The account has no gate that would have to let it in. */
    ResultRecord throughGate() {
        return new ResultRecord(operation, target, status, reason, true, drifts);
    }

    ResultRecord finding(List<StackInstanceResourceDriftsSummary> found) {
        return new ResultRecord(operation, target, status, reason, gated, found);
    }
}
