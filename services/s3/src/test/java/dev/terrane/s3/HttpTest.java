package dev.terrane.s3;

import static org.assertj.core.api.Assertions.assertThat;

import dev.terrane.kernel.clock.Clock;
import dev.terrane.testkit.TestServer;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.ResponseBytes;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.http.apache.ApacheHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3Configuration;
import software.amazon.awssdk.services.s3.model.BucketVersioningStatus;
import software.amazon.awssdk.services.s3.model.ChecksumMode;
import software.amazon.awssdk.services.s3.model.CompletedPart;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.LifecycleRule;
import software.amazon.awssdk.services.s3.model.ObjectIdentifier;
import software.amazon.awssdk.services.s3.model.S3Object;
import software.amazon.awssdk.services.s3.model.Tag;
import software.amazon.awssdk.services.s3.presigner.S3Presigner;
import software.amazon.awssdk.services.s3.presigner.model.PresignedPutObjectRequest;

/** The SDK's own client over HTTP: what it sends is understood, and what it gets it understands. */
class HttpTest {
    private static final String BUCKET = "artifacts";

    private final TestServer server = TestServer.with(S3Service::new);
    private final S3Configuration pathStyle =
            S3Configuration.builder().pathStyleAccessEnabled(true).build();
    private final StaticCredentialsProvider credentials = StaticCredentialsProvider.create(AwsBasicCredentials.create(
            server.administrator().accessKeyId(), server.administrator().secret()));
    private final S3Client s3 = client(RequestChecksumCalculation.WHEN_SUPPORTED);

    private S3Client client(RequestChecksumCalculation checksums) {
        return S3Client.builder()
                .httpClient(ApacheHttpClient.create())
                .endpointOverride(server.url())
                .region(Region.of(TestServer.REGION))
                .credentialsProvider(credentials)
                .serviceConfiguration(pathStyle)
                .requestChecksumCalculation(checksums)
                .build();
    }

    private S3Presigner presigner() {
        return S3Presigner.builder()
                .endpointOverride(server.url())
                .region(Region.of(TestServer.REGION))
                .credentialsProvider(credentials)
                .serviceConfiguration(pathStyle)
                .build();
    }

    @BeforeEach
    void makeBucket() {
        // The SDK signs with the real time.
        server.advance(Duration.between(TestServer.START, Clock.system().instant()));
        s3.createBucket(request -> request.bucket(BUCKET));
    }

    @Test
    void policiesAskHowARequestIsSignedAndHowLongAgo() throws Exception {
        s3.putObject(request -> request.bucket(BUCKET).key("k"), RequestBody.fromString("text"));
        s3.putBucketPolicy(request -> request.bucket(BUCKET).policy("""
                {"Version":"2012-10-17","Statement":[{"Effect":"Deny","Principal":"*","Action":"s3:GetObject",
                 "Resource":"arn:aws:s3:::artifacts/*","Condition":{"StringEquals":{"s3:authType":"REST-QUERY-STRING",
                  "s3:signatureversion":"AWS4-HMAC-SHA256"},"NumericGreaterThan":{"s3:signatureAge":"60000"}}}]}"""));
        try (S3Presigner presigner = presigner();
                HttpClient http = HttpClient.newHttpClient()) {
            HttpRequest get = HttpRequest.newBuilder(presigner
                            .presignGetObject(presign -> presign.signatureDuration(Duration.ofMinutes(5))
                                    .getObjectRequest(
                                            object -> object.bucket(BUCKET).key("k")))
                            .url()
                            .toURI())
                    .build();
            assertThat(http.send(get, HttpResponse.BodyHandlers.ofString()).body())
                    .isEqualTo("text");
            server.advance(Duration.ofSeconds(90));
            assertThat(http.send(get, HttpResponse.BodyHandlers.discarding()).statusCode())
                    .isEqualTo(403);
            assertThat(s3.getObjectAsBytes(request -> request.bucket(BUCKET).key("k"))
                            .asUtf8String())
                    .isEqualTo("text");
        }
    }

