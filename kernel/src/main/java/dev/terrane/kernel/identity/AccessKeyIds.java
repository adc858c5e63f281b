package dev.terrane.kernel.identity;

import dev.terrane.kernel.id.Ids;
import java.util.Optional;

/**
 * Access key ids as AWS makes them: a prefix that tells the kind ({@code AKIA} for long-term keys, {@code ASIA} for temporary ones), and
 * 80 bits in base32, of which 40 are the account's number. So the account of a key is known from its id alone, as {@code GetAccessKeyInfo} needs.
 */
public final class AccessKeyIds {
    /** The prefix of a user's long-term keys. */
    public static final String LONG_TERM = "AKIA";

    /** The prefix of temporary keys, which come with a session token. */
    public static final String TEMPORARY = "ASIA";

    private static final String BASE32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    private static final int PREFIX = 4;
    private static final int LENGTH = 20;

    private AccessKeyIds() {}

    /** A new id for a key of an account. */
    public static String make(String prefix, String account) {
        byte[] random = Ids.bytes(5);
        // One bit that is always set, 40 bits of account, 39 random ones.
        long head = (1L << 40) | Long.parseLong(account);
        long tail = 0;
        for (byte b : random) {
            tail = (tail << 8) | (b & 0xff);
        }
        tail &= (1L << 39) - 1;
        StringBuilder id = new StringBuilder(LENGTH).append(prefix);
        for (int digit = 0; digit < LENGTH - PREFIX; digit++) {
            id.append(BASE32.charAt((int) digit(head, tail, digit)));
        }
        return id.toString();
    }

    /** Five bits of the 80 that head (41 bits) and tail (39 bits) make. */
    private static long digit(long head, long tail, int index) {
        int shift = 75 - 5 * index;
        long bits = shift >= 39 ? head >>> (shift - 39) : (head << (39 - shift)) | (tail >>> shift);
        return bits & 31;
    }

    /** The account of a key; empty when the text has not the form of an access key id. */
    public static Optional<String> account(String accessKeyId) {
        if (accessKeyId.length() != LENGTH) {
            return Optional.empty();
        }
        long bits = 0;
        for (int i = PREFIX; i < LENGTH; i++) {
            int digit = BASE32.indexOf(accessKeyId.charAt(i));
            if (digit < 0) {
                return Optional.empty();
            }
            if (i < PREFIX + 9) {
                bits = (bits << 5) | digit;
            }
        }
        // 45 bits were read: one set bit, the account, and 4 of the rest.
        long account = (bits >>> 4) & ((1L << 40) - 1);
        return account < 1_000_000_000_000L ? Optional.of("%012d".formatted(account)) : Optional.empty();
    }
}
