package dev.terrane.sts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.terrane.iam.IamService;
import dev.terrane.kernel.audit.AuditRecord;
import dev.terrane.kernel.clock.Clock;
import dev.terrane.testkit.TestServer;
import java.time.Duration;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.iam.IamClient;
import software.amazon.awssdk.services.iam.model.AccessKey;
import software.amazon.awssdk.services.iam.model.VirtualMFADevice;
import software.amazon.awssdk.services.sts.StsClient;
import software.amazon.awssdk.services.sts.model.Credentials;

/** Sessions that are begun with the code of an MFA device ("Secure API access with MFA"), over HTTP as the SDK signs. */
final class MfaTest {
    private static final String WRONG = "MultiFactorAuthentication failed with invalid MFA one time pass code. ";
    private static final String UNKNOWN =
            "MultiFactorAuthentication failed, unable to validate MFA code.  Please verify"
                    + " your MFA serial number is valid and associated with this user.";
    private static final String ROLE = "arn:aws:iam::123456789012:role/careful";

    private final TestServer server = TestServer.with(IamService::new, StsService::new);
    private final IamClient administrator = server.client(IamClient.class);
    private AwsCredentials alice = AwsBasicCredentials.create("none", "none");
    private AuthenticatorApp app = new AuthenticatorApp("");
    private String serial = "";

    @BeforeEach
    void aliceHasADevice() {
        // The SDK signs with the real time.
        server.advance(Duration.between(TestServer.START, Clock.system().instant()));
        administrator.createUser(r -> r.userName("alice"));
        AccessKey key = administrator.createAccessKey(r -> r.userName("alice")).accessKey();
        alice = AwsBasicCredentials.create(key.accessKeyId(), key.secretAccessKey());
        VirtualMFADevice device = administrator
                .createVirtualMFADevice(r -> r.virtualMFADeviceName("alice"))
                .virtualMFADevice();
        serial = device.serialNumber();
        app = new AuthenticatorApp(device.base32StringSeed().asUtf8String());
        administrator.enableMFADevice(r -> r.userName("alice")
                .serialNumber(serial)
                .authenticationCode1(code(-1))
                .authenticationCode2(code(0)));
        server.advance(Duration.ofSeconds(30));
    }

    @AfterEach
    void close() {
        assertThat(server.faults()).isEmpty();
        server.close();
    }

    /** What the app shows so many steps from now. */
    private String code(int steps) {
        return app.code(server.clock().instant().plusSeconds(30L * steps));
    }

    private void allow(String action, String condition) {
        administrator.putUserPolicy(r -> r.userName("alice")
                .policyName("p")
                .policyDocument(
                        "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Action\":\"" + action
                                + "\",\"Resource\":\"*\"" + (condition.isEmpty() ? "" : ",\"Condition\":" + condition)
                                + "}]}"));
    }

    private static AwsCredentials of(Credentials session) {
        return AwsSessionCredentials.create(session.accessKeyId(), session.secretAccessKey(), session.sessionToken());
    }

    private StsClient sts(AwsCredentials credentials) {
        return StsClient.builder()
                .endpointOverride(server.url())
                .region(Region.US_EAST_1)
                .credentialsProvider(StaticCredentialsProvider.create(credentials))
                .build();
    }

    private IamClient iam(AwsCredentials credentials) {
        return IamClient.builder()
                .endpointOverride(server.url())
                .region(Region.US_EAST_1)
                .credentialsProvider(StaticCredentialsProvider.create(credentials))
                .build();
    }

    private AwsCredentials session(String code) {
        return of(sts(alice)
                .getSessionToken(r -> r.serialNumber(serial).tokenCode(code))
                .credentials());
    }

    private AwsCredentials sessionWithout() {
        return of(sts(alice).getSessionToken().credentials());
    }

    private static void refuses(String code, String message, ThrowingCallable call) {
        assertThatThrownBy(call).isInstanceOfSatisfying(AwsServiceException.class, e -> {
            assertThat(e.awsErrorDetails().errorCode()).isEqualTo(code);
            assertThat(e.awsErrorDetails().errorMessage()).contains(message);
            assertThat(e.statusCode()).isEqualTo(403);
        });
    }

