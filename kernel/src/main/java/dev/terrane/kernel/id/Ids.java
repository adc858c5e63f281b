package dev.terrane.kernel.id;

import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.UUID;

/** Random identifiers in the forms that AWS uses. Cryptographically strong, so that none can be guessed. */
public final class Ids {
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final String BASE32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    private static final String ALPHANUMERIC = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

    private Ids() {}

    /** A random UUID in lower case with hyphens. */
    public static String uuid() {
        return UUID.randomUUID().toString();
    }

    /**
     * A UUID whose order is that of time, to the millisecond (version 7 of RFC 9562), and otherwise random. Rows with such keys are
     * appended, which costs a store the least.
     */
    public static String timeOrdered(Instant time) {
        byte[] random = bytes(10);
        long high = (time.toEpochMilli() << 16) | 0x7000L | ((random[0] & 0x0fL) << 8) | (random[1] & 0xffL);
        long low = 0x8000_0000_0000_0000L | (ByteBuffer.wrap(random, 2, 8).getLong() & 0x3fff_ffff_ffff_ffffL);
        return new UUID(high, low).toString();
    }

    /** What all {@linkplain #timeOrdered time-ordered} ids of a time and later are not less than. */
    public static String firstTimeOrdered(Instant time) {
        return new UUID(time.toEpochMilli() << 16, 0).toString();
    }

    /** Random hexadecimal digits in lower case, such as the 17 of {@code i-0123456789abcdef0}. */
    public static String hex(int length) {
        return from("0123456789abcdef", length);
    }

    /** Random decimal digits. */
    public static String digits(int length) {
        return from("0123456789", length);
    }

    /** Random letters and digits of both cases. */
    public static String alphanumeric(int length) {
        return from(ALPHANUMERIC, length);
    }

    /** A unique id as IAM gives: a prefix such as {@code AROA}, and 17 characters more. */
    public static String iam(String prefix) {
        return prefix + from(BASE32, 17);
    }

    /** Random bytes. */
    public static byte[] bytes(int length) {
        byte[] bytes = new byte[length];
        RANDOM.nextBytes(bytes);
        return bytes;
    }

    /** The generator is asked for all characters at once: what costs is the asking, not the bytes. */
    private static String from(String alphabet, int length) {
        // Bytes above the last whole multiple are passed over, so that no character is likelier than another.
        int even = 256 - 256 % alphabet.length();
        StringBuilder text = new StringBuilder(length);
        while (text.length() < length) {
            for (byte random : bytes(length - text.length())) {
                int value = random & 0xff;
                if (value < even) {
                    text.append(alphabet.charAt(value % alphabet.length()));
                }
            }
        }
        return text.toString();
    }
}
