package dev.terrane.sts;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A JSON Web Token signed with an asymmetric key (RFC 7515, RFC 7519), in the algorithms that AWS takes. What it claims is worth nothing until
 * {@link #isSignedBy} says so.
 *
 * @param algorithm {@code RS256} to {@code RS512} or {@code ES256} to {@code ES512}
 * @param keyId the key's name in the issuer's set, if the token says it
 */
record Jwt(String algorithm, Optional<String> keyId, JsonNode claims, byte[] signed, byte[] signature) {
    private static final int LEAST_RSA_BITS = 2_048;

    /** By algorithm: the JDK's name, and the bits of the curve, or 0 for RSA. */
    private static final Map<String, Algorithm> ALGORITHMS = Map.of(
            "RS256", new Algorithm("SHA256withRSA", 0),
            "RS384", new Algorithm("SHA384withRSA", 0),
            "RS512", new Algorithm("SHA512withRSA", 0),
            "ES256", new Algorithm("SHA256withECDSAinP1363Format", 256),
            "ES384", new Algorithm("SHA384withECDSAinP1363Format", 384),
            "ES512", new Algorithm("SHA512withECDSAinP1363Format", 521));

    private static final JsonMapper JSON = JsonMapper.builder(JsonFactory.builder()
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(16)
                            .maxNumberLength(64)
                            .build())
                    .build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private record Algorithm(String name, int curveBits) {
        boolean fits(PublicKey key) {
            return switch (key) {
                case RSAPublicKey rsa -> curveBits == 0 && rsa.getModulus().bitLength() >= LEAST_RSA_BITS;
                case ECPublicKey ec -> {
                    BigInteger order = ec.getParams().getOrder();
                    yield order.bitLength() == curveBits;
                }
                default -> false;
            };
        }
    }

    /** Reads a token; empty when it is none, or is signed by none of the algorithms. */
    static Optional<Jwt> read(String text) {
        String[] parts = text.split("\\.", -1);
        if (parts.length != 3) {
            return Optional.empty();
        }
        try {
            Base64.Decoder base64 = Base64.getUrlDecoder();
            JsonNode header = json(base64.decode(parts[0]));
            JsonNode claims = json(base64.decode(parts[1]));
            String algorithm = header.path("alg").asString("");
            // What a token marks as critical has to be understood, and nothing is that RFC 7515 leaves open.
            if (!claims.isObject() || !ALGORITHMS.containsKey(algorithm) || header.has("crit")) {
                return Optional.empty();
            }
            return Optional.of(new Jwt(
                    algorithm,
                    Optional.of(header.path("kid").asString("")).filter(kid -> !kid.isEmpty()),
                    claims,
                    (parts[0] + "." + parts[1]).getBytes(StandardCharsets.US_ASCII),
                    base64.decode(parts[2])));
        } catch (IllegalArgumentException | JacksonException e) {
            return Optional.empty();
        }
    }

    /** Reads JSON strictly: no name twice, nothing after it.
     *
     * @throws JacksonException when it isn't JSON */
    static JsonNode json(byte[] bytes) {
        return JSON.readTree(bytes);
    }

    boolean isSignedBy(PublicKey key) {
        Algorithm known = ALGORITHMS.get(algorithm);
        if (known == null || !known.fits(key)) {
            return false;
        }
        try {
            Signature verifier = Signature.getInstance(known.name());
            verifier.initVerify(key);
            verifier.update(signed);
            return verifier.verify(signature);
        } catch (GeneralSecurityException e) {
            // A signature of the wrong length is refused by an exception.
            return false;
        }
    }

    /** A claim that is text; empty where it is absent or something else. */
    Optional<String> text(String claim) {
        JsonNode value = claims.path(claim);
        return value.isString() && !value.stringValue().isEmpty() ? Optional.of(value.stringValue()) : Optional.empty();
    }

    /** A claim that is a time in whole seconds. */
    Optional<Long> seconds(String claim) {
        JsonNode value = claims.path(claim);
        return value.isIntegralNumber() && value.canConvertToLong() ? Optional.of(value.longValue()) : Optional.empty();
    }
}
