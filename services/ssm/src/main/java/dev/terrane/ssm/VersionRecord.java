package dev.terrane.ssm;

import java.time.Instant;

/**
 * One version of a parameter.
 *
 * @param type {@code String}, {@code StringList} or {@code SecureString}
 * @param value the value itself; the ciphertext in base64 of a {@code SecureString}
 * @param keyId the KMS key as the caller named it, or empty
 * @param tier {@code Standard} or {@code Advanced}
 * @param modifiedBy the ARN of who wrote it
 */
record VersionRecord(
        String name,
        long version,
        String type,
        String value,
        String keyId,
        String description,
        String allowedPattern,
        String tier,
        String dataType,
        Instant modified,
        String modifiedBy) {
    static final String SECURE = "SecureString";
    static final String ADVANCED = "Advanced";
    static final String STANDARD = "Standard";

    /** Names have no colon, so a parameter's versions stand together, in order. */
    static String key(String name, long version) {
        return "%s:%08d".formatted(name, version);
    }

    boolean secure() {
        return type.equals(SECURE);
    }
}
