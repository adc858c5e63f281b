package dev.terrane.s3;

import static org.assertj.core.api.Assertions.assertThat;

import dev.terrane.kernel.checksum.Checksum;
import dev.terrane.testkit.TestServer;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.ResponseBytes;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.model.ChecksumMode;
import software.amazon.awssdk.services.s3.model.ChecksumType;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.MetadataDirective;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;
import software.amazon.awssdk.services.s3.model.ObjectAttributes;
import software.amazon.awssdk.services.s3.model.ObjectCannedACL;
import software.amazon.awssdk.services.s3.model.PutObjectResponse;
import software.amazon.awssdk.services.s3.model.ServerSideEncryption;
import software.amazon.awssdk.services.s3.model.Tag;

class ObjectsTest extends S3Test {
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 1024, 4096, 4097, 70_000, 3_000_000})
    void bytesComeBackAsTheyWentIn(int size) {
        byte[] bytes = bytes(size);

        PutObjectResponse put = put("folder/key", bytes);

        ResponseBytes<GetObjectResponse> got =
                s3.getObjectAsBytes(request -> request.bucket(BUCKET).key("folder/key"));
        assertThat(got.asByteArray()).isEqualTo(bytes);
        assertThat(got.response().contentLength()).isEqualTo(size);
        assertThat(got.response().eTag()).isEqualTo(put.eTag()).isEqualTo('"' + md5(bytes) + '"');
        assertThat(got.response().contentType()).isEqualTo("binary/octet-stream");
        assertThat(got.response().serverSideEncryption()).isEqualTo(ServerSideEncryption.AES256);
        assertThat(got.response().lastModified()).isEqualTo(TestServer.START);
        assertThat(got.response().versionId()).isNull();
    }

    @Test
    void aStreamThatWasAskedForIsReadAfterTheCall() throws IOException {
        byte[] bytes = bytes(3_000_000);
        put("key", bytes);

        try (InputStream stream = s3.getObject(request -> request.bucket(BUCKET).key("key"))) {
            assertThat(stream.readAllBytes()).isEqualTo(bytes);
        }
    }

    @Test
    void objectsOutliveARestart() {
        put("small", "text");
        put("large", bytes(100_000));

        restart();

        assertThat(text("small")).isEqualTo("text");
        assertThat(s3.getObjectAsBytes(request -> request.bucket(BUCKET).key("large"))
                        .asByteArray())
                .isEqualTo(bytes(100_000));
    }

    @Test
    void anObjectIsOverwrittenByALargerAndASmallerOne() {
        put("key", "short");
        put("key", bytes(50_000));
        put("key", bytes(60_000));
        put("key", "short again");

        assertThat(text("key")).isEqualTo("short again");
    }

    @Test
    void metadataIsKept() {
        s3.putObject(
                request -> request.bucket(BUCKET)
                        .key("key")
                        .contentType("text/plain")
                        .cacheControl("no-cache")
                        .contentDisposition("attachment")
                        .contentEncoding("aws-chunked,gzip")
                        .contentLanguage("de")
                        .metadata(Map.of("commit", "abc123"))
                        .tagging("stage=test&team=a%20b"),
                RequestBody.fromString("x"));

        HeadObjectResponse head =
                s3.headObject(request -> request.bucket(BUCKET).key("key"));

        assertThat(head.contentType()).isEqualTo("text/plain");
        assertThat(head.cacheControl()).isEqualTo("no-cache");
        assertThat(head.contentDisposition()).isEqualTo("attachment");
        assertThat(head.contentEncoding()).isEqualTo("gzip");
        assertThat(head.contentLanguage()).isEqualTo("de");
        assertThat(head.metadata()).containsExactlyEntriesOf(Map.of("commit", "abc123"));
        assertThat(s3.getObjectTagging(request -> request.bucket(BUCKET).key("key"))
                        .tagSet())
                .containsExactlyInAnyOrder(tag("stage", "test"), tag("team", "a b"));
        assertThat(s3.getObjectAsBytes(request -> request.bucket(BUCKET).key("key"))
                        .response()
                        .tagCount())
                .isEqualTo(2);
    }

    @Test
    void aMissingKeyIsTold() {
        assertThat(refused("NoSuchKey", 404, () -> text("nowhere"))).isInstanceOf(NoSuchKeyException.class);
        refused(
                "NoSuchKey",
                404,
                () -> s3.headObject(request -> request.bucket(BUCKET).key("nowhere")));
        refused(
                "NoSuchBucket",
                404,
                () -> s3.getObjectAsBytes(request -> request.bucket("no-bucket").key("key")));
        refused("KeyTooLongError", 400, () -> put("k".repeat(1025), ""));
        put("k".repeat(1024), "");
    }

    @ParameterizedTest
    @CsvSource({
        "bytes=0-4, 'bytes 0-4/26', abcde",
        "bytes=20-, 'bytes 20-25/26', uvwxyz",
        "bytes=-3, 'bytes 23-25/26', xyz",
        "bytes=24-99, 'bytes 24-25/26', yz",
        "bytes=-99, 'bytes 0-25/26', abcdefghijklmnopqrstuvwxyz"
    })
    void rangesAreRead(String range, String contentRange, String text) {
        put("key", "abcdefghijklmnopqrstuvwxyz");

        ResponseBytes<GetObjectResponse> got =
                s3.getObjectAsBytes(request -> request.bucket(BUCKET).key("key").range(range));

        assertThat(got.asUtf8String()).isEqualTo(text);
        assertThat(got.response().contentRange()).isEqualTo(contentRange);
        assertThat(got.response().sdkHttpResponse().statusCode()).isEqualTo(206);
    }

    @Test
    void rangesOfLargeObjectsAreRead() {
        byte[] bytes = bytes(300_000);
        put("key", bytes);

        assertThat(s3.getObjectAsBytes(
                                request -> request.bucket(BUCKET).key("key").range("bytes=123456-234567"))
                        .asByteArray())
                .isEqualTo(java.util.Arrays.copyOfRange(bytes, 123_456, 234_568));
    }

    @Test
    void aRangeOutsideIsRefusedAndAnUnreadableOneIgnored() {
        put("key", "abc");

        AwsServiceException error = refused(
                "InvalidRange",
                416,
                () -> s3.getObjectAsBytes(
                        request -> request.bucket(BUCKET).key("key").range("bytes=3-")));
        assertThat(header(error, "Content-Range")).isEqualTo("bytes */3");
        assertThat(s3.getObjectAsBytes(
                                request -> request.bucket(BUCKET).key("key").range("lines=1-2"))
                        .asUtf8String())
                .isEqualTo("abc");
    }

    @Test
    void readsAreConditional() {
        String etag = put("key", "abc").eTag();
        s3.getObjectAsBytes(request -> request.bucket(BUCKET).key("key").ifMatch(etag));
        refused(
                "PreconditionFailed",
                412,
                () -> s3.getObjectAsBytes(
                        request -> request.bucket(BUCKET).key("key").ifMatch("\"other\"")));
        AwsServiceException unchanged = refused(
                "NotModified",
                304,
                () -> s3.getObjectAsBytes(
                        request -> request.bucket(BUCKET).key("key").ifNoneMatch(etag)));
        assertThat(header(unchanged, "ETag")).isEqualTo(etag);
        refused(
                "NotModified",
                304,
                () -> s3.headObject(request -> request.bucket(BUCKET).key("key").ifModifiedSince(TestServer.START)));
        refused(
                "PreconditionFailed",
                412,
                () -> s3.headObject(request ->
                        request.bucket(BUCKET).key("key").ifUnmodifiedSince(TestServer.START.minusSeconds(1))));
    }

    @Test
    void anETagThatMatchesMakesADateNotCount() {
        String etag = put("key", "abc").eTag();

        s3.headObject(request ->
                request.bucket(BUCKET).key("key").ifMatch(etag).ifUnmodifiedSince(TestServer.START.minusSeconds(1)));
        s3.headObject(request ->
                request.bucket(BUCKET).key("key").ifNoneMatch("\"other\"").ifModifiedSince(TestServer.START));
    }

    @Test
    void writesAreConditional() {
        String etag = s3.putObject(
                        request -> request.bucket(BUCKET).key("key").ifNoneMatch("*"), RequestBody.fromString("first"))
                .eTag();
        refused(
                "PreconditionFailed",
                412,
                () -> s3.putObject(
                        request -> request.bucket(BUCKET).key("key").ifNoneMatch("*"),
                        RequestBody.fromString("second")));
        s3.putObject(request -> request.bucket(BUCKET).key("key").ifMatch(etag), RequestBody.fromString("third"));
        refused(
                "PreconditionFailed",
                412,
                () -> s3.putObject(
                        request -> request.bucket(BUCKET).key("key").ifMatch(etag), RequestBody.fromString("fourth")));
        refused(
                "NoSuchKey",
                404,
                () -> s3.putObject(
                        request -> request.bucket(BUCKET).key("absent").ifMatch(etag), RequestBody.fromString("x")));
        refused(
                "PreconditionFailed",
                412,
                () -> s3.deleteObject(
                        request -> request.bucket(BUCKET).key("key").ifMatch(etag)));

        assertThat(text("key")).isEqualTo("third");
    }

    @Test
    void ofManyThatMayWriteOnlyOnceOneWrites() {
        AtomicInteger written = new AtomicInteger();
        AtomicInteger late = new AtomicInteger();
        try (ExecutorService workers = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 16; i++) {
                workers.execute(() -> {
                    try {
                        s3.putObject(
                                request -> request.bucket(BUCKET).key("lock").ifNoneMatch("*"),
                                RequestBody.fromString("mine"));
                        written.incrementAndGet();
                    } catch (AwsServiceException e) {
                        assertThat(e.statusCode()).isEqualTo(412);
                        late.incrementAndGet();
                    }
                });
            }
        }

        assertThat(written).hasValue(1);
        assertThat(late).hasValue(15);
    }

    @Test
    void declaredDigestsAreVerified() {
        byte[] body = "hello".getBytes(StandardCharsets.UTF_8);
        s3.putObject(
                request -> request.bucket(BUCKET).key("key").contentMD5(Checksum.MD5.of(body)),
                RequestBody.fromBytes(body));
        refused(
                "BadDigest",
                400,
                () -> s3.putObject(
                        request -> request.bucket(BUCKET).key("bad").contentMD5(Checksum.MD5.of(new byte[1])),
                        RequestBody.fromBytes(body)));
        refused(
                "InvalidDigest",
                400,
                () -> s3.putObject(
                        request -> request.bucket(BUCKET).key("bad").contentMD5("nonsense"),
                        RequestBody.fromBytes(body)));
        refused(
                "BadDigest",
                400,
                () -> s3.putObject(
                        request -> request.bucket(BUCKET).key("bad").checksumCRC32(Checksum.CRC32.of(new byte[1])),
                        RequestBody.fromBytes(body)));
        refused("NoSuchKey", 404, () -> text("bad"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"CRC32", "CRC32C", "CRC64NVME", "SHA1", "SHA256"})
    void theChecksumAskedForIsKept(String algorithm) {
        byte[] body = bytes(10_000);
        s3.putObject(
                request -> request.bucket(BUCKET).key("key").checksumAlgorithm(algorithm), RequestBody.fromBytes(body));

        HeadObjectResponse head =
                s3.headObject(request -> request.bucket(BUCKET).key("key").checksumMode(ChecksumMode.ENABLED));

        assertThat(head.getValueForField("Checksum" + algorithm, String.class))
                .contains(Checksum.valueOf(algorithm).of(body));
        assertThat(head.checksumType()).isEqualTo(ChecksumType.FULL_OBJECT);
    }

    @Test
    void attributesAreTold() {
        put("key", "hello");

        var attributes = s3.getObjectAttributes(request -> request.bucket(BUCKET)
                .key("key")
                .objectAttributes(ObjectAttributes.E_TAG, ObjectAttributes.OBJECT_SIZE, ObjectAttributes.CHECKSUM));

        assertThat(attributes.eTag()).isEqualTo(md5("hello".getBytes(StandardCharsets.UTF_8)));
        assertThat(attributes.objectSize()).isEqualTo(5);
        assertThat(attributes.checksum().checksumCRC64NVME())
                .isEqualTo(Checksum.CRC64NVME.of("hello".getBytes(StandardCharsets.UTF_8)));
        assertThat(attributes.storageClass()).isNull();
    }

    @Test
    void whatIsNotCarriedOutIsRefused() {
        refused(
                "AccessControlListNotSupported",
                400,
                () -> s3.putObject(
                        request -> request.bucket(BUCKET).key("key").acl(ObjectCannedACL.PUBLIC_READ),
                        RequestBody.empty()));
        refused(
                "NotImplemented",
                501,
                () -> s3.putObject(
                        request -> request.bucket(BUCKET).key("key").sseCustomerAlgorithm("AES256"),
                        RequestBody.empty()));
        refused(
                "InvalidStorageClass",
                400,
                () -> s3.putObject(
                        request -> request.bucket(BUCKET).key("key").storageClass("DEEP_ARCHIVE"),
                        RequestBody.empty()));
        refused(
                "MetadataTooLarge",
                400,
                () -> s3.putObject(
                        request -> request.bucket(BUCKET).key("key").metadata(Map.of("a", "x".repeat(2048))),
                        RequestBody.empty()));
        assertThat(s3.listObjectsV2(request -> request.bucket(BUCKET)).contents())
                .isEmpty();
    }

    @Test
    @SuppressWarnings("deprecation") // the header as it is, in one piece
    void aCopysSourceMayHaveItsSlashEncoded() {
        put("folder/from", "text");

        s3.copyObject(request -> request.copySource(BUCKET + "%2Ffolder%2Ffrom")
                .destinationBucket(BUCKET)
                .destinationKey("to"));

        assertThat(text("to")).isEqualTo("text");
        refused(
                "InvalidArgument",
                400,
                () -> s3.copyObject(request ->
                        request.copySource(BUCKET).destinationBucket(BUCKET).destinationKey("to")));
    }

    @Test
    void objectsAreCopied() {
        s3.putObject(
                request -> request.bucket(BUCKET)
                        .key("from this+place")
                        .contentType("text/plain")
                        .metadata(Map.of("a", "1")),
                RequestBody.fromBytes(bytes(20_000)));
        server.advance(Duration.ofMinutes(1));

        s3.copyObject(request -> request.sourceBucket(BUCKET)
                .sourceKey("from this+place")
                .destinationBucket(BUCKET)
                .destinationKey("to"));
        s3.copyObject(request -> request.sourceBucket(BUCKET)
                .sourceKey("from this+place")
                .destinationBucket(BUCKET)
                .destinationKey("changed")
                .metadataDirective(MetadataDirective.REPLACE)
                .contentType("text/html"));

        ResponseBytes<GetObjectResponse> copy =
                s3.getObjectAsBytes(request -> request.bucket(BUCKET).key("to"));
        assertThat(copy.asByteArray()).isEqualTo(bytes(20_000));
        assertThat(copy.response().metadata()).containsEntry("a", "1");
        assertThat(copy.response().lastModified()).isEqualTo(TestServer.START.plus(Duration.ofMinutes(1)));
        HeadObjectResponse changed =
                s3.headObject(request -> request.bucket(BUCKET).key("changed"));
        assertThat(changed.contentType()).isEqualTo("text/html");
        assertThat(changed.metadata()).isEmpty();
        refused(
                "InvalidRequest",
                400,
                () -> s3.copyObject(request -> request.sourceBucket(BUCKET)
                        .sourceKey("to")
                        .destinationBucket(BUCKET)
                        .destinationKey("to")));
        refused(
                "NoSuchKey",
                404,
                () -> s3.copyObject(request -> request.sourceBucket(BUCKET)
                        .sourceKey("absent")
                        .destinationBucket(BUCKET)
                        .destinationKey("to")));
    }

    @Test
    void tagsAreSetReadAndRemoved() {
        put("key", "text");

        s3.putObjectTagging(request -> request.bucket(BUCKET).key("key").tagging(t -> t.tagSet(tag("a", "b"))));
        assertThat(s3.getObjectTagging(request -> request.bucket(BUCKET).key("key"))
                        .tagSet())
                .containsExactly(tag("a", "b"));
        s3.deleteObjectTagging(request -> request.bucket(BUCKET).key("key"));
        assertThat(s3.getObjectTagging(request -> request.bucket(BUCKET).key("key"))
                        .tagSet())
                .isEmpty();
        refused(
                "NoSuchKey",
                404,
                () -> s3.getObjectTagging(request -> request.bucket(BUCKET).key("absent")));
    }

    @Test
    void deletingWhatIsNotThereIsNoError() {
        s3.deleteObject(request -> request.bucket(BUCKET).key("absent"));
        put("key", bytes(10_000));
        s3.deleteObject(request -> request.bucket(BUCKET).key("key"));
        refused("NoSuchKey", 404, () -> text("key"));
    }

    private static Tag tag(String key, String value) {
        return Tag.builder().key(key).value(value).build();
    }

    private static String md5(byte[] bytes) {
        return HexFormat.of().formatHex(Base64.getDecoder().decode(Checksum.MD5.of(bytes)));
    }
}
