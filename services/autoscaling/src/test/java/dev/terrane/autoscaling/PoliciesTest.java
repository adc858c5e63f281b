package dev.terrane.autoscaling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.terrane.cloudwatch.CloudWatchService;
import dev.terrane.ec2.Ec2Service;
import dev.terrane.elasticloadbalancingv2.ElasticLoadBalancingService;
import dev.terrane.iam.IamService;
import dev.terrane.kernel.call.Principal;
import dev.terrane.sts.StsService;
import dev.terrane.testkit.MemoryCompute;
import dev.terrane.testkit.TestServer;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.autoscaling.AutoScalingClient;
import software.amazon.awssdk.services.autoscaling.model.*;
import software.amazon.awssdk.services.cloudwatch.CloudWatchClient;
import software.amazon.awssdk.services.cloudwatch.model.ComparisonOperator;
import software.amazon.awssdk.services.cloudwatch.model.MetricDatum;
import software.amazon.awssdk.services.cloudwatch.model.Statistic;
import software.amazon.awssdk.services.ec2.Ec2Client;

/** Scaling policies change a group's capacity, when a user or an alarm has them carried out. */
class PoliciesTest {
    private final MemoryCompute compute = new MemoryCompute();
    private final TestServer server = TestServer.withCompute(
            (data, threads) -> compute,
            IamService::new,
            StsService::new,
            CloudWatchService::new,
            ElasticLoadBalancingService::new,
            Ec2Service::new,
            AutoScalingService::new);
    private final AutoScalingClient scaling = server.client(AutoScalingClient.class);
    private final CloudWatchClient watch = server.client(CloudWatchClient.class);

    @BeforeEach
    void makeGroup() {
        Ec2Client ec2 = server.client(Ec2Client.class);
        String image =
                ec2.describeImages(r -> r.owners("amazon")).images().getFirst().imageId();
        ec2.createLaunchTemplate(r -> r.launchTemplateName("web")
                .launchTemplateData(d -> d.imageId(image).instanceType("t3.micro")));
        scaling.createAutoScalingGroup(r -> r.autoScalingGroupName("web")
                .launchTemplate(t -> t.launchTemplateName("web"))
                .minSize(1)
                .maxSize(10)
                .desiredCapacity(2)
                .availabilityZones("us-east-1a"));
        awaitServing(2);
    }

    @AfterEach
    void close() {
        assertThat(server.faults()).isEmpty();
        server.close();
    }

    private AutoScalingGroup group() {
        return scaling.describeAutoScalingGroups(r -> r.autoScalingGroupNames("web"))
                .autoScalingGroups()
                .getFirst();
    }

    private int desired() {
        return group().desiredCapacity();
    }

    private void awaitServing(int count) {
        TestServer.await(() -> {
            server.advance(Duration.ofSeconds(1));
            return group().instances().size() == count
                    && group().instances().stream().allMatch(i -> i.lifecycleState() == LifecycleState.IN_SERVICE);
        });
    }

    private PutScalingPolicyResponse put(String name, Consumer<PutScalingPolicyRequest.Builder> more) {
        return scaling.putScalingPolicy(
                r -> more.accept(r.autoScalingGroupName("web").policyName(name)));
    }

    private void execute(String name) {
        scaling.executePolicy(r -> r.autoScalingGroupName("web").policyName(name));
    }

    private void execute(String name, double value, double threshold) {
        scaling.executePolicy(r -> r.autoScalingGroupName("web")
                .policyName(name)
                .metricValue(value)
                .breachThreshold(threshold));
    }

    private static StepAdjustment step(@Nullable Double from, @Nullable Double to, int change) {
        return StepAdjustment.builder()
                .metricIntervalLowerBound(from)
                .metricIntervalUpperBound(to)
                .scalingAdjustment(change)
                .build();
    }

