package dev.terrane.autoscaling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.terrane.cloudwatch.CloudWatchService;
import dev.terrane.ec2.Ec2Service;
import dev.terrane.elasticloadbalancingv2.ElasticLoadBalancingService;
import dev.terrane.iam.IamService;
import dev.terrane.kernel.event.Event;
import dev.terrane.kernel.store.RecordCodec;
import dev.terrane.sts.StsService;
import dev.terrane.testkit.MemoryCompute;
import dev.terrane.testkit.TestServer;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.autoscaling.AutoScalingClient;
import software.amazon.awssdk.services.autoscaling.model.*;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.ec2.model.Reservation;
import software.amazon.awssdk.services.elasticloadbalancingv2.ElasticLoadBalancingV2Client;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.ProtocolEnum;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.TargetTypeEnum;

/** Groups keep their number of instances, whatever happens to these. */
class GroupsTest {
    private static final String LAUNCH_ACTION = "EC2 Instance-launch Lifecycle Action";
    private static final String TERMINATE_ACTION = "EC2 Instance-terminate Lifecycle Action";

    private final MemoryCompute compute = new MemoryCompute();
    private final TestServer server = TestServer.withCompute(
            (data, threads) -> compute,
            IamService::new,
            StsService::new,
            CloudWatchService::new,
            ElasticLoadBalancingService::new,
            Ec2Service::new,
            AutoScalingService::new);
    private AutoScalingClient scaling = server.client(AutoScalingClient.class);
    private Ec2Client ec2 = server.client(Ec2Client.class);

    @BeforeEach
    void makeTemplate() {
        String image =
                ec2.describeImages(r -> r.owners("amazon")).images().getFirst().imageId();
        ec2.createLaunchTemplate(r -> r.launchTemplateName("web")
                .launchTemplateData(d -> d.imageId(image).instanceType("t3.micro")));
    }

    @AfterEach
    void close() {
        assertThat(server.faults()).isEmpty();
        server.close();
    }

    private void create(int desired, Consumer<CreateAutoScalingGroupRequest.Builder> more) {
        scaling.createAutoScalingGroup(r -> more.accept(r.autoScalingGroupName("web")
                .launchTemplate(t -> t.launchTemplateName("web").version("$Latest"))
                .minSize(0)
                .maxSize(5)
                .desiredCapacity(desired)
                .availabilityZones("us-east-1a", "us-east-1b", "us-east-1c")));
    }

    private AutoScalingGroup group() {
        return scaling.describeAutoScalingGroups(r -> r.autoScalingGroupNames("web"))
                .autoScalingGroups()
                .getFirst();
    }

    private List<Instance> in(LifecycleState state) {
        return group().instances().stream()
                .filter(instance -> instance.lifecycleState() == state)
                .toList();
    }

    private List<Instance> await(LifecycleState state, int count) {
        TestServer.await(() -> {
            server.advance(Duration.ofSeconds(1));
            return in(state).size() == count && group().instances().size() == count;
        });
        return in(state);
    }

    private void awaitState(LifecycleState state, int count) {
        TestServer.await(() -> {
            server.advance(Duration.ofSeconds(1));
            return in(state).size() == count;
        });
    }

    /** Groups are looked at when something is told of them, and at ticks of the clock for what nobody tells. */
    private List<Event> awaitEvents(String detailType, int count) {
        return server.awaitEvents(detailType, count, () -> server.advance(Duration.ofSeconds(1)));
    }

