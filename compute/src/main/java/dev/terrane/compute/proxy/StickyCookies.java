package dev.terrane.compute.proxy;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * The balancer's own cookies. A value holds a name that tells nothing to a client, and when it expires; it is signed, so that nobody can make one.
 *
 * @see <a href="https://docs.aws.amazon.com/elasticloadbalancing/latest/application/sticky-sessions.html">Sticky sessions</a>
 */
final class StickyCookies {
    static final String TARGET = "AWSALB";
    static final String TARGET_GROUP = "AWSALBTG";

    private static final int NAME_BYTES = 16;
    private static final int SIGNATURE_BYTES = 16;
    private static final int SIZE = NAME_BYTES + Long.BYTES + SIGNATURE_BYTES;
    /** AWS's cookies themselves last seven days, whatever the stickiness inside. */
    private static final Duration COOKIE_LIFE = Duration.ofDays(7);

    private static final DateTimeFormatter DATE = DateTimeFormatter.ofPattern(
                    "EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ENGLISH)
            .withZone(ZoneOffset.UTC);

    private final SecretKeySpec key;
    private final InstantSource clock;

    StickyCookies(byte[] secret, InstantSource clock) {
        this.key = new SecretKeySpec(secret, "HmacSHA256");
        this.clock = clock;
    }

    /** A name for something within a group. */
    static String name(String group, String member) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256")
                    .digest((group + '\n' + member).getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest, 0, NAME_BYTES);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("The JDK has no SHA-256", e);
        }
    }

    /** The name in the request's cookie; empty when there is none, it has expired, or is not ours. */
    Optional<String> read(RequestHead request, String cookie) {
        for (String field : request.headers().all("Cookie")) {
            for (String pair : field.split(";")) {
                String stripped = pair.strip();
                if (stripped.startsWith(cookie) && stripped.startsWith("=", cookie.length())) {
                    return open(stripped.substring(cookie.length() + 1));
                }
            }
        }
        return Optional.empty();
    }

    private Optional<String> open(String value) {
        byte[] bytes;
        try {
            bytes = Base64.getUrlDecoder().decode(value);
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
        if (bytes.length != SIZE) {
            return Optional.empty();
        }
        byte[] signature = Arrays.copyOfRange(bytes, SIZE - SIGNATURE_BYTES, SIZE);
        if (!MessageDigest.isEqual(signature, sign(bytes))) {
            return Optional.empty();
        }
        try {
            Instant expires = Instant.ofEpochSecond(ByteBuffer.wrap(bytes).getLong(NAME_BYTES));
            return clock.instant().isBefore(expires)
                    ? Optional.of(HexFormat.of().formatHex(bytes, 0, NAME_BYTES))
                    : Optional.empty();
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }

    /** The header lines that set the cookie, and its twin for requests from other sites. */
    String setCookie(String cookie, String name, Duration stickiness, boolean secure) {
        Instant now = clock.instant();
        ByteBuffer bytes = ByteBuffer.allocate(SIZE);
        bytes.put(HexFormat.of().parseHex(name));
        bytes.putLong(now.plus(stickiness).getEpochSecond());
        bytes.put(sign(bytes.array()));
        String value = Base64.getUrlEncoder().withoutPadding().encodeToString(bytes.array());
        String rest = value + "; Expires=" + DATE.format(now.plus(COOKIE_LIFE)) + "; Path=/";
        return "Set-Cookie: " + cookie + "=" + rest + "\r\nSet-Cookie: " + cookie + "CORS=" + rest + "; SameSite=None"
                + (secure ? "; Secure" : "") + "\r\n";
    }

    private byte[] sign(byte[] bytes) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(key);
            mac.update(bytes, 0, NAME_BYTES + Long.BYTES);
            return Arrays.copyOf(mac.doFinal(), SIGNATURE_BYTES);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("The JDK has no HMAC", e);
        }
    }
}