    @Test
    void simplePoliciesChangeTheCapacityWithinItsBounds() {
        put("more", r -> r.adjustmentType("ChangeInCapacity").scalingAdjustment(1));
        execute("more");
        assertThat(desired()).isEqualTo(3);
        awaitServing(3);
        assertThat(scaling.describeScalingActivities(r -> r.autoScalingGroupName("web"))
                        .activities()
                        .getFirst()
                        .cause())
                .contains("a user request executed policy more changing the desired capacity from 2 to 3.");
        put("half", r -> r.adjustmentType("PercentChangeInCapacity").scalingAdjustment(-50));
        execute("half");
        assertThat(desired()).as("-1.5 is rounded toward zero").isEqualTo(2);
        put(
                "much",
                r -> r.adjustmentType("PercentChangeInCapacity")
                        .scalingAdjustment(10)
                        .minAdjustmentMagnitude(3));
        execute("much");
        assertThat(desired()).isEqualTo(5);
        put("exact", r -> r.adjustmentType("ExactCapacity").scalingAdjustment(100));
        execute("exact");
        assertThat(desired()).as("no more than the group's maximum").isEqualTo(10);
        put("exact", r -> r.adjustmentType("ExactCapacity").scalingAdjustment(0));
        execute("exact");
        assertThat(desired()).as("no less than the group's minimum").isEqualTo(1);
    }

    @Test
    void theCooldownIsHonouredWhereThatIsAsked() {
        String arn = put(
                        "more",
                        r -> r.adjustmentType("ChangeInCapacity")
                                .scalingAdjustment(1)
                                .cooldown(600))
                .policyARN();
        scaling.executePolicy(r -> r.policyName(arn).honorCooldown(true));
        awaitServing(3);
        assertThatThrownBy(() -> scaling.executePolicy(r -> r.policyName(arn).honorCooldown(true)))
                .isInstanceOf(ScalingActivityInProgressException.class);
        assertThat(desired()).isEqualTo(3);
        scaling.executePolicy(r -> r.policyName(arn));
        assertThat(desired()).isEqualTo(4);
        awaitServing(4);
        server.advance(Duration.ofMinutes(11));
        scaling.executePolicy(r -> r.policyName(arn).honorCooldown(true));
        assertThat(desired()).isEqualTo(5);
    }

    @Test
    void stepsGoByTheSizeOfTheBreachAndDoNotCountWhatWarmsUp() {
        put(
                "steps",
                r -> r.policyType("StepScaling")
                        .adjustmentType("ChangeInCapacity")
                        .estimatedInstanceWarmup(120)
                        .stepAdjustments(
                                step(0.0, 10.0, 1), step(10.0, null, 3), step(-20.0, 0.0, 0), step(null, -20.0, -1)));
        server.advance(Duration.ofMinutes(5));
        execute("steps", 55, 50);
        assertThat(desired()).isEqualTo(3);
        awaitServing(3);
        execute("steps", 55, 50);
        assertThat(desired()).as("the one that was added still warms up").isEqualTo(3);
        execute("steps", 60, 50);
        assertThat(desired()).as("the rest of the greater step").isEqualTo(5);
        awaitServing(5);
        execute("steps", 10, 50);
        assertThat(desired()).as("none is taken away while some warm up").isEqualTo(5);
        server.advance(Duration.ofMinutes(3));
        execute("steps", 35, 50);
        assertThat(desired()).isEqualTo(5);
        execute("steps", 30, 50);
        assertThat(desired()).isEqualTo(4);
    }

    @Test
    void aCooldownOfNoLengthIsNone() {
        StepAdjustment one = StepAdjustment.builder()
                .metricIntervalLowerBound(0.0)
                .scalingAdjustment(1)
                .build();
        put(
                "steps",
                r -> r.policyType("StepScaling")
                        .adjustmentType("ChangeInCapacity")
                        .stepAdjustments(one)
                        .cooldown(0));
        assertThatThrownBy(() -> put(
                        "steps",
                        r -> r.policyType("StepScaling")
                                .adjustmentType("ChangeInCapacity")
                                .stepAdjustments(one)
                                .cooldown(60)))
                .hasMessageContaining("Cooldown is not supported for policy type: StepScaling");
    }

