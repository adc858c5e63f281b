package dev.terrane.codedeploy;

import java.util.Map;
import software.amazon.awssdk.services.codedeploy.model.DeploymentGroupInfo;

/** A deployment group of an application. */
record GroupRecord(String applicationId, DeploymentGroupInfo info, Map<String, String> tags) {
    GroupRecord {
        tags = Map.copyOf(tags);
    }

    String id() {
        return info.deploymentGroupId();
    }

    String name() {
        return info.deploymentGroupName();
    }

    String key() {
        return applicationId + "/" + name();
    }

    GroupRecord with(DeploymentGroupInfo other) {
        return new GroupRecord(applicationId, other, tags);
    }

    GroupRecord withTags(Map<String, String> other) {
        return new GroupRecord(applicationId, info, other);
    }
}
