package dev.terrane.iam;

import dev.terrane.kernel.id.Ids;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Base64;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;

/**
 * A password as it is kept: PBKDF2 with HMAC-SHA-256 (RFC 8018) and a salt of its own.
 *
 * @param salt 16 random bytes, in base64
 * @param hash in base64
 */
record PasswordHash(String salt, int iterations, String hash) {
    private static final int ITERATIONS = 50_000;
    private static final int BITS = 256;

    static PasswordHash of(String password) {
        byte[] salt = Ids.bytes(16);
        return new PasswordHash(
                Base64.getEncoder().encodeToString(salt),
                ITERATIONS,
                Base64.getEncoder().encodeToString(derive(password, salt, ITERATIONS)));
    }

    /** Whether it is this password's, in a time that does not tell where they differ. */
    boolean matches(String password) {
        return MessageDigest.isEqual(
                Base64.getDecoder().decode(hash),
                derive(password, Base64.getDecoder().decode(salt), iterations));
    }

    private static byte[] derive(String password, byte[] salt, int iterations) {
        try {
            return SecretKeyFactory.getInstance("PBKDF2WithHmacSHA256")
                    .generateSecret(new PBEKeySpec(password.toCharArray(), salt, iterations, BITS))
                    .getEncoded();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
