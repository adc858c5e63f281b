package dev.terrane.cloudformation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.terrane.sns.SnsService;
import dev.terrane.sqs.SqsService;
import dev.terrane.ssm.SsmService;
import dev.terrane.testkit.TestServer;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.services.cloudformation.CloudFormationClient;
import software.amazon.awssdk.services.cloudformation.model.*;
import software.amazon.awssdk.services.sns.SnsClient;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;

class StacksTest {
    private static final String TWO = """
            Resources:
              Dead:
                Type: AWS::SQS::Queue
              Work:
                Type: AWS::SQS::Queue
                Properties:
                  VisibilityTimeout: 45
                  RedrivePolicy:
                    deadLetterTargetArn: !GetAtt Dead.Arn
                    maxReceiveCount: 3
            Outputs:
              Url:
                Value: !Ref Work
                Export:
                  Name: !Sub "${AWS::StackName}-url"
            """;

    private TestServer server;
    private CloudFormationClient stacks;
    private SqsClient sqs;

    @BeforeEach
    void start() {
        server = TestServer.with(CloudFormationService::new, SqsService::new, SnsService::new, SsmService::new);
        stacks = server.client(CloudFormationClient.class);
        sqs = server.client(SqsClient.class);
    }

    @AfterEach
    void stop() {
        assertThat(server.faults()).isEmpty();
        server.close();
    }

    @Test
    void theTagsOfAStackAreNoDriftOfItsResources() {
        stacks.createStack(r -> r.stackName("chain")
                .tags(Tag.builder().key("a").value("stack").build())
                .templateBody("""
                        Resources:
                          Own:
                            Type: AWS::SQS::Queue
                            Properties:
                              Tags: [{Key: c, Value: "1"}, {Key: b, Value: "2"}]
                        """));
        Stack made = await("chain", StackStatus.CREATE_COMPLETE);
        String url = stacks.describeStackResource(r -> r.stackName("chain").logicalResourceId("Own"))
                .stackResourceDetail()
                .physicalResourceId();
        assertThat(sqs.listQueueTags(r -> r.queueUrl(url)).tags()).containsKeys("a", "b", "c");

        assertThat(drift(made)).isEqualTo(StackResourceDriftStatus.IN_SYNC);
        sqs.tagQueue(r -> r.queueUrl(url).tags(Map.of("d", "3")));
        assertThat(drift(made)).isEqualTo(StackResourceDriftStatus.MODIFIED);
    }

    @Test
    void whatOtherResourcesOfAStackAttachIsNoDrift() {
        stacks.createStack(r -> r.stackName("chain").templateBody("""
                Resources:
                  One: {Type: AWS::SQS::Queue}
                  Two: {Type: AWS::SQS::Queue}
                  Own:
                    Type: AWS::SNS::Topic
                    Properties:
                      Subscription: [{Protocol: sqs, Endpoint: !GetAtt One.Arn}]
                  Other:
                    Type: AWS::SNS::Subscription
                    Properties: {TopicArn: !Ref Own, Protocol: sqs, Endpoint: !GetAtt Two.Arn}
                """));
        Stack made = await("chain", StackStatus.CREATE_COMPLETE);
        String topic = stacks.describeStackResource(r -> r.stackName("chain").logicalResourceId("Own"))
                .stackResourceDetail()
                .physicalResourceId();

        assertThat(drift(made)).isEqualTo(StackResourceDriftStatus.IN_SYNC);
        server.client(SnsClient.class)
                .subscribe(r -> r.topicArn(topic).protocol("http").endpoint("http://127.0.0.1:1/"));
        assertThat(drift(made)).isEqualTo(StackResourceDriftStatus.MODIFIED);
    }

    private StackResourceDriftStatus drift(Stack stack) {
        return stacks.detectStackResourceDrift(
                        r -> r.stackName(stack.stackName()).logicalResourceId("Own"))
                .stackResourceDrift()
                .stackResourceDriftStatus();
    }

