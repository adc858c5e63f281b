package dev.terrane.cloudtrail;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.terrane.kernel.store.RecordCodec;
import dev.terrane.testkit.TestIdentities;
import dev.terrane.testkit.TestServer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.cloudtrail.CloudTrailClient;
import software.amazon.awssdk.services.cloudtrail.model.DataResource;
import software.amazon.awssdk.services.cloudtrail.model.EventSelector;
import software.amazon.awssdk.services.cloudtrail.model.GetTrailStatusResponse;
import software.amazon.awssdk.services.cloudtrail.model.InsufficientEncryptionPolicyException;
import software.amazon.awssdk.services.cloudwatchlogs.CloudWatchLogsClient;
import software.amazon.awssdk.services.cloudwatchlogs.model.OutputLogEvent;
import software.amazon.awssdk.services.kms.KmsClient;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.sns.SnsClient;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;
import tools.jackson.databind.JsonNode;

/** What trails deliver, and when it is refused. */
final class DeliveryTest {
    private final TrailFixture fixture = new TrailFixture();
    private final TestServer server = fixture.server();
    private boolean crashes;

    @AfterEach
    void stop() {
        if (!crashes) {
            assertThat(server.faults()).isEmpty();
        }
        fixture.close();
    }

    private GetTrailStatusResponse status(String name) {
        return fixture.trail().getTrailStatus(r -> r.name(name));
    }

    @Test
    void eventsAreInAFileOfTheirRegionAfterFiveMinutes() {
        fixture.logging("first");
        server.client(KmsClient.class).createKey(r -> {});
        server.advance(Duration.ofMinutes(5));
        String key = fixture.files(1).getFirst();
        assertThat(key)
                .matches("AWSLogs/123456789012/CloudTrail/us-east-1/2026/03/01/"
                        + "123456789012_CloudTrail_us-east-1_20260301T12\\d\\dZ_[A-Za-z0-9]{16}\\.json\\.gz");
        assertThat(fixture.eventNames()).contains("StartLogging", "CreateKey");
        JsonNode event = fixture.events().getFirst();
        assertThat(event.get("eventCategory").stringValue()).isEqualTo("Management");
        assertThat(event.get("recipientAccountId").stringValue()).isEqualTo(TestServer.ACCOUNT);
        assertThat(status("first").isLogging()).isTrue();
        assertThat(status("first").latestDeliveryTime()).isAfter(TestServer.START);
        assertThat(status("first").latestDeliveryError()).isNull();
        HeadObjectResponse head = server.client(S3Client.class)
                .headObject(r -> r.bucket(TrailFixture.BUCKET).key(key));
        assertThat(head.contentType()).isEqualTo("application/json");
        assertThat(head.contentEncoding()).isEqualTo("gzip");
    }

    @Test
    void eachEventIsDeliveredOnceOverRestarts() {
        fixture.logging("first");
        for (int i = 0; i < 30; i++) {
            String description = "key " + i;
            server.client(KmsClient.class).createKey(r -> r.description(description));
            if (i % 10 == 5) {
                server.restart();
                server.advance(Duration.ofMinutes(5));
            }
        }
        KmsClient kms = server.client(KmsClient.class);
        kms.createAlias(r -> r.aliasName("alias/last")
                .targetKeyId(server.client(KmsClient.class)
                        .listKeys()
                        .keys()
                        .getFirst()
                        .keyId()));
        fixture.awaitEvent("CreateAlias");
        List<String> ids = fixture.events().stream()
                .map(event -> event.get("eventID").stringValue())
                .toList();
        assertThat(ids).doesNotHaveDuplicates();
        assertThat(fixture.eventNames().stream().filter("CreateKey"::equals)).hasSize(30);
    }

    @Test
    void crashesBetweenTheStepsOfADeliveryLoseAndDoubleNothing() {
        crashes = true;
        fixture.logging("first");
        for (int crash = 0; crash < 8; crash++) {
            String description = "key " + crash;
            server.client(KmsClient.class).createKey(r -> r.description(description));
            server.crashAfter(crash);
            server.advance(Duration.ofMinutes(5));
            fixture.await(server::crashed);
            server.restart();
        }
        server.client(KmsClient.class).createKey(r -> r.description("last"));
        fixture.await(
                () -> fixture.eventNames().stream().filter("CreateKey"::equals).count() == 9);
        assertThat(fixture.events().stream().map(event -> event.get("eventID").stringValue()))
                .doesNotHaveDuplicates();
    }

