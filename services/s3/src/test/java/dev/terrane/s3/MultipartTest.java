package dev.terrane.s3;

import static org.assertj.core.api.Assertions.assertThat;

import dev.terrane.kernel.checksum.Checksum;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.model.ChecksumAlgorithm;
import software.amazon.awssdk.services.s3.model.ChecksumMode;
import software.amazon.awssdk.services.s3.model.ChecksumType;
import software.amazon.awssdk.services.s3.model.CompleteMultipartUploadResponse;
import software.amazon.awssdk.services.s3.model.CompletedPart;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.MultipartUpload;
import software.amazon.awssdk.services.s3.model.Part;

class MultipartTest extends S3Test {
    private static final int SMALLEST = 5 * 1024 * 1024;

    @Test
    void partsBecomeOneObject() {
        String upload = begin();
        byte[] bytes = bytes(SMALLEST + 1000);
        String second = part(upload, 2, Arrays.copyOfRange(bytes, SMALLEST, bytes.length));
        String first = part(upload, 1, Arrays.copyOf(bytes, SMALLEST));

        CompleteMultipartUploadResponse done = complete(upload, named(1, first), named(2, second));

        assertThat(done.eTag()).endsWith("-2\"");
        assertThat(s3.getObjectAsBytes(request -> request.bucket(BUCKET).key("key"))
                        .asByteArray())
                .isEqualTo(bytes);
        assertThat(s3.getObjectAsBytes(request -> request.bucket(BUCKET)
                                .key("key")
                                .range("bytes=" + (SMALLEST - 2) + "-" + (SMALLEST + 1)))
                        .asByteArray())
                .isEqualTo(Arrays.copyOfRange(bytes, SMALLEST - 2, SMALLEST + 2));
        HeadObjectResponse part =
                s3.headObject(request -> request.bucket(BUCKET).key("key").partNumber(2));
        assertThat(part.partsCount()).isEqualTo(2);
        assertThat(part.contentLength()).isEqualTo(1000);
        assertThat(s3.headObject(request -> request.bucket(BUCKET).key("key").checksumMode(ChecksumMode.ENABLED))
                        .checksumCRC64NVME())
                .isEqualTo(Checksum.CRC64NVME.of(bytes));
        assertThat(s3.listMultipartUploads(request -> request.bucket(BUCKET)).uploads())
                .isEmpty();
        refused("NoSuchUpload", 404, () -> complete(upload, named(1, first)));
    }

    @Test
    void partsAndUploadsOutliveARestart() {
        String upload = begin();
        String etag = part(upload, 1, bytes(10_000));

        restart();
        complete(upload, named(1, etag));

        assertThat(s3.getObjectAsBytes(request -> request.bucket(BUCKET).key("key"))
                        .asByteArray())
                .isEqualTo(bytes(10_000));
    }

    @Test
    void aCompositeChecksumIsMadeOfThePartsChecksums() {
        String upload = s3.createMultipartUpload(
                        request -> request.bucket(BUCKET).key("key").checksumAlgorithm(ChecksumAlgorithm.SHA256))
                .uploadId();
        var uploaded = s3.uploadPart(
                request -> request.bucket(BUCKET).key("key").uploadId(upload).partNumber(1),
                RequestBody.fromBytes(bytes(100)));

        CompleteMultipartUploadResponse done = complete(
                upload,
                CompletedPart.builder()
                        .partNumber(1)
                        .eTag(uploaded.eTag())
                        .checksumSHA256(uploaded.checksumSHA256())
                        .build());

        assertThat(uploaded.checksumSHA256()).isEqualTo(Checksum.SHA256.of(bytes(100)));
        assertThat(done.checksumType()).isEqualTo(ChecksumType.COMPOSITE);
        assertThat(done.checksumSHA256())
                .isEqualTo(Checksum.SHA256.composite(List.of(Checksums.bytes(Checksum.SHA256.of(bytes(100))))));
    }

