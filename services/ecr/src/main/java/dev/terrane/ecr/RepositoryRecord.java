package dev.terrane.ecr;

import dev.terrane.kernel.arn.Arn;
import dev.terrane.kernel.call.Scope;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A repository.
 *
 * @param mutability whether tags can be moved to other images
 * @param exclusions patterns with wildcards of the tags for which the opposite holds
 * @param encryptionType {@code AES256}, {@code KMS} or {@code KMS_DSSE}
 * @param kmsKey the ARN of its KMS key; empty with {@code AES256}
 * @param policy its resource policy
 * @param lifecyclePolicy as it was put
 */
record RepositoryRecord(
        String name,
        Instant created,
        String mutability,
        List<String> exclusions,
        boolean scanOnPush,
        String encryptionType,
        String kmsKey,
        Map<String, String> tags,
        Optional<String> policy,
        Optional<String> lifecyclePolicy) {
    RepositoryRecord {
        exclusions = List.copyOf(exclusions);
        tags = Map.copyOf(tags);
    }

    static Arn arn(Scope scope, String name) {
        return Arn.of("ecr", scope.region(), scope.account(), "repository/" + name);
    }

    RepositoryRecord withMutability(String set, List<String> filters) {
        return new RepositoryRecord(
                name, created, set, filters, scanOnPush, encryptionType, kmsKey, tags, policy, lifecyclePolicy);
    }

    RepositoryRecord withScanOnPush(boolean set) {
        return new RepositoryRecord(
                name, created, mutability, exclusions, set, encryptionType, kmsKey, tags, policy, lifecyclePolicy);
    }

    RepositoryRecord withTags(Map<String, String> set) {
        return new RepositoryRecord(
                name,
                created,
                mutability,
                exclusions,
                scanOnPush,
                encryptionType,
                kmsKey,
                set,
                policy,
                lifecyclePolicy);
    }

    RepositoryRecord withPolicy(Optional<String> set) {
        return new RepositoryRecord(
                name, created, mutability, exclusions, scanOnPush, encryptionType, kmsKey, tags, set, lifecyclePolicy);
    }

    RepositoryRecord withLifecyclePolicy(Optional<String> set) {
        return new RepositoryRecord(
                name, created, mutability, exclusions, scanOnPush, encryptionType, kmsKey, tags, policy, set);
    }
}
