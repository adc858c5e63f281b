package dev.terrane.sts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.terrane.iam.IamService;
import dev.terrane.kernel.call.Principal;
import dev.terrane.testkit.TestServer;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.services.iam.IamClient;
import software.amazon.awssdk.services.sts.StsClient;
import software.amazon.awssdk.services.sts.model.AssumeRoleRequest;
import software.amazon.awssdk.services.sts.model.AssumeRoleResponse;
import software.amazon.awssdk.services.sts.model.MalformedPolicyDocumentException;
import software.amazon.awssdk.services.sts.model.PolicyDescriptorType;
import software.amazon.awssdk.services.sts.model.Tag;

/** Sessions of roles: who may begin one, how long it lasts, what it may do. */
final class RoleSessionsTest {
    private static final String ACCOUNT = "{\"AWS\":\"123456789012\"}";
    private static final String WORKER = "arn:aws:iam::123456789012:role/team/worker";

    private final TestServer server = TestServer.with(IamService::new, StsService::new);
    private final IamClient iam = server.client(IamClient.class);
    private final StsClient sts = server.client(StsClient.class);

    @BeforeEach
    void role() {
        createRole("worker", trust(ACCOUNT, "\"sts:AssumeRole\"", ""));
        iam.attachRolePolicy(r -> r.roleName("worker").policyArn("arn:aws:iam::aws:policy/IAMReadOnlyAccess"));
    }

    @AfterEach
    void close() {
        assertThat(server.faults()).isEmpty();
        server.close();
    }

    private void createRole(String name, String trust) {
        iam.createRole(r -> r.roleName(name).path("/team/").assumeRolePolicyDocument(trust));
    }

    private static String trust(String principal, String actions, String condition) {
        return "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Principal\":" + principal
                + ",\"Action\":" + actions + condition + "}]}";
    }

    private static String allow(String action) {
        return "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Action\":\"" + action
                + "\",\"Resource\":\"*\"}]}";
    }

    private AssumeRoleResponse assume(StsClient by, Consumer<AssumeRoleRequest.Builder> more) {
        return by.assumeRole(r -> more.accept(r.roleArn(WORKER).roleSessionName("s1")));
    }

    /** The principal that a session's credentials stand for. */
    private Principal principal(AssumeRoleResponse session) {
        return server.platform()
                .sessions()
                .open(session.credentials().accessKeyId(), session.credentials().sessionToken())
                .orElseThrow()
                .principal();
    }

    private IamClient iamOf(AssumeRoleResponse session) {
        return server.client(IamClient.class, principal(session));
    }

    private static void refuses(
            String code, String message, org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
        assertThatThrownBy(call).isInstanceOfSatisfying(AwsServiceException.class, e -> {
            assertThat(e.awsErrorDetails().errorCode()).isEqualTo(code);
            assertThat(e.awsErrorDetails().errorMessage()).contains(message);
        });
    }

    @Test
    void whoMayAssumeARoleMayHangOnTheRolesTags() {
        for (String key : List.of("iam:ResourceTag/kind", "aws:ResourceTag/kind")) {
            StsClient caller = server.clientWith(
                    StsClient.class,
                    "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Action\":\"sts:AssumeRole\",\"Resource\":\"*\","
                            + "\"Condition\":{\"StringEquals\":{\"" + key + "\":\"deploy\"}}}]}");
            iam.untagRole(r -> r.roleName("worker").tagKeys("kind"));
            refuses("AccessDenied", "sts:AssumeRole", () -> assume(caller, r -> {}));
            iam.tagRole(r -> r.roleName("worker")
                    .tags(software.amazon.awssdk.services.iam.model.Tag.builder()
                            .key("kind")
                            .value("deploy")
                            .build()));
            assertThat(assume(caller, r -> {}).assumedRoleUser().arn()).endsWith("assumed-role/worker/s1");
        }
    }

