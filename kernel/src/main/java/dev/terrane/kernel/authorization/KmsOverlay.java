package dev.terrane.kernel.authorization;

import dev.terrane.kernel.arn.Arn;
import dev.terrane.kernel.authorization.ServiceFacts.ResourceType;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.core.SdkPojo;

/** KMS: keys go by id, ARN, alias name and alias ARN ("Key identifiers (KeyId)"), and a re-encryption is two actions. */
final class KmsOverlay implements Overlay {
    /** What is encrypted by when a request does not say. */
    private static final List<String> SYMMETRIC = List.of("SYMMETRIC_DEFAULT");

    /** Condition keys that say what the request does, by the request's member. */
    private static final Map<String, String> REQUESTED = Map.ofEntries(
            Map.entry("kms:BypassPolicyLockoutSafetyCheck", "bypasspolicylockoutsafetycheck"),
            Map.entry("kms:DataKeyPairSpec", "keypairspec"),
            Map.entry("kms:EncryptionAlgorithm", "encryptionalgorithm"),
            Map.entry("kms:GrantOperations", "operations"),
            Map.entry("kms:GranteePrincipal", "granteeprincipal"),
            Map.entry("kms:KeyAgreementAlgorithm", "keyagreementalgorithm"),
            Map.entry("kms:KeyOrigin", "origin"),
            Map.entry("kms:KeyUsage", "keyusage"),
            Map.entry("kms:MacAlgorithm", "macalgorithm"),
            Map.entry("kms:MessageType", "messagetype"),
            Map.entry("kms:MultiRegion", "multiregion"),
            Map.entry("kms:RetiringPrincipal", "retiringprincipal"),
            Map.entry("kms:RotationPeriodInDays", "rotationperiodindays"),
            Map.entry("kms:ScheduleKeyDeletionPendingWindowInDays", "pendingwindowindays"),
            Map.entry("kms:SigningAlgorithm", "signingalgorithm"));

    @Override
    public List<String> actions(String operation) {
        return operation.equals("ReEncrypt") ? List.of("ReEncryptFrom", "ReEncryptTo") : List.of(operation);
    }

    @Override
    public Optional<List<String>> resources(String action, ResourceType type, Asked asked) {
        if (type.name().equals("alias")) {
            return Optional.of(asked.text("aliasname").map(name -> alias(name, asked)).stream()
                    .toList());
        }
        String member = switch (action) {
            case "ReEncryptFrom" -> "sourcekeyid";
            case "ReEncryptTo" -> "destinationkeyid";
            case "CreateAlias", "UpdateAlias" -> "targetkeyid";
            default -> "keyid";
        };
        List<String> keys = new ArrayList<>();
        asked.text(member).ifPresent(key -> keys.add(key(key, asked)));
        if (keys.isEmpty() && (action.equals("DeleteAlias") || action.equals("UpdateAlias"))) {
            asked.text("aliasname")
                    .flatMap(name -> asked.names().find("kms", "key", name))
                    .ifPresent(keys::add);
        }
        if (keys.isEmpty()) {
            // A ciphertext says with which key it was made, but only the service can read it.
            asked.members()
                    .member("ciphertextblob")
                    .filter(SdkBytes.class::isInstance)
                    .map(blob -> Base64.getEncoder().encodeToString(((SdkBytes) blob).asByteArrayUnsafe()))
                    .filter(blob -> action.equals("Decrypt") || action.equals("ReEncryptFrom"))
                    .flatMap(blob -> asked.names().find("kms", "ciphertext", blob))
                    .ifPresent(keys::add);
        }
        if (keys.isEmpty() && action.equals("RetireGrant")) {
            asked.text("granttoken")
                    .flatMap(token -> asked.names().find("kms", "grant-token", token))
                    .ifPresent(keys::add);
        }
        if (keys.isEmpty()) {
            asked.members().texts("keyarn").forEach(keys::add);
        }
        return Optional.of(keys);
    }

