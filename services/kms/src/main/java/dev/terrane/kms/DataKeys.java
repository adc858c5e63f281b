package dev.terrane.kms;

import dev.terrane.kernel.error.AwsErrors;
import dev.terrane.kernel.id.Ids;
import java.security.KeyPair;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.kms.model.*;

/** Keys, pairs of keys and bytes for callers to use outside of KMS: given as they are, and under a symmetric key. */
final class DataKeys {
    private final Cryptography cryptography;

    DataKeys(Cryptography cryptography) {
        this.cryptography = cryptography;
    }

    GenerateDataKeyResponse make(GenerateDataKeyRequest request) {
        KmsErrors.refuseRecipient(request.recipient());
        int length = length(request.keySpec(), request.numberOfBytes());
        Keys.Found key = cryptography.usable(request.keyId(), KeyRecord.SYMMETRIC);
        KmsErrors.endDryRun(request.dryRun());
        byte[] plain = Ids.bytes(length);
        return GenerateDataKeyResponse.builder()
                .keyId(key.arn())
                .plaintext(SdkBytes.fromByteArrayUnsafe(plain))
                .ciphertextBlob(cryptography.encrypt(key, KeyRecord.SYMMETRIC, plain, request.encryptionContext()))
                .keyMaterialId(key.key().newest().id())
                .build();
    }

    GenerateDataKeyWithoutPlaintextResponse make(GenerateDataKeyWithoutPlaintextRequest request) {
        int length = length(request.keySpec(), request.numberOfBytes());
        Keys.Found key = cryptography.usable(request.keyId(), KeyRecord.SYMMETRIC);
        KmsErrors.endDryRun(request.dryRun());
        return GenerateDataKeyWithoutPlaintextResponse.builder()
                .keyId(key.arn())
                .ciphertextBlob(
                        cryptography.encrypt(key, KeyRecord.SYMMETRIC, Ids.bytes(length), request.encryptionContext()))
                .keyMaterialId(key.key().newest().id())
                .build();
    }

    private static int length(@Nullable DataKeySpec spec, @Nullable Integer bytes) {
        if ((spec == null) == (bytes == null)) {
            throw AwsErrors.validation("Please specify either number of bytes or key spec.");
        }
        if (bytes != null) {
            return bytes;
        }
        return spec == DataKeySpec.AES_128 ? 16 : 32;
    }

    GenerateRandomResponse random(GenerateRandomRequest request) {
        KmsErrors.refuseRecipient(request.recipient());
        if (request.customKeyStoreId() != null) {
            throw KmsErrors.unsupported("Custom key stores are not supported here.");
        }
        if (request.numberOfBytes() == null) {
            throw AwsErrors.validation("Please specify the number of bytes.");
        }
        return GenerateRandomResponse.builder()
                .plaintext(SdkBytes.fromByteArrayUnsafe(Ids.bytes(request.numberOfBytes())))
                .build();
    }

    GenerateDataKeyPairResponse make(GenerateDataKeyPairRequest request) {
        KmsErrors.refuseRecipient(request.recipient());
        Keys.Found key = cryptography.usable(request.keyId(), KeyRecord.SYMMETRIC);
        KeyPair pair = pair(request.keyPairSpecAsString());
        KmsErrors.endDryRun(request.dryRun());
        byte[] secret = pair.getPrivate().getEncoded();
        return GenerateDataKeyPairResponse.builder()
                .keyId(key.arn())
                .keyPairSpec(request.keyPairSpecAsString())
                .privateKeyPlaintext(SdkBytes.fromByteArrayUnsafe(secret))
                .privateKeyCiphertextBlob(
                        cryptography.encrypt(key, KeyRecord.SYMMETRIC, secret, request.encryptionContext()))
                .publicKey(SdkBytes.fromByteArrayUnsafe(pair.getPublic().getEncoded()))
                .keyMaterialId(key.key().newest().id())
                .build();
    }

    GenerateDataKeyPairWithoutPlaintextResponse make(GenerateDataKeyPairWithoutPlaintextRequest request) {
        Keys.Found key = cryptography.usable(request.keyId(), KeyRecord.SYMMETRIC);
        KeyPair pair = pair(request.keyPairSpecAsString());
        KmsErrors.endDryRun(request.dryRun());
        return GenerateDataKeyPairWithoutPlaintextResponse.builder()
                .keyId(key.arn())
                .keyPairSpec(request.keyPairSpecAsString())
                .privateKeyCiphertextBlob(cryptography.encrypt(
                        key, KeyRecord.SYMMETRIC, pair.getPrivate().getEncoded(), request.encryptionContext()))
                .publicKey(SdkBytes.fromByteArrayUnsafe(pair.getPublic().getEncoded()))
                .keyMaterialId(key.key().newest().id())
                .build();
    }

    private static KeyPair pair(String spec) {
        if (!KeySpecs.known(spec)) {
            throw KmsErrors.unsupported("Key pairs of spec " + spec + " are not supported here.");
        }
        return KeyPairs.make(spec);
    }
}