    @Test
    void keepsTheDesiredCapacity() {
        create(
                3,
                r -> r.tags(
                        Tag.builder()
                                .key("team")
                                .value("blue")
                                .propagateAtLaunch(true)
                                .build(),
                        Tag.builder()
                                .key("secret")
                                .value("x")
                                .propagateAtLaunch(false)
                                .build()));
        List<Instance> serving = await(LifecycleState.IN_SERVICE, 3);
        assertThat(serving.stream().map(Instance::availabilityZone))
                .containsExactlyInAnyOrder("us-east-1a", "us-east-1b", "us-east-1c");
        assertThat(serving.getFirst().launchTemplate().version()).isEqualTo("1");
        List<Reservation> tagged = ec2.describeInstances(
                        r -> r.filters(software.amazon.awssdk.services.ec2.model.Filter.builder()
                                .name("tag:aws:autoscaling:groupName")
                                .values("web")
                                .build()))
                .reservations();
        assertThat(tagged).hasSize(3);
        assertThat(tagged.getFirst().instances().getFirst().tags().stream().map(t -> t.key()))
                .containsExactly("aws:autoscaling:groupName", "team");
        Activity launched = scaling.describeScalingActivities(r -> r.autoScalingGroupName("web"))
                .activities()
                .getFirst();
        assertThat(launched.statusCode()).isEqualTo(ScalingActivityStatusCode.SUCCESSFUL);
        assertThat(launched.cause())
                .contains("a user request created an AutoScalingGroup changing the desired capacity from 0 to 3.")
                .contains("increasing the capacity from 0 to 3.");
        Event event = awaitEvents("EC2 Instance Launch Successful", 3).getFirst();
        assertThat(RecordCodec.json()
                        .readTree(event.detail())
                        .get("AutoScalingGroupName")
                        .asString())
                .isEqualTo("web");

        String victim = serving.getFirst().instanceId();
        ec2.terminateInstances(r -> r.instanceIds(victim));
        TestServer.await(() -> {
            server.advance(Duration.ofSeconds(1));
            return in(LifecycleState.IN_SERVICE).size() == 3
                    && group().instances().stream()
                            .noneMatch(i -> i.instanceId().equals(victim));
        });
        assertThat(scaling.describeScalingActivities(r -> r.autoScalingGroupName("web")).activities().stream()
                        .map(Activity::cause))
                .anyMatch(cause -> cause.contains("EC2 health check indicating it has been terminated or stopped"));
    }

    @Test
    void targetGroupsMustBeThere() {
        String absent = "arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/none/0123456789abcdef";
        String refusal = "Provided Target Groups may not be valid. Please ensure they exist and try again.";
        assertThatThrownBy(() -> create(0, r -> r.targetGroupARNs(absent))).hasMessageContaining(refusal);
        assertThatThrownBy(() -> create(
                        0,
                        r -> r.trafficSources(TrafficSourceIdentifier.builder()
                                .identifier(absent)
                                .type("elbv2")
                                .build())))
                .hasMessageContaining(refusal);
        create(0, r -> {});
        assertThatThrownBy(() -> scaling.attachLoadBalancerTargetGroups(
                        r -> r.autoScalingGroupName("web").targetGroupARNs(absent)))
                .hasMessageContaining(refusal);
        assertThat(group().targetGroupARNs()).isEmpty();
    }

    @Test
    void growsAndShrinks() {
        create(1, r -> {});
        await(LifecycleState.IN_SERVICE, 1);
        scaling.setDesiredCapacity(r -> r.autoScalingGroupName("web").desiredCapacity(3));
        List<Instance> three = await(LifecycleState.IN_SERVICE, 3);
        String kept = three.getFirst().instanceId();
        scaling.setInstanceProtection(
                r -> r.autoScalingGroupName("web").instanceIds(kept).protectedFromScaleIn(true));
        scaling.updateAutoScalingGroup(
                r -> r.autoScalingGroupName("web").maxSize(1).minSize(0));
        assertThat(await(LifecycleState.IN_SERVICE, 1).getFirst().instanceId()).isEqualTo(kept);
        awaitEvents("EC2 Instance Terminate Successful", 2);
        assertThatThrownBy(() -> scaling.setDesiredCapacity(
                        r -> r.autoScalingGroupName("web").desiredCapacity(2)))
                .hasMessageContaining("is above max value 1");
        assertThatThrownBy(() -> scaling.deleteAutoScalingGroup(r -> r.autoScalingGroupName("web")))
                .isInstanceOf(ResourceInUseException.class);
        scaling.deleteAutoScalingGroup(r -> r.autoScalingGroupName("web").forceDelete(true));
        TestServer.await(() -> {
            server.advance(Duration.ofSeconds(1));
            return scaling.describeAutoScalingGroups(r -> {})
                    .autoScalingGroups()
                    .isEmpty();
        });
        assertThat(compute.list()).isEmpty();
    }

    private String token(Event event) {
        return RecordCodec.json()
                .readTree(event.detail())
                .get("LifecycleActionToken")
                .asString();
    }