    private static String key(String key, Asked asked) {
        boolean alias = key.startsWith("alias/")
                || Arn.find(key).map(a -> a.resource().startsWith("alias/")).orElse(false);
        if (alias) {
            return asked.names().find("kms", "key", key).orElseGet(() -> alias(key, asked));
        }
        return Arn.isArn(key) ? key : arn("key/" + key, asked);
    }

    private static String alias(String name, Asked asked) {
        return Arn.isArn(name) ? name : arn(name, asked);
    }

    private static String arn(String resource, Asked asked) {
        return new Arn(
                        asked.scope().partition(),
                        "kms",
                        asked.scope().region(),
                        asked.scope().account(),
                        resource)
                .toString();
    }

    @Override
    public Map<String, List<String>> conditions(String action, Asked asked) {
        Map<String, List<String>> conditions = new LinkedHashMap<>();
        conditions.put("kms:CallerAccount", List.of(asked.scope().account()));
        asked.text("keyid")
                .filter(key -> key.contains("alias/"))
                .ifPresent(key -> conditions.put("kms:RequestAlias", List.of(key.substring(key.indexOf("alias/")))));
        String member = switch (action) {
            case "ReEncryptFrom" -> "sourceencryptioncontext";
            case "ReEncryptTo" -> "destinationencryptioncontext";
            default -> "encryptioncontext";
        };
        asked.members().member(member).ifPresent(value -> {
            if (value instanceof Map<?, ?> context && !context.isEmpty()) {
                List<String> keys = new ArrayList<>();
                context.forEach((key, text) -> {
                    keys.add(String.valueOf(key));
                    conditions.put("kms:EncryptionContext:" + key, List.of(String.valueOf(text)));
                });
                conditions.put("kms:EncryptionContextKeys", keys);
            }
        });
        REQUESTED.forEach(
                (key, requested) -> put(conditions, key, asked.members().texts(requested)));
        switch (action) {
            case "CreateKey" -> put(conditions, "kms:KeySpec", asked.members().texts("keyspec"));
            case "CreateGrant" -> grant(conditions, asked);
            case "Encrypt", "Decrypt" -> conditions.putIfAbsent("kms:EncryptionAlgorithm", SYMMETRIC);
            case "ReEncryptFrom" ->
                conditions.put("kms:EncryptionAlgorithm", algorithm("sourceencryptionalgorithm", asked));
            case "ReEncryptTo" ->
                conditions.put("kms:EncryptionAlgorithm", algorithm("destinationencryptionalgorithm", asked));
            case "Sign", "Verify" -> conditions.putIfAbsent("kms:MessageType", List.of("RAW"));
            case "RetireGrant" ->
                asked.text("grantid")
                        .or(() -> asked.text("granttoken")
                                .flatMap(token -> asked.names().find("kms", "grant", token)))
                        .ifPresent(id -> conditions.put("kms:GrantId", List.of(id)));
            default -> {
                // No keys of their own.
            }
        }
        return conditions;
    }

    private static List<String> algorithm(String member, Asked asked) {
        List<String> asks = asked.members().texts(member);
        return asks.isEmpty() ? SYMMETRIC : asks;
    }

    /** A new grant's constraint: which kind, as policies see it, and its pairs, by which the service knows whether a grantee gives on too much. */
    private static void grant(Map<String, List<String>> conditions, Asked asked) {
        asked.members().member("constraints").filter(SdkPojo.class::isInstance).ifPresent(value -> {
            RequestMembers constraints = new RequestMembers((SdkPojo) value);
            for (String kind : List.of("EncryptionContextEquals", "EncryptionContextSubset")) {
                constraints.member(kind.toLowerCase(Locale.ROOT)).ifPresent(pairs -> {
                    if (pairs instanceof Map<?, ?> context && !context.isEmpty()) {
                        conditions.put("kms:GrantConstraintType", List.of(kind));
                        context.forEach((key, text) ->
                                conditions.put("kms:Grant" + kind + ":" + key, List.of(String.valueOf(text))));
                    }
                });
            }
        });
    }

    private static void put(Map<String, List<String>> conditions, String key, List<String> values) {
        if (!values.isEmpty()) {
            conditions.put(key, values);
        }
    }
}
