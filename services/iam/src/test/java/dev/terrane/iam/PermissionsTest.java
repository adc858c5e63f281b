package dev.terrane.iam;

import static dev.terrane.iam.Documented.ADMINISTRATOR;
import static dev.terrane.iam.Documented.allow;
import static dev.terrane.iam.Documented.deny;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.terrane.kernel.call.Principal;
import dev.terrane.testkit.TestServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.services.iam.IamClient;
import software.amazon.awssdk.services.iam.model.User;

/** What users may do follows from what is attached to them, at once. */
final class PermissionsTest {
    private final TestServer server = TestServer.with(IamService::new);
    private final IamClient iam = server.client(IamClient.class);

    @AfterEach
    void close() {
        assertThat(server.faults()).isEmpty();
        server.close();
    }

    private IamClient as(String name) {
        User user = iam.getUser(r -> r.userName(name)).user();
        return server.client(
                IamClient.class, new Principal.User(TestServer.ACCOUNT, user.userId(), user.path(), user.userName()));
    }

    private static void denied(IamClient client) {
        assertThatThrownBy(client::listUsers)
                .isInstanceOfSatisfying(
                        AwsServiceException.class,
                        e -> assertThat(e.awsErrorDetails().errorCode()).isEqualTo("AccessDenied"));
    }

    @Test
    void aUserWithoutPoliciesMayDoNothing() {
        iam.createUser(r -> r.userName("alice"));
        IamClient alice = as("alice");
        assertThatThrownBy(alice::listUsers)
                .hasMessageContaining("User: arn:aws:iam::123456789012:user/alice is not authorized to perform:"
                        + " iam:ListUsers on resource: ")
                .hasMessageContaining("because no identity-based policy allows the iam:ListUsers action");
    }

    @Test
    void attachingAndDetachingHaveTheirEffectWithTheNextCall() {
        iam.createUser(r -> r.userName("alice"));
        IamClient alice = as("alice");
        iam.attachUserPolicy(r -> r.userName("alice").policyArn(ADMINISTRATOR));
        assertThat(alice.listUsers().users()).hasSize(1);
        iam.detachUserPolicy(r -> r.userName("alice").policyArn(ADMINISTRATOR));
        denied(alice);
    }

    @Test
    void inlinePoliciesAllowAndAnExplicitDenyWins() {
        iam.createUser(r -> r.userName("alice"));
        IamClient alice = as("alice");
        iam.putUserPolicy(r -> r.userName("alice").policyName("read").policyDocument(allow("iam:ListUsers")));
        assertThat(alice.listUsers().users()).hasSize(1);
        iam.putUserPolicy(r -> r.userName("alice").policyName("no").policyDocument(deny("iam:List*")));
        assertThatThrownBy(alice::listUsers).hasMessageContaining("with an explicit deny in an identity-based policy");
    }

    @Test
    void aUserHasWhatItsGroupsHaveWhileItBelongsToThem() {
        iam.createUser(r -> r.userName("alice"));
        iam.createGroup(r -> r.groupName("Readers"));
        iam.putGroupPolicy(r -> r.groupName("Readers").policyName("read").policyDocument(allow("iam:ListUsers")));
        IamClient alice = as("alice");
        denied(alice);
        iam.addUserToGroup(r -> r.groupName("readers").userName("ALICE"));
        assertThat(alice.listUsers().users()).hasSize(1);
        iam.removeUserFromGroup(r -> r.groupName("Readers").userName("alice"));
        denied(alice);
    }

    @Test
    void aBoundaryCutsWhatPoliciesAllow() {
        iam.createUser(r -> r.userName("alice"));
        iam.attachUserPolicy(r -> r.userName("alice").policyArn(ADMINISTRATOR));
        String boundary = iam.createPolicy(r -> r.policyName("only-roles").policyDocument(allow("iam:ListRoles")))
                .policy()
                .arn();
        iam.putUserPermissionsBoundary(r -> r.userName("alice").permissionsBoundary(boundary));
        IamClient alice = as("alice");
        assertThat(alice.listRoles().roles()).isEmpty();
        assertThatThrownBy(alice::listUsers)
                .hasMessageContaining("because no permissions boundary allows the iam:ListUsers action");
        assertThat(iam.getPolicy(r -> r.policyArn(boundary)).policy().permissionsBoundaryUsageCount())
                .isEqualTo(1);
        iam.deleteUserPermissionsBoundary(r -> r.userName("alice"));
        assertThat(alice.listUsers().users()).hasSize(1);
    }