    @Test
    void waitsForLifecycleActions() {
        create(
                1,
                r -> r.lifecycleHookSpecificationList(
                        LifecycleHookSpecification.builder()
                                .lifecycleHookName("ready")
                                .lifecycleTransition("autoscaling:EC2_INSTANCE_LAUNCHING")
                                .heartbeatTimeout(300)
                                .notificationMetadata("release 7")
                                .build(),
                        LifecycleHookSpecification.builder()
                                .lifecycleHookName("save-logs")
                                .lifecycleTransition("autoscaling:EC2_INSTANCE_TERMINATING")
                                .heartbeatTimeout(600)
                                .defaultResult("CONTINUE")
                                .build()));
        Event launching = awaitEvents(LAUNCH_ACTION, 1).getFirst();
        var detail = RecordCodec.json().readTree(launching.detail());
        assertThat(detail.get("LifecycleTransition").asString()).isEqualTo("autoscaling:EC2_INSTANCE_LAUNCHING");
        assertThat(detail.get("NotificationMetadata").asString()).isEqualTo("release 7");
        assertThat(detail.get("Origin").asString()).isEqualTo("EC2");
        assertThat(in(LifecycleState.PENDING_WAIT)).hasSize(1);
        String id = in(LifecycleState.PENDING_WAIT).getFirst().instanceId();

        server.restart();
        scaling = server.client(AutoScalingClient.class);
        ec2 = server.client(Ec2Client.class);
        server.advance(Duration.ofSeconds(200));
        scaling.recordLifecycleActionHeartbeat(
                r -> r.autoScalingGroupName("web").lifecycleHookName("ready").instanceId(id));
        server.advance(Duration.ofSeconds(200));
        assertThat(in(LifecycleState.PENDING_WAIT)).hasSize(1);
        scaling.completeLifecycleAction(r -> r.autoScalingGroupName("web")
                .lifecycleHookName("ready")
                .lifecycleActionToken(token(launching))
                .lifecycleActionResult("CONTINUE"));
        assertThat(await(LifecycleState.IN_SERVICE, 1).getFirst().instanceId()).isEqualTo(id);
        assertThatThrownBy(() -> scaling.completeLifecycleAction(r -> r.autoScalingGroupName("web")
                        .lifecycleHookName("ready")
                        .lifecycleActionToken(token(launching))
                        .lifecycleActionResult("CONTINUE")))
                .hasMessageContaining("No active Lifecycle Action found");

        scaling.setDesiredCapacity(r -> r.autoScalingGroupName("web").desiredCapacity(0));
        awaitEvents(TERMINATE_ACTION, 1);
        awaitState(LifecycleState.TERMINATING_WAIT, 1);
        TestServer.await(() -> compute.find(id).orElseThrow().running());
        server.advance(Duration.ofSeconds(601));
        await(LifecycleState.IN_SERVICE, 0);
        TestServer.await(() -> compute.find(id).isEmpty());
    }

    @Test
    void replacesWhatIsAbandoned() {
        create(
                1,
                r -> r.lifecycleHookSpecificationList(LifecycleHookSpecification.builder()
                        .lifecycleHookName("ready")
                        .lifecycleTransition("autoscaling:EC2_INSTANCE_LAUNCHING")
                        .heartbeatTimeout(60)
                        .build()));
        Event first = awaitEvents(LAUNCH_ACTION, 1).getFirst();
        scaling.completeLifecycleAction(r -> r.autoScalingGroupName("web")
                .lifecycleHookName("ready")
                .lifecycleActionToken(token(first))
                .lifecycleActionResult("ABANDON"));
        awaitEvents("EC2 Instance Launch Unsuccessful", 1);
        Event second = awaitEvents(LAUNCH_ACTION, 2).get(1);
        scaling.completeLifecycleAction(r -> r.autoScalingGroupName("web")
                .lifecycleHookName("ready")
                .lifecycleActionToken(token(second))
                .lifecycleActionResult("CONTINUE"));
        await(LifecycleState.IN_SERVICE, 1);
    }