    @Test
    void aLifecycleConfigurationGoesThereAndBack() {
        LifecycleRule and = LifecycleRule.builder()
                .id("one")
                .status("Enabled")
                .filter(f -> f.and(a -> a.prefix("a/")
                        .tags(Tag.builder().key("k").value("v").build())
                        .objectSizeLessThan(10L)))
                .expiration(e -> e.date(Instant.parse("2030-01-01T00:00:00Z")))
                .noncurrentVersionExpiration(n -> n.noncurrentDays(2).newerNoncurrentVersions(3))
                .build();
        LifecycleRule all = LifecycleRule.builder()
                .id("two")
                .status("Disabled")
                .filter(f -> f.prefix(""))
                .abortIncompleteMultipartUpload(a -> a.daysAfterInitiation(7))
                .build();

        s3.putBucketLifecycleConfiguration(
                request -> request.bucket(BUCKET).lifecycleConfiguration(c -> c.rules(and, all)));

        assertThat(s3.getBucketLifecycleConfiguration(request -> request.bucket(BUCKET))
                        .rules())
                .containsExactly(and, all);
    }

    @AfterEach
    void end() {
        s3.close();
        assertThat(server.faults()).isEmpty();
        server.close();
    }

    @Test
    void objectsGoThereAndBack() {
        for (int size : new int[] {0, 100, 5_000, 300_000}) {
            byte[] bytes = S3Test.bytes(size);
            var put = s3.putObject(
                    request -> request.bucket(BUCKET).key("ä key+" + size).metadata(Map.of("a", "b")),
                    RequestBody.fromBytes(bytes));
            ResponseBytes<GetObjectResponse> got = s3.getObjectAsBytes(
                    request -> request.bucket(BUCKET).key("ä key+" + size).checksumMode(ChecksumMode.ENABLED));

            assertThat(got.asByteArray()).isEqualTo(bytes);
            assertThat(got.response().metadata()).containsEntry("a", "b");
            assertThat(got.response().checksumCRC32())
                    .isEqualTo(put.checksumCRC32())
                    .isNotEmpty();
        }
    }

    @Test
    void aClientThatSendsNoChecksumIsServed() {
        try (S3Client plain = client(RequestChecksumCalculation.WHEN_REQUIRED)) {
            plain.putObject(request -> request.bucket(BUCKET).key("key"), RequestBody.fromString("text"));

            assertThat(plain.getObjectAsBytes(request -> request.bucket(BUCKET).key("key"))
                            .asUtf8String())
                    .isEqualTo("text");
        }
    }

    @Test
    void bytesThatAreNotThoseAnnouncedAreRefused() {
        S3Test.refused(
                "BadDigest",
                400,
                () -> s3.putObject(
                        request -> request.bucket(BUCKET).key("key").contentMD5("1B2M2Y8AsgTpgAmY7PhCfg=="),
                        RequestBody.fromString("text")));
        S3Test.refused(
                "BadDigest",
                400,
                () -> s3.putObject(
                        request -> request.bucket(BUCKET)
                                .key("key")
                                .checksumSHA256("47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="),
                        RequestBody.fromString("text")));

        assertThat(s3.listObjectsV2(request -> request.bucket(BUCKET)).contents())
                .isEmpty();
        assertThat(server.faults()).isEmpty();
    }

    @Test
    void anUploadThatBreaksOffStoresNothing() throws Exception {
        PresignedPutObjectRequest presigned;
        try (S3Presigner presigner = presigner()) {
            presigned = presigner.presignPutObject(request -> request.signatureDuration(Duration.ofMinutes(5))
                    .putObjectRequest(put -> put.bucket(BUCKET).key("half")));
        }
        URI url = presigned.url().toURI();
        try (Socket socket = new Socket(url.getHost(), url.getPort())) {
            String head = "PUT " + url.getRawPath() + "?" + url.getRawQuery() + " HTTP/1.1\r\nHost: "
                    + url.getAuthority() + "\r\nContent-Length: 1000000\r\n\r\n";
            socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
            socket.getOutputStream().write(new byte[400_000]);
            socket.getOutputStream().flush();
        }

        assertThat(s3.listObjectsV2(request -> request.bucket(BUCKET)).contents())
                .isEmpty();
        assertThat(s3.putObject(request -> request.bucket(BUCKET).key("whole"), RequestBody.fromString("x"))
                        .eTag())
                .isNotEmpty();
    }

