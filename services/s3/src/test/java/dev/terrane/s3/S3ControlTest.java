package dev.terrane.s3;

import static org.assertj.core.api.Assertions.assertThat;

import dev.terrane.kernel.call.Principal;
import dev.terrane.kernel.clock.Clock;
import dev.terrane.testkit.TestServer;
import java.net.InetAddress;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.apache.ApacheHttpClient;
import software.amazon.awssdk.http.apache.ProxyConfiguration;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3control.S3ControlClient;
import software.amazon.awssdk.services.s3control.model.Tag;

/** Tags of buckets by S3 Control, which is what Terraform's provider reads and writes them by. */
class S3ControlTest {
    private static final String BUCKET = "artifacts";
    private static final String ARN = "arn:aws:s3:::artifacts";

    private final TestServer server = TestServer.with(S3Service::new, S3ControlService::new);
    private final S3Client s3 = server.client(S3Client.class);
    private S3ControlClient control = server.client(S3ControlClient.class);

    @BeforeEach
    void makeBucket() {
        s3.createBucket(request -> request.bucket(BUCKET));
    }

    @AfterEach
    void end() {
        assertThat(server.faults()).isEmpty();
        server.close();
    }

    private static Tag tag(String key, String value) {
        return Tag.builder().key(key).value(value).build();
    }

    private void tagged(Tag... tags) {
        control.tagResource(request ->
                request.accountId(TestServer.ACCOUNT).resourceArn(ARN).tags(tags));
    }

    private List<Tag> tags() {
        return control.listTagsForResource(
                        request -> request.accountId(TestServer.ACCOUNT).resourceArn(ARN))
                .tags();
    }

    @Test
    void tagsAreAddedAndTakenAwayOneByOne() {
        assertThat(tags()).isEmpty();
        tagged(tag("team", "build"), tag("stage", "test"));
        tagged(tag("stage", "live"), tag("cost", ""));
        assertThat(tags()).containsExactly(tag("cost", ""), tag("stage", "live"), tag("team", "build"));

        control.untagResource(request ->
                request.accountId(TestServer.ACCOUNT).resourceArn(ARN).tagKeys("cost", "team", "absent"));
        server.restart();
        control = server.client(S3ControlClient.class);
        assertThat(tags()).containsExactly(tag("stage", "live"));
    }

    @Test
    void theyAreTheTagsOfTheBucket() {
        tagged(tag("team", "build"));
        assertThat(s3.getBucketTagging(request -> request.bucket(BUCKET)).tagSet())
                .extracting(found -> found.key() + "=" + found.value())
                .containsExactly("team=build");
        s3.deleteBucketTagging(request -> request.bucket(BUCKET));
        assertThat(tags()).isEmpty();
    }

    @Test
    void tagsThatAwsDoesNotAllowChangeNothing() {
        tagged(tag("team", "build"));
        S3Test.refused("InvalidTag", 400, () -> tagged(tag("aws:mine", "no")));
        S3Test.refused("InvalidTag", 400, () -> tagged(tag("a", "1"), tag("a", "2")));
        S3Test.refused(
                "BadRequest",
                400,
                () -> tagged(
                        IntStream.range(0, 50).mapToObj(i -> tag("k" + i, "")).toArray(Tag[]::new)));
        assertThat(tags()).containsExactly(tag("team", "build"));
    }

    @Test
    void whatIsNotABucketOfTheAccountIsRefused() {
        S3Test.refused(
                "NoSuchBucket",
                404,
                () -> control.listTagsForResource(
                        request -> request.accountId(TestServer.ACCOUNT).resourceArn("arn:aws:s3:::absent")));
        S3Test.refused(
                "AccessDenied",
                403,
                () -> control.listTagsForResource(
                        request -> request.accountId("999999999999").resourceArn(ARN)));
        S3Test.refused(
                "NotImplemented",
                501,
                () -> control.listTagsForResource(request -> request.accountId(TestServer.ACCOUNT)
                        .resourceArn("arn:aws:s3:us-east-1:123456789012:accesspoint/a")));
    }

    @Test
    void permissionIsThatOfS3OnTheBucket() {
        S3ControlClient nobody = server.client(
                S3ControlClient.class, new Principal.User(TestServer.ACCOUNT, "AIDANOBODY", "/", "nobody"));
        assertThat(S3Test.refused(
                        "AccessDenied",
                        403,
                        () -> nobody.listTagsForResource(
                                request -> request.accountId(TestServer.ACCOUNT).resourceArn(ARN))))
                .hasMessageContaining("s3:ListTagsForResource")
                .hasMessageContaining(ARN);
        assertThat(S3Test.refused(
                        "AccessDenied",
                        403,
                        () -> nobody.tagResource(request -> request.accountId(TestServer.ACCOUNT)
                                .resourceArn(ARN)
                                .tags(tag("a", "b")))))
                .hasMessageContaining("s3:TagResource")
                .hasMessageContaining(ARN);
        assertThat(tags()).isEmpty();
    }

    /** The SDK puts the account before the host's name, and signs as S3. */
    @Test
    void spokenToByTheSdkWhereTheAccountsHostResolves() {
        InetAddress[] here = {InetAddress.getLoopbackAddress()};
        spokenToBy(ApacheHttpClient.builder().dnsResolver(host -> here));
    }

    /** The server as its own proxy: a request with the whole URL in its first line is one as any other. */
    @Test
    void spokenToByTheSdkWhereItDoesNot() {
        spokenToBy(ApacheHttpClient.builder()
                .proxyConfiguration(
                        ProxyConfiguration.builder().endpoint(server.url()).build()));
    }

    private void spokenToBy(ApacheHttpClient.Builder http) {
        // The SDK signs with the real time.
        server.advance(Duration.between(TestServer.START, Clock.system().instant()));
        try (S3ControlClient remote = S3ControlClient.builder()
                .httpClient(http.build())
                .endpointOverride(URI.create("http://localhost:" + server.url().getPort()))
                .region(Region.of(TestServer.REGION))
                .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create(
                        server.administrator().accessKeyId(),
                        server.administrator().secret())))
                .build()) {
            control = remote;
            tagged(tag("team", "build / test"), tag("stage", "live"));
            assertThat(tags()).containsExactly(tag("stage", "live"), tag("team", "build / test"));
            remote.untagResource(request ->
                    request.accountId(TestServer.ACCOUNT).resourceArn(ARN).tagKeys("stage"));
            assertThat(tags()).containsExactly(tag("team", "build / test"));
            S3Test.refused(
                    "NotImplemented", 501, () -> remote.listJobs(request -> request.accountId(TestServer.ACCOUNT)));
        }
    }
}
