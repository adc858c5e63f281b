package dev.terrane.firehose;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.terrane.testkit.TestServer;
import java.util.Collections;
import java.util.List;
import java.util.function.Consumer;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.services.firehose.FirehoseClient;
import software.amazon.awssdk.services.firehose.model.*;
import software.amazon.awssdk.services.firehose.model.Record;

/** Streams and their settings, and what is refused. */
final class StreamsTest {
    private final FirehoseFixture fixture = new FirehoseFixture();

    @AfterEach
    void stop() {
        assertThat(fixture.server().faults()).isEmpty();
        fixture.close();
    }

    private static void assertRefused(ThrowingCallable call, String code, String message) {
        assertThatThrownBy(call).isInstanceOfSatisfying(AwsServiceException.class, e -> {
            assertThat(e.awsErrorDetails().errorCode()).isEqualTo(code);
            assertThat(e.awsErrorDetails().errorMessage()).contains(message);
        });
    }

    private void refused(Consumer<ExtendedS3DestinationConfiguration.Builder> settings, String message) {
        assertRefused(() -> fixture.stream("refused", settings), "InvalidArgumentException", message);
    }

    @Test
    @SuppressWarnings("deprecation") // the older form of a destination
    void aStreamIsDescribedWithAwsDefaults() {
        fixture.firehose()
                .createDeliveryStream(r -> r.deliveryStreamName("first")
                        .s3DestinationConfiguration(S3DestinationConfiguration.builder()
                                .roleARN(FirehoseFixture.ROLE)
                                .bucketARN("arn:aws:s3:::" + FirehoseFixture.BUCKET)
                                .build()));
        DeliveryStreamDescription found = fixture.describe("first");
        assertThat(found.deliveryStreamARN())
                .isEqualTo("arn:aws:firehose:us-east-1:" + TestServer.ACCOUNT + ":deliverystream/first");
        assertThat(found.deliveryStreamStatus()).isEqualTo(DeliveryStreamStatus.ACTIVE);
        assertThat(found.deliveryStreamType()).isEqualTo(DeliveryStreamType.DIRECT_PUT);
        assertThat(found.versionId()).isEqualTo("1");
        assertThat(found.hasMoreDestinations()).isFalse();
        DestinationDescription destination = found.destinations().getFirst();
        assertThat(destination.destinationId()).isEqualTo("destinationId-000000000001");
        ExtendedS3DestinationDescription s3 = destination.extendedS3DestinationDescription();
        assertThat(s3.bufferingHints().sizeInMBs()).isEqualTo(5);
        assertThat(s3.bufferingHints().intervalInSeconds()).isEqualTo(300);
        assertThat(s3.compressionFormat()).isEqualTo(CompressionFormat.UNCOMPRESSED);
        assertThat(s3.encryptionConfiguration().noEncryptionConfig()).isEqualTo(NoEncryptionConfig.NO_ENCRYPTION);
        assertThat(s3.s3BackupMode()).isEqualTo(S3BackupMode.DISABLED);
        assertThat(destination.s3DestinationDescription().bucketARN()).isEqualTo(s3.bucketARN());
    }

    @Test
    void anUpdateChangesWhatItNamesInTheVersionThatItNames() {
        fixture.stream("first", s -> s.prefix("a/").compressionFormat("GZIP"));
        update("1", u -> u.prefix("b/"));
        ExtendedS3DestinationDescription s3 =
                fixture.describe("first").destinations().getFirst().extendedS3DestinationDescription();
        assertThat(s3.prefix()).isEqualTo("b/");
        assertThat(s3.compressionFormat()).isEqualTo(CompressionFormat.GZIP);
        assertThat(fixture.describe("first").versionId()).isEqualTo("2");
        assertThat(fixture.describe("first").lastUpdateTimestamp()).isEqualTo(TestServer.START);
        assertRefused(() -> update("1", u -> u.prefix("c/")), "ConcurrentModificationException", "first");
        assertRefused(
                () -> update("2", u -> u.roleARN(FirehoseFixture.ROLE + "-none")),
                "InvalidArgumentException",
                "unable to assume role");
    }

    private void update(String version, Consumer<ExtendedS3DestinationUpdate.Builder> change) {
        ExtendedS3DestinationUpdate.Builder update = ExtendedS3DestinationUpdate.builder();
        change.accept(update);
        ExtendedS3DestinationUpdate built = update.build();
        fixture.firehose()
                .updateDestination(r -> r.deliveryStreamName("first")
                        .destinationId("destinationId-000000000001")
                        .currentDeliveryStreamVersionId(version)
                        .extendedS3DestinationUpdate(built));
    }

    @Test
    void streamsAreListedInPages() {
        List.of("c", "a", "b").forEach(name -> fixture.stream(name, s -> {}));
        ListDeliveryStreamsResponse first = fixture.firehose().listDeliveryStreams(r -> r.limit(2));
        assertThat(first.deliveryStreamNames()).containsExactly("a", "b");
        assertThat(first.hasMoreDeliveryStreams()).isTrue();
        ListDeliveryStreamsResponse rest =
                fixture.firehose().listDeliveryStreams(r -> r.limit(2).exclusiveStartDeliveryStreamName("b"));
        assertThat(rest.deliveryStreamNames()).containsExactly("c");
        assertThat(rest.hasMoreDeliveryStreams()).isFalse();
        assertThat(fixture.firehose()
                        .listDeliveryStreams(r -> r.deliveryStreamType("KinesisStreamAsSource"))
                        .deliveryStreamNames())
                .isEmpty();
    }

