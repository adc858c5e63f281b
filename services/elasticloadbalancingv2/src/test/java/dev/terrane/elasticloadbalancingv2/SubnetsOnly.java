package dev.terrane.elasticloadbalancingv2;

import dev.terrane.kernel.service.Platform;
import dev.terrane.kernel.service.Service;
import java.util.List;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.ec2.model.DescribeSecurityGroupsRequest;
import software.amazon.awssdk.services.ec2.model.DescribeSecurityGroupsResponse;
import software.amazon.awssdk.services.ec2.model.DescribeSubnetsRequest;
import software.amazon.awssdk.services.ec2.model.DescribeSubnetsResponse;
import software.amazon.awssdk.services.ec2.model.SecurityGroup;
import software.amazon.awssdk.services.ec2.model.Subnet;

/** An EC2 that has two subnets and whatever security group is asked for. */
final class SubnetsOnly implements Service {
    SubnetsOnly(Platform platform) {}

    @Override
    public String name() {
        return "ec2";
    }

    @Override
    public Class<Ec2Client> api() {
        return Ec2Client.class;
    }

    @Override
    public Ec2Client implementation() {
        return new Ec2Client() {
            @Override
            public DescribeSubnetsResponse describeSubnets(DescribeSubnetsRequest request) {
                return DescribeSubnetsResponse.builder()
                        .subnets(subnet("subnet-a", "us-east-1a"), subnet("subnet-b", "us-east-1b"))
                        .build();
            }

            @Override
            public DescribeSecurityGroupsResponse describeSecurityGroups(DescribeSecurityGroupsRequest request) {
                List<String> ids = request.hasGroupIds() ? request.groupIds() : List.of("sg-default");
                return DescribeSecurityGroupsResponse.builder()
                        .securityGroups(ids.stream()
                                .map(id -> SecurityGroup.builder().groupId(id).build())
                                .toList())
                        .build();
            }

            @Override
            public String serviceName() {
                return "ec2";
            }

            @Override
            public void close() {}
        };
    }

    private static Subnet subnet(String id, String zone) {
        return Subnet.builder()
                .subnetId(id)
                .availabilityZone(zone)
                .vpcId("vpc-1")
                .build();
    }
}
