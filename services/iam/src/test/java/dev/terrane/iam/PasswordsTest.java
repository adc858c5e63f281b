package dev.terrane.iam;

import static dev.terrane.iam.Documented.refuses;
import static org.assertj.core.api.Assertions.assertThat;

import dev.terrane.kernel.call.Principal;
import dev.terrane.testkit.TestServer;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.iam.IamClient;
import software.amazon.awssdk.services.iam.model.LoginProfile;
import software.amazon.awssdk.services.iam.model.PasswordPolicy;
import software.amazon.awssdk.services.iam.model.User;

/** Passwords of users, and the policy of the account for them ("Set an account password policy for IAM users"). */
final class PasswordsTest {
    private static final String FIRST = "Correct-horse-1";
    private static final String SECOND = "Battery-staple-2";

    private final TestServer server = TestServer.with(IamService::new);
    private final IamClient iam = server.client(IamClient.class);

    @BeforeEach
    void alice() {
        iam.createUser(r -> r.userName("alice"));
    }

    @AfterEach
    void close() {
        assertThat(server.faults()).isEmpty();
        server.close();
    }

    @Test
    void aProfileIsCreatedToldChangedAndDeleted() {
        refuses(
                "NoSuchEntity",
                "Login Profile for User alice cannot be found.",
                () -> iam.getLoginProfile(r -> r.userName("alice")));
        LoginProfile made = iam.createLoginProfile(
                        r -> r.userName("alice").password(FIRST).passwordResetRequired(true))
                .loginProfile();
        assertThat(made.createDate()).isEqualTo(TestServer.START);
        assertThat(made.passwordResetRequired()).isTrue();
        assertThat(iam.getLoginProfile(r -> r.userName("ALICE")).loginProfile()).isEqualTo(made);
        refuses(
                "EntityAlreadyExists",
                "Login Profile for user alice already exists.",
                () -> iam.createLoginProfile(r -> r.userName("alice").password(SECOND)));
        refuses(
                "DeleteConflict",
                "Cannot delete entity, must delete login profile first.",
                () -> iam.deleteUser(r -> r.userName("alice")));
        iam.updateUser(r -> r.userName("alice").newUserName("alicia"));
        iam.updateLoginProfile(r -> r.userName("alicia").passwordResetRequired(false));
        assertThat(iam.getLoginProfile(r -> r.userName("alicia")).loginProfile())
                .isEqualTo(made.toBuilder()
                        .userName("alicia")
                        .passwordResetRequired(false)
                        .build());
        iam.deleteLoginProfile(r -> r.userName("alicia"));
        refuses(
                "NoSuchEntity",
                "Login Profile for User alicia cannot be found.",
                () -> iam.deleteLoginProfile(r -> r.userName("alicia")));
        iam.deleteUser(r -> r.userName("alicia"));
    }

    @Test
    void withoutAPolicyAPasswordHasEightCharactersOfThreeKinds() {
        violates("Password should have a minimum length of 8", "Short-1");
        violates(
                "Password should have at least three of: uppercase letters, lowercase letters, numbers, symbols",
                "lowercase-only");
        iam.createLoginProfile(r -> r.userName("alice").password("lowercase-4"));
    }

    @Test
    void theAccountsPolicyIsKeptAndCarriedOut() {
        refuses(
                "NoSuchEntity",
                "The Password Policy with domain name 123456789012 cannot be found.",
                () -> iam.getAccountPasswordPolicy(r -> {}));
        iam.updateAccountPasswordPolicy(r -> r.minimumPasswordLength(12)
                .requireSymbols(true)
                .requireNumbers(true)
                .requireUppercaseCharacters(true)
                .requireLowercaseCharacters(true)
                .maxPasswordAge(90)
                .passwordReusePrevention(2));
        assertThat(iam.getAccountPasswordPolicy(r -> {}).passwordPolicy())
                .isEqualTo(PasswordPolicy.builder()
                        .minimumPasswordLength(12)
                        .requireSymbols(true)
                        .requireNumbers(true)
                        .requireUppercaseCharacters(true)
                        .requireLowercaseCharacters(true)
                        .allowUsersToChangePassword(false)
                        .expirePasswords(true)
                        .maxPasswordAge(90)
                        .passwordReusePrevention(2)
                        .hardExpiry(false)
                        .build());
        violates("Password should have a minimum length of 12", "Aa-45678901");
        violates("Password should have at least one uppercase letter", "lowercase-123");
        violates("Password should have at least one lowercase letter", "UPPERCASE-123");
        violates("Password should have at least one number", "Without-number");
        violates("Password should have at least one symbol", "WithoutSymbol1");
        iam.createLoginProfile(r -> r.userName("alice").password(FIRST));
        iam.updateLoginProfile(r -> r.userName("alice").password(SECOND));
        refuses(
                "PasswordPolicyViolation",
                "Password should not be one of the last 2",
                () -> iam.updateLoginProfile(r -> r.userName("alice").password(FIRST)));
        iam.updateLoginProfile(r -> r.userName("alice").password("Third-password-3"));
        iam.updateLoginProfile(r -> r.userName("alice").password(FIRST));

        iam.updateAccountPasswordPolicy(r -> {});
        PasswordPolicy plain = iam.getAccountPasswordPolicy(r -> {}).passwordPolicy();
        assertThat(plain.minimumPasswordLength()).isEqualTo(6);
        assertThat(plain.expirePasswords()).isFalse();
        assertThat(plain.maxPasswordAge()).isNull();
        iam.deleteAccountPasswordPolicy(r -> {});
        refuses(
                "NoSuchEntity",
                "The Password Policy with domain name 123456789012 cannot be found.",
                () -> iam.deleteAccountPasswordPolicy(r -> {}));
    }

    @Test
    void aUserChangesTheirOwnPasswordWhoKnowsIt() {
        iam.putUserPolicy(
                r -> r.userName("alice").policyName("own").policyDocument(Documented.allow("iam:ChangePassword")));
        iam.createLoginProfile(r -> r.userName("alice").password(FIRST).passwordResetRequired(true));
        User user = iam.getUser(r -> r.userName("alice")).user();
        IamClient alice = server.client(
                IamClient.class, new Principal.User(TestServer.ACCOUNT, user.userId(), user.path(), user.userName()));
        refuses("AccessDenied", "The old password was incorrect.", () -> change(alice, SECOND, FIRST));
        refuses(
                "PasswordPolicyViolation",
                "Password should have a minimum length of 8",
                () -> change(alice, FIRST, "Short-1"));
        change(alice, FIRST, SECOND);
        assertThat(iam.getLoginProfile(r -> r.userName("alice")).loginProfile().passwordResetRequired())
                .isFalse();
        iam.updateAccountPasswordPolicy(r -> r.maxPasswordAge(30).hardExpiry(true));
        server.clock().advance(Duration.ofDays(31));
        refuses(
                "AccessDenied",
                "The password has expired: an administrator has to set another.",
                () -> change(alice, SECOND, FIRST));
        iam.updateAccountPasswordPolicy(r -> r.maxPasswordAge(30));
        change(alice, SECOND, FIRST);
    }

    private void violates(String message, String password) {
        refuses(
                "PasswordPolicyViolation",
                message,
                () -> iam.createLoginProfile(r -> r.userName("alice").password(password)));
    }

    private static void change(IamClient user, String before, String after) {
        user.changePassword(r -> r.oldPassword(before).newPassword(after));
    }
}
