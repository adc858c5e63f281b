package dev.terrane.kms;

import dev.terrane.kernel.call.Principal;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A grant: what a key's user let another principal do with it.
 *
 * @param grantee who may, as the request named it
 * @param retiring who may end it
 * @param contextEquals the one encryption context for which it holds; empty for no such rule
 * @param contextSubset what the encryption context must at least hold; empty for no such rule
 * @param issuer the account that gave it
 */
record GrantRecord(
        String keyId,
        String grantId,
        Optional<String> name,
        String grantee,
        Optional<String> retiring,
        List<String> operations,
        Map<String, String> contextEquals,
        Map<String, String> contextSubset,
        String issuer,
        Instant created) {
    GrantRecord {
        operations = List.copyOf(operations);
        contextEquals = Map.copyOf(contextEquals);
        contextSubset = Map.copyOf(contextSubset);
    }

    static String row(String keyId, String grantId) {
        return keyId + "/" + grantId;
    }

    String row() {
        return row(keyId, grantId);
    }

    /** Whether it says the same as another, whichever its id and its age. */
    boolean sameAs(GrantRecord other) {
        return name.equals(other.name)
                && grantee.equals(other.grantee)
                && retiring.equals(other.retiring)
                && List.copyOf(new java.util.TreeSet<>(operations))
                        .equals(List.copyOf(new java.util.TreeSet<>(other.operations)))
                && contextEquals.equals(other.contextEquals)
                && contextSubset.equals(other.contextSubset)
                && issuer.equals(other.issuer);
    }

    /** What a caller may be called in a grant. */
    static List<String> namesOf(Principal caller) {
        return switch (caller) {
            case Principal.AssumedRole role -> List.of(role.arn(), role.roleArn());
            case Principal.Anonymous anonymous -> List.of();
            case Principal.Root root -> List.of(root.arn());
            case Principal.User user -> List.of(user.arn());
            case Principal.FederatedUser user -> List.of(user.arn());
            case Principal.Federated user -> List.of();
            case Principal.Service service -> List.of(service.name());
        };
    }
}
