package dev.terrane.cloudtrail;

import dev.terrane.cloudwatchlogs.CloudWatchLogsService;
import dev.terrane.kernel.store.RecordCodec;
import dev.terrane.kms.KmsService;
import dev.terrane.s3.S3Service;
import dev.terrane.sns.SnsService;
import dev.terrane.sqs.SqsService;
import dev.terrane.testkit.TestServer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.zip.GZIPInputStream;
import software.amazon.awssdk.core.SdkClient;
import software.amazon.awssdk.core.sync.ResponseTransformer;
import software.amazon.awssdk.services.cloudtrail.CloudTrailClient;
import software.amazon.awssdk.services.kms.KmsClient;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.GetObjectRequest;
import software.amazon.awssdk.services.s3.model.S3Object;
import software.amazon.awssdk.services.sns.SnsClient;
import tools.jackson.databind.JsonNode;

/** A server with what trails deliver to, and a bucket that CloudTrail may write to. */
final class TrailFixture implements AutoCloseable {
    static final String BUCKET = "the-logs";
    static final String ACCOUNT = TestServer.ACCOUNT;
    private static final int LOOKS = 10;

    private final TestServer server = start();

    TrailFixture() {
        bucket(server, BUCKET);
    }

    static TestServer start() {
        return TestServer.with(
                CloudTrailService::new,
                S3Service::new,
                KmsService::new,
                SnsService::new,
                SqsService::new,
                CloudWatchLogsService::new);
    }

    TestServer server() {
        return server;
    }

    <C extends SdkClient> C client(Class<C> api) {
        return server.client(api);
    }

    CloudTrailClient trail() {
        return client(CloudTrailClient.class);
    }

    /** A bucket with the policy that AWS's guide gives. */
    static void bucket(TestServer on, String name) {
        S3Client s3 = on.client(S3Client.class);
        s3.createBucket(r -> r.bucket(name));
        allow(on, name);
    }

    static void allow(TestServer on, String name) {
        on.client(S3Client.class).putBucketPolicy(r -> r.bucket(name).policy("""
                {"Version":"2012-10-17","Statement":[
                 {"Effect":"Allow","Principal":{"Service":"cloudtrail.amazonaws.com"},"Action":"s3:GetBucketAcl",
                  "Resource":"arn:aws:s3:::%1$s"},
                 {"Effect":"Allow","Principal":{"Service":"cloudtrail.amazonaws.com"},"Action":"s3:PutObject",
                  "Resource":"arn:aws:s3:::%1$s/*",
                  "Condition":{"StringEquals":{"s3:x-amz-acl":"bucket-owner-full-control"},
                   "StringLike":{"aws:SourceArn":"arn:aws:cloudtrail:*:%2$s:trail/*"}}}]}""".formatted(name, ACCOUNT)));
    }

    /** A key with the policy that AWS's guide gives. */
    static String key(TestServer on) {
        return on.client(KmsClient.class)
                .createKey(r -> r.policy("""
                {"Version":"2012-10-17","Statement":[
                 {"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::%1$s:root"},"Action":"kms:*","Resource":"*"},
                 {"Effect":"Allow","Principal":{"Service":"cloudtrail.amazonaws.com"},"Action":"kms:DescribeKey","Resource":"*"},
                 {"Effect":"Allow","Principal":{"Service":"cloudtrail.amazonaws.com"},"Action":"kms:GenerateDataKey*",
                  "Resource":"*","Condition":{"StringLike":{"kms:EncryptionContext:aws:cloudtrail:arn":
                  "arn:aws:cloudtrail:*:%1$s:trail/*","aws:SourceArn":"arn:aws:cloudtrail:*:%1$s:trail/*"}}}]}""".formatted(ACCOUNT)))
                .keyMetadata()
                .arn();
    }

    static void allowPublishing(TestServer on, String topic) {
        on.client(SnsClient.class)
                .setTopicAttributes(
                        r -> r.topicArn(topic).attributeName("Policy").attributeValue("""
                {"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"cloudtrail.amazonaws.com"},
                 "Action":"SNS:Publish","Resource":"%s","Condition":{"StringLike":{"aws:SourceArn":
                 "arn:aws:cloudtrail:*:%s:trail/*"}}}]}""".formatted(topic, ACCOUNT)));
    }

    /** A role that writes to the log group {@code trail}. */
    static String logsRole(TestServer on) {
        return on.identities().role(ACCOUNT, "to-logs", "cloudtrail.amazonaws.com", """
                {"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["logs:CreateLogStream","logs:PutLogEvents"],
                 "Resource":"arn:aws:logs:us-east-1:%1$s:log-group:trail:log-stream:%1$s_CloudTrail_us-east-1*"}]}""".formatted(ACCOUNT));
    }

    /** A trail that logs. */
    String logging(String name) {
        String arn = trail().createTrail(r -> r.name(name).s3BucketName(BUCKET)).trailARN();
        trail().startLogging(r -> r.name(name));
        return arn;
    }

    /** The keys of the files with events, once there are so many. */
    List<String> files(int count) {
        return keys("/CloudTrail/", count);
    }

    /** The keys of the digests, once there are so many: an hour for each that is wanted. */
    List<String> digests(int count) {
        server.advance(Duration.ofHours(1));
        return keys("/CloudTrail-Digest/", count);
    }

    private List<String> keys(String folder, int count) {
        await(() -> keys(folder).size() >= count);
        return keys(folder);
    }

    /** Waits until something holds, while time goes by: not so fast that a delivery takes hours. */
    void await(BooleanSupplier condition) {
        AtomicInteger looks = new AtomicInteger();
        TestServer.await(() -> {
            if (condition.getAsBoolean()) {
                return true;
            }
            if (looks.incrementAndGet() % LOOKS == 0) {
                server.advance(Duration.ofMinutes(5));
            }
            return false;
        });
    }

    List<String> keys(String folder) {
        return client(S3Client.class).listObjectsV2(r -> r.bucket(BUCKET)).contents().stream()
                .map(S3Object::key)
                .filter(key -> key.contains(folder) && key.endsWith(".json.gz"))
                .toList();
    }

    /** The content of a file. */
    String read(String key) {
        byte[] packed = client(S3Client.class)
                .getObject(GetObjectRequest.builder().bucket(BUCKET).key(key).build(), ResponseTransformer.toBytes())
                .asByteArray();
        try (GZIPInputStream content = new GZIPInputStream(new ByteArrayInputStream(packed))) {
            return new String(content.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** All events of all files. */
    List<JsonNode> events() {
        List<JsonNode> events = new ArrayList<>();
        for (String key : keys("/CloudTrail/")) {
            RecordCodec.json().readTree(read(key)).get("Records").forEach(events::add);
        }
        return events;
    }

    List<String> eventNames() {
        return events().stream()
                .map(event -> event.get("eventName").stringValue())
                .toList();
    }

    /** Waits until an event was delivered. */
    void awaitEvent(String name) {
        await(() -> eventNames().contains(name));
    }

    @Override
    public void close() {
        server.close();
    }
}
