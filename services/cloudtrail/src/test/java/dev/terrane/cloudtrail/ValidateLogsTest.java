package dev.terrane.cloudtrail;

import static org.assertj.core.api.Assertions.assertThat;

import dev.terrane.kernel.clock.Clock;
import dev.terrane.kernel.identity.Credential;
import dev.terrane.testkit.TestServer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.kms.KmsClient;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;

/** The files of some hours, held by {@code aws cloudtrail validate-logs}. Needs the aws CLI: {@code -Daws.cli=PATH}. */
@EnabledIfSystemProperty(named = "aws.cli", matches = ".+")
final class ValidateLogsTest {
    private final TrailFixture fixture = new TrailFixture();
    private final TestServer server = fixture.server();
    private Instant began = Instant.EPOCH;
    private String arn = "";
    private int files;
    private int digests;

    /** The client goes by the real time, which the server's comes to be at the end. */
    @BeforeEach
    void deliver() {
        began = Clock.system().instant().minus(Duration.ofHours(12));
        server.advance(Duration.between(server.clock().instant(), began));
        arn = fixture.trail()
                .createTrail(
                        r -> r.name("first").s3BucketName(TrailFixture.BUCKET).enableLogFileValidation(true))
                .trailARN();
        fixture.trail().startLogging(r -> r.name("first"));
        for (int hour = 1; hour <= 3; hour++) {
            int due = hour;
            server.client(KmsClient.class).createKey(r -> {});
            fixture.digests(due);
        }
        fixture.trail().stopLogging(r -> r.name("first"));
        server.advance(Duration.between(server.clock().instant(), Clock.system().instant()));
        files = fixture.keys("/CloudTrail/").size();
        digests = fixture.keys("/CloudTrail-Digest/").size();
    }

    @AfterEach
    void stop() {
        fixture.close();
    }

    private String validate() {
        try {
            Credential key = server.administrator();
            ProcessBuilder builder = new ProcessBuilder(
                    System.getProperty("aws.cli"),
                    "cloudtrail",
                    "validate-logs",
                    "--trail-arn",
                    arn,
                    "--start-time",
                    began.minusSeconds(60).toString(),
                    "--verbose");
            builder.environment().put("AWS_ENDPOINT_URL", server.url().toString());
            builder.environment().put("AWS_ACCESS_KEY_ID", key.accessKeyId());
            builder.environment().put("AWS_SECRET_ACCESS_KEY", key.secret());
            builder.environment().put("AWS_DEFAULT_REGION", TestServer.REGION);
            Process process = builder.redirectErrorStream(true).start();
            return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void allFilesAreValid() {
        assertThat(validate())
                .contains("%1$d/%1$d digest files valid".formatted(digests))
                .contains("%1$d/%1$d log files valid".formatted(files))
                .doesNotContain("INVALID");
    }

    @Test
    void aFileThatWasTakenAwayIsFound() {
        remove(fixture.keys("/CloudTrail/").getFirst());
        assertThat(validate())
                .contains("INVALID: not found")
                .contains("%d/%d log files valid".formatted(files - 1, files));
    }

    @Test
    void aFileThatWasChangedIsFound() {
        String file = fixture.keys("/CloudTrail/").getFirst();
        byte[] other = LogFile.compressed(
                fixture.read(file).replace("StartLogging", "StopLogging").getBytes(StandardCharsets.UTF_8));
        server.client(S3Client.class)
                .putObject(
                        PutObjectRequest.builder()
                                .bucket(TrailFixture.BUCKET)
                                .key(file)
                                .build(),
                        RequestBody.fromBytes(other));
        assertThat(validate())
                .contains("INVALID: hash value doesn't match")
                .contains("%d/%d log files valid".formatted(files - 1, files));
    }

    @Test
    void aDigestThatWasTakenAwayIsFound() {
        remove(fixture.keys("/CloudTrail-Digest/").get(1));
        assertThat(validate())
                .contains("INVALID: not found")
                .contains("%d/%d digest files valid".formatted(digests - 1, digests));
    }

    private void remove(String key) {
        server.client(S3Client.class)
                .deleteObject(r -> r.bucket(TrailFixture.BUCKET).key(key));
    }
}
