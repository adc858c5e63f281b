package dev.terrane.ssm;

import dev.terrane.kernel.service.Service;
import software.amazon.awssdk.core.SdkClient;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.ec2.model.DescribeImagesRequest;
import software.amazon.awssdk.services.ec2.model.DescribeImagesResponse;
import software.amazon.awssdk.services.ec2.model.Image;

/** An EC2 with one image of Amazon's: what public parameters need of EC2, whose own module Systems Manager does not know. */
final class OneImage implements Service {
    static final String ID = "ami-0123456789abcdef0";

    @Override
    public String name() {
        return "ec2";
    }

    @Override
    public Class<? extends SdkClient> api() {
        return Ec2Client.class;
    }

    @Override
    public SdkClient implementation() {
        return new Ec2Client() {
            @Override
            public String serviceName() {
                return SERVICE_NAME;
            }

            @Override
            public void close() {}

            @Override
            public DescribeImagesResponse describeImages(DescribeImagesRequest request) {
                return DescribeImagesResponse.builder()
                        .images(Image.builder()
                                .imageId(ID)
                                .creationDate("2026-01-01T00:00:00.000Z")
                                .build())
                        .build();
            }
        };
    }
}
