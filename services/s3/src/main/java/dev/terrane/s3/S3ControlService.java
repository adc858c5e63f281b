package dev.terrane.s3;

import dev.terrane.kernel.service.Platform;
import dev.terrane.kernel.service.Service;
import software.amazon.awssdk.core.SdkClient;
import software.amazon.awssdk.services.s3control.S3ControlClient;

/** Amazon S3 Control: the second API of the same buckets. */
public final class S3ControlService implements Service {
    private final S3Control api;

    public S3ControlService(Platform platform) {
        api = new S3Control(new BucketTags(new BucketLookup(new S3Tables(platform.store()))));
    }

    @Override
    public String name() {
        return "s3control";
    }

    @Override
    public Class<? extends SdkClient> api() {
        return S3ControlClient.class;
    }

    @Override
    public S3ControlClient implementation() {
        return api;
    }
}
