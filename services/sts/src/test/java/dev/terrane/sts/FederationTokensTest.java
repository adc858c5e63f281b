package dev.terrane.sts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.terrane.iam.IamService;
import dev.terrane.kernel.call.Principal;
import dev.terrane.sqs.SqsService;
import dev.terrane.testkit.TestServer;
import java.time.Duration;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.services.iam.IamClient;
import software.amazon.awssdk.services.iam.model.User;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;
import software.amazon.awssdk.services.sts.StsClient;
import software.amazon.awssdk.services.sts.model.Credentials;
import software.amazon.awssdk.services.sts.model.GetFederationTokenResponse;
import software.amazon.awssdk.services.sts.model.PackedPolicyTooLargeException;
import software.amazon.awssdk.services.sts.model.Tag;

/** Sessions of GetFederationToken: what user and passed policy both allow, and what they are never used for. */
final class FederationTokensTest {
    private static final String BOB = "arn:aws:sts::123456789012:federated-user/bob";

    private final TestServer server = TestServer.with(IamService::new, StsService::new, SqsService::new);
    private final IamClient iam = server.client(IamClient.class);
    private StsClient alice = server.client(StsClient.class);

    @BeforeEach
    void user() {
        User user = iam.createUser(r -> r.userName("alice")).user();
        permit("{\"Effect\":\"Allow\",\"Action\":[\"sqs:*\",\"sts:GetFederationToken\"],\"Resource\":\"*\"}");
        alice = server.client(
                StsClient.class, new Principal.User(TestServer.ACCOUNT, user.userId(), "/", user.userName()));
    }

    @AfterEach
    void close() {
        assertThat(server.faults()).isEmpty();
        server.close();
    }

    private void permit(String statement) {
        iam.putUserPolicy(r -> r.userName("alice").policyName("own").policyDocument(document(statement)));
    }

    private static String document(String statement) {
        return "{\"Version\":\"2012-10-17\",\"Statement\":[" + statement + "]}";
    }

    private static String allow(String action) {
        return document("{\"Effect\":\"Allow\",\"Action\":\"" + action + "\",\"Resource\":\"*\"}");
    }

    private Principal principal(Credentials credentials) {
        return server.platform()
                .sessions()
                .open(credentials.accessKeyId(), credentials.sessionToken())
                .orElseThrow()
                .principal();
    }

    private SqsClient sqsOf(GetFederationTokenResponse session) {
        return server.client(SqsClient.class, principal(session.credentials()));
    }

    private static void refuses(String code, String message, ThrowingCallable call) {
        assertThatThrownBy(call).isInstanceOfSatisfying(AwsServiceException.class, e -> {
            assertThat(e.awsErrorDetails().errorCode()).isEqualTo(code);
            assertThat(e.awsErrorDetails().errorMessage()).contains(message);
        });
    }

    @Test
    void aSessionHasANameOfItsOwnAndTheTimeThatWasAskedFor() {
        GetFederationTokenResponse session = alice.getFederationToken(r -> r.name("bob"));
        assertThat(session.federatedUser().arn()).isEqualTo(BOB);
        assertThat(session.federatedUser().federatedUserId()).isEqualTo("123456789012:bob");
        assertThat(session.packedPolicySize()).isNull();
        assertThat(session.credentials().accessKeyId()).startsWith("ASIA");
        assertThat(session.credentials().expiration()).isEqualTo(TestServer.START.plus(Duration.ofHours(12)));
        assertThat(alice.getFederationToken(r -> r.name("bob").durationSeconds(129_600))
                        .credentials()
                        .expiration())
                .isEqualTo(TestServer.START.plus(Duration.ofHours(36)));
        StsClient root = server.client(StsClient.class, new Principal.Root(TestServer.ACCOUNT));
        assertThat(root.getFederationToken(r -> r.name("bob")).credentials().expiration())
                .isEqualTo(TestServer.START.plus(Duration.ofHours(1)));
        assertThat(server.client(StsClient.class, principal(session.credentials()))
                        .getCallerIdentity()
                        .arn())
                .isEqualTo(BOB);
        refuses("ValidationError", "name", () -> alice.getFederationToken(r -> r.name("b")));
        refuses("ValidationError", "name", () -> alice.getFederationToken(r -> r.name("b/c")));
    }

    @Test
    void itMayDoWhatBothUserAndPolicyAllow() {
        GetFederationTokenResponse lists =
                alice.getFederationToken(r -> r.name("bob").policy(allow("sqs:ListQueues")));
        assertThat(lists.packedPolicySize()).isPositive();
        assertThat(sqsOf(lists).listQueues().queueUrls()).isEmpty();
        refuses(
                "AccessDeniedException",
                "User: " + BOB + " is not authorized to perform: sqs:CreateQueue",
                () -> sqsOf(lists).createQueue(r -> r.queueName("q")));
        refuses(
                "AccessDeniedException",
                "because no session policy allows",
                () -> sqsOf(alice.getFederationToken(r -> r.name("bob"))).listQueues());

        GetFederationTokenResponse all =
                alice.getFederationToken(r -> r.name("bob").policy(allow("*")));
        assertThat(sqsOf(all).listQueues().queueUrls()).isEmpty();
        permit("{\"Effect\":\"Allow\",\"Action\":\"sts:GetFederationToken\",\"Resource\":\"" + BOB + "\"}");
        refuses(
                "AccessDeniedException",
                "because no identity-based policy allows",
                () -> sqsOf(all).listQueues());
        refuses(
                "AccessDenied",
                "sts:GetFederationToken on resource: arn:aws:sts::123456789012:federated-user/eve",
                () -> alice.getFederationToken(r -> r.name("eve")));
    }

