package dev.terrane.codedeploy;

import software.amazon.awssdk.services.codedeploy.model.MinimumHealthyHostsType;

/**
 * How many instances a deployment may take out of service at once. See "Instance health" and "Working with deployment
 * configurations": percentages are rounded up to whole instances; OneAtATime lets the last instance fail.
 *
 * @param total the instances of the deployment
 * @param minimum how many must stay healthy
 */
record FleetHealth(int total, int minimum) {
    static FleetHealth of(ConfigRecord config, int total) {
        if (config.name().equals(DeploymentConfigs.ONE_AT_A_TIME)) {
            return new FleetHealth(total, Math.max(0, total - 1));
        }
        int value = config.minimum().value();
        return new FleetHealth(
                total,
                config.minimum().type() == MinimumHealthyHostsType.HOST_COUNT
                        ? value
                        : Math.ceilDiv(total * value, 100));
    }

    /** Whether at least one instance may be deployed to. */
    boolean possible() {
        return minimum < total;
    }

    /** How many more may be begun. */
    int room(int inProgress, int failed) {
        return Math.max(0, total - inProgress - failed - minimum);
    }

    /** Whether the deployment as a whole has succeeded, once all instances are done. */
    boolean succeeded(int succeeded, int failed) {
        return failed == 0 || (succeeded > 0 && total - failed >= minimum);
    }
}