    @Test
    void aStackIsMadeChangedAndDeleted() {
        String id =
                stacks.createStack(r -> r.stackName("chain").templateBody(TWO)).stackId();
        Stack made = await("chain", StackStatus.CREATE_COMPLETE);

        assertThat(made.stackId()).isEqualTo(id);
        String url = made.outputs().getFirst().outputValue();
        assertThat(made.outputs().getFirst().exportName()).isEqualTo("chain-url");
        assertThat(attribute(url, QueueAttributeName.VISIBILITY_TIMEOUT)).isEqualTo("45");
        assertThat(attribute(url, QueueAttributeName.REDRIVE_POLICY)).contains("chain-Dead-");
        assertThat(url).contains("chain-Work-");
        assertThat(stacks.describeStackEvents(r -> r.stackName("chain"))
                        .stackEvents()
                        .reversed())
                .extracting(e -> e.logicalResourceId() + " " + e.resourceStatusAsString()
                        + (e.resourceStatusReason() == null ? "" : " " + e.resourceStatusReason()))
                .containsExactly(
                        "chain CREATE_IN_PROGRESS User Initiated",
                        "Dead CREATE_IN_PROGRESS",
                        "Dead CREATE_IN_PROGRESS Resource creation Initiated",
                        "Dead CREATE_COMPLETE",
                        "Work CREATE_IN_PROGRESS",
                        "Work CREATE_IN_PROGRESS Resource creation Initiated",
                        "Work CREATE_COMPLETE",
                        "chain CREATE_COMPLETE");

        stacks.updateStack(r -> r.stackName("chain").templateBody(TWO.replace("45", "50")));
        await("chain", StackStatus.UPDATE_COMPLETE);
        assertThat(attribute(url, QueueAttributeName.VISIBILITY_TIMEOUT)).isEqualTo("50");
        assertThatThrownBy(() -> stacks.updateStack(r -> r.stackName("chain").templateBody(TWO.replace("45", "50"))))
                .hasMessageContaining("No updates are to be performed.");

        stacks.deleteStack(r -> r.stackName("chain"));
        await(id, StackStatus.DELETE_COMPLETE);
        assertThat(sqs.listQueues().queueUrls()).isEmpty();
        assertThat(stacks.listExports().exports()).isEmpty();
        assertThatThrownBy(() -> stacks.describeStacks(r -> r.stackName("chain")))
                .hasMessageContaining("Stack with id chain does not exist");
    }

    @Test
    void whatFailsIsRolledBackAndLeavesNothing() {
        String broken = TWO.replace("maxReceiveCount: 3", "maxReceiveCount: 3000");
        stacks.createStack(r -> r.stackName("broken").templateBody(broken));
        Stack stack = await("broken", StackStatus.ROLLBACK_COMPLETE);
        assertThat(sqs.listQueues().queueUrls()).isEmpty();
        assertThat(stack.outputs()).isEmpty();
        assertThat(events("broken"))
                .anyMatch(e -> e.contains("Work CREATE_FAILED Resource handler returned message:"))
                .contains(
                        "broken ROLLBACK_IN_PROGRESS The following resource(s) failed to create: [Work]. Rollback requested by user.");
        stacks.deleteStack(r -> r.stackName("broken"));
        await(stack.stackId(), StackStatus.DELETE_COMPLETE);
    }

    @Test
    void anUpdateThatFailsGoesBackToWhatWas() {
        stacks.createStack(r -> r.stackName("chain").templateBody(TWO));
        String url =
                await("chain", StackStatus.CREATE_COMPLETE).outputs().getFirst().outputValue();
        List<String> before = sqs.listQueues().queueUrls();
        String broken = TWO.replace("45", "99").replace("maxReceiveCount: 3", "maxReceiveCount: 3000") + """
                """;
        stacks.updateStack(r -> r.stackName("chain")
                .templateBody(broken.replace("Outputs:", "  Third:\n    Type: AWS::SQS::Queue\nOutputs:")));
        Stack back = await("chain", StackStatus.UPDATE_ROLLBACK_COMPLETE);
        assertThat(attribute(url, QueueAttributeName.VISIBILITY_TIMEOUT)).isEqualTo("45");
        assertThat(sqs.listQueues().queueUrls()).containsExactlyInAnyOrderElementsOf(before);
        assertThat(back.outputs().getFirst().outputValue()).isEqualTo(url);
        assertThat(stacks.getTemplate(r -> r.stackName("chain")).templateBody()).isEqualTo(TWO);
    }

