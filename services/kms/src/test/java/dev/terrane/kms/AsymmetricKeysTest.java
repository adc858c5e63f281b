package dev.terrane.kms;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.PSSParameterSpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.List;
import java.util.Map;
import javax.crypto.Cipher;
import javax.crypto.KeyAgreement;
import javax.crypto.spec.OAEPParameterSpec;
import javax.crypto.spec.PSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.kms.model.*;

/** Pairs of keys. What KMS signs and encrypts is held against the JDK's own implementations. */
class AsymmetricKeysTest extends KmsTest {
    private static final SdkBytes MESSAGE = SdkBytes.fromUtf8String("release 1.4.2");

    private String make(String spec, String usage) {
        return kms.createKey(r -> r.keySpec(spec).keyUsage(usage)).keyMetadata().keyId();
    }

    private PublicKey half(String key, String family) throws GeneralSecurityException {
        byte[] info = kms.getPublicKey(r -> r.keyId(key)).publicKey().asByteArray();
        return KeyFactory.getInstance(family).generatePublic(new X509EncodedKeySpec(info));
    }

    private SdkBytes signed(String key, SdkBytes message, String type, String algorithm) {
        return kms.sign(r -> r.keyId(key).message(message).messageType(type).signingAlgorithm(algorithm))
                .signature();
    }

    private static SdkBytes digest(String algorithm) throws GeneralSecurityException {
        return SdkBytes.fromByteArray(MessageDigest.getInstance("SHA-" + algorithm.substring(algorithm.length() - 3))
                .digest(MESSAGE.asByteArray()));
    }

    @ParameterizedTest
    @CsvSource({
        "RSA_2048,RSASSA_PKCS1_V1_5_SHA_256,RSA,SHA256withRSA",
        "RSA_3072,RSASSA_PKCS1_V1_5_SHA_512,RSA,SHA512withRSA",
        "RSA_2048,RSASSA_PSS_SHA_256,RSA,RSASSA-PSS",
        "RSA_2048,RSASSA_PSS_SHA_384,RSA,RSASSA-PSS",
        "ECC_NIST_P256,ECDSA_SHA_256,EC,SHA256withECDSA",
        "ECC_NIST_P384,ECDSA_SHA_384,EC,SHA384withECDSA",
        "ECC_NIST_P521,ECDSA_SHA_512,EC,SHA512withECDSA",
        "ECC_SECG_P256K1,ECDSA_SHA_256,,"
    })
    void messagesAndTheirDigestsAreSigned(String spec, String algorithm, String family, String jdk)
            throws GeneralSecurityException {
        String key = make(spec, "SIGN_VERIFY");
        SdkBytes raw = signed(key, MESSAGE, "RAW", algorithm);
        SdkBytes digested = signed(key, digest(algorithm), "DIGEST", algorithm);

        restart();
        for (SdkBytes signature : List.of(raw, digested)) {
            assertThat(kms.verify(r -> r.keyId(key)
                                    .message(MESSAGE)
                                    .signature(signature)
                                    .signingAlgorithm(algorithm))
                            .signatureValid())
                    .isTrue();
            if (family != null) {
                assertThat(verified(half(key, family), jdk, algorithm, signature))
                        .isTrue();
            }
        }
        refused(
                "KMSInvalidSignatureException",
                () -> kms.verify(r -> r.keyId(key)
                        .message(SdkBytes.fromUtf8String("release 1.4.3"))
                        .signature(raw)
                        .signingAlgorithm(algorithm)));
        refused(
                "KMSInvalidSignatureException",
                () -> kms.verify(r -> r.keyId(key)
                        .message(MESSAGE)
                        .signature(SdkBytes.fromUtf8String("nonsense"))
                        .signingAlgorithm(algorithm)));
        assertThat(refused("ValidationException", () -> signed(key, MESSAGE, "DIGEST", algorithm))
                        .awsErrorDetails()
                        .errorMessage())
                .isEqualTo("Digest is invalid length for algorithm " + algorithm + ".");
    }

    private static boolean verified(PublicKey key, String jdk, String algorithm, SdkBytes signature)
            throws GeneralSecurityException {
        Signature verifier = Signature.getInstance(jdk);
        if (jdk.equals("RSASSA-PSS")) {
            String bits = algorithm.substring(algorithm.length() - 3);
            verifier.setParameter(new PSSParameterSpec(
                    "SHA-" + bits, "MGF1", new MGF1ParameterSpec("SHA-" + bits), Integer.parseInt(bits) / 8, 1));
        }
        verifier.initVerify(key);
        verifier.update(MESSAGE.asByteArray());
        return verifier.verify(signature.asByteArray());
    }

