package dev.terrane.sts;

import java.math.BigInteger;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECParameterSpec;
import java.security.spec.ECPoint;
import java.security.spec.ECPublicKeySpec;
import java.security.spec.RSAPublicKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/** An issuer's public keys (RFC 7517): those of RSA and of the NIST curves that are for signatures; others are left out. */
record JsonWebKeys(List<Named> keys) {
    /** AWS takes as many of either kind. */
    private static final int MOST = 200;

    private static final Map<String, String> CURVES =
            Map.of("P-256", "secp256r1", "P-384", "secp384r1", "P-521", "secp521r1");

    /** @param id the key's name in the set, or empty */
    record Named(String id, PublicKey key) {}

    JsonWebKeys {
        keys = List.copyOf(keys);
    }

    /** Reads a set; empty when it is none. */
    static Optional<JsonWebKeys> read(JsonNode set) {
        if (!set.path("keys").isArray() || set.path("keys").size() > MOST) {
            return Optional.empty();
        }
        List<Named> keys = new ArrayList<>();
        for (JsonNode key : set.path("keys")) {
            String use = key.path("use").asString("sig");
            if (use.equals("sig")) {
                key(key).ifPresent(found -> keys.add(new Named(key.path("kid").asString(""), found)));
            }
        }
        return Optional.of(new JsonWebKeys(keys));
    }

    private static Optional<PublicKey> key(JsonNode key) {
        try {
            return switch (key.path("kty").asString("")) {
                case "RSA" ->
                    Optional.of(KeyFactory.getInstance("RSA")
                            .generatePublic(new RSAPublicKeySpec(number(key, "n"), number(key, "e"))));
                case "EC" -> {
                    AlgorithmParameters parameters = AlgorithmParameters.getInstance("EC");
                    parameters.init(new ECGenParameterSpec(
                            CURVES.getOrDefault(key.path("crv").asString(""), "none")));
                    yield Optional.of(KeyFactory.getInstance("EC")
                            .generatePublic(new ECPublicKeySpec(
                                    new ECPoint(number(key, "x"), number(key, "y")),
                                    parameters.getParameterSpec(ECParameterSpec.class))));
                }
                default -> Optional.empty();
            };
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static BigInteger number(JsonNode key, String member) {
        return new BigInteger(1, Base64.getUrlDecoder().decode(key.path(member).asString("")));
    }

    /** Those that may have signed a token: the one it names, or all where it names none. */
    List<PublicKey> candidates(Jwt token) {
        return keys.stream()
                .filter(key -> token.keyId().isEmpty() || token.keyId().get().equals(key.id()))
                .map(Named::key)
                .toList();
    }
}
