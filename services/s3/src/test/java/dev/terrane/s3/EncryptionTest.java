package dev.terrane.s3;

import static org.assertj.core.api.Assertions.assertThat;

import dev.terrane.kernel.call.Scope;
import dev.terrane.kms.KmsService;
import dev.terrane.testkit.TestIdentities;
import dev.terrane.testkit.TestServer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.kms.KmsClient;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.CompletedPart;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.ServerSideEncryption;
import software.amazon.awssdk.services.s3.model.ServerSideEncryptionByDefault;
import software.amazon.awssdk.services.s3.model.ServerSideEncryptionRule;

class EncryptionTest {
    private static final String BUCKET = "secrets";

    private final TestServer server = TestServer.with(S3Service::new, KmsService::new);
    private final S3Client s3 = server.client(S3Client.class);
    private final KmsClient kms = server.client(KmsClient.class);
    private final String key = kms.createKey().keyMetadata().arn();

    @BeforeEach
    void makeBucket() {
        s3.createBucket(request -> request.bucket(BUCKET));
        s3.putBucketEncryption(request -> request.bucket(BUCKET)
                .serverSideEncryptionConfiguration(
                        configuration -> configuration.rules(ServerSideEncryptionRule.builder()
                                .applyServerSideEncryptionByDefault(ServerSideEncryptionByDefault.builder()
                                        .sseAlgorithm(ServerSideEncryption.AWS_KMS)
                                        .kmsMasterKeyID(key)
                                        .build())
                                .build())));
    }