    @Test
    void aSessionThatIsBegunWithACodeMayDoWhatNeedsASecondFactor() {
        allow("iam:ListUsers", "{\"Bool\":{\"aws:MultiFactorAuthPresent\":\"true\"}}");
        refuses("AccessDenied", "iam:ListUsers", () -> iam(alice).listUsers());
        IamClient session = iam(session(code(0)));
        assertThat(session.listUsers().users()).hasSize(1);
        AuditRecord recorded = server.trail().stream()
                .filter(r -> r.eventName().equals("ListUsers") && r.errorCode() == null)
                .findFirst()
                .orElseThrow();
        assertThat(recorded.mfa()).isTrue();
        assertThat(server.trail().toString()).doesNotContain(code(0));
    }

    @Test
    void longTermKeysSayNothingOfASecondFactor() {
        allow("iam:ListUsers", "{\"BoolIfExists\":{\"aws:MultiFactorAuthPresent\":\"true\"}}");
        assertThat(iam(alice).listUsers().users()).hasSize(1);
        allow("iam:ListUsers", "{\"Null\":{\"aws:MultiFactorAuthAge\":\"true\"}}");
        assertThat(iam(alice).listUsers().users()).hasSize(1);
        allow("iam:ListUsers", "{\"Bool\":{\"aws:MultiFactorAuthPresent\":\"false\"}}");
        refuses("AccessDenied", "iam:ListUsers", () -> iam(alice).listUsers());
    }

    @Test
    void howLongAgoTheSecondFactorWasIsKnown() {
        allow("iam:ListUsers", "{\"NumericLessThan\":{\"aws:MultiFactorAuthAge\":\"60\"}}");
        IamClient session = iam(session(code(0)));
        assertThat(session.listUsers().users()).hasSize(1);
        server.advance(Duration.ofSeconds(61));
        refuses("AccessDenied", "iam:ListUsers", session::listUsers);
    }

    @Test
    void aCodeIsGoodOnceAlsoAfterARestart() {
        String code = code(0);
        session(code);
        refuses("AccessDenied", WRONG, () -> session(code));
        server.restart();
        refuses("AccessDenied", WRONG, () -> session(code));
        server.advance(Duration.ofSeconds(30));
        refuses("AccessDenied", WRONG, () -> session(code));
        session(code(0));
        // One early is taken, one late is not, because a later one was used.
        session(code(1));
        refuses("AccessDenied", WRONG, () -> session(code(0)));
    }

    @Test
    void whatIsNotTheUsersOwnDeviceProvesNothing() {
        refuses(
                "AccessDenied",
                UNKNOWN,
                () -> sts(alice)
                        .getSessionToken(r -> r.serialNumber(serial + "2").tokenCode(code(0))));
        refuses(
                "AccessDenied",
                UNKNOWN,
                () -> sts(alice)
                        .getSessionToken(r -> r.serialNumber("GAHT12345678").tokenCode(code(0))));
        administrator.createUser(r -> r.userName("bob"));
        AccessKey key = administrator.createAccessKey(r -> r.userName("bob")).accessKey();
        AwsCredentials bob = AwsBasicCredentials.create(key.accessKeyId(), key.secretAccessKey());
        refuses(
                "AccessDenied",
                UNKNOWN,
                () -> sts(bob).getSessionToken(r -> r.serialNumber(serial).tokenCode(code(0))));
        String both = "MultiFactorAuthentication failed, must provide both MFA serial number and one time pass code.";
        refuses("AccessDenied", both, () -> sts(alice).getSessionToken(r -> r.tokenCode(code(0))));
        refuses("AccessDenied", both, () -> sts(alice).getSessionToken(r -> r.serialNumber(serial)));
        session(code(0));
        administrator.deactivateMFADevice(r -> r.userName("alice").serialNumber(serial));
        server.advance(Duration.ofSeconds(30));
        refuses("AccessDenied", UNKNOWN, () -> session(code(0)));
    }

    @Test
    void guessingIsSlowedDown() {
        for (int guess = 0; guess < 5; guess++) {
            refuses("AccessDenied", WRONG, () -> session(code(9)));
        }
        refuses("AccessDenied", WRONG, () -> session(code(0)));
        server.advance(Duration.ofSeconds(30));
        refuses("AccessDenied", WRONG, () -> session(code(9)));
        server.advance(Duration.ofSeconds(30));
        refuses("AccessDenied", WRONG, () -> session(code(0)));
        server.advance(Duration.ofSeconds(30));
        session(code(0));
        refuses("AccessDenied", WRONG, () -> session(code(9)));
        server.advance(Duration.ofSeconds(30));
        session(code(0));
    }

