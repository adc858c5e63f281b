package dev.terrane.sts;

import dev.terrane.kernel.call.Actor;
import dev.terrane.kernel.call.Call;
import dev.terrane.kernel.call.Principal;
import dev.terrane.kernel.identity.AccessKeyIds;
import dev.terrane.kernel.service.Platform;
import java.time.Duration;
import java.util.List;
import software.amazon.awssdk.services.iam.IamClient;
import software.amazon.awssdk.services.sts.model.FederatedUser;
import software.amazon.awssdk.services.sts.model.GetFederationTokenRequest;
import software.amazon.awssdk.services.sts.model.GetFederationTokenResponse;

/** Sessions that users begin for somebody whom their own application knows ("GetFederationToken"). */
final class FederationTokens {
    private static final Duration USUAL = Duration.ofHours(12);
    private static final Duration LONGEST_OF_ROOT = Duration.ofHours(1);

    private final Platform platform;

    FederationTokens(Platform platform) {
        this.platform = platform;
    }

    GetFederationTokenResponse begin(GetFederationTokenRequest request) {
        Call call = Call.current();
        boolean longTerm = call.principal() instanceof Principal.User || call.principal() instanceof Principal.Root;
        if (!longTerm || call.accessKeyId().startsWith(AccessKeyIds.TEMPORARY)) {
            throw Refusals.denied("Cannot call GetFederationToken with session credentials");
        }
        SessionPolicies policies = SessionPolicies.of(
                platform.clients().client(IamClient.class, new Actor.Platform(call.scope())),
                request.policy(),
                request.policyArns(),
                call.account());
        SessionTags tags = SessionTags.of(request.tags(), List.of());
        Principal.FederatedUser session =
                new Principal.FederatedUser(call.principal(), request.name(), policies.documents(), tags.values());
        int packed = PackedSize.percent(policies, tags);
        return GetFederationTokenResponse.builder()
                .credentials(
                        UserSessions.issue(platform.sessions(), session, duration(request, call.principal()), false))
                .federatedUser(FederatedUser.builder()
                        .federatedUserId(session.userId())
                        .arn(session.arn())
                        .build())
                .packedPolicySize(packed == 0 ? null : packed)
                .build();
    }

    private static Duration duration(GetFederationTokenRequest request, Principal caller) {
        Duration asked = request.durationSeconds() == null ? USUAL : Duration.ofSeconds(request.durationSeconds());
        return caller instanceof Principal.Root && asked.compareTo(LONGEST_OF_ROOT) > 0 ? LONGEST_OF_ROOT : asked;
    }
}