    @Test
    void tagsAreListedInPages() {
        fixture.stream("first", s -> {});
        fixture.firehose()
                .tagDeliveryStream(
                        r -> r.deliveryStreamName("first").tags(tag("b", "2"), tag("a", "1"), tag("c", "3")));
        ListTagsForDeliveryStreamResponse page = fixture.firehose()
                .listTagsForDeliveryStream(r ->
                        r.deliveryStreamName("first").exclusiveStartTagKey("a").limit(1));
        assertThat(page.tags()).containsExactly(tag("b", "2"));
        assertThat(page.hasMoreTags()).isTrue();
    }

    private static Tag tag(String key, String value) {
        return Tag.builder().key(key).value(value).build();
    }

    @Test
    void whatCannotBeCarriedOutIsRefusedByName() {
        refused(s -> s.compressionFormat("Snappy"), "CompressionFormat Snappy");
        refused(s -> s.s3BackupMode("Enabled"), "S3BackupMode");
        refused(s -> s.processingConfiguration(p -> p.enabled(true)), "ProcessingConfiguration");
        refused(s -> s.dynamicPartitioningConfiguration(p -> p.enabled(true)), "DynamicPartitioningConfiguration");
        refused(s -> s.dataFormatConversionConfiguration(p -> p.enabled(true)), "DataFormatConversionConfiguration");
        refused(s -> s.bufferingHints(b -> b.sizeInMBs(5)), "BufferingHints");
        refused(s -> s.customTimeZone("Moon/Crater"), "CustomTimeZone");
        refused(s -> s.cloudWatchLoggingOptions(l -> l.enabled(true)), "LogGroupName");
        assertRefused(
                () -> fixture.firehose()
                        .createDeliveryStream(
                                r -> r.deliveryStreamName("none").deliveryStreamType("KinesisStreamAsSource")),
                "InvalidArgumentException",
                "KinesisStreamAsSource");
        assertRefused(
                () -> fixture.firehose().createDeliveryStream(r -> r.deliveryStreamName("none")),
                "InvalidArgumentException",
                "Exactly one destination");
        assertRefused(
                () -> fixture.firehose()
                        .createDeliveryStream(r -> r.deliveryStreamName("none")
                                .deliveryStreamEncryptionConfigurationInput(e -> e.keyType("AWS_OWNED_CMK"))
                                .extendedS3DestinationConfiguration(
                                        FirehoseFixture.destination().build())),
                "InvalidArgumentException",
                "DeliveryStreamEncryptionConfigurationInput");
        assertThat(fixture.firehose().listDeliveryStreams().deliveryStreamNames())
                .isEmpty();
    }

    @Test
    void prefixesKeepToAwsRules() {
        refused(s -> s.prefix("!{timestamp:yyyy}/"), "ErrorOutputPrefix must be specified");
        refused(s -> s.prefix("!{firehose:error-output-type}/"), "must not contain");
        refused(s -> s.prefix("!{timestamp:yyyy/").errorOutputPrefix("e/"), "Prefix contains an expression");
        refused(s -> s.prefix("!{partitionKeyFromQuery:a}/").errorOutputPrefix("e/"), "partitionKeyFromQuery");
        refused(s -> s.prefix("!{timestamp:bogus}/").errorOutputPrefix("e/"), "timestamp:bogus");
        refused(s -> s.errorOutputPrefix("!{timestamp:yyyy}/"), "error-output-type");
    }

    @Test
    void aRoleThatDoesNotTrustFirehoseIsRefused() {
        String other = fixture.server()
                .identities()
                .role(
                        TestServer.ACCOUNT,
                        "others",
                        "logs.amazonaws.com",
                        dev.terrane.testkit.TestIdentities.EVERYTHING);
        refused(s -> s.roleARN(other), "Firehose is unable to assume role " + other);
    }

    @Test
    void whoMakesAStreamMayPassItsRole() {
        FirehoseClient client = fixture.server().clientWith(FirehoseClient.class, """
                {"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"firehose:*","Resource":"*"}]}""");
        assertThatThrownBy(() -> client.createDeliveryStream(r -> r.deliveryStreamName("first")
                        .extendedS3DestinationConfiguration(
                                FirehoseFixture.destination().build())))
                .hasMessageContaining("iam:PassRole");
    }

    @Test
    void recordsHaveLimits() {
        fixture.stream("first", s -> {});
        String big = "x".repeat(1_024_000);
        Record record = FirehoseFixture.record(big);
        fixture.firehose().putRecord(r -> r.deliveryStreamName("first").record(record));
        assertRefused(
                () -> fixture.firehose()
                        .putRecord(r -> r.deliveryStreamName("first").record(FirehoseFixture.record(big + "x"))),
                "ValidationException",
                "record.data");
        assertRefused(
                () -> fixture.firehose()
                        .putRecordBatch(r -> r.deliveryStreamName("first").records(Collections.nCopies(5, record))),
                "InvalidArgumentException",
                "4 MB");
        assertRefused(
                () -> fixture.firehose()
                        .putRecordBatch(r -> r.deliveryStreamName("first")
                                .records(Collections.nCopies(501, FirehoseFixture.record("x")))),
                "ValidationException",
                "records");
        assertRefused(() -> fixture.put("none", "x"), "ResourceNotFoundException", "Firehose none under account");
    }
}
