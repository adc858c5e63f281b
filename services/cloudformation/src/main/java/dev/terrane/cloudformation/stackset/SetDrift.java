package dev.terrane.cloudformation.stackset;

import java.time.Instant;
import java.util.List;
import software.amazon.awssdk.services.cloudformation.model.StackDriftStatus;
import software.amazon.awssdk.services.cloudformation.model.StackSetDriftDetectionDetails;
import software.amazon.awssdk.services.cloudformation.model.StackSetDriftDetectionStatus;
import software.amazon.awssdk.services.cloudformation.model.StackSetDriftStatus;
import software.amazon.awssdk.services.cloudformation.model.StackSetOperationResultStatus;

/** What a detection of drift has found, or has found so far. */
record SetDrift(StackSetDriftDetectionDetails details) {
    static SetDrift of(OperationRecord operation, List<ResultRecord> results, List<InstanceRecord> instances) {
        int drifted = count(instances, StackDriftStatus.DRIFTED);
        int inSync = count(instances, StackDriftStatus.IN_SYNC);
        int failed = count(results, StackSetOperationResultStatus.FAILED);
        int open = count(results, StackSetOperationResultStatus.PENDING)
                + count(results, StackSetOperationResultStatus.RUNNING);
        StackSetDriftStatus status = drifted > 0
                ? StackSetDriftStatus.DRIFTED
                : inSync > 0 && inSync == instances.size()
                        ? StackSetDriftStatus.IN_SYNC
                        : StackSetDriftStatus.NOT_CHECKED;
        Instant time = operation.ended().orElse(null);
        return new SetDrift(StackSetDriftDetectionDetails.builder()
                .driftStatus(status)
                .driftDetectionStatus(detection(operation, failed))
                .lastDriftCheckTimestamp(time)
                .totalStackInstancesCount(instances.size())
                .driftedStackInstancesCount(drifted)
                .inSyncStackInstancesCount(inSync)
                .inProgressStackInstancesCount(open)
                .failedStackInstancesCount(failed)
                .build());
    }

    private static StackSetDriftDetectionStatus detection(OperationRecord operation, int failed) {
        return switch (operation.status()) {
            case SUCCEEDED ->
                failed == 0 ? StackSetDriftDetectionStatus.COMPLETED : StackSetDriftDetectionStatus.PARTIAL_SUCCESS;
            case FAILED -> StackSetDriftDetectionStatus.FAILED;
            case STOPPED -> StackSetDriftDetectionStatus.STOPPED;
            default -> StackSetDriftDetectionStatus.IN_PROGRESS;
        };
    }

    private static int count(List<InstanceRecord> instances, StackDriftStatus status) {
        return (int) instances.stream().filter(i -> i.drift() == status).count();
    }

    private static int count(List<ResultRecord> results, StackSetOperationResultStatus status) {
        return (int) results.stream().filter(r -> r.status() == status).count();
    }
}
