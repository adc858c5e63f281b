package dev.terrane.iam;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The policies that AWS manages, as the "AWS Managed Policy Reference" prints them: each in its default version. They are data
 * ({@code aws-managed-policies.json}), the same in every account.
 */
final class AwsManagedPolicies {
    private static final String ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    private static final Map<String, PolicyRecord> BY_ARN = read();

    private AwsManagedPolicies() {}

    static Optional<PolicyRecord> find(String arn) {
        return Optional.ofNullable(BY_ARN.get(arn));
    }

    /** All of them, by ARN. */
    static Collection<PolicyRecord> all() {
        return BY_ARN.values();
    }

    private static Map<String, PolicyRecord> read() {
        Map<String, PolicyRecord> policies = new TreeMap<>();
        try (InputStream in = AwsManagedPolicies.class.getResourceAsStream("aws-managed-policies.json")) {
            if (in == null) {
                throw new IllegalStateException("aws-managed-policies.json is missing");
            }
            for (JsonNode node : JsonMapper.shared().readTree(in)) {
                PolicyRecord policy = policy(node);
                policies.put(policy.arn(), policy);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return policies;
    }

    private static PolicyRecord policy(JsonNode node) {
        String name = node.required("name").stringValue();
        Instant created = Instant.parse(node.required("created").stringValue());
        Instant updated =
                node.has("updated") ? Instant.parse(node.get("updated").stringValue()) : created;
        int version = node.required("version").intValue();
        return new PolicyRecord(
                PolicyRecord.AWS,
                name,
                node.has("path") ? node.get("path").stringValue() : "/",
                id(name),
                created,
                updated,
                node.has("description") ? Optional.of(node.get("description").stringValue()) : Optional.empty(),
                Map.of(),
                "v" + version,
                version,
                List.of(new PolicyRecord.Version(
                        "v" + version, node.required("document").toPrettyString(), updated)));
    }

    /** The same id in every installation: letters made of the name. */
    private static String id(String name) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(name.getBytes(StandardCharsets.UTF_8));
            StringBuilder id = new StringBuilder("ANPA");
            for (int i = 0; i < 17; i++) {
                id.append(ALPHABET.charAt(hash[i] & 31));
            }
            return id.toString();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