    @Test
    void aDownloadThatBreaksOffIsNoFault() throws Exception {
        s3.putObject(request -> request.bucket(BUCKET).key("long"), RequestBody.fromBytes(S3Test.bytes(20_000_000)));
        ResponseInputStream<GetObjectResponse> object =
                s3.getObject(request -> request.bucket(BUCKET).key("long"));
        assertThat(object.read()).isNotNegative();
        object.abort();

        assertThat(s3.headObject(request -> request.bucket(BUCKET).key("long")).contentLength())
                .isEqualTo(20_000_000);
    }

    @Test
    void rangesAndConditionsHaveTheirStatus() {
        String etag = s3.putObject(request -> request.bucket(BUCKET).key("key"), RequestBody.fromString("abcdef"))
                .eTag();

        ResponseBytes<GetObjectResponse> range =
                s3.getObjectAsBytes(request -> request.bucket(BUCKET).key("key").range("bytes=1-2"));

        assertThat(range.asUtf8String()).isEqualTo("bc");
        assertThat(range.response().sdkHttpResponse().statusCode()).isEqualTo(206);
        assertThat(range.response().contentRange()).isEqualTo("bytes 1-2/6");
        S3Test.refused(
                "InvalidRange",
                416,
                () -> s3.getObjectAsBytes(
                        request -> request.bucket(BUCKET).key("key").range("bytes=9-")));
        S3Test.refused(
                "PreconditionFailed",
                412,
                () -> s3.putObject(
                        request -> request.bucket(BUCKET).key("key").ifNoneMatch("*"), RequestBody.fromString("x")));
        assertThat(org.assertj.core.api.Assertions.catchThrowableOfType(
                                software.amazon.awssdk.services.s3.model.S3Exception.class,
                                () -> s3.headObject(request ->
                                        request.bucket(BUCKET).key("key").ifNoneMatch(etag)))
                        .statusCode())
                .isEqualTo(304);
        S3Test.refused(
                "NoSuchKey",
                404,
                () -> s3.getObjectAsBytes(request -> request.bucket(BUCKET).key("absent")));
        S3Test.refused("NoSuchBucket", 404, () -> s3.listObjectsV2(request -> request.bucket("absent-bucket")));
    }

    @Test
    void aDeleteMarkerIsToldInHeaders() {
        s3.putBucketVersioning(request -> request.bucket(BUCKET)
                .versioningConfiguration(versioning -> versioning.status(BucketVersioningStatus.ENABLED)));
        s3.putObject(request -> request.bucket(BUCKET).key("key"), RequestBody.fromString("x"));
        s3.deleteObject(request -> request.bucket(BUCKET).key("key"));

        var hidden = S3Test.refused(
                "NoSuchKey",
                404,
                () -> s3.getObjectAsBytes(request -> request.bucket(BUCKET).key("key")));

        assertThat(S3Test.header(hidden, "x-amz-delete-marker")).isEqualTo("true");
    }

