package dev.terrane.cloudformation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.terrane.sns.SnsService;
import dev.terrane.sqs.SqsService;
import dev.terrane.ssm.SsmService;
import dev.terrane.testkit.TestServer;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.cloudformation.CloudFormationClient;
import software.amazon.awssdk.services.cloudformation.model.Parameter;
import software.amazon.awssdk.services.cloudformation.model.Stack;
import software.amazon.awssdk.services.cloudformation.model.StackStatus;
import software.amazon.awssdk.services.sns.SnsClient;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Custom resources, with a provider that hears of requests by a queue and answers by HTTP. */
class CustomResourcesTest {
    private static final String TEMPLATE = """
            Parameters:
              Topic: {Type: String}
            Resources:
              Own:
                Type: Custom::Thing
                Properties:
                  ServiceToken: !Ref Topic
                  ServiceTimeout: 600
                  Size: 3
                  Flags: [true, {Deep: 1.5}]
              After:
                Type: AWS::SQS::Queue
                Properties: {QueueName: !Sub "q-${Own.Name}"}
            Outputs:
              Id: {Value: !Ref Own}
              Name: {Value: !GetAtt Own.Name}
            """;

    private TestServer server;
    private CloudFormationClient stacks;
    private SqsClient sqs;
    private String topic;
    private String inbox;

    @BeforeEach
    void start() {
        server = TestServer.with(CloudFormationService::new, SqsService::new, SnsService::new, SsmService::new);
        stacks = server.client(CloudFormationClient.class);
        sqs = server.client(SqsClient.class);
        SnsClient sns = server.client(SnsClient.class);
        topic = sns.createTopic(r -> r.name("provider")).topicArn();
        inbox = sqs.createQueue(r -> r.queueName("inbox")).queueUrl();
        String arn = sqs.getQueueAttributes(r -> r.queueUrl(inbox).attributeNames(QueueAttributeName.QUEUE_ARN))
                .attributes()
                .get(QueueAttributeName.QUEUE_ARN);
        sqs.setQueueAttributes(
                r -> r.queueUrl(inbox).attributes(Map.of(QueueAttributeName.POLICY, """
                        {"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":"*","Action":"sqs:SendMessage","Resource":"%s"}]}
                        """.formatted(arn))));
        sns.subscribe(
                r -> r.topicArn(topic).protocol("sqs").endpoint(arn).attributes(Map.of("RawMessageDelivery", "true")));
    }

    @AfterEach
    void stop() {
        assertThat(server.faults()).isEmpty();
        server.close();
    }

    @Test
    void aProviderMakesChangesReplacesAndDeletes() throws Exception {
        create(TEMPLATE);
        JsonNode create = request();
        assertThat(create.path("RequestType").asString()).isEqualTo("Create");
        assertThat(create.path("ResourceType").asString()).isEqualTo("Custom::Thing");
        assertThat(create.path("LogicalResourceId").asString()).isEqualTo("Own");
        assertThat(create.path("StackId").asString()).contains(":stack/s/");
        assertThat(create.has("PhysicalResourceId")).isFalse();
        assertThat(create.path("ResourceProperties"))
                .isEqualTo(JsonMapper.shared().readTree("""
                        {"ServiceToken":"%s","ServiceTimeout":"600","Size":"3","Flags":["true",{"Deep":"1.5"}]}
                        """.formatted(topic)));
        assertThat(answer(create, "SUCCESS", "thing-1", Map.of("Name", "one"))).isEqualTo(200);
        Stack made = await(StackStatus.CREATE_COMPLETE);
        assertThat(made.outputs()).extracting(o -> o.outputValue()).containsExactlyInAnyOrder("thing-1", "one");
        assertThat(sqs.listQueues(r -> r.queueNamePrefix("q-")).queueUrls())
                .singleElement()
                .asString()
                .endsWith("/q-one");
        // The request is over.
        assertThat(answer(create, "SUCCESS", "late", Map.of())).isEqualTo(403);

        update(TEMPLATE.replace("Size: 3", "Size: 4"));
        JsonNode changed = request();
        assertThat(changed.path("RequestType").asString()).isEqualTo("Update");
        assertThat(changed.path("PhysicalResourceId").asString()).isEqualTo("thing-1");
        assertThat(changed.path("ResourceProperties").path("Size").asString()).isEqualTo("4");
        assertThat(changed.path("OldResourceProperties").path("Size").asString())
                .isEqualTo("3");
        answer(changed, "SUCCESS", "thing-1", Map.of("Name", "one"));
        await(StackStatus.UPDATE_COMPLETE);

        update(TEMPLATE.replace("Size: 3", "Size: 5"));
        answer(request(), "SUCCESS", "thing-2", Map.of("Name", "two"));
        JsonNode cleaned = request();
        assertThat(cleaned.path("RequestType").asString()).isEqualTo("Delete");
        assertThat(cleaned.path("PhysicalResourceId").asString()).isEqualTo("thing-1");
        assertThat(cleaned.path("ResourceProperties").path("Size").asString()).isEqualTo("4");
        answer(cleaned, "SUCCESS", "thing-1", Map.of());
        Stack replaced = await(StackStatus.UPDATE_COMPLETE);
        assertThat(replaced.outputs()).extracting(o -> o.outputValue()).containsExactlyInAnyOrder("thing-2", "two");

        stacks.deleteStack(r -> r.stackName("s"));
        JsonNode deleted = request();
        assertThat(deleted.path("RequestType").asString()).isEqualTo("Delete");
        assertThat(deleted.path("PhysicalResourceId").asString()).isEqualTo("thing-2");
        answer(deleted, "SUCCESS", "thing-2", Map.of());
        until(() -> find().isEmpty());
    }

