package dev.terrane.sts;

import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.Arrays;
import java.util.Locale;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** What an app on a user's phone does with the secret that it was given: the codes of RFC 6238. */
record AuthenticatorApp(String seed) {
    private static final String BASE32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

    /** The code that it shows at a time. */
    String code(Instant time) {
        try {
            Mac mac = Mac.getInstance("HmacSHA1");
            mac.init(new SecretKeySpec(secret(), "HmacSHA1"));
            byte[] hash = mac.doFinal(
                    ByteBuffer.allocate(8).putLong(time.getEpochSecond() / 30).array());
            int number = ByteBuffer.wrap(hash).getInt(hash[19] & 15) & 0x7fffffff;
            return String.format(Locale.ROOT, "%06d", number % 1_000_000);
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    private byte[] secret() {
        BigInteger bits = BigInteger.ZERO;
        for (int i = 0; i < seed.length(); i++) {
            bits = bits.shiftLeft(5).or(BigInteger.valueOf(BASE32.indexOf(seed.charAt(i))));
        }
        byte[] bytes = bits.toByteArray();
        byte[] secret = new byte[seed.length() * 5 / 8];
        byte[] tail = Arrays.copyOfRange(bytes, Math.max(0, bytes.length - secret.length), bytes.length);
        System.arraycopy(tail, 0, secret, secret.length - tail.length, tail.length);
        return secret;
    }
}
