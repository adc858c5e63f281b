package dev.terrane.kernel.resource;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** Names for resources that were given none. They look random, and are the same for the same seed. */
public final class GeneratedName {
    private static final String ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
    private static final int SUFFIX = 12;

    private GeneratedName() {}

    /** A readable part, cut to fit, and 12 letters and digits, joined by {@code -}. */
    public static String of(String readable, String seed, int longest) {
        int room = longest - SUFFIX - 1;
        return (readable.length() <= room ? readable : readable.substring(0, room)) + "-" + letters(seed, SUFFIX);
    }

    /** Letters and digits, 32 at the most. */
    public static String letters(String seed, int count) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(seed.getBytes(StandardCharsets.UTF_8));
            StringBuilder letters = new StringBuilder(count);
            for (int i = 0; i < count; i++) {
                letters.append(ALPHABET.charAt((digest[i] & 0xff) % ALPHABET.length()));
            }
            return letters.toString();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