    @Test
    void edwardsCurvesSignTheMessageOrItsDigest() throws GeneralSecurityException {
        String key = make("ECC_NIST_EDWARDS25519", "SIGN_VERIFY");
        SdkBytes raw = signed(key, MESSAGE, "RAW", "ED25519_SHA_512");
        assertThat(verified(half(key, "Ed25519"), "Ed25519", "ED25519_SHA_512", raw))
                .isTrue();
        SdkBytes digest = digest("ED25519_PH_SHA_512");
        SdkBytes twice = signed(key, digest, "DIGEST", "ED25519_PH_SHA_512");
        assertThat(kms.verify(r -> r.keyId(key)
                                .message(digest)
                                .messageType(MessageType.DIGEST)
                                .signature(twice)
                                .signingAlgorithm("ED25519_PH_SHA_512"))
                        .signatureValid())
                .isTrue();
        refused("ValidationException", () -> signed(key, digest, "DIGEST", "ED25519_SHA_512"));
        refused("ValidationException", () -> signed(key, MESSAGE, "RAW", "ED25519_PH_SHA_512"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"ML_DSA_44", "ML_DSA_65", "ML_DSA_87"})
    void latticesSignAsTheStandardSays(String spec) throws GeneralSecurityException {
        String key = make(spec, "SIGN_VERIFY");
        SdkBytes raw = signed(key, MESSAGE, "RAW", "ML_DSA_SHAKE_256");
        assertThat(verified(half(key, "ML-DSA"), "ML-DSA", "ML_DSA_SHAKE_256", raw))
                .isTrue();
        SdkBytes mu = SdkBytes.fromByteArray(new byte[64]);
        SdkBytes represented = signed(key, mu, "EXTERNAL_MU", "ML_DSA_SHAKE_256");
        assertThat(kms.verify(r -> r.keyId(key)
                                .message(mu)
                                .messageType(MessageType.EXTERNAL_MU)
                                .signature(represented)
                                .signingAlgorithm("ML_DSA_SHAKE_256"))
                        .signatureValid())
                .isTrue();
        refused("ValidationException", () -> signed(key, MESSAGE, "EXTERNAL_MU", "ML_DSA_SHAKE_256"));
        refused("ValidationException", () -> signed(key, mu, "DIGEST", "ML_DSA_SHAKE_256"));
    }

    @ParameterizedTest
    @CsvSource({"RSAES_OAEP_SHA_1,SHA-1,214", "RSAES_OAEP_SHA_256,SHA-256,190"})
    void whatThePublicKeyEncryptsKmsDecrypts(String algorithm, String hash, int longest)
            throws GeneralSecurityException {
        String key = make("RSA_2048", "ENCRYPT_DECRYPT");
        Cipher cipher = Cipher.getInstance("RSA/ECB/OAEPPadding");
        cipher.init(
                Cipher.ENCRYPT_MODE,
                half(key, "RSA"),
                new OAEPParameterSpec(hash, "MGF1", new MGF1ParameterSpec(hash), PSource.PSpecified.DEFAULT));
        SdkBytes outside = SdkBytes.fromByteArray(cipher.doFinal(MESSAGE.asByteArray()));
        SdkBytes inside = kms.encrypt(r -> r.keyId(key).plaintext(MESSAGE).encryptionAlgorithm(algorithm))
                .ciphertextBlob();

        for (SdkBytes sealed : List.of(outside, inside)) {
            DecryptResponse opened =
                    kms.decrypt(r -> r.keyId(key).ciphertextBlob(sealed).encryptionAlgorithm(algorithm));
            assertThat(opened.plaintext()).isEqualTo(MESSAGE);
            assertThat(opened.encryptionAlgorithmAsString()).isEqualTo(algorithm);
        }
        assertThat(refused(
                                "ValidationException",
                                () -> kms.encrypt(r -> r.keyId(key)
                                        .plaintext(SdkBytes.fromByteArray(new byte[longest + 1]))
                                        .encryptionAlgorithm(algorithm)))
                        .awsErrorDetails()
                        .errorMessage())
                .isEqualTo("Algorithm " + algorithm + " and key spec RSA_2048 cannot encrypt data larger than "
                        + longest + " bytes.");
        refused(
                "InvalidCiphertextException",
                () -> kms.decrypt(r -> r.keyId(key).ciphertextBlob(MESSAGE).encryptionAlgorithm(algorithm)));
        refused("InvalidKeyUsageException", () -> encrypted(key, "x"));
        refused(
                "ValidationException",
                () -> kms.encrypt(r -> r.keyId(key)
                        .plaintext(MESSAGE)
                        .encryptionAlgorithm(algorithm)
                        .encryptionContext(Map.of("a", "1"))));
        refused(
                "InvalidKeyUsageException",
                () -> kms.generateDataKey(r -> r.keyId(key).numberOfBytes(16)));

        String other = newKey();
        SdkBytes moved = kms.reEncrypt(r -> r.sourceKeyId(key)
                        .sourceEncryptionAlgorithm(algorithm)
                        .ciphertextBlob(inside)
                        .destinationKeyId(other))
                .ciphertextBlob();
        assertThat(decrypted(moved)).isEqualTo(MESSAGE.asUtf8String());
    }

    @Test
    void bothSidesAgreeOnOneSecret() throws GeneralSecurityException {
        String key = make("ECC_NIST_P384", "KEY_AGREEMENT");
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec("secp384r1"));
        KeyPair theirs = generator.generateKeyPair();
        DeriveSharedSecretResponse derived = kms.deriveSharedSecret(r -> r.keyId(key)
                .keyAgreementAlgorithm("ECDH")
                .publicKey(SdkBytes.fromByteArray(theirs.getPublic().getEncoded())));
        KeyAgreement agreement = KeyAgreement.getInstance("ECDH");
        agreement.init(theirs.getPrivate());
        agreement.doPhase(half(key, "EC"), true);

        assertThat(derived.sharedSecret().asByteArray()).isEqualTo(agreement.generateSecret());
        assertThat(derived.keyOrigin()).isEqualTo(OriginType.AWS_KMS);
        generator.initialize(new ECGenParameterSpec("secp256r1"));
        SdkBytes otherCurve =
                SdkBytes.fromByteArray(generator.generateKeyPair().getPublic().getEncoded());
        for (SdkBytes wrong : List.of(otherCurve, MESSAGE)) {
            refused(
                    "ValidationException",
                    () -> kms.deriveSharedSecret(
                            r -> r.keyId(key).keyAgreementAlgorithm("ECDH").publicKey(wrong)));
        }
        refused("InvalidKeyUsageException", () -> signed(key, MESSAGE, "RAW", "ECDSA_SHA_384"));
    }

