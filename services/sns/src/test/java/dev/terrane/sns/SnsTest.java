package dev.terrane.sns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.terrane.kernel.store.RecordCodec;
import dev.terrane.sqs.SqsService;
import dev.terrane.testkit.TestServer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.services.sns.SnsClient;
import software.amazon.awssdk.services.sns.model.MessageAttributeValue;
import software.amazon.awssdk.services.sns.model.NotFoundException;
import software.amazon.awssdk.services.sns.model.PublishBatchRequestEntry;
import software.amazon.awssdk.services.sns.model.PublishBatchResponse;
import software.amazon.awssdk.services.sns.model.Subscription;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;
import tools.jackson.databind.JsonNode;

final class SnsTest {
    private static final String QUEUE_ARN = "arn:aws:sqs:us-east-1:123456789012:";

    private TestServer server;
    private SnsClient sns;
    private SqsClient sqs;

    @BeforeEach
    void start() {
        server = TestServer.with(SnsService::new, SqsService::new);
        connect();
    }

    private void connect() {
        sns = server.client(SnsClient.class);
        sqs = server.client(SqsClient.class);
    }

    @AfterEach
    void stop() {
        assertThat(server.faults()).isEmpty();
        server.close();
    }

    private String topic(String name) {
        return sns.createTopic(r -> r.name(name)).topicArn();
    }

    private String queue(String name, Map<QueueAttributeName, String> attributes) {
        Map<QueueAttributeName, String> all = new java.util.HashMap<>(attributes);
        all.put(QueueAttributeName.POLICY, """
                {"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"sns.amazonaws.com"},
                 "Action":"sqs:SendMessage","Resource":"%s"}]}""".formatted(QUEUE_ARN + name));
        return sqs.createQueue(r -> r.queueName(name).attributes(all)).queueUrl();
    }

    private String subscribe(String topic, String queue, Map<String, String> attributes) {
        return sns.subscribe(r -> r.topicArn(topic)
                        .protocol("sqs")
                        .endpoint(QUEUE_ARN + queue)
                        .attributes(attributes))
                .subscriptionArn();
    }

    private List<Message> await(String url, int count) {
        List<Message> got = new ArrayList<>();
        TestServer.await(() -> {
            got.addAll(sqs.receiveMessage(
                            r -> r.queueUrl(url).maxNumberOfMessages(10).messageAttributeNames("All"))
                    .messages());
            return got.size() >= count;
        });
        return got;
    }

    private static JsonNode json(String text) {
        return RecordCodec.json().readTree(text);
    }

    private static MessageAttributeValue text(String value) {
        return MessageAttributeValue.builder()
                .dataType("String")
                .stringValue(value)
                .build();
    }

    @Test
    void queueGetsASignedEnvelope() throws Exception {
        String topic = topic("t");
        assertThat(topic).isEqualTo("arn:aws:sns:us-east-1:123456789012:t");
        String url = queue("q", Map.of());
        assertThat(subscribe(topic, "q", Map.of())).startsWith(topic + ":");
        String id = sns.publish(r -> r.topicArn(topic)
                        .message("hello")
                        .subject("greeting")
                        .messageAttributes(Map.of("kind", text("a"))))
                .messageId();
        JsonNode envelope = json(await(url, 1).getFirst().body());
        assertThat(envelope.path("Type").asString()).isEqualTo("Notification");
        assertThat(envelope.path("MessageId").asString()).isEqualTo(id);
        assertThat(envelope.path("Message").asString()).isEqualTo("hello");
        assertThat(envelope.path("Timestamp").asString()).isEqualTo("2026-03-01T12:00:00.000Z");
        assertThat(envelope.path("MessageAttributes").path("kind").path("Value").asString())
                .isEqualTo("a");
        String signed = "Message\nhello\nMessageId\n" + id
                + "\nSubject\ngreeting\nTimestamp\n2026-03-01T12:00:00.000Z\nTopicArn\n" + topic
                + "\nType\nNotification\n";
        Signature signature = Signature.getInstance("SHA1withRSA");
        signature.initVerify(CertificateFactory.getInstance("X.509")
                .generateCertificate(new ByteArrayInputStream(
                        get(envelope.path("SigningCertURL").asString()).body().getBytes(StandardCharsets.UTF_8))));
        signature.update(signed.getBytes(StandardCharsets.UTF_8));
        assertThat(signature.verify(
                        Base64.getDecoder().decode(envelope.path("Signature").asString())))
                .isTrue();
    }

