package dev.terrane.gateway.sigv4;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.terrane.gateway.sigv4.SignatureRefused.Kind;
import java.security.MessageDigest;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * User name and password that {@code aws codecommit credential-helper} and {@code git-remote-codecommit} make: the user name
 * is an access key id, with {@code %} and the session token if there is one; the password is a time and a SigV4 signature of
 * a request with the method GIT. Git sends both as HTTP Basic credentials, and again for each request of one operation.
 *
 * @see <a href="https://docs.aws.amazon.com/codecommit/latest/userguide/setting-up-https-unixes.html">The helper</a>
 */
public final class CodeCommitCredential {
    /** How long a password is good: one clone or push may send many requests with it. */
    static final Duration LIFETIME = Duration.ofMinutes(15);

    private static final DateTimeFormatter BASIC = DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'");
    private static final Pattern PASSWORD = Pattern.compile("(\\d{8}T\\d{6}Z)([0-9a-f]{64})");
    private static final Pattern HOST = Pattern.compile(
            "(?:vpce-.+\\.)?git-codecommit(?:-fips)?\\.([^.]+)\\.(?:vpce\\.)?amazonaws\\.com(?:\\.cn)?");

    private CodeCommitCredential() {}

    /**
     * Who a verified password speaks for.
     *
     * @param accessKeyId the key that signed
     * @param sessionToken the token that came with it; whether it belongs to the key is the caller's to check
     * @param region the region that was signed for
     */
    public record Holder(String accessKeyId, Optional<String> sessionToken, String region) {}

    /** Whether a password is of this kind, and not one of IAM's service-specific credentials. */
    public static boolean looksLike(String password) {
        return PASSWORD.matcher(password).matches();
    }

    /**
     * Verifies a password for a repository.
     *
     * @param host the host as received; a port is not part of what is signed
     * @param path the repository's path, such as {@code /v1/repos/name}, without what Git appends to it
     * @param region the region of this server, which counts if the host does not name one
     * @param secrets the secret access key, in UTF-8, of an access key id
     * @throws SignatureRefused if the key is unknown, or the signature wrong, or not good at this time
     */
    public static Holder verify(
            String host,
            String path,
            String region,
            String username,
            String password,
            Function<String, Optional<byte[]>> secrets,
            Instant now) {
        Matcher parts = PASSWORD.matcher(password);
        if (!parts.matches()) {
            throw new SignatureRefused(Kind.INCOMPLETE_SIGNATURE, "The password is no signature.");
        }
        String time = parts.group(1);
        requireTimely(time, now);
        int percent = username.indexOf('%');
        String accessKeyId = percent < 0 ? username : username.substring(0, percent);
        Optional<String> token = percent < 0 ? Optional.empty() : Optional.of(username.substring(percent + 1));
        byte[] secret =
                secrets.apply(accessKeyId).orElseThrow(() -> SignatureRefused.unknownKey(Dialect.JSON, accessKeyId));
        int colon = host.lastIndexOf(':');
        String name = colon > host.lastIndexOf(']') ? host.substring(0, colon) : host;
        Matcher named = HOST.matcher(name);
        String signedRegion = named.matches() ? named.group(1) : region;
        CredentialScope scope = new CredentialScope(time.substring(0, 8), signedRegion, "codecommit");
        SigningKey key = SigningKey.derive(secret, scope);
        // The time has no Z in the helper's text to sign, and git-remote-codecommit signs the host with its port.
        String signature = parts.group(2);
        if (!signed(key, time, scope, path, name, signature) && !signed(key, time, scope, path, host, signature)) {
            throw new SignatureRefused(
                    Kind.MISMATCH,
                    "The request signature we calculated does not match the signature you provided. Check your AWS Secret"
                            + " Access Key and signing method.");
        }
        return new Holder(accessKeyId, token, signedRegion);
    }

    private static boolean signed(
            SigningKey key, String time, CredentialScope scope, String path, String host, String signature) {
        String canonical = "GIT\n" + path + "\n\nhost:" + host + "\n\nhost\n";
        String expected = key.sign(CanonicalRequest.stringToSign(time.substring(0, 15), scope, canonical));
        return MessageDigest.isEqual(expected.getBytes(US_ASCII), signature.getBytes(UTF_8));
    }

    private static void requireTimely(String time, Instant now) {
        Instant signed;
        try {
            signed = LocalDateTime.parse(time, BASIC).toInstant(ZoneOffset.UTC);
        } catch (DateTimeException e) {
            throw new SignatureRefused(Kind.INCOMPLETE_SIGNATURE, "The password has no valid time.");
        }
        if (now.isAfter(signed.plus(LIFETIME)) || signed.isAfter(now.plus(SigV4.FUTURE))) {
            throw new SignatureRefused(Kind.EXPIRED, "The password's signature is not valid at this time.");
        }
    }
}