    @Test
    void whatCannotBeChangedInPlaceIsReplacedAndTheOldOneGoesLast() {
        String named = "Resources:\n  Queue:\n    Type: AWS::SQS::Queue\n    Properties:\n      QueueName: %s\n";
        stacks.createStack(r -> r.stackName("named").templateBody(named.formatted("one")));
        await("named", StackStatus.CREATE_COMPLETE);
        stacks.updateStack(r -> r.stackName("named").templateBody(named.formatted("two")));
        await("named", StackStatus.UPDATE_COMPLETE);
        assertThat(sqs.listQueues().queueUrls()).singleElement().asString().endsWith("/two");
        assertThat(events("named"))
                .containsSubsequence(
                        "named UPDATE_IN_PROGRESS User Initiated",
                        "Queue UPDATE_IN_PROGRESS Requested update requires the creation of a new physical resource;"
                                + " hence creating one.",
                        "Queue UPDATE_COMPLETE",
                        "named UPDATE_COMPLETE_CLEANUP_IN_PROGRESS",
                        "Queue DELETE_IN_PROGRESS",
                        "Queue DELETE_COMPLETE",
                        "named UPDATE_COMPLETE");
    }

    @Test
    void aChangeSetShowsNoValueThatIsNotToBeEchoed() {
        String template = """
                Parameters:
                  Password: {Type: String, NoEcho: true}
                Resources:
                  Queue:
                    Type: AWS::SQS::Queue
                    Properties:
                      Tags: [{Key: password, Value: !Sub "is ${Password}"}]
                """;
        stacks.createStack(r -> r.stackName("secret")
                .templateBody(template)
                .parameters(Parameter.builder()
                        .parameterKey("Password")
                        .parameterValue("hunter2")
                        .build()));
        await("secret", StackStatus.CREATE_COMPLETE);
        stacks.createChangeSet(r -> r.stackName("secret")
                .changeSetName("next")
                .templateBody(template)
                .parameters(Parameter.builder()
                        .parameterKey("Password")
                        .parameterValue("hunter3")
                        .build()));
        DescribeChangeSetResponse next = stacks.describeChangeSet(
                r -> r.stackName("secret").changeSetName("next").includePropertyValues(true));
        assertThat(next.changes()).hasSize(1);
        assertThat(next.toString()).contains("is ****").doesNotContain("hunter");
    }

    @Test
    void aChangeSetTellsWhatItWouldDoAndDoesIt() {
        stacks.createChangeSet(r -> r.stackName("set")
                .changeSetName("first")
                .changeSetType(ChangeSetType.CREATE)
                .templateBody(TWO));
        DescribeChangeSetResponse first =
                stacks.describeChangeSet(r -> r.stackName("set").changeSetName("first"));
        assertThat(first.status()).isEqualTo(ChangeSetStatus.CREATE_COMPLETE);
        assertThat(first.changes())
                .extracting(c -> c.resourceChange().actionAsString() + " "
                        + c.resourceChange().logicalResourceId())
                .containsExactly("Add Dead", "Add Work");
        assertThat(sqs.listQueues().queueUrls()).isEmpty();
        assertThat(await("set", StackStatus.REVIEW_IN_PROGRESS).stackName()).isEqualTo("set");
        stacks.executeChangeSet(r -> r.stackName("set").changeSetName("first"));
        await("set", StackStatus.CREATE_COMPLETE);

        stacks.createChangeSet(r -> r.stackName("set")
                .changeSetName("second")
                .templateBody(TWO.replace("45", "46")
                        .replace(
                                "Dead:\n    Type: AWS::SQS::Queue",
                                "Dead:\n    Type: AWS::SQS::Queue\n    Properties: {QueueName: dead}")));
        DescribeChangeSetResponse second = stacks.describeChangeSet(
                r -> r.stackName("set").changeSetName("second").includePropertyValues(true));
        assertThat(second.statusReason()).isNull();
        assertThat(second.changes())
                .extracting(c -> c.resourceChange().actionAsString() + " "
                        + c.resourceChange().logicalResourceId() + " "
                        + c.resourceChange().replacementAsString())
                .containsExactly("Modify Dead True", "Modify Work False");
        assertThat(second.changes().get(1).resourceChange().details())
                .anyMatch(d -> "VisibilityTimeout".equals(d.target().name())
                        && "45".equals(d.target().beforeValue())
                        && "46".equals(d.target().afterValue()));
        stacks.createChangeSet(r -> r.stackName("set").changeSetName("third").templateBody(TWO));
        DescribeChangeSetResponse third =
                stacks.describeChangeSet(r -> r.stackName("set").changeSetName("third"));
        assertThat(third.status()).isEqualTo(ChangeSetStatus.FAILED);
        assertThat(third.statusReason()).startsWith("The submitted information didn't contain changes.");
    }

