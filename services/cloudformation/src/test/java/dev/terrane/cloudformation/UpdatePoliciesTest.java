package dev.terrane.cloudformation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.terrane.autoscaling.AutoScalingService;
import dev.terrane.ec2.Ec2Service;
import dev.terrane.elasticloadbalancingv2.ElasticLoadBalancingService;
import dev.terrane.iam.IamService;
import dev.terrane.sqs.SqsService;
import dev.terrane.sts.StsService;
import dev.terrane.testkit.MemoryCompute;
import dev.terrane.testkit.TestServer;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.autoscaling.AutoScalingClient;
import software.amazon.awssdk.services.autoscaling.model.AutoScalingGroup;
import software.amazon.awssdk.services.autoscaling.model.Instance;
import software.amazon.awssdk.services.cloudformation.CloudFormationClient;
import software.amazon.awssdk.services.cloudformation.model.ResourceSignalStatus;
import software.amazon.awssdk.services.cloudformation.model.StackStatus;
import software.amazon.awssdk.services.ec2.Ec2Client;

/** Changes of Auto Scaling groups go on to their instances as update policies say. */
class UpdatePoliciesTest {
    private TestServer server;
    private CloudFormationClient stacks;
    private String image;

    @BeforeEach
    void start() {
        MemoryCompute compute = new MemoryCompute();
        server = TestServer.withCompute(
                (data, threads) -> compute,
                IamService::new,
                StsService::new,
                ElasticLoadBalancingService::new,
                Ec2Service::new,
                AutoScalingService::new,
                SqsService::new,
                CloudFormationService::new);
        stacks = server.client(CloudFormationClient.class);
        image = server.client(Ec2Client.class)
                .describeImages(r -> r.owners("amazon"))
                .images()
                .getFirst()
                .imageId();
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private String template(String instanceType, String creation, String update) {
        return """
                    Resources:
                      Template:
                        Type: AWS::EC2::LaunchTemplate
                        Properties:
                          LaunchTemplateData: {ImageId: %s, InstanceType: %s}
                      Group:
                        Type: AWS::AutoScaling::AutoScalingGroup
                        CreationPolicy: %s
                        UpdatePolicy: %s
                        Properties:
                          MinSize: "1"
                          MaxSize: "4"
                          DesiredCapacity: "3"
                          AvailabilityZones: [us-east-1a]
                          LaunchTemplate: {LaunchTemplateId: !Ref Template, Version: !GetAtt Template.LatestVersionNumber}
                    """.formatted(image, instanceType, creation, update);
    }

    private Set<String> made(String update) {
        stacks.createStack(r -> r.stackName("s").templateBody(template("t3.micro", "{}", update)));
        await(StackStatus.CREATE_COMPLETE);
        return instances();
    }

    @Test
    void instancesAreReplacedBatchByBatch() {
        String policy = "{AutoScalingRollingUpdate: {MinInstancesInService: 2, MaxBatchSize: 2, PauseTime: PT1M,"
                + " SuspendProcesses: [AlarmNotification]}}";
        Set<String> old = made(policy);
        stacks.updateStack(r -> r.stackName("s").templateBody(template("t3.small", "{}", policy)));
        await(StackStatus.UPDATE_COMPLETE);
        assertThat(instances()).hasSize(3).doesNotContainAnyElementsOf(old);
        assertThat(types()).containsOnly("t3.small");
        assertThat(group().desiredCapacity()).isEqualTo(3);
        assertThat(group().suspendedProcesses()).isEmpty();
        assertThat(events())
                .anyMatch(e -> e.contains("Temporarily setting autoscaling group DesiredCapacity to 4."))
                .filteredOn(e -> e.contains("Group UPDATE_IN_PROGRESS Terminating instance(s)"))
                .hasSize(2)
                .satisfiesExactly(
                        e -> assertThat(e).contains("replacing with 2 new instance(s)"),
                        e -> assertThat(e).contains("replacing with 0 new instance(s)"));
    }

    @Test
    void whatInstancesSignalDecides() {
        String policy = "{AutoScalingRollingUpdate: {MaxBatchSize: 3, WaitOnResourceSignals: true, PauseTime: PT10M,"
                + " MinSuccessfulInstancesPercent: 66}}";
        Set<String> old = made(policy);
        stacks.updateStack(r -> r.stackName("s").templateBody(template("t3.small", "{}", policy)));
        until(() -> events().stream().anyMatch(e -> e.contains("Waiting on 3 resource signal(s)")));
        server.restart();
        signal("a", ResourceSignalStatus.SUCCESS);
        signal("b", ResourceSignalStatus.SUCCESS);
        signal("c", ResourceSignalStatus.FAILURE);
        await(StackStatus.UPDATE_COMPLETE);
        assertThat(instances()).hasSize(3).doesNotContainAnyElementsOf(old);

        Set<String> second = instances();
        stacks().updateStack(r -> r.stackName("s").templateBody(template("t3.medium", "{}", policy)));
        until(() -> events().stream()
                        .filter(e -> e.contains("Waiting on 3 resource signal(s)"))
                        .count()
                == 2);
        signal("d", ResourceSignalStatus.FAILURE);
        signal("e", ResourceSignalStatus.FAILURE);
        until(() -> find() == StackStatus.UPDATE_ROLLBACK_IN_PROGRESS);
        until(() -> events().stream()
                        .filter(e -> e.contains("Waiting on 3 resource signal(s)"))
                        .count()
                == 3);
        for (String id : List.of("f", "g", "h")) {
            signal(id, ResourceSignalStatus.SUCCESS);
        }
        await(StackStatus.UPDATE_ROLLBACK_COMPLETE);
        assertThat(events())
                .anyMatch(e -> e.contains("Group UPDATE_FAILED Received 2 FAILURE signal(s) out of 3."
                        + " Unable to satisfy 66% MinSuccessfulInstancesPercent requirement"));
        assertThat(instances()).hasSize(3).doesNotContainAnyElementsOf(second);
        assertThat(types()).containsOnly("t3.small");
    }

    @Test
    void anotherGroupTakesThePlace() {
        String policy = "{AutoScalingReplacingUpdate: {WillReplace: true}}";
        Set<String> old = made(policy);
        String before = group().autoScalingGroupName();
        stacks.updateStack(r -> r.stackName("s").templateBody(template("t3.small", "{}", policy)));
        await(StackStatus.UPDATE_COMPLETE);
        assertThat(group().autoScalingGroupName()).isNotEqualTo(before);
        assertThat(instances()).hasSize(3).doesNotContainAnyElementsOf(old);
    }

    @Test
    void sizesThatTheTemplateDoesNotChangeStay() {
        String policy = "{AutoScalingScheduledAction: {IgnoreUnmodifiedGroupSizeProperties: true}}";
        made(policy);
        server.client(AutoScalingClient.class)
                .setDesiredCapacity(r ->
                        r.autoScalingGroupName(group().autoScalingGroupName()).desiredCapacity(2));
        stacks.updateStack(r -> r.stackName("s")
                .templateBody(template("t3.small", "{}", policy).replace("MaxSize: \"4\"", "MaxSize: \"5\"")));
        await(StackStatus.UPDATE_COMPLETE);
        assertThat(group().maxSize()).isEqualTo(5);
        assertThat(group().desiredCapacity()).isEqualTo(2);
    }

    @Test
    void someInstancesMayFailToComeToWork() {
        String creation = "{AutoScalingCreationPolicy: {MinSuccessfulInstancesPercent: 50},"
                + " ResourceSignal: {Count: 2, Timeout: PT5M}}";
        stacks.createStack(r -> r.stackName("s").templateBody(template("t3.micro", creation, "{}")));
        until(() -> events().stream().anyMatch(e -> e.contains("Group CREATE_IN_PROGRESS Resource creation")));
        signal("a", ResourceSignalStatus.FAILURE);
        signal("b", ResourceSignalStatus.SUCCESS);
        await(StackStatus.CREATE_COMPLETE);
    }

    private CloudFormationClient stacks() {
        return server.client(CloudFormationClient.class);
    }

    private void signal(String id, ResourceSignalStatus status) {
        stacks().signalResource(r ->
                r.stackName("s").logicalResourceId("Group").uniqueId(id).status(status));
    }

    private AutoScalingGroup group() {
        return server.client(AutoScalingClient.class)
                .describeAutoScalingGroups(r -> {})
                .autoScalingGroups()
                .getFirst();
    }

    private Set<String> instances() {
        Set<String> found = new HashSet<>();
        group().instances().stream().map(Instance::instanceId).forEach(found::add);
        return found;
    }

    private List<String> types() {
        return server.client(Ec2Client.class).describeInstances(r -> r.instanceIds(instances())).reservations().stream()
                .flatMap(r -> r.instances().stream())
                .map(i -> i.instanceTypeAsString())
                .toList();
    }

    private void until(BooleanSupplier over) {
        TestServer.await(() -> {
            server.advance(Duration.ofSeconds(3));
            return over.getAsBoolean();
        });
    }

    private StackStatus find() {
        return stacks().describeStacks(r -> r.stackName("s"))
                .stacks()
                .getFirst()
                .stackStatus();
    }

    private void await(StackStatus status) {
        try {
            until(() -> find() == status);
        } catch (AssertionError e) {
            throw new AssertionError(String.join("\n", events()), e);
        }
    }

    private List<String> events() {
        return stacks().describeStackEvents(r -> r.stackName("s")).stackEvents().reversed().stream()
                .map(e -> e.logicalResourceId() + " " + e.resourceStatusAsString()
                        + (e.resourceStatusReason() == null ? "" : " " + e.resourceStatusReason()))
                .toList();
    }
}
