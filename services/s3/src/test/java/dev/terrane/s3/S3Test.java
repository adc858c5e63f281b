package dev.terrane.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.terrane.testkit.TestServer;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.BucketVersioningStatus;
import software.amazon.awssdk.services.s3.model.PutObjectResponse;

/** What tests of S3 share: a server with S3, a client of an administrator, a bucket. */
abstract class S3Test {
    static final String BUCKET = "artifacts";

    final TestServer server = TestServer.with(S3Service::new);
    S3Client s3 = server.client(S3Client.class);

    @BeforeEach
    void makeBucket() {
        s3.createBucket(request -> request.bucket(BUCKET));
    }

    @AfterEach
    void end() {
        assertThat(server.faults()).isEmpty();
        server.close();
    }

    /** Ends the server and starts it again on the same data. */
    void restart() {
        server.restart();
        s3 = server.client(S3Client.class);
    }

    PutObjectResponse put(String key, String text) {
        return s3.putObject(request -> request.bucket(BUCKET).key(key), RequestBody.fromString(text));
    }

    PutObjectResponse put(String key, byte[] bytes) {
        return s3.putObject(request -> request.bucket(BUCKET).key(key), RequestBody.fromBytes(bytes));
    }

    String text(String key) {
        return s3.getObjectAsBytes(request -> request.bucket(BUCKET).key(key)).asUtf8String();
    }

    void version(BucketVersioningStatus status) {
        s3.putBucketVersioning(
                request -> request.bucket(BUCKET).versioningConfiguration(versioning -> versioning.status(status)));
    }

    /** Bytes that differ everywhere, so that a mix-up shows. */
    static byte[] bytes(int size) {
        byte[] bytes = new byte[size];
        int state = 42;
        for (int i = 0; i < size; i++) {
            state = state * 1_103_515_245 + 12_345;
            bytes[i] = (byte) (state >> 16);
        }
        return bytes;
    }

    /** Asserts that a call is refused with a code and status. */
    static AwsServiceException refused(String code, int status, ThrowingCallable call) {
        AwsServiceException error = catchThrowableOfType(AwsServiceException.class, call);
        assertThat(error).as("refused with " + code).isNotNull();
        assertThat(error.awsErrorDetails().errorCode()).isEqualTo(code);
        assertThat(error.statusCode()).isEqualTo(status);
        return error;
    }

    static String header(AwsServiceException error, String name) {
        Map<String, List<String>> headers =
                error.awsErrorDetails().sdkHttpResponse().headers();
        return String.join(",", headers.getOrDefault(name, List.of()));
    }
}