    private static HttpResponse<String> get(String url) throws IOException, InterruptedException {
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(HttpRequest.newBuilder(URI.create(url)).build(), HttpResponse.BodyHandlers.ofString());
        }
    }

    @Test
    void rawDeliveryGivesTheMessageAndItsAttributes() {
        String topic = topic("t");
        String url = queue("q", Map.of());
        subscribe(topic, "q", Map.of("RawMessageDelivery", "true"));
        sns.publish(r -> r.topicArn(topic)
                .messageStructure("json")
                .message("{\"default\":\"for all\",\"sqs\":\"for queues\"}")
                .messageAttributes(Map.of("kind", text("a"))));
        Message message = await(url, 1).getFirst();
        assertThat(message.body()).isEqualTo("for queues");
        assertThat(Objects.requireNonNull(message.messageAttributes().get("kind"))
                        .stringValue())
                .isEqualTo("a");
    }

    @Test
    void filtersKeepOutWhatIsNotWanted() {
        String topic = topic("t");
        String byAttribute = queue("by-attribute", Map.of());
        String byBody = queue("by-body", Map.of());
        subscribe(
                topic,
                "by-attribute",
                Map.of(
                        "RawMessageDelivery",
                        "true",
                        "FilterPolicy",
                        "{\"kind\":[{\"anything-but\":[\"b\"]}],\"n\":[{\"numeric\":[\">\",5]}]}"));
        subscribe(
                topic,
                "by-body",
                Map.of(
                        "RawMessageDelivery",
                        "true",
                        "FilterPolicyScope",
                        "MessageBody",
                        "FilterPolicy",
                        "{\"order\":{\"state\":[{\"prefix\":\"ship\"}]}}"));
        MessageAttributeValue six = MessageAttributeValue.builder()
                .dataType("Number")
                .stringValue("6")
                .build();
        sns.publish(r -> r.topicArn(topic).message("b").messageAttributes(Map.of("kind", text("b"), "n", six)));
        sns.publish(r -> r.topicArn(topic).message("none"));
        sns.publish(r -> r.topicArn(topic)
                .message("{\"order\":{\"state\":\"shipped\"}}")
                .messageAttributes(Map.of("kind", text("a"), "n", six)));
        assertThat(await(byAttribute, 1))
                .extracting(Message::body)
                .containsExactly("{\"order\":{\"state\":\"shipped\"}}");
        assertThat(await(byBody, 1)).hasSize(1);
        refused(() -> subscribe(topic, "other", Map.of("FilterPolicy", "{\"a\":\"b\"}")), "FilterPolicy");
    }

    @Test
    void fifoTopicKeepsOrderAndDropsDuplicates() {
        String topic = sns.createTopic(r ->
                        r.name("t.fifo").attributes(Map.of("FifoTopic", "true", "ContentBasedDeduplication", "true")))
                .topicArn();
        String url = queue("q.fifo", Map.of(QueueAttributeName.FIFO_QUEUE, "true"));
        subscribe(topic, "q.fifo", Map.of("RawMessageDelivery", "true"));
        List<String> bodies = List.of("1", "2", "3", "4", "5");
        bodies.forEach(body -> sns.publish(r -> r.topicArn(topic).message(body).messageGroupId("g")));
        sns.publish(r -> r.topicArn(topic).message("1").messageGroupId("g"));
        List<String> got = new ArrayList<>();
        TestServer.await(() -> {
            sqs.receiveMessage(r -> r.queueUrl(url).maxNumberOfMessages(10))
                    .messages()
                    .forEach(m -> {
                        got.add(m.body());
                        sqs.deleteMessage(r -> r.queueUrl(url).receiptHandle(m.receiptHandle()));
                    });
            return got.size() >= 5;
        });
        assertThat(got).isEqualTo(bodies);
        refused(() -> sns.publish(r -> r.topicArn(topic).message("x")), "MessageGroupId");
    }

    @Test
    void queueThatDoesNotAllowItLeadsToTheDeadLetters() {
        String topic = topic("t");
        sqs.createQueue(r -> r.queueName("closed"));
        String dead = queue("dead", Map.of());
        subscribe(
                topic,
                "closed",
                Map.of(
                        "RawMessageDelivery",
                        "true",
                        "RedrivePolicy",
                        "{\"deadLetterTargetArn\":\"" + QUEUE_ARN + "dead\"}"));
        sns.publish(r -> r.topicArn(topic).message("lost"));
        Message message = await(dead, 1).getFirst();
        assertThat(message.body()).isEqualTo("lost");
        assertThat(message.messageAttributes()).containsKeys("ErrorCode", "ErrorMessage");
    }

    /** An endpoint of a subscriber. */
    private static final class Receiver implements AutoCloseable {
        private final HttpServer http;
        private final List<Map.Entry<String, JsonNode>> got = new CopyOnWriteArrayList<>();
        private final AtomicInteger refusals = new AtomicInteger();

        Receiver() throws IOException {
            http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            http.createContext("/", this::take);
            http.start();
        }

        private void take(HttpExchange exchange) throws IOException {
            String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            if (refusals.getAndDecrement() > 0) {
                exchange.sendResponseHeaders(503, -1);
            } else {
                got.add(Map.entry(exchange.getRequestHeaders().getFirst("x-amz-sns-message-type"), json(body)));
                exchange.sendResponseHeaders(200, -1);
            }
            exchange.close();
        }

        String url() {
            return "http://127.0.0.1:" + http.getAddress().getPort() + "/hook";
        }

        @Override
        public void close() {
            http.stop(0);
        }
    }

    @Test
    void httpEndpointConfirmsGetsMessagesAndUnsubscribes() throws Exception {
        String topic = topic("t");
        try (Receiver receiver = new Receiver()) {
            assertThat(sns.subscribe(r -> r.topicArn(topic).protocol("http").endpoint(receiver.url()))
                            .subscriptionArn())
                    .isEqualTo("pending confirmation");
            assertThat(sns.listSubscriptionsByTopic(r -> r.topicArn(topic)).subscriptions())
                    .extracting(Subscription::subscriptionArn)
                    .containsExactly("PendingConfirmation");
            sns.publish(r -> r.topicArn(topic).message("too early"));
            TestServer.await(() -> receiver.got.size() == 1);
            assertThat(receiver.got.getFirst().getKey()).isEqualTo("SubscriptionConfirmation");
            JsonNode asked = receiver.got.getFirst().getValue();
            refused(() -> sns.confirmSubscription(r -> r.topicArn(topic).token("made up")), "Token");
            assertThat(get(asked.path("SubscribeURL").asString()).body()).contains("<SubscriptionArn>" + topic + ":");
            receiver.refusals.set(1);
            sns.publish(r -> r.topicArn(topic).message("hello"));
            TestServer.await(() -> receiver.refusals.get() <= 0);
            server.restart();
            connect();
            TestServer.await(() -> {
                server.advance(Duration.ofSeconds(20));
                return receiver.got.size() == 2;
            });
            JsonNode message = receiver.got.getLast().getValue();
            assertThat(message.path("Message").asString()).isEqualTo("hello");
            String port = Integer.toString(server.url().getPort());
            String end = message.path("UnsubscribeURL").asString().replaceFirst(":[0-9]+/", ":" + port + "/");
            assertThat(get(end).statusCode()).isEqualTo(200);
            assertThat(sns.listSubscriptionsByTopic(r -> r.topicArn(topic)).subscriptions())
                    .isEmpty();
        }
    }

    @Test
    void metadataAddressIsNeverPostedTo() {
        String topic = topic("t");
        String dead = queue("dead", Map.of());
        String subscription = sns.subscribe(r -> r.topicArn(topic)
                        .protocol("http")
                        .endpoint("http://169.254.169.254/latest/meta-data")
                        .returnSubscriptionArn(true))
                .subscriptionArn();
        String token = new Tokens(server.platform().masterKey()).toConfirm(subscription);
        sns.confirmSubscription(r -> r.topicArn(topic).token(token));
        sns.setSubscriptionAttributes(r -> r.subscriptionArn(subscription)
                .attributeName("RedrivePolicy")
                .attributeValue("{\"deadLetterTargetArn\":\"" + QUEUE_ARN + "dead\"}"));
        sns.publish(r -> r.topicArn(topic).message("m"));
        assertThat(Objects.requireNonNull(
                                await(dead, 1).getFirst().messageAttributes().get("ErrorCode"))
                        .stringValue())
                .isEqualTo("REFUSED");
    }

    @Test
    void topicsAreKeptListedAndDeleted() {
        String topic = topic("t");
        assertThat(topic("t")).isEqualTo(topic);
        sns.setTopicAttributes(
                r -> r.topicArn(topic).attributeName("DisplayName").attributeValue("shown"));
        subscribe(topic, "q", Map.of());
        server.restart();
        connect();
        assertThat(sns.getTopicAttributes(r -> r.topicArn(topic)).attributes())
                .containsEntry("DisplayName", "shown")
                .containsEntry("Owner", "123456789012")
                .containsEntry("SubscriptionsConfirmed", "1")
                .containsKey("Policy");
        assertThat(sns.listTopics(r -> {}).topics()).hasSize(1);
        sns.deleteTopic(r -> r.topicArn(topic));
        sns.deleteTopic(r -> r.topicArn(topic));
        assertThatThrownBy(() -> sns.publish(r -> r.topicArn(topic).message("m")))
                .isInstanceOf(NotFoundException.class)
                .hasMessageContaining("Topic does not exist");
        assertThat(sns.listSubscriptions(r -> {}).subscriptions()).isEmpty();
    }

    /** Terraform sets every sample rate to 0. Without a role to log by, no rate has an effect, as in AWS. */
    @Test
    void sampleRatesAreKeptAndRolesForDeliveryLogsRefused() {
        String topic = topic("t");
        sns.setTopicAttributes(r ->
                r.topicArn(topic).attributeName("HTTPSuccessFeedbackSampleRate").attributeValue("0"));
        sns.setTopicAttributes(r ->
                r.topicArn(topic).attributeName("SQSSuccessFeedbackSampleRate").attributeValue("100"));
        assertThat(sns.getTopicAttributes(r -> r.topicArn(topic)).attributes())
                .containsEntry("HTTPSuccessFeedbackSampleRate", "0")
                .containsEntry("SQSSuccessFeedbackSampleRate", "100");
        refused(
                () -> sns.setTopicAttributes(r -> r.topicArn(topic)
                        .attributeName("SQSSuccessFeedbackSampleRate")
                        .attributeValue("101")),
                "SQSSuccessFeedbackSampleRate: Invalid value");
        refused(
                () -> sns.setTopicAttributes(r -> r.topicArn(topic)
                        .attributeName("SQSSuccessFeedbackRoleArn")
                        .attributeValue("arn:aws:iam::123456789012:role/logs")),
                "SQSSuccessFeedbackRoleArn is not offered here");
    }

    @Test
    void wrongParametersAreRefused() {
        String topic = topic("t");
        refused(() -> topic("no spaces"), "Topic Name");
        refused(() -> topic("t.fifo"), "Topic Name");
        refused(() -> sns.publish(r -> r.topicArn(topic).message("")), "Empty message");
        refused(() -> sns.publish(r -> r.topicArn(topic).message("x".repeat(262_145))), "Message too long");
        refused(() -> sns.publish(r -> r.topicArn(topic).message("m").subject("two\nlines")), "Subject");
        refused(
                () -> sns.publish(
                        r -> r.topicArn(topic).messageStructure("json").message("{\"sqs\":\"x\"}")),
                "No default entry");
        refused(
                () -> sns.subscribe(r -> r.topicArn(topic).protocol("email").endpoint("a@example.com")),
                "email is not offered here");
        refused(
                () -> sns.subscribe(r -> r.topicArn(topic).protocol("http").endpoint("https://example.com")),
                "Endpoint must match the specified protocol");
        PublishBatchResponse batch = sns.publishBatch(r -> r.topicArn(topic)
                .publishBatchRequestEntries(
                        PublishBatchRequestEntry.builder().id("1").message("m").build(),
                        PublishBatchRequestEntry.builder().id("2").message("").build()));
        assertThat(batch.successful()).hasSize(1);
        assertThat(batch.failed())
                .singleElement()
                .satisfies(f -> assertThat(f.id()).isEqualTo("2"));
    }

    @Test
    void whoMayNotIsDeniedUnlessTheTopicAllowsIt() {
        String topic = topic("t");
        SnsClient limited = server.clientWith(
                SnsClient.class,
                "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Action\":\"sns:ListTopics\",\"Resource\":\"*\"}]}");
        assertThatThrownBy(() -> limited.publish(r -> r.topicArn(topic).message("m")))
                .hasMessageContaining("not authorized to perform: sns:Publish on resource: " + topic);
        sns.setTopicAttributes(r -> r.topicArn(topic).attributeName("Policy").attributeValue("""
                        {"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":"*","Action":"sns:Publish",
                         "Resource":"%s"}]}""".formatted(topic)));
        limited.publish(r -> r.topicArn(topic).message("m"));
    }

    private static void refused(Runnable call, String message) {
        assertThatThrownBy(call::run)
                .isInstanceOfSatisfying(
                        AwsServiceException.class,
                        e -> assertThat(e.awsErrorDetails().errorCode()).isEqualTo("InvalidParameter"))
                .hasMessageContaining(message);
    }
}