    @Test
    void whatIsStoppedStillDeliversWhatItTook() {
        fixture.logging("first");
        server.client(KmsClient.class).createKey(r -> {});
        fixture.trail().stopLogging(r -> r.name("first"));
        server.client(KmsClient.class).listKeys(r -> {});
        fixture.awaitEvent("CreateKey");
        assertThat(fixture.eventNames()).doesNotContain("ListKeys");
        assertThat(status("first").isLogging()).isFalse();
        assertThat(status("first").stopLoggingTime()).isEqualTo(TestServer.START);
        fixture.trail().startLogging(r -> r.name("first"));
        server.client(KmsClient.class).listAliases(r -> {});
        fixture.awaitEvent("ListAliases");
    }

    @Test
    void nothingIsLostWhileTheBucketRefuses() {
        fixture.logging("first");
        S3Client s3 = server.client(S3Client.class);
        s3.deleteBucketPolicy(r -> r.bucket(TrailFixture.BUCKET));
        server.client(KmsClient.class).createKey(r -> {});
        server.advance(Duration.ofMinutes(5));
        TestServer.await(() -> status("first").latestDeliveryError() != null);
        assertThat(status("first").latestDeliveryError()).isEqualTo("AccessDenied");
        server.advance(Duration.ofDays(3));
        TrailFixture.allow(server, TrailFixture.BUCKET);
        fixture.awaitEvent("CreateKey");
        TestServer.await(() -> status("first").latestDeliveryError() == null);
    }

    @Test
    void aTrailOfAllRegionsHasAFileForEach() {
        fixture.trail()
                .createTrail(
                        r -> r.name("all").s3BucketName(TrailFixture.BUCKET).isMultiRegionTrail(true));
        fixture.trail().startLogging(r -> r.name("all"));
        server.client(KmsClient.class, server.administrator().principal(), "eu-west-1")
                .createKey(r -> {});
        fixture.awaitEvent("CreateKey");
        assertThat(fixture.keys("/CloudTrail/eu-west-1/")).isNotEmpty();
        fixture.await(() -> !fixture.keys("/CloudTrail/us-east-1/").isEmpty());
    }

    @Test
    void anotherAccountsAndRegionsCallsAreNotInATrail() {
        fixture.logging("first");
        server.client(KmsClient.class, server.administrator().principal(), "eu-west-1")
                .createKey(r -> {});
        server.client(
                        KmsClient.class,
                        server.identities()
                                .user("210987654321", "other", TestIdentities.EVERYTHING)
                                .principal())
                .createKey(r -> {});
        server.client(KmsClient.class).listKeys(r -> {});
        fixture.awaitEvent("ListKeys");
        assertThat(fixture.eventNames()).doesNotContain("CreateKey");
    }

    @Test
    void aNoticeIsPublishedForEachFile() {
        SqsClient sqs = server.client(SqsClient.class);
        String queue = sqs.createQueue(r -> r.queueName("notices")).queueUrl();
        String queueArn = sqs.getQueueAttributes(r -> r.queueUrl(queue).attributeNames(QueueAttributeName.QUEUE_ARN))
                .attributes()
                .get(QueueAttributeName.QUEUE_ARN);
        SnsClient sns = server.client(SnsClient.class);
        String topic = sns.createTopic(r -> r.name("files")).topicArn();
        sqs.setQueueAttributes(
                r -> r.queueUrl(queue).attributes(Map.of(QueueAttributeName.POLICY, """
                {"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"sns.amazonaws.com"},
                 "Action":"sqs:SendMessage","Resource":"%s"}]}""".formatted(queueArn))));
        TrailFixture.allowPublishing(server, topic);
        sns.subscribe(r ->
                r.topicArn(topic).protocol("sqs").endpoint(queueArn).attributes(Map.of("RawMessageDelivery", "true")));
        fixture.trail()
                .createTrail(
                        r -> r.name("first").s3BucketName(TrailFixture.BUCKET).snsTopicName("files"));
        fixture.trail().startLogging(r -> r.name("first"));
        assertThat(message(sqs, queue)).isEqualTo("{\"message\":\"CloudTrail validation message.\"}");
        server.advance(Duration.ofMinutes(5));
        JsonNode notice = RecordCodec.json().readTree(message(sqs, queue));
        assertThat(notice.get("s3Bucket").stringValue()).isEqualTo(TrailFixture.BUCKET);
        assertThat(notice.get("s3ObjectKey").get(0).stringValue())
                .isEqualTo(fixture.files(1).getFirst());
        TestServer.await(() -> status("first").latestNotificationTime() != null);
        sns.deleteTopic(r -> r.topicArn(topic));
        fixture.await(() -> status("first").latestNotificationError() != null);
    }

    private String message(SqsClient sqs, String queue) {
        List<String> bodies = new ArrayList<>();
        TestServer.await(() -> {
            sqs.receiveMessage(r -> r.queueUrl(queue)).messages().forEach(m -> {
                bodies.add(m.body());
                sqs.deleteMessage(r -> r.queueUrl(queue).receiptHandle(m.receiptHandle()));
            });
            return !bodies.isEmpty();
        });
        return bodies.getFirst();
    }

