package dev.terrane.sts;

import dev.terrane.kernel.arn.Arn;
import dev.terrane.kernel.call.Actor;
import dev.terrane.kernel.call.Call;
import dev.terrane.kernel.call.Principal;
import dev.terrane.kernel.call.Scope;
import dev.terrane.kernel.net.Destinations;
import dev.terrane.kernel.service.Platform;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import software.amazon.awssdk.services.iam.IamClient;
import software.amazon.awssdk.services.iam.model.GetOpenIdConnectProviderResponse;
import software.amazon.awssdk.services.iam.model.NoSuchEntityException;
import software.amazon.awssdk.services.sts.model.AssumeRoleWithWebIdentityRequest;
import software.amazon.awssdk.services.sts.model.ExpiredTokenException;
import tools.jackson.databind.JsonNode;

/**
 * Who presents an ID token of an OpenID Connect provider: its signature, times, issuer and audience are verified ("OIDC federation" in the IAM user
 * guide).
 */
final class WebIdentities {
    private static final String HTTPS = "https://";

    /** How far the issuer's clock may be ahead. */
    private static final Duration SKEW = Duration.ofMinutes(1);

    private final Platform platform;
    private final IssuerKeys keys;

    WebIdentities(Platform platform) {
        this.platform = platform;
        keys = new IssuerKeys(new IssuerDocuments(new Destinations(platform.endpoint())), platform.clock());
    }

    /** @throws software.amazon.awssdk.awscore.exception.AwsServiceException when the token is not good */
    Principal.Federated identify(Call call, AssumeRoleWithWebIdentityRequest request) {
        if (request.providerId() != null) {
            throw Refusals.validation(
                    "ProviderId is not supported here: access tokens of OAuth 2.0 providers can't be verified.");
        }
        Arn role = Arn.find(request.roleArn())
                .filter(a -> a.service().equals("iam")
                        && a.type().equals("role")
                        && a.account().matches("[0-9]{12}"))
                .orElseThrow(() -> Refusals.validation("Request ARN is invalid"));
        Jwt token = Jwt.read(request.webIdentityToken())
                .orElseThrow(
                        () -> Refusals.invalidToken(
                                "The ID Token provided is not a valid JWT. (You may see this error if you sent an Access Token)"));
        String issuer = required(token, "iss");
        String name = issuer.startsWith(HTTPS) ? issuer.substring(HTTPS.length()) : issuer;
        String arn = Arn.iam(role.account(), "oidc-provider/" + name).toString();
        GetOpenIdConnectProviderResponse provider = provider(new Scope(role.account(), call.region()), arn, issuer);
        if (!keys.signed(new IssuerKeys.Issuer(HTTPS + name, Set.copyOf(provider.thumbprintList())), token)) {
            throw Refusals.invalidToken("The signature of the token provided is invalid");
        }
        checkTimes(token, call.time());
        String subject = required(token, "sub");
        List<String> audiences = audiences(token);
        String audience = audiences.stream()
                .filter(provider.clientIDList()::contains)
                .findFirst()
                .orElseThrow(() -> Refusals.invalidToken("Incorrect token audience"));
        TokenTags tags = TokenTags.of(token);
        return new Principal.Federated(
                "WebIdentityUser",
                arn,
                arn + ":" + audience + ":" + subject,
                subject,
                conditionKeys(name, arn, token, audiences),
                tags.tags().values(),
                tags.tags().transitiveKeys(),
                tags.sourceIdentity());
    }

    private static String required(Jwt token, String claim) {
        return token.text(claim).orElseThrow(() -> Refusals.invalidToken("Missing a required claim: " + claim));
    }

    private GetOpenIdConnectProviderResponse provider(Scope scope, String arn, String issuer) {
        if (issuer.startsWith(HTTPS)) {
            try {
                return platform.clients()
                        .client(IamClient.class, new Actor.Platform(scope))
                        .getOpenIDConnectProvider(r -> r.openIDConnectProviderArn(arn));
            } catch (NoSuchEntityException e) {
                // It is refused as a provider that could not be.
            }
        }
        throw Refusals.invalidToken("No OpenIDConnect provider found in your account for " + issuer);
    }

    private static void checkTimes(Jwt token, Instant now) {
        long expires = token.seconds("exp").orElseThrow(() -> Refusals.invalidToken("Missing a required claim: exp"));
        long issued = token.seconds("iat").orElseThrow(() -> Refusals.invalidToken("Missing a required claim: iat"));
        if (now.getEpochSecond() >= expires) {
            throw ExpiredTokenException.builder()
                    .message("Token expired: current date/time " + now.getEpochSecond()
                            + " must be before the expiration date/time " + expires)
                    .build();
        }
        long latest = now.plus(SKEW).getEpochSecond();
        if (issued > latest || token.seconds("nbf").orElse(0L) > latest) {
            throw Refusals.invalidToken("The token provided is not valid yet");
        }
    }

    /** For whom the token is: whom it authorizes ({@code azp}) where it says so, else its audience. */
    private static List<String> audiences(Jwt token) {
        List<String> audiences = token.text("azp")
                .map(List::of)
                .orElseGet(() -> texts(token.claims().path("aud")));
        if (audiences.isEmpty() || texts(token.claims().path("aud")).isEmpty()) {
            throw Refusals.invalidToken("Missing a required claim: aud");
        }
        return audiences;
    }

    private static List<String> texts(JsonNode value) {
        return value.isString()
                ? List.of(value.stringValue())
                : value.valueStream()
                        .filter(JsonNode::isString)
                        .map(JsonNode::stringValue)
                        .toList();
    }

    private static Map<String, List<String>> conditionKeys(
            String issuer, String provider, Jwt token, List<String> audiences) {
        Map<String, List<String>> found = new LinkedHashMap<>();
        for (String claim : IssuerClaims.of(issuer)) {
            JsonNode value = token.claims().path(claim);
            List<String> values = value.isNumber() || value.isBoolean() ? List.of(value.asString()) : texts(value);
            if (!values.isEmpty()) {
                found.put(issuer + ":" + claim, values);
            }
        }
        if (token.text("azp").isPresent()) {
            found.put(issuer + ":oaud", texts(token.claims().path("aud")));
        }
        found.put(issuer + ":aud", audiences);
        found.put("aws:FederatedProvider", List.of(provider));
        return found;
    }
}