    @AfterEach
    void end() {
        assertThat(server.faults()).isEmpty();
        server.close();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1000, 100_000})
    void theBucketsKeyEncryptsWhatIsPut(int size) {
        byte[] bytes = S3Test.bytes(size);
        s3.putObject(request -> request.bucket(BUCKET).key("key"), RequestBody.fromBytes(bytes));

        var got = s3.getObjectAsBytes(request -> request.bucket(BUCKET).key("key"));

        assertThat(got.asByteArray()).isEqualTo(bytes);
        GetObjectResponse response = got.response();
        assertThat(response.serverSideEncryption()).isEqualTo(ServerSideEncryption.AWS_KMS);
        assertThat(response.ssekmsKeyId()).isEqualTo(key);
    }

    @Test
    void withoutAKeyOfItsOwnABucketUsesTheAwsManagedOneForWhomeverMayReadIt() {
        s3.putObject(
                request -> request.bucket(BUCKET)
                        .key("key")
                        .serverSideEncryption(ServerSideEncryption.AWS_KMS)
                        .ssekmsKeyId("alias/aws/s3"),
                RequestBody.fromString("shared"));
        S3Client limited = server.clientWith(
                S3Client.class, TestIdentities.EVERYTHING.replace("\"*\",\"Resource", "\"s3:*\",\"Resource"));

        assertThat(limited.getObjectAsBytes(request -> request.bucket(BUCKET).key("key"))
                        .asUtf8String())
                .isEqualTo("shared");
    }

    @Test
    void aRangeIsDecryptedAlone() {
        byte[] bytes = S3Test.bytes(100_000);
        s3.putObject(request -> request.bucket(BUCKET).key("key"), RequestBody.fromBytes(bytes));

        assertThat(s3.getObjectAsBytes(
                                request -> request.bucket(BUCKET).key("key").range("bytes=54321-65432"))
                        .asByteArray())
                .isEqualTo(Arrays.copyOfRange(bytes, 54_321, 65_433));
    }

    @Test
    void theKeyIsNeededToReadAndToWrite() {
        s3.putObject(request -> request.bucket(BUCKET).key("key"), RequestBody.fromString("secret"));
        kms.disableKey(request -> request.keyId(key));

        S3Test.refused(
                "KMS.DisabledException",
                400,
                () -> s3.getObjectAsBytes(request -> request.bucket(BUCKET).key("key")));
        S3Test.refused(
                "KMS.DisabledException",
                400,
                () -> s3.putObject(request -> request.bucket(BUCKET).key("other"), RequestBody.fromString("x")));
        assertThat(s3.headObject(request -> request.bucket(BUCKET).key("key")).contentLength())
                .isEqualTo(6);
    }

    @Test
    void aCallerWithoutTheRightToDecryptReadsNothing() {
        s3.putObject(request -> request.bucket(BUCKET).key("key"), RequestBody.fromString("secret"));
        S3Client limited = server.clientWith(
                S3Client.class, TestIdentities.EVERYTHING.replace("\"*\",\"Resource", "\"s3:*\",\"Resource"));

        S3Test.refused(
                "AccessDenied",
                403,
                () -> limited.getObjectAsBytes(request -> request.bucket(BUCKET).key("key")));
    }

    @Test
    void partsAreEncryptedUnderOneKey() {
        String upload = s3.createMultipartUpload(
                        request -> request.bucket(BUCKET).key("big"))
                .uploadId();
        byte[] first = S3Test.bytes(5 * 1024 * 1024);
        String one = part(upload, 1, first);
        String two = part(upload, 2, S3Test.bytes(777));
        s3.completeMultipartUpload(request -> request.bucket(BUCKET)
                .key("big")
                .uploadId(upload)
                .multipartUpload(parts -> parts.parts(
                        CompletedPart.builder().partNumber(1).eTag(one).build(),
                        CompletedPart.builder().partNumber(2).eTag(two).build())));

        assertThat(s3.getObjectAsBytes(
                                request -> request.bucket(BUCKET).key("big").partNumber(2))
                        .asByteArray())
                .isEqualTo(S3Test.bytes(777));
        assertThat(s3.getObjectAsBytes(request -> request.bucket(BUCKET).key("big"))
                        .asByteArray())
                .startsWith(Arrays.copyOf(first, 1000));
    }

    private String part(String upload, int number, byte[] bytes) {
        return s3.uploadPart(
                        request -> request.bucket(BUCKET)
                                .key("big")
                                .uploadId(upload)
                                .partNumber(number),
                        RequestBody.fromBytes(bytes))
                .eTag();
    }

    @Test
    void copyingDecryptsAndEncryptsAnew() {
        s3.putObject(
                request -> request.bucket(BUCKET).key("plain").serverSideEncryption(ServerSideEncryption.AES256),
                RequestBody.fromString("text"));

        s3.copyObject(request -> request.sourceBucket(BUCKET)
                .sourceKey("plain")
                .destinationBucket(BUCKET)
                .destinationKey("sealed"));

        var sealed = s3.getObjectAsBytes(request -> request.bucket(BUCKET).key("sealed"));
        assertThat(sealed.asUtf8String()).isEqualTo("text");
        assertThat(sealed.response().serverSideEncryption()).isEqualTo(ServerSideEncryption.AWS_KMS);
        assertThat(s3.headObject(request -> request.bucket(BUCKET).key("plain")).serverSideEncryption())
                .isEqualTo(ServerSideEncryption.AES256);
    }

    @Test
    void storedBytesAreNotThePlainOnes() {
        s3.putObject(request -> request.bucket(BUCKET).key("key"), RequestBody.fromString("top secret text"));

        S3Tables tables = new S3Tables(server.platform().store());
        BucketRecord bucket = tables.bucket(BUCKET).orElseThrow();
        ObjectRecord version = tables.current(bucket, "key").orElseThrow();
        byte[] stored =
                tables.content(bucket, version.place().content()).orElseThrow().bytes();

        assertThat(bucket.scope()).isEqualTo(new Scope(TestServer.ACCOUNT, TestServer.REGION));
        assertThat(stored).hasSize(15);
        assertThat(new String(stored, StandardCharsets.ISO_8859_1)).doesNotContain("secret");
    }

    @Test
    void badEncryptionRequestsAreRefused() {
        S3Test.refused(
                "InvalidArgument",
                400,
                () -> s3.putObject(
                        request -> request.bucket(BUCKET)
                                .key("key")
                                .serverSideEncryption(ServerSideEncryption.AES256)
                                .ssekmsKeyId(key),
                        RequestBody.fromString("x")));
        S3Test.refused(
                "InvalidArgument",
                400,
                () -> s3.putObject(
                        request -> request.bucket(BUCKET).key("key").ssekmsEncryptionContext("not base64"),
                        RequestBody.fromString("x")));
        s3.putObject(
                request -> request.bucket(BUCKET)
                        .key("key")
                        .ssekmsEncryptionContext(Base64.getEncoder()
                                .encodeToString("{\"team\":\"build\"}".getBytes(StandardCharsets.UTF_8))),
                RequestBody.fromString("with context"));
        assertThat(s3.getObjectAsBytes(request -> request.bucket(BUCKET).key("key"))
                        .asUtf8String())
                .isEqualTo("with context");
    }
}