    @Test
    void anAlarmCarriesItsPolicyOutAndGoesOnForAsLongAsItLasts() {
        String more = put(
                        "more",
                        r -> r.adjustmentType("ChangeInCapacity")
                                .scalingAdjustment(1)
                                .cooldown(0))
                .policyARN();
        watch.putMetricAlarm(r -> r.alarmName("busy")
                .namespace("jobs")
                .metricName("depth")
                .statistic(Statistic.AVERAGE)
                .period(60)
                .evaluationPeriods(1)
                .threshold(10.0)
                .comparisonOperator(ComparisonOperator.GREATER_THAN_THRESHOLD)
                .alarmActions(more));
        assertThat(scaling.describePolicies(r -> r.policyNames("more")).scalingPolicies().getFirst().alarms().stream()
                        .map(Alarm::alarmName))
                .containsExactly("busy");
        putDepth(20);
        TestServer.await(() -> {
            server.advance(Duration.ofSeconds(5));
            return desired() >= 3;
        });
        TestServer.await(() -> {
            putDepth(20);
            server.advance(Duration.ofSeconds(20));
            return desired() >= 4;
        });
        assertThat(scaling.describeScalingActivities(r -> r.autoScalingGroupName("web")).activities().stream()
                        .map(Activity::cause))
                .anyMatch(
                        cause -> cause.contains(
                                "a monitor alarm busy in state ALARM triggered policy more changing the desired capacity from 2 to 3."));
        assertThat(watch.describeAlarmHistory(r -> r.alarmName("busy")).alarmHistoryItems().stream()
                        .map(item -> item.historySummary()))
                .contains("Successfully executed action " + more);
        scaling.suspendProcesses(r -> r.autoScalingGroupName("web").scalingProcesses("AlarmNotification"));
        int before = desired();
        for (int i = 0; i < 10; i++) {
            putDepth(20);
            server.advance(Duration.ofSeconds(20));
        }
        assertThat(desired()).isEqualTo(before);
    }

    private void putDepth(double value) {
        put("depth", value);
    }

    private void put(String metric, double value) {
        watch.putMetricData(r -> r.namespace("jobs")
                .metricData(
                        MetricDatum.builder().metricName(metric).value(value).build()));
    }

    @Test
    void alarmsOnlyTakePoliciesOfTheirOwnPlace() {
        String policy = put("more", r -> r.adjustmentType("ChangeInCapacity").scalingAdjustment(1))
                .policyARN();
        CloudWatchClient elsewhere =
                server.client(CloudWatchClient.class, new Principal.Root(TestServer.ACCOUNT), "eu-west-1");
        assertThatThrownBy(() -> elsewhere.putMetricAlarm(r -> r.alarmName("far")
                        .namespace("jobs")
                        .metricName("depth")
                        .statistic(Statistic.AVERAGE)
                        .period(60)
                        .evaluationPeriods(1)
                        .threshold(10.0)
                        .comparisonOperator(ComparisonOperator.GREATER_THAN_THRESHOLD)
                        .alarmActions(policy)))
                .hasMessageContaining("Invalid region us-east-1 specified. Only eu-west-1 is supported.");
    }

    @Test
    void targetTrackingHasAlarmsOfItsOwnAndFollowsItsMetric() {
        Consumer<PutScalingPolicyRequest.Builder> depth = r -> r.policyType("TargetTrackingScaling")
                .estimatedInstanceWarmup(0)
                .targetTrackingConfiguration(t -> t.targetValue(10.0)
                        .customizedMetricSpecification(
                                m -> m.namespace("jobs").metricName("depth").statistic(MetricStatistic.AVERAGE)));
        PutScalingPolicyResponse made = put("depth", depth);
        assertThat(made.alarms()).hasSize(2).allMatch(a -> a.alarmName().startsWith("TargetTracking-web-Alarm"));
        assertThat(put("depth", depth).policyARN()).isEqualTo(made.policyARN());
        assertThatThrownBy(() -> execute("depth"))
                .hasMessageContaining("not supported for policy type: TargetTrackingScaling");
        TestServer.await(() -> {
            putDepth(20);
            server.advance(Duration.ofSeconds(20));
            return desired() == 4;
        });
        scaling.deletePolicy(r -> r.policyName(made.policyARN()));
        assertThat(watch.describeAlarms(r -> {}).metricAlarms()).isEmpty();

        put("depth", depth);
        scaling.deleteAutoScalingGroup(r -> r.autoScalingGroupName("web").forceDelete(true));
        TestServer.await(() -> {
            server.advance(Duration.ofSeconds(2));
            return watch.describeAlarms(r -> {}).metricAlarms().isEmpty();
        });
        TestServer.await(() -> {
            server.advance(Duration.ofSeconds(2));
            return scaling.describePolicies(r -> {}).scalingPolicies().isEmpty();
        });
    }

