package dev.terrane.cloudformation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.terrane.cloudwatch.CloudWatchService;
import dev.terrane.sqs.SqsService;
import dev.terrane.testkit.TestServer;
import java.time.Duration;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.cloudformation.CloudFormationClient;
import software.amazon.awssdk.services.cloudformation.model.ResourceSignalStatus;
import software.amazon.awssdk.services.cloudformation.model.RollbackConfiguration;
import software.amazon.awssdk.services.cloudformation.model.RollbackTrigger;
import software.amazon.awssdk.services.cloudformation.model.Stack;
import software.amazon.awssdk.services.cloudformation.model.StackStatus;
import software.amazon.awssdk.services.cloudwatch.CloudWatchClient;
import software.amazon.awssdk.services.cloudwatch.model.ComparisonOperator;
import software.amazon.awssdk.services.cloudwatch.model.StateValue;
import software.amazon.awssdk.services.cloudwatch.model.Statistic;
import software.amazon.awssdk.services.sqs.SqsClient;

/** Alarms that roll operations on stacks back. */
class RollbackTriggersTest {
    private static final String QUEUE =
            "Resources: {Queue: {Type: AWS::SQS::Queue, Properties: {VisibilityTimeout: %d}}}";
    private static final String WAITING =
            "Resources: {Queue: {Type: AWS::SQS::Queue, CreationPolicy: {ResourceSignal: {Timeout: PT2H}}}}";

    private TestServer server;
    private CloudFormationClient stacks;
    private String alarm;

    @BeforeEach
    void start() {
        server = TestServer.with(CloudFormationService::new, SqsService::new, CloudWatchService::new);
        // It listens before work is cancelled, and not in the midst of it.
        assertThat(server.url()).isNotNull();
        stacks = server.client(CloudFormationClient.class);
        CloudWatchClient alarms = server.client(CloudWatchClient.class);
        alarms.putMetricAlarm(r -> r.alarmName("errors")
                .namespace("app")
                .metricName("errors")
                .statistic(Statistic.SUM)
                .period(86_400)
                .evaluationPeriods(1)
                .threshold(1.0)
                .treatMissingData("ignore")
                .comparisonOperator(ComparisonOperator.GREATER_THAN_THRESHOLD));
        alarm = alarms.describeAlarms(r -> r.alarmNames("errors"))
                .metricAlarms()
                .getFirst()
                .alarmArn();
        alarm(StateValue.OK);
    }

    @AfterEach
    void stop() {
        assertThat(server.faults()).isEmpty();
        server.close();
    }

    private void alarm(StateValue state) {
        server.client(CloudWatchClient.class)
                .setAlarmState(r -> r.alarmName("errors").stateValue(state).stateReason("a test"));
    }

    private RollbackConfiguration triggers(int minutes) {
        return RollbackConfiguration.builder()
                .monitoringTimeInMinutes(minutes)
                .rollbackTriggers(RollbackTrigger.builder()
                        .arn(alarm)
                        .type("AWS::CloudWatch::Alarm")
                        .build())
                .build();
    }

    @Test
    void anAlarmWhileTheStackIsMonitoredRollsAnUpdateBack() {
        stacks.createStack(
                r -> r.stackName("s").templateBody(QUEUE.formatted(30)).rollbackConfiguration(triggers(0)));
        await(StackStatus.CREATE_COMPLETE);
        assertThat(find().rollbackConfiguration()).isEqualTo(triggers(0));

        stacks.updateStack(
                r -> r.stackName("s").templateBody(QUEUE.formatted(40)).rollbackConfiguration(triggers(15)));
        until(() -> timeout().equals("40"));
        for (int i = 0; i < 10; i++) {
            server.advance(Duration.ofMinutes(1));
        }
        assertThat(find().stackStatus()).isEqualTo(StackStatus.UPDATE_IN_PROGRESS);
        alarm(StateValue.ALARM);
        await(StackStatus.UPDATE_ROLLBACK_COMPLETE);
        assertThat(timeout()).isEqualTo("30");
        assertThat(events())
                .anyMatch(e -> e.startsWith(
                        "s UPDATE_ROLLBACK_IN_PROGRESS Rollback trigger " + alarm + " is in ALARM state."));

        alarm(StateValue.OK);
        stacks.updateStack(
                r -> r.stackName("s").templateBody(QUEUE.formatted(40)).rollbackConfiguration(triggers(15)));
        await(StackStatus.UPDATE_COMPLETE);
    }