    @Test
    void anExportThatIsImportedStays() {
        stacks.createStack(r -> r.stackName("chain").templateBody(TWO));
        String id = await("chain", StackStatus.CREATE_COMPLETE).stackId();
        stacks.createStack(r -> r.stackName("user")
                .templateBody(
                        "Resources:\n  P:\n    Type: AWS::SQS::Queue\n    Metadata: {a: !ImportValue chain-url}\n"));
        await("user", StackStatus.CREATE_COMPLETE);
        assertThat(stacks.listImports(r -> r.exportName("chain-url")).imports()).containsExactly("user");
        stacks.deleteStack(r -> r.stackName("chain"));
        assertThat(await("chain", StackStatus.DELETE_FAILED).stackStatusReason())
                .contains("Cannot delete export chain-url as it is in use by user");
        // An empty list, as SAM's command line sends it, is none.
        stacks.deleteStack(r -> r.stackName("user").retainResources(List.of()));
        TestServer.await(() -> find("user").isEmpty());
        stacks.deleteStack(r -> r.stackName("chain"));
        await(id, StackStatus.DELETE_COMPLETE);
    }

    @Test
    void aStackPolicyIsKept() {
        stacks.createStack(
                r -> r.stackName("chain")
                        .templateBody(TWO)
                        .stackPolicyBody(
                                "{\"Statement\":[{\"Effect\":\"Allow\",\"Action\":\"Update:*\",\"Principal\":\"*\",\"Resource\":\"*\"},"
                                        + "{\"Effect\":\"Deny\",\"Action\":\"Update:Modify\",\"Principal\":\"*\",\"Resource\":\"LogicalResourceId/Work\"}]}"));
        String url =
                await("chain", StackStatus.CREATE_COMPLETE).outputs().getFirst().outputValue();
        stacks.updateStack(r -> r.stackName("chain").templateBody(TWO.replace("45", "50")));
        await("chain", StackStatus.UPDATE_ROLLBACK_COMPLETE);
        assertThat(attribute(url, QueueAttributeName.VISIBILITY_TIMEOUT)).isEqualTo("45");
        assertThat(events("chain")).anyMatch(e -> e.contains("Work UPDATE_FAILED Action denied by stack policy"));
    }

    @Test
    void aCreationPolicyWaitsForItsSignals() {
        String waiting =
                "Resources:\n  Queue:\n    Type: AWS::SQS::Queue\n    CreationPolicy: {ResourceSignal: {Count: 2, Timeout: PT10M}}\n";
        stacks.createStack(r -> r.stackName("waits").templateBody(waiting));
        TestServer.await(() -> sqs.listQueues().queueUrls().size() == 1);
        signal("waits", "one");
        signal("waits", "one");
        TestServer.await(() -> events("waits").stream().anyMatch(e -> e.endsWith("UniqueId one")));
        assertThat(find("waits").orElseThrow().stackStatus()).isEqualTo(StackStatus.CREATE_IN_PROGRESS);
        signal("waits", "two");
        await("waits", StackStatus.CREATE_COMPLETE);
        assertThatThrownBy(() -> signal("waits", "three")).hasMessageContaining("can not be signaled");

        stacks.createStack(r -> r.stackName("late").templateBody(waiting));
        TestServer.await(() -> sqs.listQueues().queueUrls().size() == 2);
        TestServer.await(() -> {
            server.advance(java.time.Duration.ofMinutes(4));
            return find("late").orElseThrow().stackStatus() == StackStatus.ROLLBACK_COMPLETE;
        });
        assertThat(events("late")).anyMatch(e -> e.contains("Failed to receive 2 resource signal(s)"));
    }

    private void signal(String stack, String id) {
        stacks.signalResource(
                r -> r.stackName(stack).logicalResourceId("Queue").uniqueId(id).status(ResourceSignalStatus.SUCCESS));
    }

