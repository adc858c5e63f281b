package dev.terrane.kms;

import dev.terrane.kernel.arn.Arn;
import dev.terrane.kernel.call.Call;
import dev.terrane.kernel.call.Scope;
import dev.terrane.kernel.error.AwsErrors;
import dev.terrane.kernel.id.Ids;
import dev.terrane.kernel.store.Page;
import dev.terrane.kernel.store.Query;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.kms.model.*;

/** Grants: given, listed, retired by who has them, revoked by who administers the key. What they allow, {@link GrantRules} says. */
final class Grants {
    private static final int PAGE = 50;

    private static final Pattern ID = Pattern.compile("[0-9a-f]{64}");
    private static final Pattern SERVICE = Pattern.compile("[a-z0-9.-]+\\.amazonaws\\.com");

    private final KmsTables tables;
    private final Keys keys;
    private final Markers markers;

    Grants(KmsTables tables, Keys keys, Markers markers) {
        this.tables = tables;
        this.keys = keys;
        this.markers = markers;
    }

    CreateGrantResponse create(CreateGrantRequest request) {
        Keys.Found found = named(request.keyId());
        keys.usable(found, found.key().usage());
        checkPrincipal(request.granteePrincipal());
        if (request.retiringPrincipal() != null) {
            checkPrincipal(request.retiringPrincipal());
        }
        for (String operation : request.operationsAsStrings()) {
            checkOperation(found.key(), operation);
        }
        GrantRecord asked = asked(found.key(), request);
        KmsErrors.endDryRun(request.dryRun());
        GrantRecord grant = asked.name()
                .flatMap(name -> tables.grantsTo(found.scope(), asked.keyId(), asked.grantee()).stream()
                        .filter(asked::sameAs)
                        .findFirst())
                .orElse(asked);
        if (grant.equals(asked)) {
            if (!found.key().granted()) {
                tables.put(found.scope(), found.key().withGrant());
            }
            tables.put(found.scope(), grant);
        }
        return CreateGrantResponse.builder()
                .grantId(grant.grantId())
                .grantToken(token(found.scope(), grant))
                .build();
    }

    private Keys.Found named(String keyId) {
        if (keyId.contains("alias/")) {
            throw KmsErrors.notFound("Invalid keyId '" + keyId + "'");
        }
        return keys.find(keyId);
    }

    private static GrantRecord asked(KeyRecord key, CreateGrantRequest request) {
        GrantConstraints constraints = request.constraints();
        Map<String, String> equal = constraints == null ? Map.of() : constraints.encryptionContextEquals();
        Map<String, String> subset = constraints == null ? Map.of() : constraints.encryptionContextSubset();
        if (!equal.isEmpty() && !subset.isEmpty()) {
            throw AwsErrors.validation(
                    "A grant has one constraint: EncryptionContextEquals or EncryptionContextSubset.");
        }
        if (!key.symmetric() && !(equal.isEmpty() && subset.isEmpty())) {
            throw AwsErrors.validation("Constraints on the encryption context are for symmetric encryption keys.");
        }
        return new GrantRecord(
                key.keyId(),
                Ids.hex(64),
                Optional.ofNullable(request.name()),
                request.granteePrincipal(),
                Optional.ofNullable(request.retiringPrincipal()),
                request.operationsAsStrings(),
                equal,
                subset,
                Call.current().account(),
                Call.current().time());
    }

    private static void checkPrincipal(String principal) {
        boolean valid = SERVICE.matcher(principal).matches()
                || Arn.find(principal)
                        .filter(arn ->
                                arn.service().equals("iam") || arn.service().equals("sts"))
                        .isPresent();
        if (!valid) {
            throw KmsErrors.invalidArn("ARN does not refer to a valid principal: " + principal);
        }
    }

    /** An operation that a key of this kind does not have cannot be granted. */
    private static void checkOperation(KeyRecord key, String operation) {
        boolean fits = switch (operation) {
            case "Encrypt", "Decrypt", "ReEncryptFrom", "ReEncryptTo" ->
                key.usage().equals(KeySpecs.ENCRYPT);
            case "GenerateDataKey",
                    "GenerateDataKeyWithoutPlaintext",
                    "GenerateDataKeyPair",
                    "GenerateDataKeyPairWithoutPlaintext" -> key.symmetric();
            case "Sign", "Verify" -> key.usage().equals(KeySpecs.SIGN);
            case "GenerateMac", "VerifyMac" -> key.usage().equals(KeySpecs.MAC);
            case "DeriveSharedSecret" -> key.usage().equals(KeySpecs.AGREE);
            case "GetPublicKey" -> KeySpecs.asymmetric(key.spec());
            default -> true;
        };
        if (!fits) {
            throw AwsErrors.validation("Operation " + operation + " is not valid for a key of spec " + key.spec()
                    + " and usage " + key.usage() + ".");
        }
    }