    @Test
    void aSessionHasTheRolesIdentityAndRights() {
        AssumeRoleResponse session = assume(sts, r -> {});
        assertThat(session.assumedRoleUser().arn()).isEqualTo("arn:aws:sts::123456789012:assumed-role/worker/s1");
        assertThat(session.assumedRoleUser().assumedRoleId()).matches("AROA[A-Z0-9]{17}:s1");
        assertThat(session.credentials().accessKeyId()).matches("ASIA[A-Z2-7]{16}");
        assertThat(session.credentials().expiration()).isEqualTo(TestServer.START.plus(Duration.ofHours(1)));
        assertThat(session.packedPolicySize()).isNull();

        StsClient inside = server.client(StsClient.class, principal(session));
        var identity = inside.getCallerIdentity();
        assertThat(identity.account()).isEqualTo("123456789012");
        assertThat(identity.arn()).isEqualTo("arn:aws:sts::123456789012:assumed-role/worker/s1");
        assertThat(identity.userId()).isEqualTo(session.assumedRoleUser().assumedRoleId());

        assertThat(iamOf(session).listRoles().roles()).hasSize(1);
        refuses(
                "AccessDenied",
                "is not authorized to perform: iam:CreateUser",
                () -> iamOf(session).createUser(r -> r.userName("x")));
        iam.detachRolePolicy(r -> r.roleName("worker").policyArn("arn:aws:iam::aws:policy/IAMReadOnlyAccess"));
        refuses(
                "AccessDenied",
                "is not authorized to perform: iam:ListRoles",
                () -> iamOf(session).listRoles());
    }

    @Test
    void whoIsNotTrustedOrNotAllowedIsRefused() {
        StsClient limited = server.clientWith(StsClient.class, allow("s3:*"));
        refuses(
                "AccessDenied",
                "is not authorized to perform: sts:AssumeRole on resource: " + WORKER,
                () -> assume(limited, r -> {}));
        createRole("service", trust("{\"Service\":\"ec2.amazonaws.com\"}", "\"sts:AssumeRole\"", ""));
        refuses(
                "AccessDenied",
                "is not authorized to perform: sts:AssumeRole on resource: ",
                () -> sts.assumeRole(r ->
                        r.roleArn("arn:aws:iam::123456789012:role/team/service").roleSessionName("s")));
        refuses(
                "AccessDenied",
                "is not authorized to perform: sts:AssumeRole on resource: ",
                () -> sts.assumeRole(
                        r -> r.roleArn("arn:aws:iam::123456789012:role/absent").roleSessionName("s")));
        refuses(
                "AccessDenied",
                "Roles may not be assumed by root accounts.",
                () -> assume(server.client(StsClient.class, new Principal.Root(TestServer.ACCOUNT)), r -> {}));
    }

    @Test
    void anExternalIdIsACondition() {
        iam.updateAssumeRolePolicy(r -> r.roleName("worker")
                .policyDocument(trust(
                        ACCOUNT,
                        "\"sts:AssumeRole\"",
                        ",\"Condition\":{\"StringEquals\":{\"sts:ExternalId\":\"secret\"}}")));
        refuses("AccessDenied", "sts:AssumeRole", () -> assume(sts, r -> {}));
        refuses("AccessDenied", "sts:AssumeRole", () -> assume(sts, r -> r.externalId("other")));
        assertThat(assume(sts, r -> r.externalId("secret")).credentials()).isNotNull();
    }

    @Test
    void sessionPoliciesCutTheRolesRights() {
        AssumeRoleResponse inline = assume(sts, r -> r.policy(allow("iam:ListUsers")));
        assertThat(inline.packedPolicySize()).isPositive();
        assertThat(iamOf(inline).listUsers().users()).isEmpty();
        refuses(
                "AccessDenied",
                "because no session policy allows the iam:ListRoles action",
                () -> iamOf(inline).listRoles());
        // A session policy gives nothing that the role doesn't have.
        AssumeRoleResponse wide = assume(sts, r -> r.policy(allow("*")));
        refuses(
                "AccessDenied",
                "because no identity-based policy allows",
                () -> iamOf(wide).createUser(r -> r.userName("x")));

        String arn = iam.createPolicy(r -> r.policyName("list-roles").policyDocument(allow("iam:ListRoles")))
                .policy()
                .arn();
        AssumeRoleResponse managed = assume(
                sts, r -> r.policyArns(PolicyDescriptorType.builder().arn(arn).build()));
        assertThat(iamOf(managed).listRoles().roles()).hasSize(1);
        refuses(
                "AccessDenied",
                "because no session policy allows",
                () -> iamOf(managed).listUsers());
    }

    @Test
    void badSessionPoliciesAreRefused() {
        assertThatThrownBy(() -> assume(sts, r -> r.policy("{}"))).isInstanceOf(MalformedPolicyDocumentException.class);
        refuses(
                "ValidationError",
                "The policy arn:aws:iam::123456789012:policy/absent does not exist.",
                () -> assume(
                        sts,
                        r -> r.policyArns(PolicyDescriptorType.builder()
                                .arn("arn:aws:iam::123456789012:policy/absent")
                                .build())));
    }

