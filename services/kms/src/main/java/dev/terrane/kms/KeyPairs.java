package dev.terrane.kms;

import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.Provider;
import java.security.PublicKey;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.RSAKeyGenParameterSpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Map;
import org.bouncycastle.jcajce.spec.MLDSAParameterSpec;
import org.bouncycastle.jce.provider.BouncyCastleProvider;

/** Pairs of keys: made, and read from PKCS #8 and SubjectPublicKeyInfo. By Bouncy Castle, as the JDK has no secp256k1 and signs no digests. */
final class KeyPairs {
    static final Provider PROVIDER = new BouncyCastleProvider();

    private static final Map<String, String> CURVES = Map.of(
            "ECC_NIST_P256", "secp256r1",
            "ECC_NIST_P384", "secp384r1",
            "ECC_NIST_P521", "secp521r1",
            "ECC_SECG_P256K1", "secp256k1");

    private KeyPairs() {}

    static KeyPair make(String spec) {
        try {
            // The JDK finds large primes several times faster.
            KeyPairGenerator generator = family(spec).equals("RSA")
                    ? KeyPairGenerator.getInstance("RSA")
                    : KeyPairGenerator.getInstance(family(spec), PROVIDER);
            switch (family(spec)) {
                case "RSA" ->
                    generator.initialize(new RSAKeyGenParameterSpec(
                            Integer.parseInt(spec.substring("RSA_".length())), RSAKeyGenParameterSpec.F4));
                case "EC" -> generator.initialize(new ECGenParameterSpec(CURVES.get(spec)));
                case "ML-DSA" -> generator.initialize(MLDSAParameterSpec.fromName(spec.replace('_', '-')));
                default -> {
                    // Ed25519 has nothing to choose.
                }
            }
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String family(String spec) {
        if (spec.startsWith("RSA_")) {
            return "RSA";
        }
        if (spec.startsWith("ML_DSA_")) {
            return "ML-DSA";
        }
        return spec.equals("ECC_NIST_EDWARDS25519") ? "Ed25519" : "EC";
    }

    static PrivateKey privateKey(String spec, byte[] pkcs8) {
        try {
            return KeyFactory.getInstance(family(spec), PROVIDER).generatePrivate(new PKCS8EncodedKeySpec(pkcs8));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** @throws InvalidKeySpecException when the bytes are no public key of this kind */
    static PublicKey publicKey(String spec, byte[] info) throws InvalidKeySpecException {
        try {
            return KeyFactory.getInstance(family(spec), PROVIDER).generatePublic(new X509EncodedKeySpec(info));
        } catch (InvalidKeySpecException e) {
            throw e;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
