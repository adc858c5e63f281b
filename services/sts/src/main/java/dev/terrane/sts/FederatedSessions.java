package dev.terrane.sts;

import dev.terrane.kernel.arn.Arn;
import dev.terrane.kernel.call.Actor;
import dev.terrane.kernel.call.Call;
import dev.terrane.kernel.call.Principal;
import dev.terrane.kernel.call.Scope;
import dev.terrane.kernel.service.Platform;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.iam.IamClient;
import software.amazon.awssdk.services.iam.model.Role;
import software.amazon.awssdk.services.sts.model.AssumeRoleWithSamlRequest;
import software.amazon.awssdk.services.sts.model.AssumeRoleWithSamlResponse;
import software.amazon.awssdk.services.sts.model.AssumeRoleWithWebIdentityRequest;
import software.amazon.awssdk.services.sts.model.AssumeRoleWithWebIdentityResponse;
import software.amazon.awssdk.services.sts.model.AssumedRoleUser;
import software.amazon.awssdk.services.sts.model.Credentials;
import software.amazon.awssdk.services.sts.model.ExpiredTokenException;
import software.amazon.awssdk.services.sts.model.PolicyDescriptorType;

/**
 * Sessions of roles for those whom an identity provider vouches for. That the provider does, and that the role's trust policy lets them in, was decided
 * before the operation runs.
 */
final class FederatedSessions {
    private static final int SHORTEST_SECONDS = 900;

    private final Platform platform;

    FederatedSessions(Platform platform) {
        this.platform = platform;
    }

    /** What a request asks of a session.
     *
     * @param ends until when the provider lets it last, if it says so */
    private record Asked(
            String roleArn,
            String sessionName,
            @Nullable Integer seconds,
            @Nullable String policy,
            List<PolicyDescriptorType> policyArns,
            Optional<Instant> ends) {}

    /** A session that has begun. */
    private record Begun(
            Credentials credentials,
            AssumedRoleUser user,
            @Nullable Integer packedSize) {}

    AssumeRoleWithWebIdentityResponse withWebIdentity(AssumeRoleWithWebIdentityRequest request) {
        Principal.Federated user = user();
        Begun begun = begin(
                user,
                new Asked(
                        request.roleArn(),
                        request.roleSessionName(),
                        request.durationSeconds(),
                        request.policy(),
                        request.policyArns(),
                        Optional.empty()));
        return AssumeRoleWithWebIdentityResponse.builder()
                .credentials(begun.credentials())
                .assumedRoleUser(begun.user())
                .packedPolicySize(begun.packedSize())
                .subjectFromWebIdentityToken(user.userName())
                .audience(user.userId()
                        .substring(
                                user.provider().length() + 1,
                                user.userId().length() - user.userName().length() - 1))
                .provider(user.provider())
                .sourceIdentity(user.sourceIdentity().isEmpty() ? null : user.sourceIdentity())
                .build();
    }

    AssumeRoleWithSamlResponse withSaml(AssumeRoleWithSamlRequest request) {
        Principal.Federated user = user();
        // The front door has verified it.
        SamlAssertion assertion = SamlResponse.read(request.samlAssertion()).assertion();
        Begun begun = begin(
                user,
                new Asked(
                        request.roleArn(),
                        key(user, SamlIdentities.SESSION_NAME),
                        request.durationSeconds() == null ? seconds(assertion) : request.durationSeconds(),
                        request.policy(),
                        request.policyArns(),
                        assertion.sessionEnds()));
        return AssumeRoleWithSamlResponse.builder()
                .credentials(begun.credentials())
                .assumedRoleUser(begun.user())
                .packedPolicySize(begun.packedSize())
                .subject(assertion.subject())
                .subjectType(assertion.subjectType())
                .issuer(assertion.issuer())
                .audience(key(user, "saml:aud"))
                .nameQualifier(key(user, "saml:namequalifier"))
                .sourceIdentity(user.sourceIdentity().isEmpty() ? null : user.sourceIdentity())
                .build();
    }

    private static String key(Principal.Federated user, String name) {
        return user.keys().getOrDefault(name, List.of("")).getFirst();
    }

    /** How long the provider would have the session last, where the request doesn't say it. */
    private static @Nullable Integer seconds(SamlAssertion assertion) {
        List<String> values = assertion.values(SamlIdentities.ATTRIBUTE + "SessionDuration");
        if (values.isEmpty()) {
            return null;
        }
        if (values.size() != 1 || !values.getFirst().matches("[0-9]{3,5}")) {
            throw Refusals.invalidToken("SessionDuration in AuthnResponse must be a number of seconds");
        }
        int seconds = Integer.parseInt(values.getFirst());
        if (seconds < SHORTEST_SECONDS) {
            throw Refusals.invalidToken("SessionDuration in AuthnResponse must be " + SHORTEST_SECONDS + " at least");
        }
        return seconds;
    }

    private static Principal.Federated user() {
        if (Call.current().principal() instanceof Principal.Federated user) {
            return user;
        }
        throw new IllegalStateException("The front door lets in only those whom a provider vouches for");
    }

    private Begun begin(Principal.Federated user, Asked asked) {
        Arn arn = Arn.parse(asked.roleArn());
        IamClient iam = platform.clients()
                .client(
                        IamClient.class,
                        new Actor.Platform(
                                new Scope(arn.account(), Call.current().region())));
        Role role = RoleSessions.role(iam, arn);
        Duration duration = shorter(RoleSessions.duration(asked.seconds(), role), asked.ends());
        SessionPolicies policies = SessionPolicies.of(iam, asked.policy(), asked.policyArns(), arn.account());
        SessionTags tags = new SessionTags(user.sessionTags(), user.transitiveTagKeys());
        Principal.AssumedRole session = new Principal.AssumedRole(
                arn.account(),
                role.roleId(),
                role.path(),
                role.roleName(),
                asked.sessionName(),
                policies.documents(),
                tags.values(),
                tags.transitiveKeys(),
                user.sourceIdentity(),
                providerKeys(user));
        int packed = PackedSize.percent(policies, tags);
        return new Begun(
                UserSessions.issue(platform.sessions(), session, duration, false),
                AssumedRoleUser.builder()
                        .assumedRoleId(session.userId())
                        .arn(session.arn())
                        .build(),
                packed == 0 ? null : packed);
    }

    private static Duration shorter(Duration duration, Optional<Instant> ends) {
        Duration left = ends.map(end -> Duration.between(Call.current().time(), end))
                .filter(rest -> rest.compareTo(duration) < 0)
                .orElse(duration);
        if (!left.isPositive()) {
            throw ExpiredTokenException.builder().message("Response is expired").build();
        }
        return left;
    }

    private static Map<String, List<String>> providerKeys(Principal.Federated user) {
        Map<String, List<String>> keys = new HashMap<>(user.keys());
        keys.remove(SamlIdentities.SESSION_NAME);
        return keys;
    }
}