    @Test
    void aSessionLastsAsLongAsTheRoleAllows() {
        refuses(
                "ValidationError",
                "The requested DurationSeconds exceeds the MaxSessionDuration set for this role.",
                () -> assume(sts, r -> r.durationSeconds(3_601)));
        iam.updateRole(r -> r.roleName("worker").maxSessionDuration(7_200));
        assertThat(assume(sts, r -> r.durationSeconds(7_200)).credentials().expiration())
                .isEqualTo(TestServer.START.plus(Duration.ofHours(2)));
        assertThatThrownBy(() -> assume(sts, r -> r.durationSeconds(899))).hasMessageContaining("durationSeconds");
    }

    @Test
    void aChainOfRolesLastsOneHourAtMost() {
        createRole("second", trust("{\"AWS\":\"" + WORKER + "\"}", "\"sts:AssumeRole\"", ""));
        iam.updateRole(r -> r.roleName("second").maxSessionDuration(7_200));
        StsClient first = server.client(StsClient.class, principal(assume(sts, r -> {})));
        String second = "arn:aws:iam::123456789012:role/team/second";
        refuses(
                "ValidationError",
                "The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining.",
                () -> first.assumeRole(
                        r -> r.roleArn(second).roleSessionName("s2").durationSeconds(7_200)));
        assertThat(first.assumeRole(r -> r.roleArn(second).roleSessionName("s2"))
                        .assumedRoleUser()
                        .arn())
                .endsWith("assumed-role/second/s2");
    }

    @Test
    void tagsOfASessionNeedTheRolesTrustAndPassOn() {
        Tag team = Tag.builder().key("team").value("red").build();
        refuses("AccessDenied", "is not authorized to perform: sts:TagSession", () -> assume(sts, r -> r.tags(team)));
        iam.updateAssumeRolePolicy(r ->
                r.roleName("worker").policyDocument(trust(ACCOUNT, "[\"sts:AssumeRole\",\"sts:TagSession\"]", "")));
        AssumeRoleResponse session = assume(sts, r -> r.tags(team).transitiveTagKeys("team"));
        assertThat(session.packedPolicySize()).isPositive();
        assertThat(((Principal.AssumedRole) principal(session)).sessionTags()).containsEntry("team", "red");

        createRole("second", trust("{\"AWS\":\"" + WORKER + "\"}", "[\"sts:AssumeRole\",\"sts:TagSession\"]", ""));
        StsClient first = server.client(StsClient.class, principal(session));
        String second = "arn:aws:iam::123456789012:role/team/second";
        AssumeRoleResponse next = first.assumeRole(r -> r.roleArn(second).roleSessionName("s2"));
        assertThat(((Principal.AssumedRole) principal(next)).sessionTags()).containsEntry("team", "red");
        refuses(
                "InvalidParameterValue",
                "conflicts with a transitive tag key from the calling session",
                () -> first.assumeRole(r -> r.roleArn(second)
                        .roleSessionName("s2")
                        .tags(Tag.builder().key("Team").value("blue").build())));
        refuses(
                "InvalidParameterValue",
                "The specified transitive tag key must be included in the requested tags.",
                () -> assume(sts, r -> r.tags(team).transitiveTagKeys("other")));
    }

    @Test
    void aSourceIdentityNeedsTheRolesTrustAndIsKnownToPolicies() {
        refuses(
                "AccessDenied",
                "is not authorized to perform: sts:SetSourceIdentity",
                () -> assume(sts, r -> r.sourceIdentity("ann")));
        iam.updateAssumeRolePolicy(r -> r.roleName("worker")
                .policyDocument(trust(
                        ACCOUNT,
                        "[\"sts:AssumeRole\",\"sts:SetSourceIdentity\"]",
                        ",\"Condition\":{\"StringLike\":{\"sts:SourceIdentity\":\"a*\"}}")));
        refuses("AccessDenied", "sts:AssumeRole", () -> assume(sts, r -> r.sourceIdentity("bob")));
        iam.detachRolePolicy(r -> r.roleName("worker").policyArn("arn:aws:iam::aws:policy/IAMReadOnlyAccess"));
        iam.putRolePolicy(
                r -> r.roleName("worker")
                        .policyName("ann")
                        .policyDocument(
                                "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Action\":\"iam:ListRoles\","
                                        + "\"Resource\":\"*\",\"Condition\":{\"StringEquals\":{\"aws:SourceIdentity\":\"ann\"}}}]}"));
        AssumeRoleResponse ann = assume(sts, r -> r.sourceIdentity("ann"));
        assertThat(ann.sourceIdentity()).isEqualTo("ann");
        assertThat(iamOf(ann).listRoles().roles()).hasSize(1);
        AssumeRoleResponse amy = assume(sts, r -> r.sourceIdentity("amy"));
        refuses(
                "AccessDenied",
                "is not authorized to perform: iam:ListRoles",
                () -> iamOf(amy).listRoles());
    }

