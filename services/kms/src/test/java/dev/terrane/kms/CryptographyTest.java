package dev.terrane.kms;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.kms.model.*;

class CryptographyTest extends KmsTest {
    @Test
    void whatIsEncryptedIsDecryptedByTheKeyThatTheCiphertextNames() {
        String key = newKey();
        EncryptResponse sealed = kms.encrypt(r -> r.keyId(key).plaintext(SdkBytes.fromUtf8String("secret")));

        assertThat(sealed.keyId()).isEqualTo(arn(key));
        assertThat(sealed.encryptionAlgorithm()).isEqualTo(EncryptionAlgorithmSpec.SYMMETRIC_DEFAULT);
        assertThat(sealed.ciphertextBlob().asString(StandardCharsets.ISO_8859_1))
                .doesNotContain("secret");
        assertThat(encrypted(key, "secret")).isNotEqualTo(sealed.ciphertextBlob());
        restart();
        DecryptResponse opened = kms.decrypt(r -> r.ciphertextBlob(sealed.ciphertextBlob()));
        assertThat(opened.plaintext().asUtf8String()).isEqualTo("secret");
        assertThat(opened.keyId()).isEqualTo(arn(key));
    }

    @Test
    void theContextMustBeTheSameInWhicheverOrder() {
        String key = newKey();
        Map<String, String> context = new LinkedHashMap<>();
        context.put("b", "2");
        context.put("a", "1");
        SdkBytes blob = kms.encrypt(r ->
                        r.keyId(key).plaintext(SdkBytes.fromUtf8String("x")).encryptionContext(context))
                .ciphertextBlob();
        Map<String, String> turned = new LinkedHashMap<>();
        turned.put("a", "1");
        turned.put("b", "2");

        assertThat(kms.decrypt(r -> r.ciphertextBlob(blob).encryptionContext(turned))
                        .plaintext()
                        .asUtf8String())
                .isEqualTo("x");
        refused("InvalidCiphertextException", () -> decrypted(blob));
        refused(
                "InvalidCiphertextException",
                () -> kms.decrypt(r -> r.ciphertextBlob(blob).encryptionContext(Map.of("a", "1", "b", "3"))));
    }

    @Test
    void changedBytesAndOtherKeysAreRefused() {
        String key = newKey();
        String other = newKey();
        byte[] blob = encrypted(key, "x").asByteArray();
        refused(
                "IncorrectKeyException",
                () -> kms.decrypt(
                        r -> r.ciphertextBlob(SdkBytes.fromByteArray(blob)).keyId(other)));
        for (int at : new int[] {0, 30, 40, blob.length - 1}) {
            byte[] changed = blob.clone();
            changed[at] ^= 1;
            refused("InvalidCiphertextException", () -> decrypted(SdkBytes.fromByteArray(changed)));
        }
        refused("InvalidCiphertextException", () -> decrypted(SdkBytes.fromUtf8String("nonsense")));
    }

    @Test
    void dataKeysAreMadeWithAndWithoutPlaintext() {
        String key = newKey();
        GenerateDataKeyResponse made = kms.generateDataKey(r -> r.keyId(key).keySpec(DataKeySpec.AES_256));
        assertThat(made.plaintext().asByteArray()).hasSize(32);
        assertThat(kms.decrypt(r -> r.ciphertextBlob(made.ciphertextBlob())).plaintext())
                .isEqualTo(made.plaintext());
        assertThat(kms.generateDataKey(r -> r.keyId(key).numberOfBytes(100))
                        .plaintext()
                        .asByteArray())
                .hasSize(100);
        SdkBytes sealed = kms.generateDataKeyWithoutPlaintext(r -> r.keyId(key).keySpec(DataKeySpec.AES_128))
                .ciphertextBlob();
        assertThat(kms.decrypt(r -> r.ciphertextBlob(sealed)).plaintext().asByteArray())
                .hasSize(16);
        refused("ValidationException", () -> kms.generateDataKey(r -> r.keyId(key)));
        refused(
                "DryRunOperationException",
                () -> kms.generateDataKey(r -> r.keyId(key).numberOfBytes(1).dryRun(true)));
        assertThat(kms.generateRandom(r -> r.numberOfBytes(7)).plaintext().asByteArray())
                .hasSize(7);
    }

    @Test
    void reEncryptionChangesKeyAndContext() {
        String from = newKey();
        String to = newKey();
        SdkBytes blob = encrypted(from, "moved");

        ReEncryptResponse moved = kms.reEncrypt(
                r -> r.ciphertextBlob(blob).destinationKeyId(to).destinationEncryptionContext(Map.of("new", "one")));

        assertThat(moved.sourceKeyId()).isEqualTo(arn(from));
        assertThat(moved.keyId()).isEqualTo(arn(to));
        assertThat(kms.decrypt(r -> r.ciphertextBlob(moved.ciphertextBlob()).encryptionContext(Map.of("new", "one")))
                        .plaintext()
                        .asUtf8String())
                .isEqualTo("moved");
    }

    @Test
    void macsAreVerified() {
        String key = kms.createKey(r -> r.keySpec(KeySpec.HMAC_256).keyUsage(KeyUsageType.GENERATE_VERIFY_MAC))
                .keyMetadata()
                .keyId();
        SdkBytes message = SdkBytes.fromUtf8String("message");
        SdkBytes mac = kms.generateMac(r -> r.keyId(key).message(message).macAlgorithm(MacAlgorithmSpec.HMAC_SHA_256))
                .mac();

        assertThat(mac.asByteArray()).hasSize(32);
        assertThat(kms.verifyMac(
                                r -> r.keyId(key).message(message).mac(mac).macAlgorithm(MacAlgorithmSpec.HMAC_SHA_256))
                        .macValid())
                .isTrue();
        refused(
                "KMSInvalidMacException",
                () -> kms.verifyMac(r -> r.keyId(key)
                        .message(SdkBytes.fromUtf8String("other"))
                        .mac(mac)
                        .macAlgorithm(MacAlgorithmSpec.HMAC_SHA_256)));
        refused("InvalidKeyUsageException", () -> encrypted(key, "x"));
    }
}
