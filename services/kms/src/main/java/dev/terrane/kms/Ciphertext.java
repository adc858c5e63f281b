package dev.terrane.kms;

import dev.terrane.kernel.arn.Arn;
import dev.terrane.kernel.id.Ids;
import dev.terrane.kernel.secret.MasterKey.SealBroken;
import dev.terrane.kernel.secret.MasterKey.Sealer;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * What Encrypt gives and Decrypt takes: which key and which version of its material, then the bytes under AES-256-GCM. Every message is
 * encrypted under a key of its own, derived from the material and 128 random bits, so that however many messages one key encrypts, no nonce
 * comes twice under one key. All that stands before the bytes, and the encryption context in whichever order, is authenticated.
 *
 * @param sealed the derived key's salt is not in it; its nonce is
 */
record Ciphertext(String account, String keyId, int version, byte[] salt, byte[] sealed) {
    private static final byte FORMAT = 1;
    private static final int SALT = 16;
    private static final int HEADER = 1 + Long.BYTES + 2 * Long.BYTES + Integer.BYTES;
    private static final int NONCE_AND_TAG = 12 + 16;

    /** Encrypts under a material. */
    static Ciphertext encrypt(
            String account, String keyId, int version, byte[] material, byte[] plain, Map<String, String> context) {
        byte[] salt = Ids.bytes(SALT);
        byte[] header = header(account, keyId, version);
        return new Ciphertext(
                account, keyId, version, salt, sealer(material, salt).seal(plain, authenticated(header, context)));
    }

    /** Decrypts under the material of its version.
     *
     * @throws SealBroken when the bytes or the context are not those that were encrypted */
    byte[] decrypt(byte[] material, Map<String, String> context) {
        return sealer(material, salt).open(sealed, authenticated(header(account, keyId, version), context));
    }

    /** Reads a blob; empty when it is none of ours. */
    static Optional<Ciphertext> read(byte[] blob) {
        if (blob.length < HEADER + SALT + NONCE_AND_TAG || blob[0] != FORMAT) {
            return Optional.empty();
        }
        ByteBuffer buffer = ByteBuffer.wrap(blob, 1, blob.length - 1);
        long account = buffer.getLong();
        String keyId = new UUID(buffer.getLong(), buffer.getLong()).toString();
        int version = buffer.getInt();
        byte[] salt = new byte[SALT];
        buffer.get(salt);
        return account < 0
                ? Optional.empty()
                : Optional.of(new Ciphertext(
                        "%012d".formatted(account),
                        keyId,
                        version,
                        salt,
                        Arrays.copyOfRange(blob, HEADER + SALT, blob.length)));
    }

    byte[] bytes() {
        return ByteBuffer.allocate(HEADER + SALT + sealed.length)
                .put(header(account, keyId, version))
                .put(salt)
                .put(sealed)
                .array();
    }

    /** The key's ARN in a region: a key is in one region, and its ciphertexts are read in no other. */
    String keyArn(String region) {
        return Arn.of("kms", region, account, "key/" + keyId).toString();
    }

    private static byte[] header(String account, String keyId, int version) {
        UUID id = UUID.fromString(keyId);
        return ByteBuffer.allocate(HEADER)
                .put(FORMAT)
                .putLong(Long.parseLong(account))
                .putLong(id.getMostSignificantBits())
                .putLong(id.getLeastSignificantBits())
                .putInt(version)
                .array();
    }

    /** The header and the context by its keys, each text with its length before it, so that no two contexts look alike. */
    private static byte[] authenticated(byte[] header, Map<String, String> context) {
        if (context.isEmpty()) {
            return header;
        }
        java.io.ByteArrayOutputStream out = new java.io.ByteArrayOutputStream();
        out.writeBytes(header);
        new TreeMap<>(context).forEach((key, value) -> {
            write(out, key);
            write(out, value);
        });
        return out.toByteArray();
    }

    private static void write(java.io.ByteArrayOutputStream out, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        out.writeBytes(ByteBuffer.allocate(Integer.BYTES).putInt(bytes.length).array());
        out.writeBytes(bytes);
    }

    private static Sealer sealer(byte[] material, byte[] salt) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(material, "HmacSHA256"));
            return Sealer.of(mac.doFinal(salt));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
