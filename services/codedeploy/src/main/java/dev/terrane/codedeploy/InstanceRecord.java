package dev.terrane.codedeploy;

import java.time.Instant;
import software.amazon.awssdk.services.codedeploy.model.RevisionLocation;

/**
 * What a group's deployments left on an instance.
 *
 * @param deploymentId the last one that succeeded there, or empty
 * @param revision what that one deployed
 * @param failed whether the last one that was tried there failed
 * @param started when the application was last started there
 */
record InstanceRecord(
        String groupId,
        String instanceId,
        String deploymentId,
        RevisionLocation revision,
        boolean failed,
        Instant started) {
    private static final RevisionLocation NONE = RevisionLocation.builder().build();

    static String key(String groupId, String instanceId) {
        return groupId + "/" + instanceId;
    }

    /** An instance that no deployment has reached. */
    static InstanceRecord untouched(String groupId, String instanceId) {
        return new InstanceRecord(groupId, instanceId, "", NONE, false, Instant.EPOCH);
    }

    boolean deployed() {
        return !deploymentId.isEmpty();
    }

    InstanceRecord afterFailure() {
        return new InstanceRecord(groupId, instanceId, deploymentId, revision, true, started);
    }

    InstanceRecord afterSuccess(DeploymentRecord deployment, Instant now) {
        return new InstanceRecord(
                groupId, instanceId, deployment.id(), deployment.info().revision(), false, now);
    }

    InstanceRecord startedAt(Instant now) {
        return new InstanceRecord(groupId, instanceId, deploymentId, revision, failed, now);
    }
}
