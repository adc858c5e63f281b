package dev.terrane.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.terrane.kernel.store.RecordCodec;
import dev.terrane.sns.SnsService;
import dev.terrane.sqs.SqsService;
import dev.terrane.testkit.TestServer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.BucketVersioningStatus;
import software.amazon.awssdk.services.s3.model.Event;
import software.amazon.awssdk.services.s3.model.FilterRule;
import software.amazon.awssdk.services.s3.model.GetBucketNotificationConfigurationResponse;
import software.amazon.awssdk.services.s3.model.LambdaFunctionConfiguration;
import software.amazon.awssdk.services.s3.model.NotificationConfiguration;
import software.amazon.awssdk.services.s3.model.QueueConfiguration;
import software.amazon.awssdk.services.s3.model.Tag;
import software.amazon.awssdk.services.s3.model.TopicConfiguration;
import software.amazon.awssdk.services.sns.SnsClient;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.Message;
import tools.jackson.databind.JsonNode;

/** Queues and topics that are told what happens in a bucket. */
class NotificationsTest {
    private static final String QUEUE = "arn:aws:sqs:us-east-1:123456789012:told";

    private final TestServer server = TestServer.with(S3Service::new, SqsService::new, SnsService::new);
    private String url = "";

    @BeforeEach
    void make() {
        s3().createBucket(r -> r.bucket("papers"));
        url = sqs().createQueue(r -> r.queueName("told")).queueUrl();
        allow("s3.amazonaws.com");
    }

    @AfterEach
    void end() {
        assertThat(server.faults()).isEmpty();
        server.close();
    }

    private S3Client s3() {
        return server.client(S3Client.class);
    }

    private SqsClient sqs() {
        return server.client(SqsClient.class);
    }

    private void allow(String service) {
        String policy = "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Principal\":{\"Service\":\""
                + service + "\"},\"Action\":\"sqs:SendMessage\",\"Resource\":\"" + QUEUE
                + "\",\"Condition\":{\"ArnLike\":{\"aws:SourceArn\":\"arn:aws:s3:::papers\"},"
                + "\"StringEquals\":{\"aws:SourceAccount\":\"123456789012\"}}}]}";
        sqs().setQueueAttributes(r -> r.queueUrl(url).attributesWithStrings(Map.of("Policy", policy)));
    }

    private static QueueConfiguration queue(String id, String event, String prefix, String suffix) {
        return QueueConfiguration.builder()
                .id(id)
                .queueArn(QUEUE)
                .eventsWithStrings(event)
                .filter(f -> f.key(k -> k.filterRules(
                        FilterRule.builder().name("prefix").value(prefix).build(),
                        FilterRule.builder().name("suffix").value(suffix).build())))
                .build();
    }

    private void tell(QueueConfiguration... queues) {
        s3().putBucketNotificationConfiguration(
                        r -> r.bucket("papers").notificationConfiguration(c -> c.queueConfigurations(queues)));
    }

    private void put(String key) {
        s3().putObject(r -> r.bucket("papers").key(key), RequestBody.fromString("hello"));
    }

    /** What the queue holds by now, without the test message. */
    private List<JsonNode> told(int count) {
        List<JsonNode> told = new ArrayList<>();
        TestServer.await(() -> {
            for (Message message : sqs().receiveMessage(r -> r.queueUrl(url).maxNumberOfMessages(10))
                    .messages()) {
                sqs().deleteMessage(r -> r.queueUrl(url).receiptHandle(message.receiptHandle()));
                RecordCodec.json().readTree(message.body()).path("Records").forEach(told::add);
            }
            return told.size() >= count;
        });
        return told;
    }

    @Test
    void aQueueIsToldByATestThatItWillBe() {
        tell(queue("one", "s3:ObjectCreated:*", "", ""));
        JsonNode test = RecordCodec.json()
                .readTree(sqs().receiveMessage(r -> r.queueUrl(url))
                        .messages()
                        .getFirst()
                        .body());
        assertThat(test.path("Service").asString()).isEqualTo("Amazon S3");
        assertThat(test.path("Event").asString()).isEqualTo("s3:TestEvent");
        assertThat(test.path("Bucket").asString()).isEqualTo("papers");
        assertThat(test.path("Time").asString()).isEqualTo("2026-03-01T12:00:00.000Z");
    }