    @Test
    void setsInstancesAsideAndDetaches() {
        create(2, r -> {});
        List<Instance> both = await(LifecycleState.IN_SERVICE, 2);
        String aside = both.getFirst().instanceId();
        scaling.enterStandby(
                r -> r.autoScalingGroupName("web").instanceIds(aside).shouldDecrementDesiredCapacity(true));
        awaitState(LifecycleState.STANDBY, 1);
        assertThat(group().desiredCapacity()).isEqualTo(1);
        scaling.exitStandby(r -> r.autoScalingGroupName("web").instanceIds(aside));
        await(LifecycleState.IN_SERVICE, 2);
        scaling.detachInstances(
                r -> r.autoScalingGroupName("web").instanceIds(aside).shouldDecrementDesiredCapacity(true));
        await(LifecycleState.IN_SERVICE, 1);
        assertThat(compute.find(aside).orElseThrow().running()).isTrue();
        scaling.attachInstances(r -> r.autoScalingGroupName("web").instanceIds(aside));
        await(LifecycleState.IN_SERVICE, 2);
        scaling.terminateInstanceInAutoScalingGroup(r -> r.instanceId(aside).shouldDecrementDesiredCapacity(true));
        await(LifecycleState.IN_SERVICE, 1);
        assertThat(scaling.describeAutoScalingInstances(r -> {}).autoScalingInstances())
                .hasSize(1);
    }

    @Test
    void replacesWhatAUserDeclaresIll() {
        create(1, r -> {});
        String ill = await(LifecycleState.IN_SERVICE, 1).getFirst().instanceId();
        scaling.suspendProcesses(r -> r.autoScalingGroupName("web").scalingProcesses("ReplaceUnhealthy"));
        scaling.setInstanceHealth(r -> r.instanceId(ill).healthStatus("Unhealthy"));
        assertThat(group().instances().getFirst().healthStatus()).isEqualTo("Unhealthy");
        scaling.resumeProcesses(r -> r.autoScalingGroupName("web"));
        TestServer.await(() -> {
            server.advance(Duration.ofSeconds(1));
            List<Instance> serving = in(LifecycleState.IN_SERVICE);
            return serving.size() == 1 && !serving.getFirst().instanceId().equals(ill);
        });
    }

    @Test
    void registersInTargetGroups() {
        ElasticLoadBalancingV2Client balancing = server.client(ElasticLoadBalancingV2Client.class);
        String vpc = ec2.describeVpcs(r -> {}).vpcs().getFirst().vpcId();
        String targets = balancing
                .createTargetGroup(r -> r.name("web")
                        .protocol(ProtocolEnum.HTTP)
                        .port(80)
                        .vpcId(vpc)
                        .targetType(TargetTypeEnum.INSTANCE))
                .targetGroups()
                .getFirst()
                .targetGroupArn();
        create(2, r -> r.targetGroupARNs(targets));
        await(LifecycleState.IN_SERVICE, 2);
        assertThat(balancing
                        .describeTargetHealth(r -> r.targetGroupArn(targets))
                        .targetHealthDescriptions())
                .hasSize(2);
        assertThat(scaling.describeTrafficSources(r -> r.autoScalingGroupName("web"))
                        .trafficSources()
                        .getFirst()
                        .state())
                .isEqualTo("InService");
        scaling.setDesiredCapacity(r -> r.autoScalingGroupName("web").desiredCapacity(1));
        await(LifecycleState.IN_SERVICE, 1);
        scaling.detachLoadBalancerTargetGroups(
                r -> r.autoScalingGroupName("web").targetGroupARNs(targets));
        TestServer.await(() -> server.trail().stream()
                        .filter(call -> call.eventName().equals("DeregisterTargets"))
                        .count()
                >= 2);
        assertThat(scaling.describeLoadBalancerTargetGroups(r -> r.autoScalingGroupName("web"))
                        .loadBalancerTargetGroups())
                .isEmpty();
    }

    @Test
    void triesAgainWhenNothingCanBeLaunched() {
        String image =
                ec2.describeImages(r -> r.owners("amazon")).images().getFirst().imageId();
        create(0, r -> {});
        ec2.deleteLaunchTemplate(r -> r.launchTemplateName("web"));
        assertThatThrownBy(() -> create(1, r -> r.autoScalingGroupName("other")))
                .hasMessageContaining("Invalid launch template");
        scaling.setDesiredCapacity(r -> r.autoScalingGroupName("web").desiredCapacity(1));
        TestServer.await(
                () -> scaling.describeScalingActivities(r -> r.autoScalingGroupName("web")).activities().stream()
                        .anyMatch(activity -> activity.statusCode() == ScalingActivityStatusCode.FAILED));
        ec2.createLaunchTemplate(r -> r.launchTemplateName("web-again")
                .launchTemplateData(d -> d.imageId(image).instanceType("t3.micro")));
        scaling.updateAutoScalingGroup(
                r -> r.autoScalingGroupName("web").launchTemplate(t -> t.launchTemplateName("web-again")));
        await(LifecycleState.IN_SERVICE, 1);
    }