    @Test
    void aWaitConditionIsToldOverHttp() throws Exception {
        stacks.createStack(r -> r.stackName("told").templateBody("""
                Resources:
                  Handle:
                    Type: AWS::CloudFormation::WaitConditionHandle
                  Wait:
                    Type: AWS::CloudFormation::WaitCondition
                    Properties: {Handle: !Ref Handle, Timeout: 600, Count: 1}
                Outputs:
                  Data: {Value: !GetAtt Wait.Data}
                """));
        TestServer.await(() -> stacks.describeStackResources(r -> r.stackName("told"))
                        .stackResources()
                        .size()
                == 2);
        String url = stacks.describeStackResource(r -> r.stackName("told").logicalResourceId("Handle"))
                .stackResourceDetail()
                .physicalResourceId();
        assertThat(put(url.replaceFirst("Signature=.....", "Signature=xxxxx"), "{}"))
                .isEqualTo(403);
        assertThat(put(url, "nonsense")).isEqualTo(400);
        assertThat(put(url, "{\"Status\":\"SUCCESS\",\"UniqueId\":\"a\",\"Data\":\"hello\",\"Reason\":\"\"}"))
                .isEqualTo(200);
        TestServer.await(() -> {
            server.advance(java.time.Duration.ofSeconds(5));
            return find("told").orElseThrow().stackStatus() == StackStatus.CREATE_COMPLETE;
        });
        assertThat(find("told").orElseThrow().outputs().getFirst().outputValue())
                .isEqualTo("{\"a\":\"hello\"}");
    }

    private static int put(String url, String body) throws Exception {
        try (java.net.http.HttpClient client = java.net.http.HttpClient.newHttpClient()) {
            return client.send(
                            java.net.http.HttpRequest.newBuilder(java.net.URI.create(url))
                                    .PUT(java.net.http.HttpRequest.BodyPublishers.ofString(body))
                                    .build(),
                            java.net.http.HttpResponse.BodyHandlers.discarding())
                    .statusCode();
        }
    }

    @Test
    void driftIsFound() {
        stacks.createStack(r -> r.stackName("chain").templateBody(TWO));
        String url =
                await("chain", StackStatus.CREATE_COMPLETE).outputs().getFirst().outputValue();
        assertThat(detect("chain").stackDriftStatus()).isEqualTo(StackDriftStatus.IN_SYNC);
        sqs.setQueueAttributes(
                r -> r.queueUrl(url).attributes(java.util.Map.of(QueueAttributeName.VISIBILITY_TIMEOUT, "7")));
        DescribeStackDriftDetectionStatusResponse drift = detect("chain");
        assertThat(drift.stackDriftStatus()).isEqualTo(StackDriftStatus.DRIFTED);
        assertThat(drift.driftedStackResourceCount()).isOne();
        assertThat(stacks.describeStackResourceDrifts(r ->
                                r.stackName("chain").stackResourceDriftStatusFilters(StackResourceDriftStatus.MODIFIED))
                        .stackResourceDrifts())
                .singleElement()
                .satisfies(d -> assertThat(d.propertyDifferences())
                        .singleElement()
                        .satisfies(p -> assertThat(p.propertyPath() + p.expectedValue() + p.actualValue())
                                .isEqualTo("/VisibilityTimeout457")));
    }

    private DescribeStackDriftDetectionStatusResponse detect(String name) {
        String id = stacks.detectStackDrift(r -> r.stackName(name)).stackDriftDetectionId();
        TestServer.await(() -> stacks.describeStackDriftDetectionStatus(r -> r.stackDriftDetectionId(id))
                        .detectionStatus()
                != StackDriftDetectionStatus.DETECTION_IN_PROGRESS);
        return stacks.describeStackDriftDetectionStatus(r -> r.stackDriftDetectionId(id));
    }

    private List<String> events(String name) {
        return stacks.describeStackEvents(r -> r.stackName(name)).stackEvents().reversed().stream()
                .map(e -> e.logicalResourceId() + " " + e.resourceStatusAsString()
                        + (e.resourceStatusReason() == null ? "" : " " + e.resourceStatusReason()))
                .toList();
    }

    private Optional<Stack> find(String name) {
        try {
            return stacks.describeStacks(r -> r.stackName(name)).stacks().stream()
                    .findFirst();
        } catch (AwsServiceException e) {
            return Optional.empty();
        }
    }

    private Stack await(String name, StackStatus status) {
        try {
            TestServer.await(
                    () -> find(name).filter(s -> s.stackStatus() == status).isPresent());
        } catch (AssertionError e) {
            throw new AssertionError(
                    name + " is " + find(name).map(Stack::stackStatusAsString) + ", not " + status + ":\n"
                            + String.join("\n", events(name)),
                    e);
        }
        return find(name).orElseThrow();
    }

    private String attribute(String url, QueueAttributeName name) {
        return sqs.getQueueAttributes(r -> r.queueUrl(url).attributeNames(name))
                .attributes()
                .getOrDefault(name, "");
    }
}