    @Test
    void aWrittenObjectIsToldOf() {
        tell(queue("written", "s3:ObjectCreated:*", "plans/", ".txt"));
        put("plans/no.bin");
        put("other/no.txt");
        put("plans/a plan+.txt");
        JsonNode record = told(1).getFirst();
        assertThat(record.path("eventVersion").asString()).isEqualTo("2.1");
        assertThat(record.path("eventSource").asString()).isEqualTo("aws:s3");
        assertThat(record.path("eventName").asString()).isEqualTo("ObjectCreated:Put");
        assertThat(record.path("awsRegion").asString()).isEqualTo("us-east-1");
        assertThat(record.at("/s3/configurationId").asString()).isEqualTo("written");
        assertThat(record.at("/s3/bucket/arn").asString()).isEqualTo("arn:aws:s3:::papers");
        assertThat(record.at("/s3/object/key").asString()).isEqualTo("plans/a+plan%2B.txt");
        assertThat(record.at("/s3/object/size").asLong()).isEqualTo(5);
        assertThat(record.at("/s3/object/eTag").asString()).isEqualTo("5d41402abc4b2a76b9719d911017c592");
        assertThat(record.at("/s3/object").has("versionId")).isFalse();
        assertThat(record.at("/userIdentity/principalId").asString()).startsWith("AWS:AIDA");
    }

    @Test
    void eachKindOfEventHasItsName() {
        tell(
                queue("all", "s3:ObjectCreated:*", "", ""),
                queue("gone", "s3:ObjectRemoved:*", "", ""),
                queue("tags", "s3:ObjectTagging:*", "", ""));
        s3().putBucketVersioning(
                        r -> r.bucket("papers").versioningConfiguration(v -> v.status(BucketVersioningStatus.ENABLED)));
        put("a");
        s3().copyObject(r -> r.sourceBucket("papers")
                .sourceKey("a")
                .destinationBucket("papers")
                .destinationKey("b"));
        s3().putObjectTagging(r -> r.bucket("papers")
                .key("a")
                .tagging(t -> t.tagSet(Tag.builder().key("k").value("v").build())));
        s3().deleteObjectTagging(r -> r.bucket("papers").key("a"));
        String version = s3().headObject(r -> r.bucket("papers").key("b")).versionId();
        s3().deleteObject(r -> r.bucket("papers").key("a"));
        s3().deleteObject(r -> r.bucket("papers").key("b").versionId(version));
        assertThat(told(6))
                .extracting(record -> record.path("eventName").asString())
                .containsExactlyInAnyOrder(
                        "ObjectCreated:Put",
                        "ObjectCreated:Copy",
                        "ObjectTagging:Put",
                        "ObjectTagging:Delete",
                        "ObjectRemoved:DeleteMarkerCreated",
                        "ObjectRemoved:Delete");
    }

    @Test
    void aTopicIsTold() {
        String topic =
                server.client(SnsClient.class).createTopic(r -> r.name("news")).topicArn();
        TopicConfiguration news = TopicConfiguration.builder()
                .topicArn(topic)
                .events(Event.S3_OBJECT_CREATED_PUT)
                .build();
        assertThatThrownBy(() -> s3().putBucketNotificationConfiguration(
                                r -> r.bucket("papers").notificationConfiguration(c -> c.topicConfigurations(news))))
                .hasMessageContaining("Unable to validate the following destination configurations");
        server.client(SnsClient.class)
                .setTopicAttributes(r -> r.topicArn(topic)
                        .attributeName("Policy")
                        .attributeValue(
                                "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Principal\":"
                                        + "{\"Service\":\"s3.amazonaws.com\"},\"Action\":\"sns:Publish\",\"Resource\":\""
                                        + topic
                                        + "\"}]}"));
        allow("sns.amazonaws.com");
        sqs().setQueueAttributes(r -> r.queueUrl(url)
                .attributesWithStrings(Map.of(
                        "Policy",
                        "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Principal\":{\"Service\":"
                                + "\"sns.amazonaws.com\"},\"Action\":\"sqs:SendMessage\",\"Resource\":\"" + QUEUE
                                + "\"}]}")));
        server.client(SnsClient.class)
                .subscribe(r -> r.topicArn(topic)
                        .protocol("sqs")
                        .endpoint(QUEUE)
                        .attributes(Map.of("RawMessageDelivery", "true")));
        s3().putBucketNotificationConfiguration(
                        r -> r.bucket("papers").notificationConfiguration(c -> c.topicConfigurations(news)));
        put("a");
        assertThat(told(1).getFirst().path("eventName").asString()).isEqualTo("ObjectCreated:Put");
    }

