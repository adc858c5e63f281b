package dev.terrane.autoscaling;

import dev.terrane.cloudwatch.CloudWatchService;
import dev.terrane.ec2.Ec2Service;
import dev.terrane.elasticloadbalancingv2.ElasticLoadBalancingService;
import dev.terrane.iam.IamService;
import dev.terrane.sts.StsService;
import dev.terrane.testkit.MemoryCompute;
import dev.terrane.testkit.TestServer;
import dev.terrane.testkit.contract.Exceptions;
import dev.terrane.testkit.contract.Missing;
import dev.terrane.testkit.contract.Names;
import dev.terrane.testkit.contract.ServiceContractSuite;
import software.amazon.awssdk.services.autoscaling.AutoScalingClient;
import software.amazon.awssdk.services.autoscaling.model.LaunchTemplateSpecification;
import software.amazon.awssdk.services.autoscaling.model.ScheduledUpdateGroupActionRequest;
import software.amazon.awssdk.services.autoscaling.model.Tag;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.elasticloadbalancingv2.ElasticLoadBalancingV2Client;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.ProtocolEnum;

final class AutoScalingContractTest extends ServiceContractSuite<AutoScalingClient> {
    private final MemoryCompute compute = new MemoryCompute();

    AutoScalingContractTest() {
        super(AutoScalingClient.class);
    }

    @Override
    protected TestServer start() {
        return TestServer.withCompute(
                (data, threads) -> compute,
                IamService::new,
                StsService::new,
                CloudWatchService::new,
                ElasticLoadBalancingService::new,
                Ec2Service::new,
                AutoScalingService::new);
    }

    @Override
    protected Names example(AutoScalingClient client, String name) {

        Ec2Client ec2 = server().client(Ec2Client.class);
        String image =
                ec2.describeImages(r -> r.owners("amazon")).images().getFirst().imageId();
        ec2.createLaunchTemplate(r -> r.launchTemplateName(name)
                .launchTemplateData(d -> d.imageId(image).instanceType("t3.micro")));
        client.createAutoScalingGroup(r -> r.autoScalingGroupName(name)
                .launchTemplate(t -> t.launchTemplateName(name).version("$Latest"))
                .minSize(0)
                .maxSize(2)
                .desiredCapacity(0)
                .availabilityZones("us-east-1a")
                .tags(Tag.builder()
                        .resourceId(name)
                        .resourceType("auto-scaling-group")
                        .key("made")
                        .value("here")
                        .propagateAtLaunch(false)
                        .build()));
        String vpc = ec2.describeVpcs(r -> {}).vpcs().getFirst().vpcId();
        String targets = server().client(ElasticLoadBalancingV2Client.class)
                .createTargetGroup(
                        r -> r.name(name).protocol(ProtocolEnum.HTTP).port(80).vpcId(vpc))
                .targetGroups()
                .getFirst()
                .targetGroupArn();
        client.putLifecycleHook(r -> r.autoScalingGroupName(name)
                .lifecycleHookName("hook")
                .lifecycleTransition("autoscaling:EC2_INSTANCE_LAUNCHING"));
        client.putScalingPolicy(r -> r.autoScalingGroupName(name)
                .policyName("policy")
                .adjustmentType("ChangeInCapacity")
                .scalingAdjustment(0));
        client.putScheduledUpdateGroupAction(r -> r.autoScalingGroupName(name)
                .scheduledActionName("schedule")
                .recurrence("0 0 1 1 *")
                .desiredCapacity(0));
        return Names.of("AutoScalingGroupName", name)
                .and("PolicyName", "policy")
                .and("DescribePolicies.AutoScalingGroupName", name)
                .and("DeletePolicy.AutoScalingGroupName", name)
                .and("ExecutePolicy.AutoScalingGroupName", name)
                .and("PutScalingPolicy.AdjustmentType", "ChangeInCapacity")
                .and("PutScalingPolicy.ScalingAdjustment", 0)
                .and("ScheduledActionName", "schedule")
                .and("ScheduledActionNames", "schedule")
                .and("PutScheduledUpdateGroupAction.Recurrence", "0 0 1 1 *")
                .and("PutScheduledUpdateGroupAction.DesiredCapacity", 0)
                .and(
                        "ScheduledUpdateGroupActions",
                        ScheduledUpdateGroupActionRequest.builder()
                                .scheduledActionName("batch")
                                .recurrence("0 0 1 2 *")
                                .desiredCapacity(0)
                                .build())
                .and("DescribeAutoScalingGroups.AutoScalingGroupNames", name)
                .and("LifecycleHookName", "hook")
                .and("LifecycleActionResult", "CONTINUE")
                .and("InstanceId", "i-0123456789abcdef0")
                .and("InstanceIds", "i-0123456789abcdef0")
                .and("MinSize", 0)
                .and("MaxSize", 2)
                .and("DesiredCapacity", 0)
                .and("HealthStatus", "Healthy")
                .and("CreateAutoScalingGroup.AvailabilityZones", "us-east-1a")
                .and(
                        "CreateAutoScalingGroup.LaunchTemplate",
                        LaunchTemplateSpecification.builder()
                                .launchTemplateName(name)
                                .build())
                .and("TargetGroupARNs", targets)
                .and(
                        "Tags",
                        Tag.builder()
                                .resourceId(name)
                                .resourceType("auto-scaling-group")
                                .key("team")
                                .value("red")
                                .build());
    }

    @Override
    protected Missing missing() {
        return Missing.none()
                .and("AutoScalingGroupName", "none", "ValidationError")
                .and("DeleteLifecycleHook.LifecycleHookName", "none", "ValidationError")
                .and("InstanceId", "i-0123456789abcdef0", "ValidationError")
                .and("DeletePolicy.PolicyName", "none", "ValidationError")
                .and("ExecutePolicy.PolicyName", "none", "ValidationError")
                .and("DeleteScheduledAction.ScheduledActionName", "none", "ValidationError");
    }

    @Override
    protected void exceptions(Exceptions except) {
        except.to("resource", "SetInstanceHealth", "the example has no instance, whose group is checked")
                .to(
                        "resource",
                        "TerminateInstanceInAutoScalingGroup",
                        "the example has no instance, whose group is checked");
    }
}