    @Test
    void whatAProviderRefusesIsRolledBack() throws Exception {
        create(TEMPLATE);
        answer(request(), "FAILED", "half", Map.of());
        JsonNode undone = request();
        assertThat(undone.path("RequestType").asString()).isEqualTo("Delete");
        assertThat(undone.path("PhysicalResourceId").asString()).isEqualTo("half");
        answer(undone, "SUCCESS", "half", Map.of());
        await(StackStatus.ROLLBACK_COMPLETE);
        assertThat(events())
                .anyMatch(
                        e -> e.startsWith(
                                "Own CREATE_FAILED Received response status [FAILED] from custom resource. Message returned: No such luck (RequestId: "));
    }

    @Test
    void anUpdateThatFailsKeepsTheThingThatWasReplaced() throws Exception {
        create(TEMPLATE);
        answer(request(), "SUCCESS", "thing-1", Map.of("Name", "one"));
        await(StackStatus.CREATE_COMPLETE);
        update(TEMPLATE.replace("Size: 3", "Size: 4").replace("q-${Own.Name}", "q-${Own.Name}${Own.Nothing}"));
        answer(request(), "SUCCESS", "thing-2", Map.of("Name", "two"));
        JsonNode undone = request();
        assertThat(undone.path("RequestType").asString()).isEqualTo("Delete");
        assertThat(undone.path("PhysicalResourceId").asString()).isEqualTo("thing-2");
        answer(undone, "SUCCESS", "thing-2", Map.of());
        Stack back = await(StackStatus.UPDATE_ROLLBACK_COMPLETE);
        assertThat(stacks.describeStackResource(r -> r.stackName("s").logicalResourceId("Own"))
                        .stackResourceDetail()
                        .physicalResourceId())
                .isEqualTo("thing-1");
        assertThat(back.outputs()).extracting(o -> o.outputValue()).containsExactlyInAnyOrder("thing-1", "one");
    }

    @Test
    void wrongAnswersAndSilenceFail() throws Exception {
        create(TEMPLATE);
        JsonNode create = request();
        assertThat(put(create.path("ResponseURL").asString().replaceFirst("Signature=.....", "Signature=xxxxx"), "{}"))
                .isEqualTo(403);
        assertThat(put(create.path("ResponseURL").asString(), "x".repeat(5_000)))
                .isEqualTo(200);
        JsonNode undone = request();
        assertThat(undone.path("PhysicalResourceId").asString()).startsWith("s-Own-");
        assertThat(events())
                .anyMatch(e -> e.contains("Own CREATE_FAILED") && e.contains("Response object is too long."));
        until(() -> {
            server.advance(Duration.ofMinutes(3));
            return find().orElseThrow().stackStatus() == StackStatus.ROLLBACK_FAILED;
        });
        assertThat(events())
                .anyMatch(e -> e.startsWith(
                        "Own DELETE_FAILED CloudFormation did not receive a response from your Custom Resource."));
    }