    @Test
    void aSourceIdentityGoesOnThroughAChainThatAllowsIt() {
        iam.updateAssumeRolePolicy(r -> r.roleName("worker")
                .policyDocument(trust(ACCOUNT, "[\"sts:AssumeRole\",\"sts:SetSourceIdentity\"]", "")));
        StsClient first = server.client(StsClient.class, principal(assume(sts, r -> r.sourceIdentity("ann"))));
        String second = "arn:aws:iam::123456789012:role/team/second";
        createRole("second", trust("{\"AWS\":\"" + WORKER + "\"}", "\"sts:AssumeRole\"", ""));
        refuses(
                "AccessDenied",
                "is not authorized to perform: sts:SetSourceIdentity on resource: " + second,
                () -> first.assumeRole(r -> r.roleArn(second).roleSessionName("s2")));
        iam.updateAssumeRolePolicy(
                r -> r.roleName("second")
                        .policyDocument(
                                trust(
                                        "{\"AWS\":\"" + WORKER + "\"}",
                                        "[\"sts:AssumeRole\",\"sts:SetSourceIdentity\"]",
                                        ",\"Condition\":{\"StringEquals\":{\"sts:SourceIdentity\":\"ann\",\"aws:SourceIdentity\":\"ann\"}}")));
        AssumeRoleResponse next = first.assumeRole(r -> r.roleArn(second).roleSessionName("s2"));
        assertThat(((Principal.AssumedRole) principal(next)).sourceIdentity()).isEqualTo("ann");
        refuses(
                "AccessDenied",
                "",
                () -> first.assumeRole(
                        r -> r.roleArn(second).roleSessionName("s2").sourceIdentity("bob")));
    }

    @Test
    void tagsThatGoOnNeedTheNextRolesTrust() {
        iam.updateAssumeRolePolicy(r ->
                r.roleName("worker").policyDocument(trust(ACCOUNT, "[\"sts:AssumeRole\",\"sts:TagSession\"]", "")));
        Tag team = Tag.builder().key("team").value("red").build();
        StsClient first = server.client(
                StsClient.class, principal(assume(sts, r -> r.tags(team).transitiveTagKeys("team"))));
        createRole("second", trust("{\"AWS\":\"" + WORKER + "\"}", "\"sts:AssumeRole\"", ""));
        refuses(
                "AccessDenied",
                "is not authorized to perform: sts:TagSession",
                () -> first.assumeRole(r ->
                        r.roleArn("arn:aws:iam::123456789012:role/team/second").roleSessionName("s2")));
    }

    @Test
    void callsThatNoServiceForwardsSaySo() {
        IamClient direct = server.clientWith(
                IamClient.class,
                "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Action\":\"iam:ListRoles\",\"Resource\":\"*\","
                        + "\"Condition\":{\"Bool\":{\"aws:ViaAWSService\":\"false\"}}}]}");
        assertThat(direct.listRoles().roles()).hasSize(1);
    }

    @Test
    void withoutMfaDevicesNoCodeIsRight() {
        refuses(
                "AccessDenied",
                "MultiFactorAuthentication failed",
                () -> assume(
                        sts,
                        r -> r.serialNumber("arn:aws:iam::123456789012:mfa/x").tokenCode("123456")));
    }

    @Test
    void sessionsOutliveARestart() {
        AssumeRoleResponse session = assume(sts, r -> {});
        server.restart();
        assertThat(server.client(StsClient.class, principal(session))
                        .getCallerIdentity()
                        .arn())
                .isEqualTo("arn:aws:sts::123456789012:assumed-role/worker/s1");
    }
}
