package dev.terrane.secretsmanager;

import java.time.Instant;
import software.amazon.awssdk.core.SdkBytes;

/**
 * A version of a secret's value.
 *
 * @param secretArn the secret
 * @param binary whether the value came as bytes and not as text
 * @param dataKey the data key as KMS encrypted it
 * @param sealed the value, encrypted under the data key
 * @param digest by which the same value is known again: a code that only this installation can make
 * @param kmsKey the ARN of the KMS key
 */
record VersionRecord(
        String secretArn,
        String versionId,
        boolean binary,
        SdkBytes dataKey,
        SdkBytes sealed,
        String digest,
        String kmsKey,
        Instant created) {
    static String key(String secretArn, String versionId) {
        return prefix(secretArn) + versionId;
    }

    /** Names of secrets have no bar. */
    static String prefix(String secretArn) {
        return secretArn + "|";
    }
}
