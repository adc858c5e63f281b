package dev.terrane.secretsmanager;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A secret without its values.
 *
 * @param kmsKeyId the key as the caller named it, or empty for {@code alias/aws/secretsmanager}
 * @param stages by staging label, the version that it is at
 * @param accessed the day on which a value was last read
 * @param deleted when it was marked for deletion
 * @param destroyed when it will be destroyed
 */
record SecretRecord(
        String name,
        String arn,
        String description,
        String kmsKeyId,
        Map<String, String> tags,
        Map<String, String> stages,
        Optional<String> policy,
        Instant created,
        Instant changed,
        Optional<Instant> accessed,
        Optional<Instant> deleted,
        Optional<Instant> destroyed) {
    static final String CURRENT = "AWSCURRENT";
    static final String PREVIOUS = "AWSPREVIOUS";

    SecretRecord {
        tags = Map.copyOf(tags);
        stages = Map.copyOf(stages);
    }

    boolean isDeleted() {
        return deleted.isPresent();
    }

    /** The labels of a version, in order. */
    List<String> stagesOf(String versionId) {
        return new TreeMap<>(stages)
                .entrySet().stream()
                        .filter(stage -> stage.getValue().equals(versionId))
                        .map(Map.Entry::getKey)
                        .toList();
    }

    SecretRecord withDescription(String text, String key, Instant now) {
        return new SecretRecord(name, arn, text, key, tags, stages, policy, created, now, accessed, deleted, destroyed);
    }

    SecretRecord withStages(Map<String, String> set, Instant now) {
        return new SecretRecord(
                name, arn, description, kmsKeyId, tags, set, policy, created, now, accessed, deleted, destroyed);
    }

    SecretRecord withTags(Map<String, String> set, Instant now) {
        return new SecretRecord(
                name, arn, description, kmsKeyId, set, stages, policy, created, now, accessed, deleted, destroyed);
    }

    SecretRecord withPolicy(Optional<String> set) {
        return new SecretRecord(
                name, arn, description, kmsKeyId, tags, stages, set, created, changed, accessed, deleted, destroyed);
    }

    SecretRecord withAccess(Instant day) {
        return new SecretRecord(
                name,
                arn,
                description,
                kmsKeyId,
                tags,
                stages,
                policy,
                created,
                changed,
                Optional.of(day),
                deleted,
                destroyed);
    }

    SecretRecord withDeletion(Optional<Instant> at, Optional<Instant> end, Instant now) {
        return new SecretRecord(
                name, arn, description, kmsKeyId, tags, stages, policy, created, now, accessed, at, end);
    }
}