    @Test
    void aCompositeAlarmRollsAnUpdateBack() {
        CloudWatchClient alarms = server.client(CloudWatchClient.class);
        alarms.putCompositeAlarm(r -> r.alarmName("any").alarmRule("ALARM(errors)"));
        RollbackConfiguration composite = RollbackConfiguration.builder()
                .monitoringTimeInMinutes(15)
                .rollbackTriggers(RollbackTrigger.builder()
                        .arn(alarm.replace(":errors", ":any"))
                        .type("AWS::CloudWatch::CompositeAlarm")
                        .build())
                .build();
        stacks.createStack(r -> r.stackName("s").templateBody(QUEUE.formatted(30)));
        await(StackStatus.CREATE_COMPLETE);
        stacks.updateStack(
                r -> r.stackName("s").templateBody(QUEUE.formatted(40)).rollbackConfiguration(composite));
        until(() -> timeout().equals("40"));
        alarm(StateValue.ALARM);
        await(StackStatus.UPDATE_ROLLBACK_COMPLETE);
        assertThat(events())
                .anyMatch(e -> e.contains("Rollback trigger " + alarm.replace(":errors", ":any") + " is in ALARM"));
    }

    @Test
    void anAlarmWhileResourcesAreMadeRollsACreationBack() {
        stacks.createStack(r -> r.stackName("s").templateBody(WAITING).rollbackConfiguration(triggers(0)));
        until(() -> !queues().isEmpty());
        alarm(StateValue.ALARM);
        await(StackStatus.ROLLBACK_COMPLETE);
        assertThat(queues()).isEmpty();
    }

    @Test
    void monitoringGoesOnWhenTheServerEnds() {
        stacks.createStack(r -> r.stackName("s").templateBody(WAITING).rollbackConfiguration(triggers(15)));
        until(() -> !queues().isEmpty());
        stacks.signalResource(
                r -> r.stackName("s").logicalResourceId("Queue").uniqueId("one").status(ResourceSignalStatus.SUCCESS));
        until(() -> events().contains("Queue CREATE_COMPLETE"));
        server.restart();
        assertThat(find().stackStatus()).isEqualTo(StackStatus.CREATE_IN_PROGRESS);
        alarm(StateValue.ALARM);
        await(StackStatus.ROLLBACK_COMPLETE);
    }

    @Test
    void anAlarmThatIsMissingFailsTheOperation() {
        server.client(CloudWatchClient.class).deleteAlarms(r -> r.alarmNames("errors"));
        stacks.createStack(
                r -> r.stackName("s").templateBody(QUEUE.formatted(30)).rollbackConfiguration(triggers(0)));
        await(StackStatus.ROLLBACK_COMPLETE);
        assertThat(events()).anyMatch(e -> e.contains("Rollback trigger " + alarm + " does not exist."));
    }

    @Test
    void anUpdateMayBeCancelledWhileItIsMonitored() {
        stacks.createStack(r -> r.stackName("s").templateBody(QUEUE.formatted(30)));
        await(StackStatus.CREATE_COMPLETE);
        stacks.updateStack(r -> r.stackName("s")
                .templateBody(QUEUE.formatted(40))
                .rollbackConfiguration(c -> c.monitoringTimeInMinutes(180)));
        TestServer.await(() -> timeout().equals("40"));
        stacks.cancelUpdateStack(r -> r.stackName("s"));
        await(StackStatus.UPDATE_ROLLBACK_COMPLETE);
        assertThat(timeout()).isEqualTo("30");
    }

    @Test
    void whatIsNoAlarmIsRefused() {
        alarm = "arn:aws:sqs:us-east-1:123456789012:q";
        assertThatThrownBy(() -> stacks.createStack(
                        r -> r.stackName("s").templateBody(QUEUE.formatted(30)).rollbackConfiguration(triggers(0))))
                .hasMessageContaining("Invalid rollback trigger");
    }

    private List<String> queues() {
        return server.client(SqsClient.class).listQueues().queueUrls();
    }

    private String timeout() {
        SqsClient sqs = server.client(SqsClient.class);
        return sqs.getQueueAttributes(
                        r -> r.queueUrl(queues().getFirst()).attributeNamesWithStrings("VisibilityTimeout"))
                .attributesAsStrings()
                .getOrDefault("VisibilityTimeout", "");
    }

    private void until(BooleanSupplier over) {
        TestServer.await(() -> {
            server.advance(Duration.ofSeconds(10));
            return over.getAsBoolean();
        });
    }

    private Stack find() {
        return server.client(CloudFormationClient.class)
                .describeStacks(r -> r.stackName("s"))
                .stacks()
                .getFirst();
    }

    private void await(StackStatus status) {
        try {
            until(() -> find().stackStatus() == status);
        } catch (AssertionError e) {
            throw new AssertionError(String.join("\n", events()), e);
        }
    }

    private List<String> events() {
        return server
                .client(CloudFormationClient.class)
                .describeStackEvents(r -> r.stackName("s"))
                .stackEvents()
                .reversed()
                .stream()
                .map(e -> e.logicalResourceId() + " " + e.resourceStatusAsString()
                        + (e.resourceStatusReason() == null ? "" : " " + e.resourceStatusReason()))
                .toList();
    }
}