    @Test
    void aRoleMayAskForASecondFactor() {
        administrator.createRole(
                r -> r.roleName("careful")
                        .assumeRolePolicyDocument(
                                "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Principal\":"
                                        + "{\"AWS\":\"arn:aws:iam::123456789012:user/alice\"},\"Action\":\"sts:AssumeRole\",\"Condition\":"
                                        + "{\"Bool\":{\"aws:MultiFactorAuthPresent\":\"true\"},\"NumericLessThan\":{\"aws:MultiFactorAuthAge\":\"3600\"}}}]}"));
        administrator.putRolePolicy(r -> r.roleName("careful")
                .policyName("p")
                .policyDocument(
                        "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Action\":\"iam:ListRoles\","
                                + "\"Resource\":\"*\",\"Condition\":{\"Bool\":{\"aws:MultiFactorAuthPresent\":\"true\"}}},"
                                + "{\"Effect\":\"Allow\",\"Action\":\"iam:ListUsers\",\"Resource\":\"*\"}]}"));
        refuses(
                "AccessDenied",
                "sts:AssumeRole",
                () -> sts(alice).assumeRole(r -> r.roleArn(ROLE).roleSessionName("session")));
        refuses(
                "AccessDenied",
                WRONG,
                () -> sts(alice)
                        .assumeRole(r -> r.roleArn(ROLE)
                                .roleSessionName("session")
                                .serialNumber(serial)
                                .tokenCode(code(9))));
        IamClient session = iam(of(sts(alice)
                .assumeRole(r -> r.roleArn(ROLE)
                        .roleSessionName("session")
                        .serialNumber(serial)
                        .tokenCode(code(0)))
                .credentials()));
        assertThat(session.listUsers().users()).hasSize(1);
        // "Temporary credentials returned by AssumeRole do not include MFA information in the context."
        refuses("AccessDenied", "iam:ListRoles", session::listRoles);
        server.advance(Duration.ofSeconds(30));
        AwsCredentials user = session(code(0));
        assertThat(sts(user)
                        .assumeRole(r -> r.roleArn(ROLE).roleSessionName("session"))
                        .assumedRoleUser()
                        .arn())
                .endsWith("careful/session");
    }

    @Test
    void aSessionWithoutASecondFactorMayNotCallIamAndOfStsTwoOperations() {
        allow("*", "");
        AwsCredentials without = sessionWithout();
        refuses(
                "InvalidClientTokenId",
                "The security token included in the request is invalid",
                () -> iam(without).listUsers());
        assertThat(sts(without).getCallerIdentity().arn()).endsWith("user/alice");
        administrator.createRole(r -> r.roleName("careful")
                .assumeRolePolicyDocument(
                        "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Principal\":"
                                + "{\"AWS\":\"123456789012\"},\"Action\":\"sts:AssumeRole\"}]}"));
        sts(without).assumeRole(r -> r.roleArn(ROLE).roleSessionName("session"));
        AwsCredentials with = session(code(0));
        iam(with).listUsers();
        for (AwsCredentials session : List.of(with, without)) {
            refuses(
                    "AccessDenied",
                    "Cannot call GetAccessKeyInfo with session credentials",
                    () -> sts(session).getAccessKeyInfo(r -> r.accessKeyId(alice.accessKeyId())));
            refuses(
                    "AccessDenied",
                    "Cannot call GetSessionToken with session credentials",
                    () -> sts(session).getSessionToken());
        }
    }

    @Test
    void aSessionWithoutASecondFactorSaysSo() {
        allow("sts:AssumeRole", "{\"BoolIfExists\":{\"aws:MultiFactorAuthPresent\":\"true\"}}");
        administrator.createRole(r -> r.roleName("careful")
                .assumeRolePolicyDocument(
                        "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Principal\":"
                                + "{\"AWS\":\"123456789012\"},\"Action\":\"sts:AssumeRole\"}]}"));
        sts(alice).assumeRole(r -> r.roleArn(ROLE).roleSessionName("session"));
        AwsCredentials without = sessionWithout();
        refuses(
                "AccessDenied",
                "sts:AssumeRole",
                () -> sts(without).assumeRole(r -> r.roleArn(ROLE).roleSessionName("session")));
    }
}