    @Test
    void badCompletionsAreRefusedAndChangeNothing() {
        String upload = begin();
        String first = part(upload, 1, bytes(1000));
        String second = part(upload, 2, bytes(1000));

        refused("EntityTooSmall", 400, () -> complete(upload, named(1, first), named(2, second)));
        refused("InvalidPartOrder", 400, () -> complete(upload, named(2, second), named(1, first)));
        refused("InvalidPart", 400, () -> complete(upload, named(1, "\"0123\"")));
        refused("InvalidPart", 400, () -> complete(upload, named(3, first)));
        refused("MalformedXML", 400, () -> complete(upload));
        refused("NoSuchUpload", 404, () -> complete("nonsense", named(1, first)));
        refused("InvalidArgument", 400, () -> part(upload, 10_001, bytes(1)));
        refused("NoSuchUpload", 404, () -> part("nonsense", 1, bytes(1)));

        refused("NoSuchKey", 404, () -> text("key"));
        complete(upload, named(2, second));
        assertThat(s3.headObject(request -> request.bucket(BUCKET).key("key")).contentLength())
                .isEqualTo(1000);
    }

    @Test
    void aPartSentAgainTakesTheFirstOnesPlace() {
        String upload = begin();
        part(upload, 1, bytes(10));
        String etag = part(upload, 1, "again".getBytes(java.nio.charset.StandardCharsets.UTF_8));

        assertThat(s3.listParts(request -> request.bucket(BUCKET).key("key").uploadId(upload))
                        .parts())
                .extracting(Part::size)
                .containsExactly(5L);
        complete(upload, named(1, etag));
        assertThat(text("key")).isEqualTo("again");
    }

    @Test
    void anAbortedUploadIsGone() {
        String upload = begin();
        part(upload, 1, bytes(10));

        s3.abortMultipartUpload(request -> request.bucket(BUCKET).key("key").uploadId(upload));

        refused(
                "NoSuchUpload",
                404,
                () -> s3.listParts(request -> request.bucket(BUCKET).key("key").uploadId(upload)));
        refused(
                "NoSuchUpload",
                404,
                () -> s3.abortMultipartUpload(
                        request -> request.bucket(BUCKET).key("key").uploadId(upload)));
    }

    @Test
    void partsAndUploadsAreListedInPages() {
        String upload = begin();
        for (int number = 1; number <= 5; number++) {
            part(upload, number, bytes(number));
        }
        s3.createMultipartUpload(request -> request.bucket(BUCKET).key("another"));

        assertThat(
                        s3
                                .listPartsPaginator(request -> request.bucket(BUCKET)
                                        .key("key")
                                        .uploadId(upload)
                                        .maxParts(2))
                                .stream()
                                .flatMap(page -> page.parts().stream())
                                .map(Part::partNumber))
                .containsExactly(1, 2, 3, 4, 5);
        assertThat(s3
                        .listMultipartUploadsPaginator(
                                request -> request.bucket(BUCKET).maxUploads(1))
                        .stream()
                        .flatMap(page -> page.uploads().stream())
                        .map(MultipartUpload::key))
                .containsExactly("another", "key");
    }

    @Test
    void aPartIsCopiedFromAnObject() {
        put("source", bytes(10_000));
        String upload = begin();

        String etag = s3.uploadPartCopy(request -> request.sourceBucket(BUCKET)
                        .sourceKey("source")
                        .destinationBucket(BUCKET)
                        .destinationKey("key")
                        .uploadId(upload)
                        .partNumber(1)
                        .copySourceRange("bytes=100-199"))
                .copyPartResult()
                .eTag();
        complete(upload, named(1, etag));

        assertThat(s3.getObjectAsBytes(request -> request.bucket(BUCKET).key("key"))
                        .asByteArray())
                .isEqualTo(Arrays.copyOfRange(bytes(10_000), 100, 200));
        refused(
                "InvalidArgument",
                400,
                () -> s3.uploadPartCopy(request -> request.sourceBucket(BUCKET)
                        .sourceKey("source")
                        .destinationBucket(BUCKET)
                        .destinationKey("key")
                        .uploadId(begin())
                        .partNumber(1)
                        .copySourceRange("bytes=100-20000")));
    }

    private String begin() {
        return s3.createMultipartUpload(request -> request.bucket(BUCKET).key("key"))
                .uploadId();
    }

    private String part(String upload, int number, byte[] bytes) {
        return s3.uploadPart(
                        request -> request.bucket(BUCKET)
                                .key("key")
                                .uploadId(upload)
                                .partNumber(number),
                        RequestBody.fromBytes(bytes))
                .eTag();
    }

    private CompleteMultipartUploadResponse complete(String upload, CompletedPart... parts) {
        return s3.completeMultipartUpload(request ->
                request.bucket(BUCKET).key("key").uploadId(upload).multipartUpload(list -> list.parts(parts)));
    }

    private static CompletedPart named(int number, String etag) {
        return CompletedPart.builder().partNumber(number).eTag(etag).build();
    }
}