    @Test
    void targetTrackingShrinksOnlyWhenAllPoliciesAgree() {
        server.advance(Duration.ofMinutes(10));
        for (String metric : List.of("depth", "wait")) {
            put(
                    metric,
                    r -> r.policyType("TargetTrackingScaling")
                            .estimatedInstanceWarmup(0)
                            .targetTrackingConfiguration(t -> t.targetValue(10.0)
                                    .customizedMetricSpecification(m -> m.namespace("jobs")
                                            .metricName(metric)
                                            .statistic(MetricStatistic.AVERAGE))));
        }
        for (int minute = 0; minute < 20; minute++) {
            putDepth(1);
            put("wait", 10.0);
            server.advance(Duration.ofSeconds(60));
        }
        assertThat(desired()).isEqualTo(2);
        TestServer.await(() -> {
            putDepth(1);
            put("wait", 2.0);
            server.advance(Duration.ofSeconds(60));
            return desired() == 1;
        });
    }

    @Test
    void whatAPolicyCannotBeIsRefused() {
        assertThatThrownBy(() -> put("p", r -> r.policyType("PredictiveScaling")))
                .hasMessageContaining("Policies of the type PredictiveScaling are not supported.");
        assertThatThrownBy(() -> put("p", r -> r.scalingAdjustment(1))).hasMessageContaining("AdjustmentType");
        assertThatThrownBy(() -> put("p", r -> r.policyType("StepScaling").adjustmentType("ChangeInCapacity")))
                .hasMessageContaining("At least one StepAdjustment");
        assertThatThrownBy(() -> put(
                        "p",
                        r -> r.policyType("StepScaling")
                                .adjustmentType("ChangeInCapacity")
                                .stepAdjustments(step(0.0, 10.0, 1), step(20.0, null, 2))))
                .hasMessageContaining("gaps");
        assertThatThrownBy(() -> put(
                        "p",
                        r -> r.policyType("StepScaling")
                                .adjustmentType("ChangeInCapacity")
                                .stepAdjustments(step(0.0, 10.0, 1), step(5.0, null, 2))))
                .hasMessageContaining("overlap");
        assertThatThrownBy(() -> put(
                        "p",
                        r -> r.policyType("StepScaling")
                                .adjustmentType("ChangeInCapacity")
                                .stepAdjustments(step(0.0, 10.0, 1))))
                .hasMessageContaining("unspecified upper bound");
        assertThatThrownBy(() -> put(
                        "p",
                        r -> r.policyType("TargetTrackingScaling")
                                .targetTrackingConfiguration(t -> t.targetValue(50.0)
                                        .predefinedMetricSpecification(
                                                m -> m.predefinedMetricType(MetricType.ASG_AVERAGE_CPU_UTILIZATION)))))
                .hasMessageContaining("ASGAverageCPUUtilization is not supported");
        put("p", r -> r.adjustmentType("ChangeInCapacity").scalingAdjustment(1).enabled(false));
        assertThatThrownBy(() -> execute("p")).hasMessageContaining("disabled");
        assertThatThrownBy(() -> execute("p", 1, 1)).hasMessageContaining("disabled");
        assertThatThrownBy(() -> scaling.executePolicy(r -> r.policyName("p")))
                .hasMessageContaining("AutoScalingGroupName must be specified");
    }
}
