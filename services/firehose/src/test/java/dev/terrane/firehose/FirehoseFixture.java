package dev.terrane.firehose;

import dev.terrane.kms.KmsService;
import dev.terrane.s3.S3Service;
import dev.terrane.testkit.TestServer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.zip.GZIPInputStream;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.core.SdkClient;
import software.amazon.awssdk.core.sync.ResponseTransformer;
import software.amazon.awssdk.services.firehose.FirehoseClient;
import software.amazon.awssdk.services.firehose.model.DeliveryStreamDescription;
import software.amazon.awssdk.services.firehose.model.ExtendedS3DestinationConfiguration;
import software.amazon.awssdk.services.firehose.model.Record;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.GetObjectRequest;
import software.amazon.awssdk.services.s3.model.S3Object;

/** A server with a bucket, and a role by which streams may write into it. */
final class FirehoseFixture implements AutoCloseable {
    static final String BUCKET = "the-records";
    static final String ROLE = "arn:aws:iam::" + TestServer.ACCOUNT + ":role/to-bucket";

    private final TestServer server = start();

    FirehoseFixture() {
        prepare(server);
    }

    static TestServer start() {
        return TestServer.with(FirehoseService::new, S3Service::new, KmsService::new);
    }

    static void prepare(TestServer on) {
        on.client(S3Client.class).createBucket(r -> r.bucket(BUCKET));
        allow(on);
    }

    /** Lets the role write into the bucket, and use all keys. */
    static void allow(TestServer on) {
        grant(on, """
                {"Effect":"Allow","Action":"s3:PutObject","Resource":"arn:aws:s3:::%s/*"},""".formatted(BUCKET));
    }

    static void deny(TestServer on) {
        grant(on, "");
    }

    private static void grant(TestServer on, String more) {
        on.identities().role(TestServer.ACCOUNT, "to-bucket", "firehose.amazonaws.com", """
                {"Version":"2012-10-17","Statement":[%s
                 {"Effect":"Allow","Action":"kms:GenerateDataKey","Resource":"*"}]}""".formatted(more));
        on.identities().trust(ROLE, "firehose.amazonaws.com", "arn:aws:firehose:*:*:deliverystream/*");
    }

    static ExtendedS3DestinationConfiguration.Builder destination() {
        return ExtendedS3DestinationConfiguration.builder().roleARN(ROLE).bucketARN("arn:aws:s3:::" + BUCKET);
    }

    TestServer server() {
        return server;
    }

    <C extends SdkClient> C client(Class<C> api) {
        return server.client(api);
    }

    FirehoseClient firehose() {
        return client(FirehoseClient.class);
    }

    /** Makes a stream. */
    void stream(String name, Consumer<ExtendedS3DestinationConfiguration.Builder> settings) {
        ExtendedS3DestinationConfiguration.Builder to = destination();
        settings.accept(to);
        ExtendedS3DestinationConfiguration destination = to.build();
        firehose()
                .createDeliveryStream(r -> r.deliveryStreamName(name).extendedS3DestinationConfiguration(destination));
    }

    DeliveryStreamDescription describe(String name) {
        return firehose()
                .describeDeliveryStream(r -> r.deliveryStreamName(name))
                .deliveryStreamDescription();
    }

    void put(String stream, String text) {
        firehose().putRecord(r -> r.deliveryStreamName(stream).record(record(text)));
    }

    static Record record(String text) {
        return Record.builder().data(SdkBytes.fromUtf8String(text)).build();
    }

    List<String> keys() {
        return client(S3Client.class).listObjectsV2(r -> r.bucket(BUCKET)).contents().stream()
                .map(S3Object::key)
                .toList();
    }

    /** The keys of the objects, once there are so many: a process may have begun to wait only after the clock was moved. */
    List<String> keys(int count) {
        awaitLater(() -> keys().size() >= count);
        return keys();
    }

    static void await(BooleanSupplier condition) {
        TestServer.await(condition);
    }

    /** As time goes by, a minute at a time. */
    void awaitLater(BooleanSupplier condition) {
        int[] looks = {0};
        TestServer.await(() -> {
            if (condition.getAsBoolean()) {
                return true;
            }
            looks[0]++;
            if (looks[0] % 10 == 0) {
                server.advance(Duration.ofMinutes(1));
            }
            return false;
        });
    }

    byte[] bytes(String key) {
        return client(S3Client.class)
                .getObject(GetObjectRequest.builder().bucket(BUCKET).key(key).build(), ResponseTransformer.toBytes())
                .asByteArray();
    }

    String read(String key) {
        return new String(bytes(key), StandardCharsets.UTF_8);
    }

    /** What all objects hold, in the order of their keys. */
    String all() {
        return keys().stream().map(this::read).collect(Collectors.joining());
    }

    static String unzipped(byte[] packed) {
        try (InputStream content = new GZIPInputStream(new ByteArrayInputStream(packed))) {
            return new String(content.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        server.close();
    }
}