    @Test
    void ofTheRootUserItMayDoWhatThePolicyAllows() {
        StsClient root = server.client(StsClient.class, new Principal.Root(TestServer.ACCOUNT));
        GetFederationTokenResponse session =
                root.getFederationToken(r -> r.name("bob").policy(allow("sqs:ListQueues")));
        assertThat(sqsOf(session).listQueues().queueUrls()).isEmpty();
        refuses(
                "AccessDeniedException",
                "because no session policy allows",
                () -> sqsOf(session).createQueue(r -> r.queueName("q")));
    }

    @Test
    void aResourcesPolicyMayNameIt() {
        SqsClient administrator = server.client(SqsClient.class);
        String url = administrator.createQueue(r -> r.queueName("q")).queueUrl();
        GetFederationTokenResponse session = alice.getFederationToken(r -> r.name("bob"));
        refuses(
                "AccessDeniedException",
                "because no session policy allows",
                () -> sqsOf(session).sendMessage(r -> r.queueUrl(url).messageBody("m")));
        administrator.setQueueAttributes(
                r -> r.queueUrl(url)
                        .attributes(
                                Map.of(
                                        QueueAttributeName.POLICY,
                                        document(
                                                "{\"Effect\":\"Allow\",\"Principal\":{\"AWS\":\"" + BOB
                                                        + "\"},\"Action\":\"sqs:SendMessage\",\"Resource\":\"arn:aws:sqs:us-east-1:123456789012:q\"}"))));
        assertThat(sqsOf(session)
                        .sendMessage(r -> r.queueUrl(url).messageBody("m"))
                        .messageId())
                .isNotEmpty();
        refuses(
                "AccessDeniedException",
                "",
                () -> sqsOf(alice.getFederationToken(r -> r.name("carol")))
                        .sendMessage(r -> r.queueUrl(url).messageBody("m")));
    }

    @Test
    void itsTagsNeedPermissionAndAreKnownToPolicies() {
        Tag team = Tag.builder().key("team").value("red").build();
        refuses(
                "AccessDenied",
                "sts:TagSession on resource: " + BOB,
                () -> alice.getFederationToken(r -> r.name("bob").tags(team)));
        permit("{\"Effect\":\"Allow\",\"Action\":[\"sts:GetFederationToken\",\"sts:TagSession\"],\"Resource\":\"*\"},"
                + "{\"Effect\":\"Allow\",\"Action\":\"sqs:ListQueues\",\"Resource\":\"*\",\"Condition\":{\"StringEquals\":"
                + "{\"aws:PrincipalTag/team\":\"red\"}}}");
        assertThat(sqsOf(alice.getFederationToken(
                                r -> r.name("bob").policy(allow("*")).tags(team)))
                        .listQueues()
                        .queueUrls())
                .isEmpty();
        refuses(
                "AccessDeniedException",
                "because no identity-based policy allows",
                () -> sqsOf(alice.getFederationToken(r -> r.name("bob").policy(allow("*"))))
                        .listQueues());
        refuses(
                "InvalidParameterValue",
                "Duplicate tag keys",
                () -> alice.getFederationToken(r -> r.name("bob")
                        .tags(team, Tag.builder().key("Team").value("x").build())));
        assertThatThrownBy(() -> alice.getFederationToken(r -> r.name("bob")
                        .policy(allow("*"))
                        .tags(java.util.stream.IntStream.range(0, 50)
                                .mapToObj(i -> Tag.builder()
                                        .key("k" + i)
                                        .value("v".repeat(100))
                                        .build())
                                .toList())))
                .isInstanceOf(PackedPolicyTooLargeException.class);
    }

    @Test
    void itIsNotForIamNorStsNorBegunByTemporaryCredentials() {
        Principal session = principal(
                alice.getFederationToken(r -> r.name("bob").policy(allow("*"))).credentials());
        refuses(
                "InvalidClientTokenId",
                "The security token included in the request is invalid",
                () -> server.client(IamClient.class, session).listUsers());
        StsClient sts = server.client(StsClient.class, session);
        assertThat(sts.getCallerIdentity().userId()).isEqualTo("123456789012:bob");
        refuses("AccessDenied", "Cannot call GetSessionToken with session credentials", () -> sts.getSessionToken());
        refuses(
                "AccessDenied",
                "Cannot call GetFederationToken with session credentials",
                () -> sts.getFederationToken(r -> r.name("carol")));
        iam.createRole(
                r -> r.roleName("worker")
                        .assumeRolePolicyDocument(
                                document(
                                        "{\"Effect\":\"Allow\",\"Principal\":{\"AWS\":\"123456789012\"},\"Action\":\"sts:AssumeRole\"}")));
        iam.attachRolePolicy(r -> r.roleName("worker").policyArn("arn:aws:iam::aws:policy/AdministratorAccess"));
        Principal role = principal(server.client(StsClient.class)
                .assumeRole(
                        r -> r.roleArn("arn:aws:iam::123456789012:role/worker").roleSessionName("s1"))
                .credentials());
        refuses(
                "AccessDenied",
                "Cannot call GetFederationToken with session credentials",
                () -> server.client(StsClient.class, role).getFederationToken(r -> r.name("bob")));
    }
}
