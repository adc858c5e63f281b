package dev.terrane.cloudtrail;

import dev.terrane.kernel.service.Platform;
import dev.terrane.kernel.service.Service;
import software.amazon.awssdk.core.SdkClient;
import software.amazon.awssdk.services.cloudtrail.CloudTrailClient;

/** AWS CloudTrail: the history of what was asked of the services. */
public final class CloudTrailService implements Service {
    private final CloudTrail api;
    private final Retention retention;

    public CloudTrailService(Platform platform) {
        api = new CloudTrail(new EventHistory(platform.store(), platform.clock(), platform.pages()));
        retention = new Retention(platform.store(), platform.clock(), platform.threads());
    }

    @Override
    public String name() {
        return "cloudtrail";
    }

    @Override
    public Class<? extends SdkClient> api() {
        return CloudTrailClient.class;
    }

    @Override
    public CloudTrailClient implementation() {
        return api;
    }

    @Override
    public void start() {
        retention.start();
    }
}