    @Test
    void partsListingsTagsAndBatchesAreUnderstood() {
        String upload = s3.createMultipartUpload(
                        request -> request.bucket(BUCKET).key("big"))
                .uploadId();
        var part = s3.uploadPart(
                request -> request.bucket(BUCKET).key("big").uploadId(upload).partNumber(1),
                RequestBody.fromBytes(S3Test.bytes(9_999)));
        s3.completeMultipartUpload(request -> request.bucket(BUCKET)
                .key("big")
                .uploadId(upload)
                .multipartUpload(parts -> parts.parts(CompletedPart.builder()
                        .partNumber(1)
                        .eTag(part.eTag())
                        .checksumCRC32(part.checksumCRC32())
                        .build())));
        s3.copyObject(request -> request.sourceBucket(BUCKET)
                .sourceKey("big")
                .destinationBucket(BUCKET)
                .destinationKey("folder/copy"));
        s3.putObjectTagging(request -> request.bucket(BUCKET)
                .key("big")
                .tagging(tagging ->
                        tagging.tagSet(Tag.builder().key("a").value("b").build())));

        assertThat(s3.getObjectTagging(request -> request.bucket(BUCKET).key("big"))
                        .tagSet())
                .hasSize(1);
        var listed = s3.listObjectsV2(request -> request.bucket(BUCKET).delimiter("/"));
        assertThat(listed.contents()).extracting(S3Object::key).containsExactly("big");
        assertThat(listed.commonPrefixes()).hasSize(1);
        assertThat(s3.deleteObjects(request -> request.bucket(BUCKET)
                                .delete(delete -> delete.objects(List.of(
                                        ObjectIdentifier.builder().key("big").build(),
                                        ObjectIdentifier.builder()
                                                .key("folder/copy")
                                                .build()))))
                        .deleted())
                .hasSize(2);
        assertThat(s3.listObjectVersions(request -> request.bucket(BUCKET)).versions())
                .isEmpty();
        s3.deleteBucket(request -> request.bucket(BUCKET));
    }

    @Test
    void aBucketsSettingsAreUnderstood() {
        assertThat(s3.getBucketLocation(request -> request.bucket(BUCKET)).locationConstraintAsString())
                .isNullOrEmpty();
        assertThat(s3.getBucketEncryption(request -> request.bucket(BUCKET))
                        .serverSideEncryptionConfiguration()
                        .rules())
                .hasSize(1);
        assertThat(s3.headBucket(request -> request.bucket(BUCKET)).bucketRegion())
                .isEqualTo(TestServer.REGION);
        String policy = BucketsTest.policy("{\"AWS\":\"" + TestServer.ACCOUNT + "\"}", "s3:GetObject", BUCKET + "/*");
        s3.putBucketPolicy(request -> request.bucket(BUCKET).policy(policy));
        assertThat(s3.getBucketPolicy(request -> request.bucket(BUCKET)).policy())
                .isEqualTo(policy);
        s3.putBucketNotificationConfiguration(request ->
                request.bucket(BUCKET).notificationConfiguration(c -> c.eventBridgeConfiguration(bridge -> {})));
        assertThat(s3.getBucketNotificationConfiguration(request -> request.bucket(BUCKET))
                        .eventBridgeConfiguration())
                .isNotNull();
        assertThat(s3.getBucketAcl(request -> request.bucket(BUCKET)).grants()).hasSize(1);
        assertThat(s3.getPublicAccessBlock(request -> request.bucket(BUCKET))
                        .publicAccessBlockConfiguration()
                        .blockPublicAcls())
                .isTrue();
    }

    @Test
    void aPresignedUrlOpensOneObject() throws Exception {
        s3.putObject(request -> request.bucket(BUCKET).key("key"), RequestBody.fromString("shared"));
        try (S3Presigner presigner = presigner();
                HttpClient http = HttpClient.newHttpClient()) {
            URI url = presigner
                    .presignGetObject(presign -> presign.signatureDuration(Duration.ofMinutes(5))
                            .getObjectRequest(request -> request.bucket(BUCKET).key("key")))
                    .url()
                    .toURI();

            HttpResponse<String> got =
                    http.send(HttpRequest.newBuilder(url).build(), HttpResponse.BodyHandlers.ofString());
            HttpResponse<String> other = http.send(
                    HttpRequest.newBuilder(URI.create(url.toString().replace("/key?", "/other?")))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());

            assertThat(got.body()).isEqualTo("shared");
            assertThat(other.statusCode()).isEqualTo(403);
        }
    }
}
