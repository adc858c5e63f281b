package dev.terrane.sts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.terrane.iam.IamService;
import dev.terrane.kernel.clock.Clock;
import dev.terrane.kernel.identity.Credential;
import dev.terrane.testkit.TestServer;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.awscore.client.builder.AwsSyncClientBuilder;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.iam.IamClient;
import software.amazon.awssdk.services.iam.model.AccessKey;
import software.amazon.awssdk.services.iam.model.NoSuchEntityException;
import software.amazon.awssdk.services.iam.model.StatusType;
import software.amazon.awssdk.services.sts.StsClient;
import software.amazon.awssdk.services.sts.model.Credentials;

/** The SDK's own clients, signing with keys and sessions that IAM and STS gave out. */
final class OverHttpTest {
    private final TestServer server = TestServer.with(IamService::new, StsService::new);
    private IamClient iam = server.client(IamClient.class);

    @BeforeEach
    void administrator() {
        // The SDK signs with the real time.
        server.advance(Duration.between(TestServer.START, Clock.system().instant()));
        Credential administrator = server.administrator();
        iam = client(
                IamClient.builder(), AwsBasicCredentials.create(administrator.accessKeyId(), administrator.secret()));
    }

    @AfterEach
    void close() {
        assertThat(server.faults()).isEmpty();
        server.close();
    }

    private <B extends AwsClientBuilder<B, C> & AwsSyncClientBuilder<B, C>, C> C client(
            B builder, AwsCredentials credentials) {
        return builder.endpointOverride(server.url())
                .region(Region.US_EAST_1)
                .credentialsProvider(StaticCredentialsProvider.create(credentials))
                .build();
    }

    private static AwsCredentials of(AccessKey key) {
        return AwsBasicCredentials.create(key.accessKeyId(), key.secretAccessKey());
    }

    private static AwsCredentials of(Credentials session) {
        return AwsSessionCredentials.create(session.accessKeyId(), session.secretAccessKey(), session.sessionToken());
    }

    private AccessKey userWithKey(String name) {
        iam.createUser(r -> r.userName(name));
        return iam.createAccessKey(r -> r.userName(name)).accessKey();
    }