    @Test
    void eventsGoToTheLogGroupWithTheRightsOfTheRole() {
        CloudWatchLogsClient logs = server.client(CloudWatchLogsClient.class);
        logs.createLogGroup(r -> r.logGroupName("trail"));
        String role = TrailFixture.logsRole(server);
        fixture.trail()
                .createTrail(r -> r.name("first")
                        .s3BucketName(TrailFixture.BUCKET)
                        .cloudWatchLogsLogGroupArn("arn:aws:logs:us-east-1:123456789012:log-group:trail:*")
                        .cloudWatchLogsRoleArn(role));
        fixture.trail().startLogging(r -> r.name("first"));
        server.client(KmsClient.class).createKey(r -> {});
        server.advance(Duration.ofMinutes(5));
        TestServer.await(() -> status("first").latestCloudWatchLogsDeliveryTime() != null);
        assertThat(logs.getLogEvents(r -> r.logGroupName("trail").logStreamName("123456789012_CloudTrail_us-east-1"))
                        .events())
                .extracting(OutputLogEvent::message)
                .anyMatch(message -> message.contains("\"eventName\":\"CreateKey\""));
        logs.deleteLogGroup(r -> r.logGroupName("trail"));
        server.client(KmsClient.class).listKeys(r -> {});
        fixture.await(() -> status("first").latestCloudWatchLogsDeliveryError() != null);
        // The bucket has them nevertheless.
        fixture.awaitEvent("ListKeys");
    }

    @Test
    void filesAreUnderTheTrailsKey() {
        String key = TrailFixture.key(server);
        fixture.trail()
                .createTrail(
                        r -> r.name("first").s3BucketName(TrailFixture.BUCKET).kmsKeyId(key));
        fixture.trail().startLogging(r -> r.name("first"));
        String file = fixture.files(1).getFirst();
        HeadObjectResponse head = server.client(S3Client.class)
                .headObject(r -> r.bucket(TrailFixture.BUCKET).key(file));
        assertThat(head.ssekmsKeyId()).isEqualTo(key);
        String closed =
                server.client(KmsClient.class).createKey(r -> {}).keyMetadata().arn();
        assertThatThrownBy(() -> fixture.trail()
                        .createTrail(r -> r.name("other")
                                .s3BucketName(TrailFixture.BUCKET)
                                .kmsKeyId(closed)))
                .isInstanceOf(InsufficientEncryptionPolicyException.class);
    }

    @Test
    void aDeliveryMakesNoFurtherEvents() {
        fixture.logging("first");
        int files = fixture.files(1).size();
        int events = fixture.events().size();
        for (int i = 0; i < 12; i++) {
            server.advance(Duration.ofMinutes(5));
        }
        server.client(KmsClient.class).listKeys(r -> {});
        fixture.awaitEvent("ListKeys");
        assertThat(fixture.keys("/CloudTrail/")).hasSize(files + 1);
        assertThat(fixture.events().size()).isLessThan(events + 10);
    }

    @Test
    void dataEventsAreDeliveredWhereTheyAreSelected() {
        fixture.logging("first");
        S3Client s3 = server.client(S3Client.class);
        s3.createBucket(r -> r.bucket("watched"));
        s3.createBucket(r -> r.bucket("other"));
        put(s3, "watched", "before");
        fixture.trail()
                .putEventSelectors(r -> r.trailName("first")
                        .eventSelectors(EventSelector.builder()
                                .readWriteType("WriteOnly")
                                .dataResources(DataResource.builder()
                                        .type("AWS::S3::Object")
                                        .values("arn:aws:s3:::watched/")
                                        .build())
                                .build()));
        put(s3, "watched", "one");
        put(s3, "other", "two");
        s3.headObject(r -> r.bucket("watched").key("one"));
        server.client(KmsClient.class).createKey(r -> {});
        fixture.awaitEvent("CreateKey");
        List<JsonNode> puts = fixture.events().stream()
                .filter(event -> event.get("eventName").stringValue().equals("PutObject"))
                .toList();
        assertThat(puts).hasSize(1);
        JsonNode put = puts.getFirst();
        assertThat(put.get("eventCategory").stringValue()).isEqualTo("Data");
        assertThat(put.get("managementEvent").booleanValue()).isFalse();
        assertThat(put.at("/resources/0/ARN").stringValue()).isEqualTo("arn:aws:s3:::watched/one");
        assertThat(fixture.eventNames()).doesNotContain("HeadObject");
        // The history holds management events only.
        assertThat(server.client(CloudTrailClient.class).lookupEvents(r -> {}).events())
                .noneMatch(event -> event.eventName().equals("PutObject"));
    }

    private static void put(S3Client s3, String bucket, String key) {
        s3.putObject(PutObjectRequest.builder().bucket(bucket).key(key).build(), RequestBody.fromString("content"));
    }
}
