package dev.terrane.iam;

import dev.terrane.kernel.call.Call;
import dev.terrane.kernel.call.Principal;
import dev.terrane.kernel.call.Scope;
import dev.terrane.kernel.error.AwsErrors;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.iam.model.*;

/** Users' passwords for the console, kept as hashes, and what the account asks of them. */
final class Passwords {
    private final IamTables tables;

    Passwords(IamTables tables) {
        this.tables = tables;
    }

    CreateLoginProfileResponse create(CreateLoginProfileRequest request) {
        Scope scope = Call.current().globalScope();
        UserRecord user = tables.user(scope, Users.named(request.userName()));
        if (tables.loginProfiles().get(scope, user.key()).isPresent()) {
            throw Refusals.alreadyExists("Login Profile for user " + user.name() + " already exists.");
        }
        if (request.password() == null) {
            throw Refusals.validation(
                    "Must specify password: only the root user of an account can be given a profile without.");
        }
        require(scope, Optional.empty(), request.password());
        LoginProfileRecord profile = LoginProfileRecord.of(
                user.name(),
                PasswordHash.of(request.password()),
                Moments.now(),
                Boolean.TRUE.equals(request.passwordResetRequired()));
        tables.loginProfiles().put(scope, profile);
        return CreateLoginProfileResponse.builder().loginProfile(sdk(profile)).build();
    }

    GetLoginProfileResponse get(GetLoginProfileRequest request) {
        return GetLoginProfileResponse.builder()
                .loginProfile(sdk(profile(Call.current().globalScope(), request.userName())))
                .build();
    }

    UpdateLoginProfileResponse update(UpdateLoginProfileRequest request) {
        Scope scope = Call.current().globalScope();
        LoginProfileRecord profile = profile(scope, request.userName());
        if (request.password() != null) {
            profile = changed(scope, profile, request.password());
        }
        if (request.passwordResetRequired() != null) {
            profile = profile.requiringReset(request.passwordResetRequired());
        }
        tables.loginProfiles().put(scope, profile);
        return UpdateLoginProfileResponse.builder().build();
    }

    DeleteLoginProfileResponse delete(DeleteLoginProfileRequest request) {
        Scope scope = Call.current().globalScope();
        tables.loginProfiles().delete(scope, profile(scope, request.userName()).key());
        return DeleteLoginProfileResponse.builder().build();
    }

    /** The caller's own password. */
    ChangePasswordResponse change(ChangePasswordRequest request) {
        Scope scope = Call.current().globalScope();
        if (!(Call.current().principal() instanceof Principal.User)) {
            throw InvalidUserTypeException.builder()
                    .message("Only IAM Users can change their own password.")
                    .build();
        }
        LoginProfileRecord profile = profile(scope, null);
        if (!profile.password().matches(request.oldPassword())) {
            throw AwsErrors.of("AccessDenied", 403, "The old password was incorrect.");
        }
        boolean tooLate = policy(scope)
                .filter(policy -> policy.hardExpiry() && policy.expired(profile, Moments.now()))
                .isPresent();
        if (tooLate) {
            throw AwsErrors.of("AccessDenied", 403, "The password has expired: an administrator has to set another.");
        }
        tables.loginProfiles()
                .put(scope, changed(scope, profile, request.newPassword()).requiringReset(false));
        return ChangePasswordResponse.builder().build();
    }

    private LoginProfileRecord changed(Scope scope, LoginProfileRecord profile, String password) {
        require(scope, Optional.of(profile), password);
        Instant now = Moments.now();
        return profile.with(PasswordHash.of(password), now);
    }

    private void require(Scope scope, Optional<LoginProfileRecord> profile, String password) {
        Optional<PasswordPolicyRecord> policy = policy(scope);
        Optional<String> objection = policy.isPresent()
                ? policy.get().objection(password)
                : PasswordPolicyRecord.defaultObjection(password, scope.account());
        objection.ifPresent(this::violated);
        int latest = policy.map(PasswordPolicyRecord::reusePrevention).orElse(0);
        if (profile.filter(p -> p.isAmong(latest, password)).isPresent()) {
            violated("Password should not be one of the last " + latest);
        }
    }

    private void violated(String message) {
        throw PasswordPolicyViolationException.builder().message(message).build();
    }

    private LoginProfileRecord profile(Scope scope, @Nullable String userName) {
        UserRecord user = tables.user(scope, Users.named(userName));
        return tables.loginProfiles()
                .get(scope, user.key())
                .orElseThrow(
                        () -> Refusals.noSuchEntity("Login Profile for User " + user.name() + " cannot be found."));
    }

    private static LoginProfile sdk(LoginProfileRecord profile) {
        return LoginProfile.builder()
                .userName(profile.user())
                .createDate(profile.created())
                .passwordResetRequired(profile.resetRequired())
                .build();
    }

    /** What is not said is AWS's default, not what was there before. */
    UpdateAccountPasswordPolicyResponse update(UpdateAccountPasswordPolicyRequest request) {
        Scope scope = Call.current().globalScope();
        tables.passwordPolicies().put(scope, PasswordPolicyRecord.of(scope.account(), request));
        return UpdateAccountPasswordPolicyResponse.builder().build();
    }

    GetAccountPasswordPolicyResponse get() {
        Scope scope = Call.current().globalScope();
        return GetAccountPasswordPolicyResponse.builder()
                .passwordPolicy(policy(scope).orElseThrow(() -> none(scope)).sdk())
                .build();
    }

    DeleteAccountPasswordPolicyResponse delete() {
        Scope scope = Call.current().globalScope();
        tables.passwordPolicies()
                .delete(scope, policy(scope).orElseThrow(() -> none(scope)).account());
        return DeleteAccountPasswordPolicyResponse.builder().build();
    }

    private Optional<PasswordPolicyRecord> policy(Scope scope) {
        return tables.passwordPolicies().get(scope, scope.account());
    }

    private static NoSuchEntityException none(Scope scope) {
        return Refusals.noSuchEntity("The Password Policy with domain name " + scope.account() + " cannot be found.");
    }
}