    @Test
    void aFunctionIsRefusedByName() {
        stacks.createStack(r -> r.stackName("s").templateBody("""
                Resources:
                  Own:
                    Type: AWS::CloudFormation::CustomResource
                    Properties: {ServiceToken: "arn:aws:lambda:us-east-1:123456789012:function:f"}
                """));
        await(StackStatus.ROLLBACK_COMPLETE);
        assertThat(events()).anyMatch(e -> e.contains("Own CREATE_FAILED") && e.contains("Lambda function"));
    }

    @Test
    void secretsAreNotShown() throws Exception {
        create(TEMPLATE);
        ObjectNode answer = answerOf(request(), "SUCCESS", "thing", Map.of("Name", "hush"));
        answer.put("NoEcho", true);
        put(last.path("ResponseURL").asString(), answer.toString());
        await(StackStatus.CREATE_COMPLETE);
        assertThat(stacks.describeStackEvents(r -> r.stackName("s")).stackEvents())
                .filteredOn(e -> e.logicalResourceId().equals("After"))
                .isNotEmpty()
                .allMatch(e -> e.resourceProperties().contains("q-****")
                        && !e.resourceProperties().contains("hush"));
    }

    @Test
    void aRequestIsSentOnceThoughTheServerEnds() throws Exception {
        create(TEMPLATE);
        JsonNode create = request();
        server.restart();
        answer(create, "SUCCESS", "thing", Map.of("Name", "one"));
        await(StackStatus.CREATE_COMPLETE);
        assertThat(next()).isEmpty();
    }

    private JsonNode last = JsonMapper.shared().createObjectNode();

    private void create(String template) {
        stacks.createStack(r -> r.stackName("s").templateBody(template).parameters(parameter()));
    }

    private void update(String template) {
        stacks.updateStack(r -> r.stackName("s").templateBody(template).parameters(parameter()));
    }

    private Parameter parameter() {
        return Parameter.builder().parameterKey("Topic").parameterValue(topic).build();
    }

    /** The next request that the provider hears of. */
    private JsonNode request() {
        List<JsonNode> found = new ArrayList<>();
        until(() -> {
            next().ifPresent(found::add);
            return !found.isEmpty();
        });
        last = found.getFirst();
        return last;
    }

    private Optional<JsonNode> next() {
        List<Message> messages = server.client(SqsClient.class)
                .receiveMessage(r -> r.queueUrl(inbox))
                .messages();
        messages.forEach(m -> server.client(SqsClient.class)
                .deleteMessage(r -> r.queueUrl(inbox).receiptHandle(m.receiptHandle())));
        return messages.stream().findFirst().map(m -> JsonMapper.shared().readTree(m.body()));
    }

    private int answer(JsonNode request, String status, String id, Map<String, String> data) throws Exception {
        return put(
                request.path("ResponseURL").asString(),
                answerOf(request, status, id, data).toString());
    }

    private static ObjectNode answerOf(JsonNode request, String status, String id, Map<String, String> data) {
        ObjectNode answer = JsonMapper.shared().createObjectNode();
        for (String name : List.of("StackId", "RequestId", "LogicalResourceId")) {
            answer.set(name, request.get(name));
        }
        answer.put("Status", status).put("PhysicalResourceId", id);
        if (status.equals("FAILED")) {
            answer.put("Reason", "No such luck");
        }
        answer.set("Data", JsonMapper.shared().valueToTree(data));
        return answer;
    }

    /** A server that was started again listens at another port here. */
    private int put(String url, String body) throws Exception {
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(
                            HttpRequest.newBuilder(URI.create(url.replaceFirst(
                                            ":\\d+/", ":" + server.url().getPort() + "/")))
                                    .PUT(HttpRequest.BodyPublishers.ofString(body))
                                    .build(),
                            HttpResponse.BodyHandlers.discarding())
                    .statusCode();
        }
    }

    private void until(java.util.function.BooleanSupplier over) {
        TestServer.await(() -> {
            server.advance(Duration.ofSeconds(3));
            return over.getAsBoolean();
        });
    }

    private Optional<Stack> find() {
        try {
            return server.client(CloudFormationClient.class).describeStacks(r -> r.stackName("s")).stacks().stream()
                    .findFirst();
        } catch (software.amazon.awssdk.awscore.exception.AwsServiceException e) {
            return Optional.empty();
        }
    }

    private Stack await(StackStatus status) {
        try {
            until(() -> find().filter(s -> s.stackStatus() == status).isPresent());
        } catch (AssertionError e) {
            throw new AssertionError(String.join("\n", events()), e);
        }
        return find().orElseThrow();
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
