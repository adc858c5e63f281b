package dev.terrane.codecommit;

/**
 * A data key of KMS under which packs are encrypted, as it may be stored: itself encrypted under the KMS key.
 *
 * @param kmsKeyId the KMS key's ARN
 * @param ciphertext the data key, encrypted, in Base64; empty where packs have the encryption of the blob layer alone
 */
record DataKey(String kmsKeyId, String ciphertext) {
    boolean present() {
        return !ciphertext.isEmpty();
    }
}
