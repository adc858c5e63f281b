package dev.terrane.codedeploy;

import dev.terrane.kernel.arn.Arn;
import dev.terrane.testkit.TestServer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;
import software.amazon.awssdk.services.autoscaling.AutoScalingClient;
import software.amazon.awssdk.services.autoscaling.model.*;
import software.amazon.awssdk.services.cloudwatch.CloudWatchClient;
import software.amazon.awssdk.services.cloudwatch.model.DescribeAlarmsRequest;
import software.amazon.awssdk.services.cloudwatch.model.DescribeAlarmsResponse;
import software.amazon.awssdk.services.cloudwatch.model.MetricAlarm;
import software.amazon.awssdk.services.cloudwatch.model.StateValue;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.ec2.model.DescribeInstancesRequest;
import software.amazon.awssdk.services.ec2.model.DescribeInstancesResponse;
import software.amazon.awssdk.services.ec2.model.IamInstanceProfile;
import software.amazon.awssdk.services.ec2.model.Reservation;
import software.amazon.awssdk.services.elasticloadbalancingv2.ElasticLoadBalancingV2Client;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.*;
import software.amazon.awssdk.services.iam.IamClient;
import software.amazon.awssdk.services.iam.model.GetInstanceProfileRequest;
import software.amazon.awssdk.services.iam.model.GetInstanceProfileResponse;
import software.amazon.awssdk.services.iam.model.InstanceProfile;
import software.amazon.awssdk.services.iam.model.Role;

/** What stands around CodeDeploy: instances and their tags, an Auto Scaling group, a target group, alarms. It outlives the server. */
final class Surroundings {
    static final String FLEET = "fleet";
    static final String TARGETS = "web";

    final Map<String, Map<String, String>> instances = new ConcurrentSkipListMap<>();
    final Set<String> inService = ConcurrentHashMap.newKeySet();
    final Set<String> hooks = ConcurrentHashMap.newKeySet();
    final Set<String> alarming = ConcurrentHashMap.newKeySet();
    final List<String> log = new CopyOnWriteArrayList<>();
    final Set<String> served = ConcurrentHashMap.newKeySet();

    Neighbour<Ec2Client> ec2() {
        return new Neighbour<>("ec2", Ec2Client.class, new Ec2());
    }

    Neighbour<AutoScalingClient> scaling() {
        return new Neighbour<>("autoscaling", AutoScalingClient.class, new Scaling());
    }

    Neighbour<ElasticLoadBalancingV2Client> balancer() {
        return new Neighbour<>("elasticloadbalancingv2", ElasticLoadBalancingV2Client.class, new Balancer());
    }

    Neighbour<CloudWatchClient> alarms() {
        return new Neighbour<>("cloudwatch", CloudWatchClient.class, new AlarmStates());
    }

    Neighbour<IamClient> iam() {
        return new Neighbour<>("iam", IamClient.class, new Profiles());
    }

    private final class Ec2 implements Ec2Client {
        @Override
        public String serviceName() {
            return SERVICE_NAME;
        }

        @Override
        public void close() {}

        @Override
        public DescribeInstancesResponse describeInstances(DescribeInstancesRequest request) {
            return DescribeInstancesResponse.builder()
                    .reservations(Reservation.builder()
                            .instances(instances.entrySet().stream()
                                    .filter(each -> request.instanceIds().isEmpty()
                                            || request.instanceIds().contains(each.getKey()))
                                    .map(each -> instance(each.getKey(), each.getValue()))
                                    .toList())
                            .build())
                    .build();
        }

        private software.amazon.awssdk.services.ec2.model.Instance instance(String id, Map<String, String> tags) {
            return software.amazon.awssdk.services.ec2.model.Instance.builder()
                    .instanceId(id)
                    .iamInstanceProfile(IamInstanceProfile.builder()
                            .arn(Arn.iam(TestServer.ACCOUNT, "instance-profile/web")
                                    .toString())
                            .build())
                    .tags(tags.entrySet().stream()
                            .map(tag -> software.amazon.awssdk.services.ec2.model.Tag.builder()
                                    .key(tag.getKey())
                                    .value(tag.getValue())
                                    .build())
                            .toList())
                    .build();
        }
    }

    private final class Scaling implements AutoScalingClient {
        @Override
        public String serviceName() {
            return SERVICE_NAME;
        }

        @Override
        public void close() {}