    ListGrantsResponse list(ListGrantsRequest request) {
        Keys.Found found = named(request.keyId());
        String listing =
                "ListGrants|" + found.key().keyId() + "|" + request.grantId() + "|" + request.granteePrincipal();
        Query query = (request.granteePrincipal() == null
                        ? Query.prefix(found.key().keyId() + "/")
                        : KmsTables.grantsTo(found.key().keyId(), request.granteePrincipal()))
                .after(markers.cursor(listing, request.marker()))
                .limit(KeyLifecycle.limit(request.limit(), PAGE));
        if (request.grantId() != null) {
            GrantRecord one = require(found, request.grantId());
            boolean other = request.granteePrincipal() != null
                    && !request.granteePrincipal().equals(one.grantee());
            return ListGrantsResponse.builder()
                    .grants(other ? List.of() : List.of(entry(found.scope(), one)))
                    .truncated(false)
                    .build();
        }
        Page<GrantRecord> page = tables.grants(found.scope(), query);
        return ListGrantsResponse.builder()
                .grants(page.values().stream()
                        .map(grant -> entry(found.scope(), grant))
                        .toList())
                .nextMarker(markers.next(listing, page))
                .truncated(page.next().isPresent())
                .build();
    }

    ListRetirableGrantsResponse list(ListRetirableGrantsRequest request) {
        checkPrincipal(request.retiringPrincipal());
        Scope scope = Call.current().scope();
        String listing = "ListRetirableGrants|" + request.retiringPrincipal();
        Page<GrantRecord> page = tables.grants(
                scope,
                KmsTables.grantsRetiredBy(request.retiringPrincipal())
                        .after(markers.cursor(listing, request.marker()))
                        .limit(KeyLifecycle.limit(request.limit(), PAGE)));
        return ListRetirableGrantsResponse.builder()
                .grants(page.values().stream().map(grant -> entry(scope, grant)).toList())
                .nextMarker(markers.next(listing, page))
                .truncated(page.next().isPresent())
                .build();
    }

    private static GrantListEntry entry(Scope scope, GrantRecord grant) {
        boolean constrained =
                !grant.contextEquals().isEmpty() || !grant.contextSubset().isEmpty();
        return GrantListEntry.builder()
                .keyId(Keys.arn(scope, grant.keyId()))
                .grantId(grant.grantId())
                .name(grant.name().orElse(null))
                .creationDate(grant.created())
                .granteePrincipal(grant.grantee())
                .retiringPrincipal(grant.retiring().orElse(null))
                .issuingAccount(Arn.iam(grant.issuer(), "root").toString())
                .operationsWithStrings(grant.operations())
                .constraints(
                        constrained
                                ? GrantConstraints.builder()
                                        .encryptionContextEquals(
                                                grant.contextEquals().isEmpty() ? null : grant.contextEquals())
                                        .encryptionContextSubset(
                                                grant.contextSubset().isEmpty() ? null : grant.contextSubset())
                                        .build()
                                : null)
                .build();
    }

    RevokeGrantResponse revoke(RevokeGrantRequest request) {
        Keys.Found found = named(request.keyId());
        GrantRecord grant = require(found, request.grantId());
        KmsErrors.endDryRun(request.dryRun());
        tables.deleteGrant(found.scope(), grant);
        return RevokeGrantResponse.builder().build();
    }

    RetireGrantResponse retire(RetireGrantRequest request) {
        boolean byToken = request.grantToken() != null;
        if (byToken == (request.keyId() != null || request.grantId() != null)
                || (!byToken && (request.keyId() == null || request.grantId() == null))) {
            throw AwsErrors.validation("Either a GrantToken, or a KeyId and a GrantId, must be specified.");
        }
        Named named = byToken
                ? read(request.grantToken()).orElseThrow(Grants::invalidToken)
                : new Named(named(request.keyId()).arn(), request.grantId());
        Keys.Found found = keys.find(named.keyArn());
        GrantRecord grant = require(found, named.grantId());
        KmsErrors.endDryRun(request.dryRun());
        tables.deleteGrant(found.scope(), grant);
        return RetireGrantResponse.builder().build();
    }

    private GrantRecord require(Keys.Found found, String grantId) {
        if (!ID.matcher(grantId).matches()) {
            throw InvalidGrantIdException.builder()
                    .message("Invalid grant id " + grantId)
                    .build();
        }
        return tables.grant(found.scope(), found.key().keyId(), grantId)
                .orElseThrow(() -> KmsErrors.notFound("Grant " + grantId + " is not found."));
    }

    private static RuntimeException invalidToken() {
        return InvalidGrantTokenException.builder()
                .message("The grant token is not valid.")
                .build();
    }

    /** A token is no secret: it says which grant is meant. */
    private static String token(Scope scope, GrantRecord grant) {
        return Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(
                        (Keys.arn(scope, grant.keyId()) + " " + grant.grantId()).getBytes(StandardCharsets.UTF_8));
    }

    /** A grant, and the ARN of its key. */
    record Named(String keyArn, String grantId) {}

    /** The grant that a token means, whether it is there or not. */
    static Optional<Named> read(@Nullable String token) {
        if (token == null) {
            return Optional.empty();
        }
        try {
            String[] parts = new String(Base64.getUrlDecoder().decode(token), StandardCharsets.UTF_8).split(" ", -1);
            return parts.length == 2
                            && Arn.isArn(parts[0])
                            && ID.matcher(parts[1]).matches()
                    ? Optional.of(new Named(parts[0], parts[1]))
                    : Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
