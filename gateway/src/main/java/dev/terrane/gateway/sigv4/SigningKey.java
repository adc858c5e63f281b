package dev.terrane.gateway.sigv4;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.DigestException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * A secret bound to one {@link CredentialScope}: HMAC-SHA256 whose two key blocks are already hashed, so that a signature
 * costs no more than the hashing of its text. Immutable and safe for all threads.
 */
public final class SigningKey {
    private static final int BLOCK = 64;
    private static final int DIGEST = 32;
    /** Only cloned: that is cheaper than to ask the providers each time. */
    private static final MessageDigest EMPTY = empty();

    private final MessageDigest inner;
    private final MessageDigest outer;

    private SigningKey(byte[] key) {
        byte[] block = Arrays.copyOf(key.length > BLOCK ? sha256().digest(key) : key, BLOCK);
        for (int i = 0; i < BLOCK; i++) {
            block[i] ^= 0x36;
        }
        inner = sha256();
        inner.update(block);
        for (int i = 0; i < BLOCK; i++) {
            block[i] ^= 0x36 ^ 0x5c;
        }
        outer = sha256();
        outer.update(block);
        Arrays.fill(block, (byte) 0);
    }

    /** The key that a secret access key gives for a scope. */
    public static SigningKey derive(byte[] secret, CredentialScope scope) {
        byte[] prefixed = Arrays.copyOf("AWS4".getBytes(UTF_8), 4 + secret.length);
        System.arraycopy(secret, 0, prefixed, 4, secret.length);
        byte[] date = new SigningKey(prefixed).hmac(scope.date());
        Arrays.fill(prefixed, (byte) 0);
        byte[] region = new SigningKey(date).hmac(scope.region());
        byte[] service = new SigningKey(region).hmac(scope.service());
        return new SigningKey(new SigningKey(service).hmac(CredentialScope.TERMINATOR));
    }

    /** The signature of a text, as 64 lower-case hexadecimal digits. */
    public String sign(String text) {
        return HexFormat.of().formatHex(hmac(text));
    }

    private byte[] hmac(String text) {
        try {
            MessageDigest first = (MessageDigest) inner.clone();
            MessageDigest second = (MessageDigest) outer.clone();
            byte[] digest = new byte[DIGEST];
            first.update(text.getBytes(UTF_8));
            first.digest(digest, 0, DIGEST);
            second.update(digest);
            second.digest(digest, 0, DIGEST);
            return digest;
        } catch (CloneNotSupportedException | DigestException e) {
            throw new IllegalStateException("The JDK's SHA-256 can be cloned", e);
        }
    }

    /** A new SHA-256 digest. */
    public static MessageDigest sha256() {
        try {
            return (MessageDigest) EMPTY.clone();
        } catch (CloneNotSupportedException e) {
            throw new IllegalStateException("The JDK's SHA-256 can be cloned", e);
        }
    }

    private static MessageDigest empty() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every JDK has SHA-256", e);
        }
    }

    static String sha256Hex(String text) {
        return HexFormat.of().formatHex(sha256().digest(text.getBytes(UTF_8)));
    }
}
