package dev.terrane.elasticloadbalancingv2;

import dev.terrane.kernel.error.AwsErrors;
import dev.terrane.kernel.service.Platform;
import dev.terrane.kernel.service.Service;
import java.util.List;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.ec2.model.DescribeInstancesRequest;
import software.amazon.awssdk.services.ec2.model.DescribeInstancesResponse;
import software.amazon.awssdk.services.ec2.model.DescribeSecurityGroupsRequest;
import software.amazon.awssdk.services.ec2.model.DescribeSecurityGroupsResponse;
import software.amazon.awssdk.services.ec2.model.DescribeSubnetsRequest;
import software.amazon.awssdk.services.ec2.model.DescribeSubnetsResponse;
import software.amazon.awssdk.services.ec2.model.Instance;
import software.amazon.awssdk.services.ec2.model.InstanceStateName;
import software.amazon.awssdk.services.ec2.model.Reservation;
import software.amazon.awssdk.services.ec2.model.SecurityGroup;
import software.amazon.awssdk.services.ec2.model.Subnet;

/** An EC2 that has two subnets, and whatever instance and security group is asked for but {@code sg-missing}. */
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
                        .subnets(
                                subnet("subnet-a", "us-east-1a", "172.31.0.0/20"),
                                subnet("subnet-b", "us-east-1b", "172.31.16.0/20"))
                        .build();
            }

            @Override
            public DescribeInstancesResponse describeInstances(DescribeInstancesRequest request) {
                Instance running = Instance.builder()
                        .instanceId(request.instanceIds().getFirst())
                        .state(s -> s.name(InstanceStateName.RUNNING))
                        .build();
                return DescribeInstancesResponse.builder()
                        .reservations(Reservation.builder().instances(running).build())
                        .build();
            }

            @Override
            public DescribeSecurityGroupsResponse describeSecurityGroups(DescribeSecurityGroupsRequest request) {
                List<String> ids = request.hasGroupIds() ? request.groupIds() : List.of("sg-default");
                if (ids.contains("sg-missing")) {
                    throw AwsErrors.of("InvalidGroup.NotFound", 400, "The security group 'sg-missing' does not exist");
                }
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

    private static Subnet subnet(String id, String zone, String cidr) {
        return Subnet.builder()
                .subnetId(id)
                .availabilityZone(zone)
                .vpcId("vpc-1")
                .cidrBlock(cidr)
                .build();
    }
}
