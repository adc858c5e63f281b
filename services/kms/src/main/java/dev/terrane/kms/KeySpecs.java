package dev.terrane.kms;

import java.util.List;
import java.util.Map;

/**
 * What keys of each spec are for, and by which algorithms. SM2 is not here: AWS has it in its regions in China alone.
 *
 * @see <a href="https://docs.aws.amazon.com/kms/latest/developerguide/symm-asymm-choose-key-spec.html">Key spec reference</a>
 */
final class KeySpecs {
    static final String ENCRYPT = "ENCRYPT_DECRYPT";
    static final String SIGN = "SIGN_VERIFY";
    static final String MAC = "GENERATE_VERIFY_MAC";
    static final String AGREE = "KEY_AGREEMENT";

    private static final Map<String, List<String>> RSA = Map.of(
            ENCRYPT,
            List.of("RSAES_OAEP_SHA_1", "RSAES_OAEP_SHA_256"),
            SIGN,
            List.of(
                    "RSASSA_PKCS1_V1_5_SHA_256",
                    "RSASSA_PKCS1_V1_5_SHA_384",
                    "RSASSA_PKCS1_V1_5_SHA_512",
                    "RSASSA_PSS_SHA_256",
                    "RSASSA_PSS_SHA_384",
                    "RSASSA_PSS_SHA_512"));
    private static final Map<String, List<String>> LATTICE = Map.of(SIGN, List.of("ML_DSA_SHAKE_256"));

    /** The algorithms of each usage, by spec. */
    private static final Map<String, Map<String, List<String>>> ALL = Map.ofEntries(
            Map.entry(KeyRecord.SYMMETRIC, Map.of(ENCRYPT, List.of("SYMMETRIC_DEFAULT"))),
            Map.entry("HMAC_224", Map.of(MAC, List.of("HMAC_SHA_224"))),
            Map.entry("HMAC_256", Map.of(MAC, List.of("HMAC_SHA_256"))),
            Map.entry("HMAC_384", Map.of(MAC, List.of("HMAC_SHA_384"))),
            Map.entry("HMAC_512", Map.of(MAC, List.of("HMAC_SHA_512"))),
            Map.entry("RSA_2048", RSA),
            Map.entry("RSA_3072", RSA),
            Map.entry("RSA_4096", RSA),
            Map.entry("ECC_NIST_P256", curve("ECDSA_SHA_256")),
            Map.entry("ECC_NIST_P384", curve("ECDSA_SHA_384")),
            Map.entry("ECC_NIST_P521", curve("ECDSA_SHA_512")),
            Map.entry("ECC_SECG_P256K1", Map.of(SIGN, List.of("ECDSA_SHA_256"))),
            Map.entry("ECC_NIST_EDWARDS25519", Map.of(SIGN, List.of("ED25519_SHA_512", "ED25519_PH_SHA_512"))),
            Map.entry("ML_DSA_44", LATTICE),
            Map.entry("ML_DSA_65", LATTICE),
            Map.entry("ML_DSA_87", LATTICE));

    private KeySpecs() {}

    private static Map<String, List<String>> curve(String signature) {
        return Map.of(SIGN, List.of(signature), AGREE, List.of("ECDH"));
    }

    static boolean known(String spec) {
        return ALL.containsKey(spec);
    }

    static boolean fits(String spec, String usage) {
        return ALL.getOrDefault(spec, Map.of()).containsKey(usage);
    }

    /** The algorithms that a key has for what it is for. */
    static List<String> algorithms(String spec, String usage) {
        return ALL.getOrDefault(spec, Map.of()).getOrDefault(usage, List.of());
    }

    /** Whether a key is a pair of a public and a private one. */
    static boolean asymmetric(String spec) {
        return !spec.equals(KeyRecord.SYMMETRIC) && !spec.startsWith("HMAC_");
    }
}
