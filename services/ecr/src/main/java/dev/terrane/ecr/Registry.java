package dev.terrane.ecr;

import dev.terrane.kernel.call.Call;
import dev.terrane.kernel.call.Scope;
import dev.terrane.kernel.identity.SessionTokens;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import software.amazon.awssdk.services.ecr.model.*;

/** The registry, which each account has one of in each region. */
final class Registry {
    /** How long the password of a registry can be used ("Private registry authentication"). */
    private static final Duration VALID = Duration.ofHours(12);

    private final SessionTokens sessions;

    Registry(SessionTokens sessions) {
        this.sessions = sessions;
    }

    /** The host name of a registry, as AWS writes it. */
    static String host(Scope scope) {
        return "%s.dkr.ecr.%s.amazonaws.com".formatted(scope.account(), scope.region());
    }

    /**
     * User name and password of whoever calls, for every registry that it may use. The password is a session of the caller's without its secret key,
     * so that no request of the AWS API can be signed with it. It is as old as the caller's credentials: a policy that revokes these by their age
     * revokes it too.
     */
    @SuppressWarnings("deprecation") // Clients still name registries, though one password is for all.
    GetAuthorizationTokenResponse authorize(GetAuthorizationTokenRequest request) {
        Call call = Call.current();
        Instant expires = call.time().plus(VALID);
        SessionTokens.Issued session =
                sessions.issue(call.principal(), call.tokenIssued().orElse(call.time()), expires, call.mfa());
        String password = base64(session.accessKeyId() + ":" + session.token());
        String token = base64("AWS:" + password);
        List<String> registries = request.hasRegistryIds() ? request.registryIds() : List.of(call.account());
        return GetAuthorizationTokenResponse.builder()
                .authorizationData(registries.stream()
                        .map(registry -> AuthorizationData.builder()
                                .authorizationToken(token)
                                .expiresAt(expires)
                                .proxyEndpoint("https://" + host(new Scope(registry, call.region())))
                                .build())
                        .toList())
                .build();
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    DescribeRegistryResponse describe(DescribeRegistryRequest request) {
        return DescribeRegistryResponse.builder()
                .registryId(Call.current().account())
                .replicationConfiguration(c -> c.rules(List.of()))
                .build();
    }
}
