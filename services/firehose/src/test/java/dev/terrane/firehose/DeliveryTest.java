package dev.terrane.firehose;

import static org.assertj.core.api.Assertions.assertThat;

import dev.terrane.testkit.TestServer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.firehose.model.ExtendedS3DestinationUpdate;
import software.amazon.awssdk.services.firehose.model.KMSEncryptionConfig;
import software.amazon.awssdk.services.firehose.model.PutRecordBatchResponse;
import software.amazon.awssdk.services.firehose.model.Record;
import software.amazon.awssdk.services.kms.KmsClient;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;

/** What streams deliver, and when. */
final class DeliveryTest {
    private static final String SECOND = "2026-03-01-12-\\d\\d-\\d\\d-[0-9a-f-]{36}";

    private final FirehoseFixture fixture = new FirehoseFixture();
    private final TestServer server = fixture.server();
    private boolean crashes;

    @AfterEach
    void stop() {
        if (!crashes) {
            assertThat(server.faults()).isEmpty();
        }
        fixture.close();
    }

    @Test
    void recordsAreInOneObjectAfterTheInterval() {
        fixture.stream("first", s -> {});
        fixture.put("first", "one ");
        fixture.put("first", "two ");
        List<Record> more = List.of(FirehoseFixture.record("three "), FirehoseFixture.record("four"));
        PutRecordBatchResponse put = fixture.firehose()
                .putRecordBatch(r -> r.deliveryStreamName("first").records(more));
        assertThat(put.failedPutCount()).isZero();
        assertThat(put.requestResponses()).hasSize(2).allMatch(one -> one.recordId() != null);
        server.advance(Duration.ofSeconds(299));
        assertThat(fixture.keys()).isEmpty();
        server.advance(Duration.ofSeconds(1));
        assertThat(fixture.keys(1)).singleElement().asString().matches("2026/03/01/12/first-1-" + SECOND);
        assertThat(fixture.all()).isEqualTo("one two three four");
        assertThat(server.rowCounts().getOrDefault("firehose.closed", 0L)).isLessThanOrEqualTo(1);
    }

    @Test
    void aFullBufferIsDeliveredAtOnce() {
        fixture.stream("first", s -> s.bufferingHints(b -> b.sizeInMBs(1).intervalInSeconds(900)));
        String part = "x".repeat(400_000);
        for (int i = 0; i < 3; i++) {
            fixture.put("first", part);
        }
        assertThat(fixture.bytes(fixture.keys(1).getFirst())).hasSize(1_200_000);
        fixture.put("first", "rest");
        assertThat(fixture.keys()).hasSize(1);
        server.advance(Duration.ofMinutes(15));
        assertThat(fixture.keys(2)).hasSize(2);
        assertThat(fixture.all()).hasSize(1_200_004);
    }

    @Test
    void withoutAnIntervalRecordsAreDeliveredAsTheyCome() {
        fixture.stream("first", s -> s.bufferingHints(b -> b.sizeInMBs(1).intervalInSeconds(0)));
        fixture.put("first", "now");
        fixture.keys(1);
        assertThat(fixture.all()).isEqualTo("now");
    }

    @Test
    void prefixesAreEvaluatedInTheTimeZone() {
        fixture.stream(
                "first",
                s -> s.prefix("year=!{timestamp:yyyy}/!{firehose:random-string}/h=!{timestamp:HH}/")
                        .errorOutputPrefix("failed/!{firehose:error-output-type}/")
                        .customTimeZone("Asia/Tokyo")
                        .fileExtension(".log"));
        fixture.stream("second", s -> s.prefix("plain/"));
        fixture.stream("third", s -> s.prefix("!{firehose:random-string}/").errorOutputPrefix("failed"));
        List.of("first", "second", "third").forEach(name -> fixture.put(name, name));
        server.advance(Duration.ofMinutes(5));
        assertThat(fixture.keys(3))
                .anyMatch(key -> key.matches("year=2026/[A-Za-z0-9]{11}/h=21/first-1-2026-03-01-21-.*\\.log"))
                .anyMatch(key -> key.matches("plain/2026/03/01/12/second-1-" + SECOND))
                .anyMatch(key -> key.matches("[A-Za-z0-9]{11}/2026/03/01/12/third-1-" + SECOND));
    }