    @Test
    void whatIsSetIsTold() {
        tell(queue("written", "s3:ObjectCreated:*", "plans/", ""));
        GetBucketNotificationConfigurationResponse told =
                s3().getBucketNotificationConfiguration(r -> r.bucket("papers"));
        assertThat(told.queueConfigurations()).singleElement().satisfies(one -> {
            assertThat(one.id()).isEqualTo("written");
            assertThat(one.queueArn()).isEqualTo(QUEUE);
            assertThat(one.events()).containsExactly(Event.S3_OBJECT_CREATED);
            assertThat(one.filter().key().filterRules())
                    .singleElement()
                    .satisfies(rule -> assertThat(rule.value()).isEqualTo("plans/"));
        });
        assertThat(told.eventBridgeConfiguration()).isNull();
        tell();
        assertThat(s3().getBucketNotificationConfiguration(r -> r.bucket("papers"))
                        .queueConfigurations())
                .isEmpty();
        put("a");
        assertThat(sqs().receiveMessage(r -> r.queueUrl(url).maxNumberOfMessages(10))
                        .messages())
                .noneMatch(message -> message.body().contains("Records"));
    }

    private void refused(String why, QueueConfiguration... queues) {
        assertThatThrownBy(() -> tell(queues)).hasMessageContaining(why);
    }

    @Test
    void whatCannotBeIsRefused() {
        refused(
                "Configuration is ambiguously defined",
                queue("a", "s3:ObjectCreated:*", "x/", ""),
                queue("b", "s3:ObjectCreated:Put", "x/y", ".txt"));
        refused(
                "IDs must be unique",
                queue("a", "s3:ObjectCreated:*", "x", ""),
                queue("a", "s3:ObjectCreated:*", "y", ""));
        refused("The event 's3:Nothing' is not supported", queue("a", "s3:Nothing", "", ""));
        QueueConfiguration good = queue("a", "s3:ObjectCreated:*", "", "");
        refused(
                "The ARN could not be parsed",
                good.toBuilder()
                        .queueArn("arn:aws:sns:us-east-1:123456789012:t")
                        .build());
        refused(
                "region is not valid",
                good.toBuilder()
                        .queueArn(QUEUE.replace("us-east-1", "eu-west-1"))
                        .build());
        refused(
                "Unable to validate the following destination configurations",
                good.toBuilder().queueArn(QUEUE + "-not").build());
        allow("sns.amazonaws.com");
        refused("Unable to validate the following destination configurations", good);
        s3().putBucketNotificationConfiguration(r -> r.bucket("papers")
                .skipDestinationValidation(true)
                .notificationConfiguration(c -> c.queueConfigurations(good)));
        NotificationConfiguration lambda = NotificationConfiguration.builder()
                .lambdaFunctionConfigurations(LambdaFunctionConfiguration.builder()
                        .lambdaFunctionArn("arn:aws:lambda:us-east-1:123456789012:function:f")
                        .events(Event.S3_OBJECT_CREATED)
                        .build())
                .build();
        assertThatThrownBy(() -> s3().putBucketNotificationConfiguration(
                                r -> r.bucket("papers").notificationConfiguration(lambda)))
                .hasMessageContaining("Lambda");
    }

    /** A queue that takes nothing for a while is told later, also by another server. */
    @Test
    void whatCouldNotBeToldIsToldLater() {
        tell(queue("a", "s3:ObjectCreated:*", "", ""));
        allow("sns.amazonaws.com");
        put("a");
        server.restart();
        allow("s3.amazonaws.com");
        TestServer.await(() -> {
            server.advance(Duration.ofSeconds(5));
            return sqs().getQueueAttributes(
                            r -> r.queueUrl(url).attributeNamesWithStrings("ApproximateNumberOfMessages"))
                    .attributesAsStrings()
                    .containsValue("2");
        });
        assertThat(told(1).getFirst().at("/s3/object/key").asString()).isEqualTo("a");
    }
}
