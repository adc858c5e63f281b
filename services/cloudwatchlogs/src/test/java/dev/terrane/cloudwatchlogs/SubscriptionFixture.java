package dev.terrane.cloudwatchlogs;

import dev.terrane.firehose.FirehoseService;
import dev.terrane.kernel.arn.Arn;
import dev.terrane.kernel.store.RecordCodec;
import dev.terrane.s3.S3Service;
import dev.terrane.testkit.TestServer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPInputStream;
import software.amazon.awssdk.core.sync.ResponseTransformer;
import software.amazon.awssdk.services.firehose.FirehoseClient;
import software.amazon.awssdk.services.firehose.model.ExtendedS3DestinationConfiguration;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.GetObjectRequest;
import software.amazon.awssdk.services.s3.model.S3Object;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.MappingIterator;

/** What subscription filters send to: a delivery stream with its bucket, and the roles of both. */
final class SubscriptionFixture {
    static final String BUCKET = "the-logs";
    static final String STREAM = Arn.of("firehose", TestServer.REGION, TestServer.ACCOUNT, "deliverystream/logs")
            .toString();

    private SubscriptionFixture() {}

    static TestServer start() {
        return TestServer.with(CloudWatchLogsService::new, FirehoseService::new, S3Service::new);
    }

    /** Makes the stream, which delivers as records come.
     *
     * @return the role by which CloudWatch Logs sends to it */
    static String prepare(TestServer on) {
        on.client(S3Client.class).createBucket(r -> r.bucket(BUCKET));
        String toBucket =
                on.identities().role(TestServer.ACCOUNT, "to-bucket", "firehose.amazonaws.com", """
                {"Version":"2012-10-17","Statement":[
                 {"Effect":"Allow","Action":"s3:PutObject","Resource":"arn:aws:s3:::%s/*"},
                 {"Effect":"Allow","Action":"logs:PutLogEvents","Resource":"arn:aws:logs:*:*:log-group:failures:*"}]}""".formatted(BUCKET));
        ExtendedS3DestinationConfiguration destination = ExtendedS3DestinationConfiguration.builder()
                .roleARN(toBucket)
                .bucketARN(Arn.s3(BUCKET).toString())
                .bufferingHints(b -> b.sizeInMBs(1).intervalInSeconds(0))
                .cloudWatchLoggingOptions(
                        l -> l.enabled(true).logGroupName("failures").logStreamName("delivery"))
                .build();
        on.client(FirehoseClient.class)
                .createDeliveryStream(
                        r -> r.deliveryStreamName("logs").extendedS3DestinationConfiguration(destination));
        return allow(on);
    }

    static String allow(TestServer on) {
        return role(on, "firehose:PutRecord*");
    }

    static String deny(TestServer on) {
        return role(on, "firehose:Describe*");
    }

    private static String role(TestServer on, String actions) {
        String role = on.identities()
                .role(TestServer.ACCOUNT, "to-stream", "logs.amazonaws.com", """
                {"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"%s","Resource":"%s"}]}""".formatted(actions, STREAM));
        on.identities().trust(role, "logs.amazonaws.com", "arn:aws:logs:*:*:*");
        return role;
    }

    /** All messages that arrived in the bucket. */
    static List<JsonNode> messages(TestServer on) {
        S3Client s3 = on.client(S3Client.class);
        List<JsonNode> messages = new ArrayList<>();
        for (S3Object object : s3.listObjectsV2(r -> r.bucket(BUCKET)).contents()) {
            byte[] packed = s3.getObject(
                            GetObjectRequest.builder()
                                    .bucket(BUCKET)
                                    .key(object.key())
                                    .build(),
                            ResponseTransformer.toBytes())
                    .asByteArray();
            try (GZIPInputStream content = new GZIPInputStream(new ByteArrayInputStream(packed));
                    MappingIterator<JsonNode> each = RecordCodec.json()
                            .readerFor(JsonNode.class)
                            .readValues(new String(content.readAllBytes(), StandardCharsets.UTF_8))) {
                messages.addAll(each.readAll());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return messages;
    }

    /** The texts of all events that arrived. */
    static List<String> events(TestServer on) {
        return messages(on).stream()
                .filter(message -> message.get("messageType").stringValue().equals("DATA_MESSAGE"))
                .flatMap(message -> message.get("logEvents").valueStream())
                .map(event -> event.get("message").stringValue())
                .toList();
    }
}