    @Test
    void objectsAreCompressedAndEncrypted() throws IOException {
        String key =
                server.client(KmsClient.class).createKey(r -> {}).keyMetadata().arn();
        fixture.stream(
                "gzip",
                s -> s.compressionFormat("GZIP")
                        .encryptionConfiguration(e -> e.kmsEncryptionConfig(
                                KMSEncryptionConfig.builder().awskmsKeyARN(key).build())));
        fixture.stream("zip", s -> s.compressionFormat("ZIP"));
        String text =
                IntStream.range(0, 40_000).mapToObj(i -> "line " + i + "\n").collect(Collectors.joining());
        fixture.put("gzip", text);
        fixture.put("zip", text);
        server.advance(Duration.ofMinutes(5));
        List<String> keys = fixture.keys(2);
        String zipped = keys.stream().filter(k -> k.endsWith(".gz")).findFirst().orElseThrow();
        assertThat(FirehoseFixture.unzipped(fixture.bytes(zipped))).isEqualTo(text);
        HeadObjectResponse head = server.client(S3Client.class)
                .headObject(r -> r.bucket(FirehoseFixture.BUCKET).key(zipped));
        assertThat(head.ssekmsKeyId()).isEqualTo(key);
        String archive =
                keys.stream().filter(k -> k.endsWith(".zip")).findFirst().orElseThrow();
        try (ZipInputStream zip = new ZipInputStream(new ByteArrayInputStream(fixture.bytes(archive)))) {
            ZipEntry entry = zip.getNextEntry();
            assertThat(entry).isNotNull();
            assertThat(new String(zip.readAllBytes(), StandardCharsets.UTF_8)).isEqualTo(text);
            assertThat(zip.getNextEntry()).isNull();
        }
    }

    @Test
    void whatIsAnsweredSurvivesCrashesBetweenAllSteps() {
        crashes = true;
        fixture.stream("first", s -> {});
        List<String> put = new ArrayList<>();
        for (int crash = 0; crash < 8; crash++) {
            put.add("<" + crash + ">");
            fixture.put("first", put.getLast());
            server.crashAfter(crash);
            server.advance(Duration.ofMinutes(5));
            fixture.awaitLater(server::crashed);
            server.restart();
        }
        fixture.awaitLater(() -> put.stream().allMatch(fixture.all()::contains));
        // An object may be there twice, under different names; none is there in part.
        assertThat(fixture.keys())
                .allSatisfy(key -> assertThat(fixture.read(key)).matches("(<\\d>)+"));
    }

    @Test
    void aRefusedDeliveryIsTriedAgain() {
        fixture.stream("first", s -> {});
        FirehoseFixture.deny(server);
        fixture.put("first", "kept");
        for (int i = 0; i < 100; i++) {
            server.advance(Duration.ofMinutes(10));
        }
        assertThat(fixture.keys()).isEmpty();
        FirehoseFixture.allow(server);
        fixture.awaitLater(() -> !fixture.keys().isEmpty());
        assertThat(fixture.all()).isEqualTo("kept");
    }

    @Test
    void afterADayItIsGivenUp() {
        fixture.stream("first", s -> {});
        FirehoseFixture.deny(server);
        fixture.put("first", "lost");
        server.advance(Duration.ofMinutes(5));
        FirehoseFixture.await(() -> server.rowCounts().getOrDefault("firehose.closed", 0L) == 1);
        server.advance(Duration.ofHours(24));
        fixture.awaitLater(() -> server.rowCounts().getOrDefault("firehose.data", 0L) == 0);
        FirehoseFixture.allow(server);
        fixture.put("first", "later");
        fixture.awaitLater(() -> !fixture.keys().isEmpty());
        assertThat(fixture.all()).isEqualTo("later");
    }

    @Test
    void aChangedDestinationTakesWhatWaits() {
        fixture.stream("first", s -> s.bucketARN("arn:aws:s3:::nowhere-at-all"));
        fixture.put("first", "waits");
        server.advance(Duration.ofMinutes(5));
        fixture.firehose()
                .updateDestination(r -> r.deliveryStreamName("first")
                        .currentDeliveryStreamVersionId("1")
                        .destinationId("destinationId-000000000001")
                        .extendedS3DestinationUpdate(ExtendedS3DestinationUpdate.builder()
                                .bucketARN("arn:aws:s3:::" + FirehoseFixture.BUCKET)
                                .build()));
        fixture.awaitLater(() -> !fixture.keys().isEmpty());
        assertThat(fixture.keys()).singleElement().asString().matches("2026/03/01/12/first-2-.*");
        assertThat(fixture.all()).isEqualTo("waits");
    }

    @Test
    void aDeletedStreamLeavesNothing() {
        fixture.stream("first", s -> {});
        fixture.put("first", "gone");
        fixture.firehose().deleteDeliveryStream(r -> r.deliveryStreamName("first"));
        fixture.stream("first", s -> {});
        FirehoseFixture.await(() -> server.rowCounts().getOrDefault("firehose.data", 0L) == 0);
        server.advance(Duration.ofMinutes(10));
        assertThat(fixture.keys()).isEmpty();
    }
}
