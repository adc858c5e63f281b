package dev.terrane.autoscaling;

import dev.terrane.cloudwatch.CloudWatchService;
import dev.terrane.ec2.Ec2Service;
import dev.terrane.elasticloadbalancingv2.ElasticLoadBalancingService;
import dev.terrane.iam.IamService;
import dev.terrane.sts.StsService;
import dev.terrane.testkit.MemoryCompute;
import dev.terrane.testkit.TestServer;
import dev.terrane.testkit.resource.ResourceExample;
import dev.terrane.testkit.resource.ResourceTypeSuite;
import java.util.List;
import software.amazon.awssdk.services.autoscaling.AutoScalingClient;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.ec2.model.Subnet;
import software.amazon.awssdk.services.elasticloadbalancingv2.ElasticLoadBalancingV2Client;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.ProtocolEnum;

class AutoScalingResourcesTest extends ResourceTypeSuite {
    @Override
    protected TestServer start() {
        MemoryCompute compute = new MemoryCompute();
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
    protected List<String> spaces() {
        return List.of("AWS::AutoScaling::");
    }

    @Override
    protected List<ResourceExample> examples(TestServer on) {
        Ec2Client ec2 = on.client(Ec2Client.class);
        String image =
                ec2.describeImages(r -> r.owners("amazon")).images().getFirst().imageId();
        ec2.createLaunchTemplate(r -> r.launchTemplateName("web")
                .launchTemplateData(d -> d.imageId(image).instanceType("t3.micro")));
        List<String> subnets = ec2.describeSubnets(r -> {}).subnets().stream()
                .map(Subnet::subnetId)
                .limit(2)
                .toList();
        on.client(AutoScalingClient.class)
                .createAutoScalingGroup(r -> r.autoScalingGroupName("hooked")
                        .launchTemplate(t -> t.launchTemplateName("web"))
                        .minSize(0)
                        .maxSize(1)
                        .availabilityZones("us-east-1a"));
        String targets = targetGroup(on);
        String template = "'LaunchTemplate':{'LaunchTemplateName':'web','Version':'$Latest'}";
        String hook = "{'LifecycleHookName':'%s','LifecycleTransition':'autoscaling:EC2_INSTANCE_TERMINATING',"
                + "'HeartbeatTimeout':%d,'DefaultResult':'CONTINUE','NotificationMetadata':'some'}";
        return List.of(
                ResourceExample.of(
                                "AWS::AutoScaling::AutoScalingGroup",
                                "{'MinSize':'0','MaxSize':'2','AvailabilityZones':['us-east-1b','us-east-1a'],"
                                        + template + "}")
                        .then(
                                "{'MinSize':'0','MaxSize':'3','DesiredCapacity':'1','Cooldown':'60','DefaultInstanceWarmup':30,"
                                        + "'HealthCheckType':'ELB','HealthCheckGracePeriod':10,'Context':'some',"
                                        + "'NewInstancesProtectedFromScaleIn':true,'TerminationPolicies':['OldestInstance'],"
                                        + "'VPCZoneIdentifier':['" + subnets.get(1) + "','" + subnets.get(0) + "'],"
                                        + "'TargetGroupARNs':['" + targets + "'],'LifecycleHookSpecificationList':["
                                        + hook.formatted("b", 60) + "," + hook.formatted("a", 60) + "],"
                                        + "'Tags':[{'Key':'b','Value':'1','PropagateAtLaunch':true},"
                                        + "{'Key':'a','Value':'1','PropagateAtLaunch':false}]," + template + "}")
                        .then("{'MinSize':'0','MaxSize':'3','VPCZoneIdentifier':['" + subnets.get(0) + "'],"
                                + "'TrafficSources':[{'Identifier':'" + targets + "','Type':'elbv2'}],"
                                + "'LifecycleHookSpecificationList':[" + hook.formatted("a", 90) + "],"
                                + "'Tags':[{'Key':'a','Value':'1','PropagateAtLaunch':true}]," + template + "}")
                        .then("{'MinSize':'0','MaxSize':'3','DesiredCapacity':'0','VPCZoneIdentifier':['"
                                + subnets.get(0) + "']," + template + "}"),
                ResourceExample.of(
                        "AWS::AutoScaling::AutoScalingGroup",
                        "{'AutoScalingGroupName':'two','MinSize':'1','MaxSize':'2','DesiredCapacity':'2',"
                                + "'AvailabilityZones':['us-east-1a'],'TargetGroupARNs':['" + targets + "']," + template
                                + "}"),
                ResourceExample.of(
                                "AWS::AutoScaling::LifecycleHook",
                                "{'AutoScalingGroupName':'hooked','LifecycleTransition':'autoscaling:EC2_INSTANCE_LAUNCHING'}")
                        .then(
                                "{'AutoScalingGroupName':'hooked','LifecycleTransition':'autoscaling:EC2_INSTANCE_TERMINATING',"
                                        + "'HeartbeatTimeout':100,'DefaultResult':'CONTINUE','NotificationMetadata':'some'}")
                        .then(
                                "{'AutoScalingGroupName':'hooked','LifecycleTransition':'autoscaling:EC2_INSTANCE_TERMINATING'}"),
                ResourceExample.of(
                                "AWS::AutoScaling::ScalingPolicy",
                                "{'AutoScalingGroupName':'hooked','AdjustmentType':'ChangeInCapacity','ScalingAdjustment':1}")
                        .then(
                                "{'AutoScalingGroupName':'hooked','PolicyType':'SimpleScaling','Cooldown':'60',"
                                        + "'AdjustmentType':'PercentChangeInCapacity','ScalingAdjustment':-10,'MinAdjustmentMagnitude':2}")
                        .then(
                                "{'AutoScalingGroupName':'hooked','PolicyType':'StepScaling','EstimatedInstanceWarmup':30,"
                                        + "'AdjustmentType':'ChangeInCapacity','MetricAggregationType':'Maximum','StepAdjustments':["
                                        + "{'MetricIntervalLowerBound':0,'MetricIntervalUpperBound':10,'ScalingAdjustment':1},"
                                        + "{'MetricIntervalLowerBound':10,'ScalingAdjustment':2}]}")
                        .then(
                                "{'AutoScalingGroupName':'hooked','PolicyType':'TargetTrackingScaling',"
                                        + "'TargetTrackingConfiguration':{'TargetValue':50,'DisableScaleIn':true,'PredefinedMetricSpecification':{"
                                        + "'PredefinedMetricType':'ALBRequestCountPerTarget','ResourceLabel':'app/web/0123456789abcdef/targetgroup/web/0123456789abcdef'}}}")
                        .then("{'AutoScalingGroupName':'hooked','PolicyType':'TargetTrackingScaling',"
                                + "'TargetTrackingConfiguration':{'TargetValue':2.5,'CustomizedMetricSpecification':{"
                                + "'MetricName':'depth','Namespace':'jobs','Statistic':'Average','Unit':'Count',"
                                + "'Dimensions':[{'Name':'queue','Value':'one'}]}}}")
                        .then("{'AutoScalingGroupName':'hooked','PolicyType':'TargetTrackingScaling',"
                                + "'TargetTrackingConfiguration':{'TargetValue':2.5,'CustomizedMetricSpecification':{'Metrics':["
                                + "{'Id':'m','MetricStat':{'Metric':{'MetricName':'depth','Namespace':'jobs'},'Stat':'Sum'},'ReturnData':false},"
                                + "{'Id':'e','Expression':'m / 2','Label':'half'}]}}}"),
                ResourceExample.of(
                                "AWS::AutoScaling::ScheduledAction",
                                "{'AutoScalingGroupName':'hooked','DesiredCapacity':0,'StartTime':'2090-01-01T00:00:00Z'}")
                        .then(
                                "{'AutoScalingGroupName':'hooked','MinSize':0,'MaxSize':1,'Recurrence':'0 6 * * MON-FRI',"
                                        + "'TimeZone':'Europe/Berlin','EndTime':'2091-01-01T00:00:00Z','StartTime':'2090-01-01T00:00:00Z'}")
                        .then("{'AutoScalingGroupName':'hooked','MaxSize':1,'Recurrence':'30 0 1 1,6,12 *'}"));
    }

    private static String targetGroup(TestServer on) {
        String vpc = on.client(Ec2Client.class)
                .describeVpcs(r -> {})
                .vpcs()
                .getFirst()
                .vpcId();
        return on.client(ElasticLoadBalancingV2Client.class)
                .createTargetGroup(
                        r -> r.name("web").protocol(ProtocolEnum.HTTP).port(80).vpcId(vpc))
                .targetGroups()
                .getFirst()
                .targetGroupArn();
    }
}
