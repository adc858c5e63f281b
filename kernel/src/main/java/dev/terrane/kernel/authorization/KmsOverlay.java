package dev.terrane.kernel.authorization;

import dev.terrane.kernel.arn.Arn;
import dev.terrane.kernel.authorization.ServiceFacts.ResourceType;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.core.SdkBytes;

/** KMS: keys go by id, ARN, alias name and alias ARN ("Key identifiers (KeyId)"), and a re-encryption is two actions. */
final class KmsOverlay implements Overlay {
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
        put(conditions, "kms:GrantOperations", asked.members().texts("operations"));
        put(
                conditions,
                "kms:ScheduleKeyDeletionPendingWindowInDays",
                asked.members().texts("pendingwindowindays"));
        put(conditions, "kms:KeyOrigin", asked.members().texts("origin"));
        return conditions;
    }

    private static void put(Map<String, List<String>> conditions, String key, List<String> values) {
        if (!values.isEmpty()) {
            conditions.put(key, values);
        }
    }
}