    @Test
    void needsTheRightToLaunch() {
        AutoScalingClient limited = server.clientWith(AutoScalingClient.class, """
                {"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["autoscaling:*","iam:CreateServiceLinkedRole"],"Resource":"*"}]}""");
        assertThatThrownBy(() -> limited.createAutoScalingGroup(r -> r.autoScalingGroupName("web")
                        .launchTemplate(t -> t.launchTemplateName("web"))
                        .minSize(1)
                        .maxSize(1)
                        .availabilityZones("us-east-1a")))
                .hasMessageContaining("You are not authorized to use launch template");
        AutoScalingClient none = server.clientWith(AutoScalingClient.class, """
                {"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"ec2:*","Resource":"*"}]}""");
        assertThatThrownBy(() -> none.describeAutoScalingGroups(r -> {}))
                .hasMessageContaining("autoscaling:DescribeAutoScalingGroups");
        assertThat(scaling.describeAutoScalingGroups(r -> {}).autoScalingGroups())
                .isEmpty();
    }

    @Test
    void tellsHowItIsSpreadOverZones() {
        AvailabilityZoneDistribution usual = AvailabilityZoneDistribution.builder()
                .capacityDistributionStrategy(CapacityDistributionStrategy.BALANCED_BEST_EFFORT)
                .build();
        create(0, r -> {});
        scaling.updateAutoScalingGroup(r -> r.autoScalingGroupName("web").availabilityZoneDistribution(usual));
        assertThat(scaling.describeAutoScalingGroups(r -> {})
                        .autoScalingGroups()
                        .getFirst()
                        .availabilityZoneDistribution())
                .isEqualTo(usual);
        assertThatThrownBy(() -> scaling.updateAutoScalingGroup(r -> r.autoScalingGroupName("web")
                        .availabilityZoneDistribution(
                                d -> d.capacityDistributionStrategy(CapacityDistributionStrategy.BALANCED_ONLY))))
                .hasMessageContaining("balanced-only is not supported");
    }

    @Test
    void refusesWhatIsWrong() {
        assertThatThrownBy(() -> create(9, r -> {})).hasMessageContaining("must be between the specified min size");
        assertThatThrownBy(() -> create(1, r -> r.capacityRebalance(true))).hasMessageContaining("not supported");
        assertThatThrownBy(() -> scaling.setDesiredCapacity(
                        r -> r.autoScalingGroupName("none").desiredCapacity(1)))
                .hasMessageContaining("no such group: none");
        create(0, r -> {});
        assertThatThrownBy(() -> create(0, r -> {})).isInstanceOf(AlreadyExistsException.class);
        assertThatThrownBy(() -> scaling.putLifecycleHook(r ->
                        r.autoScalingGroupName("web").lifecycleHookName("h").lifecycleTransition("autoscaling:NEVER")))
                .hasMessageContaining("Invalid Lifecycle Transition");
        scaling.createOrUpdateTags(r -> r.tags(Tag.builder()
                .resourceId("web")
                .resourceType("auto-scaling-group")
                .key("a")
                .value("1")
                .propagateAtLaunch(true)
                .build()));
        assertThat(scaling.describeTags(r -> {}).tags().getFirst().value()).isEqualTo("1");
    }

    @Test
    void listsGroupsInPages() {
        for (String name : List.of("a", "b", "c")) {
            create(0, r -> r.autoScalingGroupName(name));
        }
        DescribeAutoScalingGroupsResponse first = scaling.describeAutoScalingGroups(r -> r.maxRecords(2));
        assertThat(first.autoScalingGroups()).hasSize(2);
        assertThat(scaling.describeAutoScalingGroups(r -> r.maxRecords(2).nextToken(first.nextToken()))
                        .autoScalingGroups())
                .hasSize(1);
        assertThatThrownBy(() -> scaling.describeAutoScalingGroups(r -> r.nextToken("forged")))
                .isInstanceOf(InvalidNextTokenException.class);
    }
}
