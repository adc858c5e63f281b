package dev.terrane.sts;

import dev.terrane.kernel.arn.Arn;
import dev.terrane.kernel.call.Actor;
import dev.terrane.kernel.call.Call;
import dev.terrane.kernel.call.Principal;
import dev.terrane.kernel.call.Scope;
import dev.terrane.kernel.saml.SamlMetadata;
import dev.terrane.kernel.service.Platform;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import software.amazon.awssdk.services.iam.IamClient;
import software.amazon.awssdk.services.iam.model.GetSamlProviderResponse;
import software.amazon.awssdk.services.iam.model.NoSuchEntityException;
import software.amazon.awssdk.services.sts.model.AssumeRoleWithSamlRequest;
import software.amazon.awssdk.services.sts.model.Tag;

/** Who presents the authentication response of a SAML provider: signature, issuer, recipient, audience, times and the asserted role are verified. */
final class SamlIdentities {
    static final String ATTRIBUTE = "https://aws.amazon.com/SAML/Attributes/";
    static final String SESSION_NAME = "sts:RoleSessionName";
    private static final String PRINCIPAL_TAG = ATTRIBUTE + "PrincipalTag:";
    private static final String NAME = "[a-zA-Z_0-9+=,.@-]{2,64}";

    private final Platform platform;

    SamlIdentities(Platform platform) {
        this.platform = platform;
    }

    /** @throws software.amazon.awssdk.awscore.exception.AwsServiceException when the response is not good */
    Principal.Federated identify(Call call, AssumeRoleWithSamlRequest request) {
        Arn role = arn(request.roleArn(), "role");
        Arn arn = arn(request.principalArn(), "saml-provider");
        if (!role.account().equals(arn.account())) {
            throw Refusals.denied("Not authorized to perform sts:AssumeRoleWithSAML");
        }
        SamlMetadata provider = provider(new Scope(arn.account(), call.region()), arn, call);
        SamlResponse response = SamlResponse.read(request.samlAssertion());
        SamlAssertion assertion = response.assertion();
        if (!assertion.issuer().equals(provider.entityId())) {
            throw Refusals.invalidToken("Issuer not present in specified provider");
        }
        List<PublicKey> keys = provider.certificates().stream()
                .map(X509Certificate::getPublicKey)
                .toList();
        if (!response.isSignedBy(keys)) {
            throw Refusals.invalidToken("Response signature invalid");
        }
        assertion.checkConditions(call.time());
        String recipient = assertion.recipient(call.time());
        requireRole(assertion, request.roleArn(), request.principalArn());
        String sessionName = sessionName(assertion);
        SessionTags tags = tags(assertion);
        String qualifier = nameQualifier(assertion.issuer(), arn);
        Map<String, List<String>> conditions = new LinkedHashMap<>(SamlAttributes.conditionKeys(assertion));
        conditions.put("saml:aud", List.of(recipient));
        conditions.put("saml:iss", List.of(assertion.issuer()));
        conditions.put("saml:sub", List.of(assertion.subject()));
        if (!assertion.subjectType().isEmpty()) {
            conditions.put("saml:sub_type", List.of(assertion.subjectType()));
        }
        conditions.put("saml:namequalifier", List.of(qualifier));
        conditions.put("saml:doc", List.of(arn.account() + "/" + arn.name()));
        conditions.put("aws:FederatedProvider", List.of(arn.toString()));
        conditions.put(SESSION_NAME, List.of(sessionName));
        return new Principal.Federated(
                "SAMLUser",
                arn.toString(),
                qualifier + ":" + assertion.subject(),
                assertion.subject(),
                conditions,
                tags.values(),
                tags.transitiveKeys(),
                sourceIdentity(assertion));
    }

    private static Arn arn(String text, String type) {
        return Arn.find(text)
                .filter(a -> a.service().equals("iam")
                        && a.type().equals(type)
                        && a.account().matches("[0-9]{12}"))
                .orElseThrow(() -> Refusals.validation("Request ARN is invalid"));
    }

    private SamlMetadata provider(Scope scope, Arn arn, Call call) {
        try {
            GetSamlProviderResponse provider = platform.clients()
                    .client(IamClient.class, new Actor.Platform(scope))
                    .getSAMLProvider(r -> r.samlProviderArn(arn.toString()));
            if (!call.time().isBefore(provider.validUntil())) {
                throw Refusals.invalidToken("Specified provider is expired");
            }
            return SamlMetadata.read(provider.samlMetadataDocument())
                    .orElseThrow(() -> Refusals.invalidToken("Could not parse metadata"));
        } catch (NoSuchEntityException e) {
            throw Refusals.invalidToken("Specified provider doesn't exist");
        }
    }

    /** The pair of role and provider, in either order, must be among those that are asserted. */
    private static void requireRole(SamlAssertion assertion, String role, String provider) {
        boolean asserted = assertion.values(ATTRIBUTE + "Role").stream()
                .map(value -> List.of(value.strip().split("\\s*,\\s*", -1)))
                .anyMatch(pair -> pair.size() == 2 && pair.contains(role) && pair.contains(provider));
        if (!asserted) {
            throw Refusals.denied("Not authorized to perform sts:AssumeRoleWithSAML");
        }
    }

    private static String sessionName(SamlAssertion assertion) {
        List<String> names = assertion.values(ATTRIBUTE + "RoleSessionName");
        if (names.size() != 1) {
            throw Refusals.invalidToken("RoleSessionName is required in AuthnResponse");
        }
        if (!names.getFirst().matches(NAME)) {
            throw Refusals.invalidToken("RoleSessionName in AuthnResponse must match [a-zA-Z_0-9+=,.@-]{2,64}");
        }
        return names.getFirst();
    }

    private static String sourceIdentity(SamlAssertion assertion) {
        List<String> names = assertion.values(ATTRIBUTE + "SourceIdentity");
        if (names.isEmpty()) {
            return "";
        }
        if (names.size() != 1
                || !names.getFirst().matches(NAME)
                || names.getFirst().startsWith("aws:")) {
            throw Refusals.invalidToken(
                    "Source Identity must match [a-zA-Z_0-9+=,.@-]{2,64} and not begin with \"aws:\"");
        }
        return names.getFirst();
    }

    private static SessionTags tags(SamlAssertion assertion) {
        List<Tag> tags = new ArrayList<>();
        assertion.attributes().forEach((name, values) -> {
            if (name.startsWith(PRINCIPAL_TAG)) {
                String key = name.substring(PRINCIPAL_TAG.length());
                if (values.size() != 1
                        || key.isEmpty()
                        || key.length() > 128
                        || values.getFirst().length() > 256) {
                    throw Refusals.invalidToken("The session tag " + key + " of the response is not valid");
                }
                tags.add(Tag.builder().key(key).value(values.getFirst()).build());
            }
        });
        if (tags.size() > TokenTags.MOST) {
            throw Refusals.invalidToken("A response may have " + TokenTags.MOST + " session tags at most");
        }
        return SessionTags.of(tags, assertion.values(ATTRIBUTE + "TransitiveTagKeys"));
    }

    /** What tells this provider's users from others' of the same name. */
    private static String nameQualifier(String issuer, Arn provider) {
        try {
            byte[] named = (issuer + provider.account() + "/" + provider.name()).getBytes(StandardCharsets.UTF_8);
            return Base64.getEncoder()
                    .encodeToString(MessageDigest.getInstance("SHA-1").digest(named));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
