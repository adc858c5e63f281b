package dev.terrane.kms;

import dev.terrane.kernel.arn.Arn;
import dev.terrane.kernel.authorization.Requirement;
import dev.terrane.kernel.call.Principal;
import dev.terrane.kernel.call.Scope;
import dev.terrane.kernel.store.RecordCodec;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What grants allow. A grant that allows what is asked counts as one more statement of the key's policy, so that a policy's Deny, a permissions boundary and a
 * session policy are heard as ever.
 *
 * @see <a href="https://docs.aws.amazon.com/kms/latest/developerguide/grants.html">Grants</a>
 */
final class GrantRules {
    private static final String CONTEXT = "kms:EncryptionContext:";
    /** What the overlay of the authorization says of a new grant's constraints, and of the grant that is to be retired. */
    private static final String CHILD_EQUALS = "kms:GrantEncryptionContextEquals:";

    private static final String CHILD_SUBSET = "kms:GrantEncryptionContextSubset:";
    private static final String GRANT_ID = "kms:GrantId";

    private final KmsTables tables;

    GrantRules(KmsTables tables) {
        this.tables = tables;
    }

    /** The key's policy, with what grants add to it for one caller and one request. */
    String policy(Scope scope, KeyRecord key, Principal caller, Requirement asked) {
        if (!key.granted() || !asked.action().startsWith("kms:")) {
            return key.policy();
        }
        boolean allowed = asked.action().equals("kms:RetireGrant")
                ? retires(scope, key, caller, asked)
                : GrantRecord.namesOf(caller).stream()
                        .flatMap(name -> tables.grantsTo(scope, key.keyId(), name).stream())
                        .anyMatch(grant -> allows(grant, asked));
        return allowed ? with(key.policy(), caller, asked.action()) : key.policy();
    }

    private boolean retires(Scope scope, KeyRecord key, Principal caller, Requirement asked) {
        List<String> names = GrantRecord.namesOf(caller);
        return asked.conditions().getOrDefault(GRANT_ID, List.of()).stream()
                .flatMap(id -> tables.grant(scope, key.keyId(), id).stream())
                .anyMatch(grant -> grant.retiring().filter(names::contains).isPresent()
                        || (names.contains(grant.grantee())
                                && grant.operations().contains("RetireGrant"))
                        || names.contains(Arn.iam(grant.issuer(), "root").toString()));
    }

    private static boolean allows(GrantRecord grant, Requirement asked) {
        String operation = asked.action().substring("kms:".length());
        if (!grant.operations().contains(operation)) {
            return false;
        }
        return switch (operation) {
            case "CreateGrant" -> isNoWider(grant, asked.conditions());
            case "Encrypt",
                    "Decrypt",
                    "ReEncryptFrom",
                    "ReEncryptTo",
                    "GenerateDataKey",
                    "GenerateDataKeyWithoutPlaintext",
                    "GenerateDataKeyPair",
                    "GenerateDataKeyPairWithoutPlaintext" -> {
                Map<String, String> context = pairs(CONTEXT, asked.conditions());
                yield (grant.contextEquals().isEmpty() || grant.contextEquals().equals(context))
                        && holds(context, grant.contextSubset());
            }
            default -> true;
        };
    }

    /** A grantee gives on what it has: no more operations, and at least as narrow a context. */
    private static boolean isNoWider(GrantRecord parent, Map<String, List<String>> asked) {
        Set<String> operations = new HashSet<>(asked.getOrDefault("kms:GrantOperations", List.of()));
        Map<String, String> equal = pairs(CHILD_EQUALS, asked);
        Map<String, String> subset = pairs(CHILD_SUBSET, asked);
        return parent.operations().containsAll(operations)
                && (parent.contextEquals().isEmpty() || equal.equals(parent.contextEquals()))
                && (holds(equal, parent.contextSubset()) || holds(subset, parent.contextSubset()));
    }

    private static boolean holds(Map<String, String> all, Map<String, String> some) {
        return all.entrySet().containsAll(some.entrySet());
    }

    private static Map<String, String> pairs(String prefix, Map<String, List<String>> conditions) {
        Map<String, String> pairs = new TreeMap<>();
        conditions.forEach((key, values) -> {
            if (key.startsWith(prefix) && !values.isEmpty()) {
                pairs.put(key.substring(prefix.length()), values.getFirst());
            }
        });
        return pairs;
    }

    private static String with(String policy, Principal caller, String action) {
        ObjectNode document = (ObjectNode) RecordCodec.json().readTree(policy);
        ArrayNode statements = document.path("Statement") instanceof ArrayNode array
                ? array
                : document.arrayNode().add(document.path("Statement"));
        ObjectNode statement = statements.addObject();
        statement.put("Sid", "grant").put("Effect", "Allow");
        statement.putObject("Principal").put(caller instanceof Principal.Service ? "Service" : "AWS", caller.arn());
        statement.put("Action", action).put("Resource", "*");
        document.set("Statement", statements);
        return document.toString();
    }
}
