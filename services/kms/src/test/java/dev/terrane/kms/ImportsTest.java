package dev.terrane.kms;

import static org.assertj.core.api.Assertions.assertThat;

import dev.terrane.testkit.TestServer;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.X509EncodedKeySpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import javax.crypto.Cipher;
import javax.crypto.spec.OAEPParameterSpec;
import javax.crypto.spec.PSource;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.kms.model.*;

class ImportsTest extends KmsTest {
    private final byte[] material = new byte[32];

    ImportsTest() {
        Arrays.fill(material, (byte) 7);
    }

    private String external() {
        return kms.createKey(r -> r.origin(OriginType.EXTERNAL)).keyMetadata().keyId();
    }

    private GetParametersForImportResponse parameters(String key) {
        return kms.getParametersForImport(r -> r.keyId(key)
                .wrappingAlgorithm(AlgorithmSpec.RSAES_OAEP_SHA_256)
                .wrappingKeySpec(WrappingKeySpec.RSA_2048));
    }

    private static SdkBytes wrapped(GetParametersForImportResponse parameters, byte[] material) {
        try {
            Cipher cipher = Cipher.getInstance("RSA/ECB/OAEPPadding");
            cipher.init(
                    Cipher.ENCRYPT_MODE,
                    KeyFactory.getInstance("RSA")
                            .generatePublic(new X509EncodedKeySpec(
                                    parameters.publicKey().asByteArray())),
                    new OAEPParameterSpec("SHA-256", "MGF1", MGF1ParameterSpec.SHA256, PSource.PSpecified.DEFAULT));
            return SdkBytes.fromByteArray(cipher.doFinal(material));
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    private ImportKeyMaterialResponse imported(String key, byte[] bytes) {
        GetParametersForImportResponse parameters = parameters(key);
        return kms.importKeyMaterial(r -> r.keyId(key)
                .importToken(parameters.importToken())
                .encryptedKeyMaterial(wrapped(parameters, bytes))
                .expirationModel(ExpirationModelType.KEY_MATERIAL_DOES_NOT_EXPIRE));
    }

    @Test
    void aKeyWaitsForItsMaterialAndThenWorks() {
        String key = external();
        KeyMetadata waiting = kms.describeKey(r -> r.keyId(key)).keyMetadata();
        assertThat(waiting.keyState()).isEqualTo(KeyState.PENDING_IMPORT);
        assertThat(waiting.origin()).isEqualTo(OriginType.EXTERNAL);
        assertThat(waiting.enabled()).isFalse();
        refused("KMSInvalidStateException", () -> encrypted(key, "x"));
        refused("KMSInvalidStateException", () -> kms.enableKey(r -> r.keyId(key)));

        assertThat(imported(key, material).keyMaterialId()).hasSize(64);
        KeyMetadata ready = kms.describeKey(r -> r.keyId(key)).keyMetadata();
        assertThat(ready.keyState()).isEqualTo(KeyState.ENABLED);
        assertThat(ready.expirationModel()).isEqualTo(ExpirationModelType.KEY_MATERIAL_DOES_NOT_EXPIRE);
        SdkBytes blob = encrypted(key, "x");

        kms.deleteImportedKeyMaterial(r -> r.keyId(key));
        restart();
        refused("KMSInvalidStateException", () -> decrypted(blob));
        byte[] other = material.clone();
        other[0]++;
        refused("IncorrectKeyMaterialException", () -> imported(key, other));
        imported(key, material);
        assertThat(decrypted(blob)).isEqualTo("x");
    }

    @Test
    void materialExpires() {
        String key = external();
        GetParametersForImportResponse parameters = parameters(key);
        Instant end = TestServer.START.plus(Duration.ofDays(3));
        kms.importKeyMaterial(r -> r.keyId(key)
                .importToken(parameters.importToken())
                .encryptedKeyMaterial(wrapped(parameters, material))
                .validTo(end));
        assertThat(kms.describeKey(r -> r.keyId(key)).keyMetadata().validTo()).isEqualTo(end);
        SdkBytes blob = encrypted(key, "x");
        server.advance(Duration.ofDays(4));
        server.awaitEvents("KMS Imported Key Material Expiration", 1);
        refused("KMSInvalidStateException", () -> decrypted(blob));
    }

    @Test
    void wrongTokensMaterialsAndTimesAreRefused() {
        String key = external();
        GetParametersForImportResponse parameters = parameters(key);
        GetParametersForImportResponse others = parameters(external());
        refused("InvalidImportTokenException", () -> take(key, others.importToken(), wrapped(others, material)));
        refused(
                "InvalidImportTokenException",
                () -> take(key, SdkBytes.fromByteArray(new byte[100]), wrapped(parameters, material)));
        refused("InvalidCiphertextException", () -> take(key, parameters.importToken(), wrapped(others, material)));
        refused(
                "InvalidCiphertextException",
                () -> take(key, parameters.importToken(), wrapped(parameters, new byte[16])));
        refused(
                "ValidationException",
                () -> kms.importKeyMaterial(r -> r.keyId(key)
                        .importToken(parameters.importToken())
                        .encryptedKeyMaterial(wrapped(parameters, material))));
        refused(
                "ValidationException",
                () -> kms.importKeyMaterial(r -> r.keyId(key)
                        .importToken(parameters.importToken())
                        .encryptedKeyMaterial(wrapped(parameters, material))
                        .validTo(TestServer.START.minusSeconds(1))));
        refused("UnsupportedOperationException", () -> parameters(newKey()));
        refused("UnsupportedOperationException", () -> kms.deleteImportedKeyMaterial(r -> r.keyId(newKey())));
        refused(
                "UnsupportedOperationException",
                () -> kms.getParametersForImport(r -> r.keyId(key)
                        .wrappingAlgorithm(AlgorithmSpec.RSAES_PKCS1_V1_5)
                        .wrappingKeySpec(WrappingKeySpec.RSA_2048)));
        server.advance(Duration.ofHours(25));
        refused(
                "ExpiredImportTokenException",
                () -> take(key, parameters.importToken(), wrapped(parameters, material)));
    }

    private void take(String key, SdkBytes token, SdkBytes wrapped) {
        kms.importKeyMaterial(r -> r.keyId(key)
                .importToken(token)
                .encryptedKeyMaterial(wrapped)
                .expirationModel(ExpirationModelType.KEY_MATERIAL_DOES_NOT_EXPIRE));
    }
}
