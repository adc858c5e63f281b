package dev.terrane.codedeploy;

import java.util.Optional;
import software.amazon.awssdk.services.codedeploy.model.InstanceInfo;

/** A registered on-premises instance; one that was deregistered stays, with the time of that. */
record OnPremisesRecord(InstanceInfo info) {
    String name() {
        return info.instanceName();
    }

    boolean registered() {
        return info.deregisterTime() == null;
    }

    /** The IAM identity under which it was registered. */
    Optional<String> identity() {
        return Optional.ofNullable(info.iamUserArn()).or(() -> Optional.ofNullable(info.iamSessionArn()));
    }
}