    @Test
    void whoMayChangeOnlyThoseWithABoundaryMayNotChangeOthers() {
        String boundary = iam.createPolicy(r -> r.policyName("only-roles").policyDocument(allow("iam:ListRoles")))
                .policy()
                .arn();
        iam.createUser(r -> r.userName("admin"));
        iam.putUserPolicy(r -> r.userName("admin").policyName("delegated").policyDocument("""
                {"Version":"2012-10-17","Statement":[{"Effect":"Allow","Resource":"*",
                 "Action":["iam:CreateUser","iam:AttachUserPolicy","iam:DeleteUserPermissionsBoundary"],
                 "Condition":{"StringEquals":{"iam:PermissionsBoundary":"%s"}}},
                 {"Effect":"Deny","Resource":"*","Action":"iam:DeleteUserPermissionsBoundary"}]}""".formatted(boundary)));
        IamClient admin = as("admin");
        iam.createUser(r -> r.userName("free"));
        assertThatThrownBy(() -> admin.createUser(r -> r.userName("bound"))).hasMessageContaining("not authorized");
        admin.createUser(r -> r.userName("bound").permissionsBoundary(boundary));
        admin.attachUserPolicy(r -> r.userName("bound").policyArn(ADMINISTRATOR));
        assertThatThrownBy(() -> admin.attachUserPolicy(r -> r.userName("free").policyArn(ADMINISTRATOR)))
                .hasMessageContaining("not authorized");
        assertThatThrownBy(() -> admin.deleteUserPermissionsBoundary(r -> r.userName("bound")))
                .hasMessageContaining("explicit deny");
        iam.deleteUserPermissionsBoundary(r -> r.userName("bound"));
        assertThatThrownBy(() -> admin.attachUserPolicy(r -> r.userName("bound").policyArn(ADMINISTRATOR)))
                .hasMessageContaining("not authorized");
    }

    @Test
    void theDefaultVersionOfAPolicyIsInForce() {
        iam.createUser(r -> r.userName("alice"));
        String arn = iam.createPolicy(r -> r.policyName("p").policyDocument(allow("iam:ListRoles")))
                .policy()
                .arn();
        iam.attachUserPolicy(r -> r.userName("alice").policyArn(arn));
        IamClient alice = as("alice");
        denied(alice);
        iam.createPolicyVersion(r -> r.policyArn(arn).policyDocument(allow("iam:ListUsers")));
        denied(alice);
        iam.setDefaultPolicyVersion(r -> r.policyArn(arn).versionId("v2"));
        assertThat(alice.listUsers().users()).hasSize(1);
    }

    @Test
    void aUserMadeAnewIsAnotherOne() {
        iam.createUser(r -> r.userName("alice"));
        IamClient alice = as("alice");
        iam.deleteUser(r -> r.userName("alice"));
        iam.createUser(r -> r.userName("alice"));
        iam.attachUserPolicy(r -> r.userName("alice").policyArn(ADMINISTRATOR));
        denied(alice);
    }

    @Test
    void theUserNameOfAPolicyVariableIsTheCallers() {
        iam.createUser(r -> r.userName("alice"));
        iam.createUser(r -> r.userName("bob"));
        iam.putUserPolicy(r -> r.userName("alice")
                .policyName("self")
                .policyDocument("{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Action\":"
                        + "\"iam:GetUser\",\"Resource\":\"arn:aws:iam::*:user/${aws:username}\"}]}"));
        IamClient alice = as("alice");
        assertThat(alice.getUser().user().userName()).isEqualTo("alice");
        assertThat(alice.getUser(r -> r.userName("alice")).user().userName()).isEqualTo("alice");
        assertThatThrownBy(() -> alice.getUser(r -> r.userName("bob")))
                .hasMessageContaining("on resource: arn:aws:iam::123456789012:user/bob");
    }

    @Test
    void tagsOfUsersAndResourcesTakePartInConditions() {
        iam.createUser(r -> r.userName("alice").tags(Documented.tag("team", "red")));
        iam.createUser(r -> r.userName("red").path("/x/").tags(Documented.tag("team", "red")));
        iam.createUser(r -> r.userName("blue").tags(Documented.tag("team", "blue")));
        iam.putUserPolicy(r -> r.userName("alice")
                .policyName("team")
                .policyDocument("{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Action\":"
                        + "\"iam:GetUser\",\"Resource\":\"*\",\"Condition\":{\"StringEquals\":"
                        + "{\"aws:ResourceTag/team\":\"${aws:PrincipalTag/team}\"}}}]}"));
        IamClient alice = as("alice");
        assertThat(alice.getUser(r -> r.userName("red")).user().path()).isEqualTo("/x/");
        assertThatThrownBy(() -> alice.getUser(r -> r.userName("blue"))).hasMessageContaining("not authorized");

        iam.putUserPolicy(r -> r.userName("alice")
                .policyName("team")
                .policyDocument("{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Action\":"
                        + "\"iam:GetUser\",\"Resource\":\"*\",\"Condition\":{\"StringEquals\":"
                        + "{\"iam:ResourceTag/team\":\"blue\"}}}]}"));
        assertThat(alice.getUser(r -> r.userName("blue")).user().userName()).isEqualTo("blue");
        assertThatThrownBy(() -> alice.getUser(r -> r.userName("red"))).hasMessageContaining("not authorized");
    }
}
