package dev.terrane.sts;

import dev.terrane.kernel.arn.Arn;
import dev.terrane.kernel.call.Actor;
import dev.terrane.kernel.call.Call;
import dev.terrane.kernel.call.Principal;
import dev.terrane.kernel.call.Scope;
import dev.terrane.kernel.service.Platform;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.iam.IamClient;
import software.amazon.awssdk.services.iam.model.NoSuchEntityException;
import software.amazon.awssdk.services.iam.model.Role;
import software.amazon.awssdk.services.sts.model.AssumeRoleRequest;
import software.amazon.awssdk.services.sts.model.AssumeRoleResponse;
import software.amazon.awssdk.services.sts.model.AssumedRoleUser;

/**
 * Sessions of roles ("AssumeRole"). That the role's trust policy lets the caller in, pass tags and name a source identity, and that the code
 * of an MFA device is right, was decided before the operation runs.
 */
final class RoleSessions {
    private static final Duration USUAL = Duration.ofHours(1);
    private static final Duration LONGEST_IN_A_CHAIN = Duration.ofHours(1);

    private final Platform platform;

    RoleSessions(Platform platform) {
        this.platform = platform;
    }

    AssumeRoleResponse assume(AssumeRoleRequest request) {
        Call call = Call.current();
        if (call.principal() instanceof Principal.Root) {
            throw Refusals.denied("Roles may not be assumed by root accounts.");
        }
        if (request.hasProvidedContexts() && !request.providedContexts().isEmpty()) {
            throw Refusals.validation("ProvidedContexts are not supported here: there is no context provider.");
        }
        Arn arn = Arn.find(request.roleArn())
                .filter(a -> a.service().equals("iam") && a.type().equals("role"))
                .orElseThrow(() -> Refusals.validation(request.roleArn() + " is invalid"));
        IamClient iam =
                platform.clients().client(IamClient.class, new Actor.Platform(new Scope(arn.account(), call.region())));
        Role role = role(iam, arn);
        Duration duration = duration(request.durationSeconds(), role);
        SessionTags tags = SessionTags.of(request, call.principal());
        String sourceIdentity = sourceIdentity(request, call.principal());
        SessionPolicies policies = SessionPolicies.of(iam, request.policy(), request.policyArns(), arn.account());
        Principal.AssumedRole session = new Principal.AssumedRole(
                arn.account(),
                role.roleId(),
                role.path(),
                role.roleName(),
                request.roleSessionName(),
                policies.documents(),
                tags.values(),
                tags.transitiveKeys(),
                sourceIdentity,
                Map.of());
        AssumeRoleResponse.Builder response = AssumeRoleResponse.builder()
                // "Temporary credentials that AssumeRole returns do not include MFA information in the context."
                .credentials(UserSessions.issue(platform.sessions(), session, duration, false))
                .assumedRoleUser(AssumedRoleUser.builder()
                        .assumedRoleId(session.userId())
                        .arn(session.arn())
                        .build())
                .sourceIdentity(sourceIdentity.isEmpty() ? null : sourceIdentity);
        int packed = PackedSize.percent(policies, tags);
        return packed == 0
                ? response.build()
                : response.packedPolicySize(packed).build();
    }

    static Role role(IamClient iam, Arn arn) {
        try {
            Role role = iam.getRole(r -> r.roleName(arn.name())).role();
            if (role.arn().equals(arn.toString())) {
                return role;
            }
        } catch (NoSuchEntityException e) {
            // The answer must not tell whether the role exists.
        }
        throw Refusals.denied("User: " + Call.current().principal().arn()
                + " is not authorized to perform: sts:AssumeRole on resource: " + arn);
    }

    /** How long a session lasts.
     *
     * @param seconds as asked for, if so
     * @throws software.amazon.awssdk.awscore.exception.AwsServiceException when it is longer than the role allows */
    static Duration duration(@Nullable Integer seconds, Role role) {
        if (seconds == null) {
            return USUAL;
        }
        Duration asked = Duration.ofSeconds(seconds);
        if (Call.current().principal() instanceof Principal.AssumedRole && asked.compareTo(LONGEST_IN_A_CHAIN) > 0) {
            throw Refusals.validation(
                    "The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining.");
        }
        if (asked.toSeconds() > role.maxSessionDuration()) {
            throw Refusals.validation(
                    "The requested DurationSeconds exceeds the MaxSessionDuration set for this role.");
        }
        return asked;
    }

    private static String sourceIdentity(AssumeRoleRequest request, Principal caller) {
        String inherited = caller instanceof Principal.AssumedRole session ? session.sourceIdentity() : "";
        if (request.sourceIdentity() == null) {
            return inherited;
        }
        if (!inherited.isEmpty() && !inherited.equals(request.sourceIdentity())) {
            throw Refusals.denied("The source identity of a session cannot be changed.");
        }
        return request.sourceIdentity();
    }
}
