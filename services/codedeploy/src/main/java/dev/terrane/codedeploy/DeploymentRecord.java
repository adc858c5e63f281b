package dev.terrane.codedeploy;

import java.util.List;
import java.util.function.UnaryOperator;
import software.amazon.awssdk.services.codedeploy.model.DeploymentCreator;
import software.amazon.awssdk.services.codedeploy.model.DeploymentInfo;
import software.amazon.awssdk.services.codedeploy.model.DeploymentStatus;
import software.amazon.awssdk.services.codedeploy.model.ErrorInformation;

/**
 * A deployment.
 *
 * @param info as {@code GetDeployment} answers, without the overview, which is counted from the targets
 * @param stop why it is to stop: its error then, or one without a code while nobody asked for that
 * @param rollBack whether the caller who stopped it asked for a rollback
 * @param instances the only instances that it is for, or empty for all of its group
 * @param launchId the launch that waits for its end, or empty
 */
record DeploymentRecord(
        String applicationId,
        String groupId,
        DeploymentInfo info,
        ErrorInformation stop,
        boolean rollBack,
        List<String> instances,
        String launchId) {
    static final ErrorInformation GOES_ON = ErrorInformation.builder().build();

    DeploymentRecord {
        instances = List.copyOf(instances);
    }

    String id() {
        return info.deploymentId();
    }

    boolean stopping() {
        return stop.codeAsString() != null;
    }

    boolean ended() {
        return switch (info.status()) {
            case SUCCEEDED, FAILED, STOPPED -> true;
            case CREATED, QUEUED, IN_PROGRESS, BAKING, READY, UNKNOWN_TO_SDK_VERSION -> false;
        };
    }

    boolean madeBy(DeploymentCreator creator) {
        return info.creator() == creator;
    }

    boolean inState(DeploymentStatus status) {
        return info.status() == status;
    }

    DeploymentRecord with(UnaryOperator<DeploymentInfo.Builder> change) {
        return new DeploymentRecord(
                applicationId, groupId, change.apply(info.toBuilder()).build(), stop, rollBack, instances, launchId);
    }

    DeploymentRecord stoppedBy(ErrorInformation reason, boolean rollingBack) {
        return new DeploymentRecord(applicationId, groupId, info, reason, rollingBack, instances, launchId);
    }
}
