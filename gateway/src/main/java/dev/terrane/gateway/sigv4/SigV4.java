package dev.terrane.gateway.sigv4;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.terrane.gateway.sigv4.SignatureRefused.Kind;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;

/**
 * Verifies AWS Signature Version 4 in two steps: {@link #parse} tells who claims to have signed; the caller looks up that
 * key's secret; {@link #verify} proves the claim or throws {@link SignatureRefused}. Safe for all threads.
 *
 * @see <a href="https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html">The algorithm</a>
 */
public final class SigV4 {
    static final String ALGORITHM = "AWS4-HMAC-SHA256";
    static final String CONTENT_SHA256 = "x-amz-content-sha256";

    /** How far in the past a request may have been signed; on S3 also how far in the future. */
    static final Duration SKEW = Duration.ofMinutes(15);

    /** How far in the future a request to another service may have been signed. */
    static final Duration FUTURE = Duration.ofMinutes(5);

    private static final DateTimeFormatter BASIC =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);

    private final SigningKeys keys;

    /**
     * @param capacity how many signing keys to remember, one for each access key, day, region and service in use
     */
    public SigV4(int capacity) {
        keys = new SigningKeys(capacity);
    }

    /**
     * What differs between services.
     *
     * @param dialect the family of errors, and for {@link Dialect#S3} its own coding of paths
     * @param unsignedPayload whether a body may be left out of the signature; S3 and operations with AWS's trait
     *     {@code unsignedPayload} allow it
     * @param forwardedHostTrusted whether X-Forwarded-Host, where present, is the host that the client signed
     */
    public record Rules(Dialect dialect, boolean unsignedPayload, boolean forwardedHostTrusted) {
        /** The rules of a family of services, reached without a proxy that replaces the host. */
        public static Rules of(Dialect dialect) {
            return new Rules(dialect, dialect == Dialect.S3, false);
        }
    }

    /**
     * Reads what the request claims. Nothing of it is proven before {@link #verify}.
     *
     * @throws SignatureRefused if there is no claim, or it cannot be read
     */
    public ParsedSignature parse(SignedRequest request, Rules rules) {
        return new SignatureReader(request, rules).read();
    }

    /**
     * Refuses a claim whose scope is not the addressed region and service.
     *
     * @throws SignatureRefused of kind {@link Kind#WRONG_SCOPE}
     */
    public void requireScope(ParsedSignature claim, String region, String service) {
        boolean rightRegion = claim.scope().region().equals(region);
        if (rightRegion && claim.scope().service().equals(service)) {
            return;
        }
        if (claim.rules().dialect() == Dialect.S3) {
            String reason = rightRegion
                    ? "incorrect service \"" + claim.scope().service() + "\". This endpoint belongs to \"" + service
                            + "\"."
                    : "the region '" + claim.scope().region() + "' is wrong; expecting '" + region + "'";
            String prefix = claim.presigned()
                    ? "Error parsing the X-Amz-Credential parameter; "
                    : "The authorization header is malformed; ";
            throw new SignatureRefused(
                    claim.presigned() ? Kind.QUERY_PARAMETERS : Kind.WRONG_SCOPE,
                    prefix + reason,
                    Map.of("Region", region));
        }
        throw new SignatureRefused(
                Kind.WRONG_SCOPE,
                rightRegion
                        ? "Credential should be scoped to correct service: '" + service + "'. "
                        : "Credential should be scoped to a valid region. ");
    }

    /**
     * Proves a claim whose payload is declared, or that is known to have no body.
     *
     * @param secret the secret access key of {@link ParsedSignature#accessKeyId}, in UTF-8
     * @param now the server's time
     * @throws SignatureRefused if the signature is wrong, or not good at this time
     * @throws IllegalStateException if {@link ParsedSignature#needsBodyHash}
     */
    public Verified verify(ParsedSignature claim, byte[] secret, Instant now) {
        return verify(claim, secret, now, Optional.empty());
    }

    /**
     * Proves a claim for a body at hand.
     *
     * @param bodySha256 the SHA-256 of the whole body, in lower-case hexadecimal digits; a differing declared one is refused
     * @throws SignatureRefused if the signature or the declared hash is wrong, or the signature not good at this time
     */
    public Verified verify(ParsedSignature claim, byte[] secret, Instant now, String bodySha256) {
        return verify(claim, secret, now, Optional.of(bodySha256));
    }

    private Verified verify(ParsedSignature claim, byte[] secret, Instant now, Optional<String> bodySha256) {
        requireTimely(claim, now);
        Payload payload = claim.payload() instanceof Payload.Undeclared && bodySha256.isPresent()
                ? new Payload.Sha256(bodySha256.get())
                : claim.payload();
        String canonical = CanonicalRequest.of(
                claim.request(),
                claim.rules().dialect() == Dialect.S3,
                claim.canonicalQuery(),
                claim.signedHeaders(),
                claim.rules().forwardedHostTrusted(),
                payload.canonicalValue());
        String text = CanonicalRequest.stringToSign(claim.time(), claim.scope(), canonical);
        SigningKey key = keys.get(claim.accessKeyId(), claim.scope(), secret);
        String signature = key.sign(text);
        if (!MessageDigest.isEqual(
                        signature.getBytes(US_ASCII), claim.signature().getBytes(UTF_8))
                || !allPresent(claim)) {
            throw mismatch(claim, canonical, text);
        }
        keys.keep(claim.accessKeyId(), claim.scope(), secret, key);
        if (payload instanceof Payload.Sha256(String declared) && bodySha256.isPresent()) {
            SignedBody.requireSameHash(declared, bodySha256.get());
        }
        return new Verified(
                claim.accessKeyId(),
                claim.sessionToken(),
                claim.scope(),
                claim.time(),
                key,
                signature,
                payload,
                claim.presigned());
    }

    /** A signed header that was taken away must not pass for one with an empty value. */
    private static boolean allPresent(ParsedSignature claim) {
        for (String name : claim.signedHeaders()) {
            if (CanonicalRequest.values(claim.request(), name, claim.rules().forwardedHostTrusted())
                    .isEmpty()) {
                return false;
            }
        }
        return true;
    }

    private static void requireTimely(ParsedSignature claim, Instant now) {
        boolean s3 = claim.rules().dialect() == Dialect.S3;
        Duration future = s3 ? SKEW : FUTURE;
        Duration past = claim.expires().orElse(SKEW);
        if (claim.instant().isAfter(now.plus(future))) {
            throw tooEarly(claim, now, s3);
        }
        if (now.isAfter(claim.instant().plus(past))) {
            throw tooLate(claim, now, s3, past);
        }
    }

    private static SignatureRefused tooEarly(ParsedSignature claim, Instant now, boolean s3) {
        if (s3) {
            return claim.presigned()
                    ? new SignatureRefused(Kind.EXPIRED, "Request is not valid yet", timeDetails(claim, now))
                    : tooSkewed(claim, now);
        }
        return new SignatureRefused(
                Kind.SKEWED,
                "Signature not yet current: " + claim.time() + " is still later than " + BASIC.format(now.plus(FUTURE))
                        + " (" + BASIC.format(now) + " + " + FUTURE.toMinutes() + " min.)");
    }

    private static SignatureRefused tooLate(ParsedSignature claim, Instant now, boolean s3, Duration past) {
        if (s3) {
            return claim.presigned()
                    ? new SignatureRefused(Kind.EXPIRED, "Request has expired", timeDetails(claim, now))
                    : tooSkewed(claim, now);
        }
        if (claim.rules().dialect() == Dialect.EC2) {
            return new SignatureRefused(Kind.EXPIRED, "Request has expired.");
        }
        String allowed = past.toSecondsPart() == 0 ? past.toMinutes() + " min." : past.toSeconds() + " s";
        return new SignatureRefused(
                Kind.EXPIRED,
                "Signature expired: " + claim.time() + " is now earlier than " + BASIC.format(now.minus(past)) + " ("
                        + BASIC.format(now) + " - " + allowed + ")");
    }

    private static SignatureRefused tooSkewed(ParsedSignature claim, Instant now) {
        return new SignatureRefused(
                Kind.SKEWED,
                "The difference between the request time and the current time is too large.",
                Map.of(
                        "RequestTime", claim.time(),
                        "ServerTime",
                                now.truncatedTo(java.time.temporal.ChronoUnit.SECONDS)
                                        .toString(),
                        "MaxAllowedSkewMilliseconds", Long.toString(SKEW.toMillis())));
    }

    private static Map<String, String> timeDetails(ParsedSignature claim, Instant now) {
        return Map.of(
                "X-Amz-Expires", Long.toString(claim.expires().orElse(SKEW).toSeconds()),
                "Expires", claim.instant().plus(claim.expires().orElse(SKEW)).toString(),
                "ServerTime",
                        now.truncatedTo(java.time.temporal.ChronoUnit.SECONDS).toString());
    }

    /** AWS tells the caller what it would have signed; nothing of it is secret. */
    private static SignatureRefused mismatch(ParsedSignature claim, String canonical, String text) {
        return switch (claim.rules().dialect()) {
            case S3 ->
                new SignatureRefused(
                        Kind.MISMATCH,
                        "The request signature we calculated does not match the signature you provided. Check your key and"
                                + " signing method.",
                        Map.of(
                                "AWSAccessKeyId", claim.accessKeyId(),
                                "StringToSign", text,
                                "SignatureProvided", claim.signature(),
                                "StringToSignBytes", bytes(text),
                                "CanonicalRequest", canonical,
                                "CanonicalRequestBytes", bytes(canonical)));
            case EC2 -> new SignatureRefused(Kind.MISMATCH, SignatureRefused.EC2_FAILURE);
            case QUERY, JSON, REST ->
                new SignatureRefused(
                        Kind.MISMATCH,
                        "The request signature we calculated does not match the signature you provided. Check your AWS Secret"
                                + " Access Key and signing method. Consult the service documentation for details.\n\n"
                                + "The Canonical String for this request should have been\n'" + canonical
                                + "'\n\nThe String-to-Sign should have been\n'" + text + "'\n");
        };
    }

    private static String bytes(String text) {
        return HexFormat.ofDelimiter(" ").formatHex(text.getBytes(UTF_8));
    }
}