    @ParameterizedTest
    @CsvSource({"RSA_2048,RSA", "ECC_NIST_P256,EC", "ECC_NIST_EDWARDS25519,Ed25519"})
    void pairsAreMadeForCallersToKeep(String spec, String family) throws GeneralSecurityException {
        String key = newKey();
        GenerateDataKeyPairResponse made =
                kms.generateDataKeyPair(r -> r.keyId(key).keyPairSpec(spec).encryptionContext(Map.of("for", "tests")));
        PrivateKey secret = KeyFactory.getInstance(family)
                .generatePrivate(
                        new PKCS8EncodedKeySpec(made.privateKeyPlaintext().asByteArray()));

        assertThat(secret.getAlgorithm()).isIn(family, "EdDSA");
        assertThat(KeyFactory.getInstance(family)
                        .generatePublic(new X509EncodedKeySpec(made.publicKey().asByteArray())))
                .isNotNull();
        assertThat(kms.decrypt(r -> r.ciphertextBlob(made.privateKeyCiphertextBlob())
                                .encryptionContext(Map.of("for", "tests")))
                        .plaintext())
                .isEqualTo(made.privateKeyPlaintext());
        GenerateDataKeyPairWithoutPlaintextResponse sealed =
                kms.generateDataKeyPairWithoutPlaintext(r -> r.keyId(key).keyPairSpec(spec));
        assertThat(kms.decrypt(r -> r.ciphertextBlob(sealed.privateKeyCiphertextBlob()))
                        .plaintext())
                .isNotNull();
    }

    @Test
    void aKeyTellsWhatItIsForAndIsUsedForNothingElse() {
        String signing = make("RSA_2048", "SIGN_VERIFY");
        GetPublicKeyResponse half = kms.getPublicKey(r -> r.keyId(signing));
        assertThat(half.keySpec()).isEqualTo(KeySpec.RSA_2048);
        assertThat(half.keyUsage()).isEqualTo(KeyUsageType.SIGN_VERIFY);
        assertThat(half.signingAlgorithms()).hasSize(6);
        assertThat(half.hasEncryptionAlgorithms()).isFalse();
        KeyMetadata metadata = kms.describeKey(r -> r.keyId(signing)).keyMetadata();
        assertThat(metadata.signingAlgorithms()).isEqualTo(half.signingAlgorithms());
        assertThat(metadata.currentKeyMaterialId()).isNull();

        refused("UnsupportedOperationException", () -> kms.getPublicKey(r -> r.keyId(newKey())));
        refused("UnsupportedOperationException", () -> kms.enableKeyRotation(r -> r.keyId(signing)));
        refused("InvalidKeyUsageException", () -> signed(signing, MESSAGE, "RAW", "ECDSA_SHA_256"));
        refused("ValidationException", () -> kms.createKey(r -> r.keySpec(KeySpec.RSA_2048)));
        refused("ValidationException", () -> make("RSA_2048", "KEY_AGREEMENT"));
        refused("ValidationException", () -> make("ECC_SECG_P256K1", "ENCRYPT_DECRYPT"));
        refused("UnsupportedOperationException", () -> make("SM2", "SIGN_VERIFY"));

        kms.disableKey(r -> r.keyId(signing));
        refused("DisabledException", () -> kms.getPublicKey(r -> r.keyId(signing)));
        refused("DisabledException", () -> signed(signing, MESSAGE, "RAW", "RSASSA_PSS_SHA_256"));
    }
}