    private static void refuses(String code, org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        AwsServiceException.class,
                        e -> assertThat(e.awsErrorDetails().errorCode()).isEqualTo(code));
    }

    @Test
    void anAccessKeySignsUntilItIsInactiveOrDeleted() {
        AccessKey key = userWithKey("alice");
        StsClient sts = client(StsClient.builder(), of(key));
        assertThat(sts.getCallerIdentity().arn()).isEqualTo("arn:aws:iam::123456789012:user/alice");
        refuses("AccessDenied", () -> client(IamClient.builder(), of(key)).listUsers());

        iam.updateAccessKey(
                r -> r.userName("alice").accessKeyId(key.accessKeyId()).status(StatusType.INACTIVE));
        refuses("InvalidClientTokenId", sts::getCallerIdentity);
        iam.updateAccessKey(
                r -> r.userName("alice").accessKeyId(key.accessKeyId()).status(StatusType.ACTIVE));
        assertThat(sts.getCallerIdentity().account()).isEqualTo("123456789012");
        iam.deleteAccessKey(r -> r.userName("alice").accessKeyId(key.accessKeyId()));
        refuses("InvalidClientTokenId", sts::getCallerIdentity);
    }

    @Test
    void theLastUseOfAKeyIsRemembered() {
        AccessKey key = userWithKey("alice");
        client(StsClient.builder(), of(key)).getCallerIdentity();
        var used = iam.getAccessKeyLastUsed(r -> r.accessKeyId(key.accessKeyId()));
        assertThat(used.userName()).isEqualTo("alice");
        assertThat(used.accessKeyLastUsed().serviceName()).isEqualTo("sts");
        assertThat(used.accessKeyLastUsed().region()).isEqualTo("us-east-1");
    }

    @Test
    void aWrongSecretIsRefused() {
        AccessKey key = userWithKey("alice");
        StsClient sts =
                client(StsClient.builder(), AwsBasicCredentials.create(key.accessKeyId(), "x" + key.secretAccessKey()));
        refuses("SignatureDoesNotMatch", sts::getCallerIdentity);
    }

    @Test
    void aSessionOfAUserIsTheUser() {
        AccessKey key = userWithKey("alice");
        Credentials session =
                client(StsClient.builder(), of(key)).getSessionToken().credentials();
        assertThat(session.accessKeyId()).startsWith("ASIA");
        StsClient sts = client(StsClient.builder(), of(session));
        assertThat(sts.getCallerIdentity().arn()).isEqualTo("arn:aws:iam::123456789012:user/alice");
        refuses("AccessDenied", sts::getSessionToken);
        assertThat(server.client(StsClient.class)
                        .getAccessKeyInfo(r -> r.accessKeyId(session.accessKeyId()))
                        .account())
                .isEqualTo("123456789012");
    }

    @Test
    void olderSessionsCanBeRevoked() {
        AccessKey key = userWithKey("alice");
        String role = iam.createRole(
                        r -> r.roleName("r")
                                .assumeRolePolicyDocument(
                                        "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":"
                                                + "\"Allow\",\"Principal\":{\"AWS\":\"123456789012\"},\"Action\":\"sts:AssumeRole\"}]}"))
                .role()
                .arn();
        iam.attachUserPolicy(r -> r.userName("alice").policyArn("arn:aws:iam::aws:policy/AdministratorAccess"));
        StsClient sts = client(StsClient.builder(), of(key));
        StsClient older = client(StsClient.builder(), of(sts.getSessionToken().credentials()));
        older.assumeRole(r -> r.roleArn(role).roleSessionName("session"));
        server.advance(Duration.ofSeconds(2));
        iam.putUserPolicy(r -> r.userName("alice")
                .policyName("RevokeOlderSessions")
                .policyDocument(
                        "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Deny\",\"Action\":\"*\",\"Resource\":\"*\",\"Condition\":"
                                + "{\"DateLessThan\":{\"aws:TokenIssueTime\":\""
                                + server.clock().instant().truncatedTo(ChronoUnit.SECONDS) + "\"}}}]}"));
        refuses("AccessDenied", () -> older.assumeRole(r -> r.roleArn(role).roleSessionName("session")));
        StsClient newer = client(StsClient.builder(), of(sts.getSessionToken().credentials()));
        newer.assumeRole(r -> r.roleArn(role).roleSessionName("session"));
    }

    @Test
    void aKeysAccountIsInItsId() {
        AccessKey key = userWithKey("alice");
        iam.attachUserPolicy(r -> r.userName("alice").policyArn("arn:aws:iam::aws:policy/AdministratorAccess"));
        StsClient sts = client(StsClient.builder(), of(key));
        assertThat(sts.getAccessKeyInfo(r -> r.accessKeyId(key.accessKeyId())).account())
                .isEqualTo("123456789012");
        refuses("ValidationError", () -> sts.getAccessKeyInfo(r -> r.accessKeyId("AKIA1111111111111111")));
    }

    @Test
    void documentsAndErrorsAreOnTheWireAsTheSdkReadsThem() {
        iam.createRole(r -> r.roleName("r")
                .assumeRolePolicyDocument("{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\","
                        + "\"Principal\":{\"Service\":\"ec2.amazonaws.com\"},\"Action\":\"sts:AssumeRole\"}]}"));
        assertThat(iam.getRole(r -> r.roleName("r")).role().assumeRolePolicyDocument())
                .startsWith("%7B%22Version%22%3A%222012-10-17%22");
        assertThatThrownBy(() -> iam.getRole(r -> r.roleName("absent")))
                .isInstanceOf(NoSuchEntityException.class)
                .hasMessageContaining("The role with name absent cannot be found.");
    }
}
