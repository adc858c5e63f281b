package dev.terrane.s3;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.regex.Pattern;

/** Names of buckets and keys of objects: which are allowed, and their order, which is that of UTF-8 bytes. */
final class Keys {
    private static final int LONGEST = 1024;
    private static final Pattern BUCKET = Pattern.compile("[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]");
    private static final Pattern IP_ADDRESS = Pattern.compile("\\d+\\.\\d+\\.\\d+\\.\\d+");

    private Keys() {}

    /** Checks a key that is to be written.
     *
     * @see <a href="https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-keys.html">Naming objects</a>
     */
    static void check(String key) {
        if (key.length() * 3 > LONGEST && key.getBytes(StandardCharsets.UTF_8).length > LONGEST) {
            throw S3Errors.of("KeyTooLongError", 400, "Your key is too long");
        }
        if (key.isEmpty() || key.indexOf('\0') >= 0) {
            throw S3Errors.invalidArgument("An object key is one to 1,024 bytes without NUL");
        }
    }

    /** Whether a new bucket may have the name.
     *
     * @see <a href="https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html">Bucket naming rules</a>
     */
    static boolean isBucketName(String name) {
        return BUCKET.matcher(name).matches()
                && !name.contains("..")
                && !IP_ADDRESS.matcher(name).matches()
                && !name.startsWith("xn--")
                && !name.startsWith("sthree-")
                && !name.startsWith("amzn-s3-demo-")
                && !name.endsWith("-s3alias")
                && !name.endsWith("--ol-s3")
                && !name.endsWith(".mrap")
                && !name.endsWith("--x-s3")
                && !name.endsWith("--table-s3");
    }

    /** The least string above all that begin with a prefix, in the order of UTF-8 bytes; empty when there is none. */
    static Optional<String> above(String prefix) {
        int end = prefix.length();
        while (end > 0) {
            int last = prefix.codePointBefore(end);
            int start = end - Character.charCount(last);
            if (last < Character.MAX_CODE_POINT) {
                int next = last + 1 == Character.MIN_SURROGATE ? Character.MAX_SURROGATE + 1 : last + 1;
                return Optional.of(prefix.substring(0, start) + Character.toString(next));
            }
            end = start;
        }
        return Optional.empty();
    }

    /** The order of UTF-8 bytes, which is the order of code points. */
    static int compare(String a, String b) {
        int shared = Math.min(a.length(), b.length());
        for (int i = 0; i < shared; i++) {
            char x = a.charAt(i);
            char y = b.charAt(i);
            if (x != y) {
                // Surrogates stand for code points above all others, but are not the greatest chars.
                return Character.isSurrogate(x) == Character.isSurrogate(y)
                        ? Character.compare(x, y)
                        : Character.isSurrogate(x) ? 1 : -1;
            }
        }
        return Integer.compare(a.length(), b.length());
    }
}