        @Override
        public DescribeAutoScalingGroupsResponse describeAutoScalingGroups(DescribeAutoScalingGroupsRequest request) {
            return DescribeAutoScalingGroupsResponse.builder()
                    .autoScalingGroups(
                            request.autoScalingGroupNames().contains(FLEET)
                                    ? List.of(AutoScalingGroup.builder()
                                            .autoScalingGroupName(FLEET)
                                            .instances(inService.stream()
                                                    .map(id -> Instance.builder()
                                                            .instanceId(id)
                                                            .lifecycleState(LifecycleState.IN_SERVICE)
                                                            .build())
                                                    .toList())
                                            .build())
                                    : List.of())
                    .build();
        }

        @Override
        public PutLifecycleHookResponse putLifecycleHook(PutLifecycleHookRequest request) {
            hooks.add(request.lifecycleHookName());
            return PutLifecycleHookResponse.builder().build();
        }

        @Override
        public DeleteLifecycleHookResponse deleteLifecycleHook(DeleteLifecycleHookRequest request) {
            hooks.remove(request.lifecycleHookName());
            return DeleteLifecycleHookResponse.builder().build();
        }

        @Override
        public CompleteLifecycleActionResponse completeLifecycleAction(CompleteLifecycleActionRequest request) {
            log.add(request.lifecycleActionResult() + " " + request.instanceId());
            return CompleteLifecycleActionResponse.builder().build();
        }
    }

    private final class Balancer implements ElasticLoadBalancingV2Client {
        @Override
        public String serviceName() {
            return SERVICE_NAME;
        }

        @Override
        public void close() {}

        @Override
        public DescribeTargetGroupsResponse describeTargetGroups(DescribeTargetGroupsRequest request) {
            return DescribeTargetGroupsResponse.builder()
                    .targetGroups(request.names().stream()
                            .map(name -> TargetGroup.builder()
                                    .targetGroupName(name)
                                    .targetGroupArn(Arn.of(
                                                    "elasticloadbalancing",
                                                    TestServer.REGION,
                                                    TestServer.ACCOUNT,
                                                    "targetgroup/" + name + "/0123456789abcdef")
                                            .toString())
                                    .build())
                            .toList())
                    .build();
        }

        @Override
        public DescribeTargetHealthResponse describeTargetHealth(DescribeTargetHealthRequest request) {
            return DescribeTargetHealthResponse.builder()
                    .targetHealthDescriptions(served.stream()
                            .map(id -> TargetHealthDescription.builder()
                                    .target(TargetDescription.builder()
                                            .id(id)
                                            .port(80)
                                            .build())
                                    .targetHealth(TargetHealth.builder()
                                            .state(TargetHealthStateEnum.HEALTHY)
                                            .build())
                                    .build())
                            .toList())
                    .build();
        }

        @Override
        public DeregisterTargetsResponse deregisterTargets(DeregisterTargetsRequest request) {
            request.targets().forEach(target -> {
                served.remove(target.id());
                log.add("out " + target.id());
            });
            return DeregisterTargetsResponse.builder().build();
        }

        @Override
        public RegisterTargetsResponse registerTargets(RegisterTargetsRequest request) {
            request.targets().forEach(target -> {
                served.add(target.id());
                log.add("in " + target.id());
            });
            return RegisterTargetsResponse.builder().build();
        }
    }

    private final class AlarmStates implements CloudWatchClient {
        @Override
        public String serviceName() {
            return SERVICE_NAME;
        }

        @Override
        public void close() {}

        @Override
        public DescribeAlarmsResponse describeAlarms(DescribeAlarmsRequest request) {
            List<MetricAlarm> alarms = new ArrayList<>();
            request.alarmNames()
                    .forEach(name -> alarms.add(MetricAlarm.builder()
                            .alarmName(name)
                            .stateValue(alarming.contains(name) ? StateValue.ALARM : StateValue.OK)
                            .build()));
            return DescribeAlarmsResponse.builder().metricAlarms(alarms).build();
        }
    }

    private static final class Profiles implements IamClient {
        @Override
        public String serviceName() {
            return SERVICE_NAME;
        }

        @Override
        public void close() {}

        @Override
        public GetInstanceProfileResponse getInstanceProfile(GetInstanceProfileRequest request) {
            return GetInstanceProfileResponse.builder()
                    .instanceProfile(InstanceProfile.builder()
                            .instanceProfileName(request.instanceProfileName())
                            .roles(Role.builder()
                                    .roleName("instance")
                                    .arn(Arn.iam(TestServer.ACCOUNT, "role/instance")
                                            .toString())
                                    .build())
                            .build())
                    .build();
        }
    }
}
