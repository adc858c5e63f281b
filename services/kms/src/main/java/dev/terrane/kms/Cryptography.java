package dev.terrane.kms;

import dev.terrane.kernel.call.Call;
import dev.terrane.kernel.call.Scope;
import dev.terrane.kernel.error.AwsErrors;
import dev.terrane.kernel.id.Ids;
import dev.terrane.kernel.secret.MasterKey.SealBroken;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.kms.model.*;

/** Encrypting and decrypting with symmetric keys. Nothing here is written: a key's record and its opened material are in memory. */
final class Cryptography {
    private static final String PURPOSE = "ENCRYPT_DECRYPT";

    private final Keys keys;
    private final Materials materials;

    Cryptography(Keys keys, Materials materials) {
        this.keys = keys;
        this.materials = materials;
    }

    /** The ARN of the key that made a ciphertext, for authorization; empty when it is no ciphertext. */
    static Optional<String> keyOf(String region, byte[] blob) {
        return Ciphertext.read(blob).map(ciphertext -> ciphertext.keyArn(region));
    }

    EncryptResponse encrypt(EncryptRequest request) {
        requireSymmetric(request.encryptionAlgorithm());
        Keys.Found key = usable(request.keyId());
        KmsErrors.endDryRun(request.dryRun());
        return EncryptResponse.builder()
                .keyId(key.arn())
                .ciphertextBlob(encrypt(key, request.plaintext().asByteArray(), request.encryptionContext()))
                .encryptionAlgorithm(EncryptionAlgorithmSpec.SYMMETRIC_DEFAULT)
                .build();
    }

    private Keys.Found usable(String name) {
        return keys.usable(keys.find(name), PURPOSE);
    }

    private SdkBytes encrypt(Keys.Found found, byte[] plain, Map<String, String> context) {
        KeyRecord.Material material = found.key().newest();
        byte[] secret = materials.open(found.scope(), found.key().keyId(), material);
        return SdkBytes.fromByteArrayUnsafe(Ciphertext.encrypt(
                        found.scope().account(), found.key().keyId(), material.version(), secret, plain, context)
                .bytes());
    }

    /** What was in a ciphertext, and which key and material it was under. */
    private record Opened(Keys.Found key, KeyRecord.Material material, byte[] plain) {}

    private Opened open(@Nullable SdkBytes blob, @Nullable String named, Map<String, String> context) {
        if (blob == null) {
            throw KmsErrors.missing("ciphertextBlob");
        }
        Ciphertext ciphertext = Ciphertext.read(blob.asByteArrayUnsafe()).orElseThrow(Cryptography::invalid);
        Scope scope = new Scope(ciphertext.account(), Call.current().region());
        if (named != null && !named(named).equals(Keys.arn(scope, ciphertext.keyId()))) {
            throw IncorrectKeyException.builder()
                    .message("The key ID in the request does not identify a CMK that can perform this operation.")
                    .build();
        }
        Keys.Found key = keys.usable(keys.byId(scope, ciphertext.keyId()), PURPOSE);
        KeyRecord.Material material = key.key().material(ciphertext.version()).orElseThrow(Cryptography::invalid);
        try {
            byte[] secret = materials.open(scope, key.key().keyId(), material);
            return new Opened(key, material, ciphertext.decrypt(secret, context));
        } catch (SealBroken e) {
            throw invalid();
        }
    }

    private String named(String name) {
        return usable(name).arn();
    }

    private static RuntimeException invalid() {
        return InvalidCiphertextException.builder().build();
    }

    DecryptResponse decrypt(DecryptRequest request) {
        requireSymmetric(request.encryptionAlgorithm());
        refuseRecipient(request.recipient());
        Opened opened = open(request.ciphertextBlob(), request.keyId(), request.encryptionContext());
        KmsErrors.endDryRun(request.dryRun());
        return DecryptResponse.builder()
                .keyId(opened.key().arn())
                .plaintext(SdkBytes.fromByteArrayUnsafe(opened.plain()))
                .encryptionAlgorithm(EncryptionAlgorithmSpec.SYMMETRIC_DEFAULT)
                .keyMaterialId(opened.material().id())
                .build();
    }

    ReEncryptResponse reEncrypt(ReEncryptRequest request) {
        requireSymmetric(request.sourceEncryptionAlgorithm());
        requireSymmetric(request.destinationEncryptionAlgorithm());
        Opened opened = open(request.ciphertextBlob(), request.sourceKeyId(), request.sourceEncryptionContext());
        Keys.Found destination = usable(request.destinationKeyId());
        KmsErrors.endDryRun(request.dryRun());
        return ReEncryptResponse.builder()
                .ciphertextBlob(encrypt(destination, opened.plain(), request.destinationEncryptionContext()))
                .sourceKeyId(opened.key().arn())
                .keyId(destination.arn())
                .sourceEncryptionAlgorithm(EncryptionAlgorithmSpec.SYMMETRIC_DEFAULT)
                .destinationEncryptionAlgorithm(EncryptionAlgorithmSpec.SYMMETRIC_DEFAULT)
                .sourceKeyMaterialId(opened.material().id())
                .destinationKeyMaterialId(destination.key().newest().id())
                .build();
    }

    GenerateDataKeyResponse dataKey(GenerateDataKeyRequest request) {
        refuseRecipient(request.recipient());
        int length = length(request.keySpec(), request.numberOfBytes());
        Keys.Found key = usable(request.keyId());
        KmsErrors.endDryRun(request.dryRun());
        byte[] plain = Ids.bytes(length);
        return GenerateDataKeyResponse.builder()
                .keyId(key.arn())
                .plaintext(SdkBytes.fromByteArrayUnsafe(plain))
                .ciphertextBlob(encrypt(key, plain, request.encryptionContext()))
                .keyMaterialId(key.key().newest().id())
                .build();
    }

    GenerateDataKeyWithoutPlaintextResponse dataKey(GenerateDataKeyWithoutPlaintextRequest request) {
        int length = length(request.keySpec(), request.numberOfBytes());
        Keys.Found key = usable(request.keyId());
        KmsErrors.endDryRun(request.dryRun());
        return GenerateDataKeyWithoutPlaintextResponse.builder()
                .keyId(key.arn())
                .ciphertextBlob(encrypt(key, Ids.bytes(length), request.encryptionContext()))
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
        refuseRecipient(request.recipient());
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

    private static void requireSymmetric(@Nullable EncryptionAlgorithmSpec algorithm) {
        if (algorithm != null && algorithm != EncryptionAlgorithmSpec.SYMMETRIC_DEFAULT) {
            throw KmsErrors.usage("Algorithm " + algorithm + " is incompatible with key spec SYMMETRIC_DEFAULT.");
        }
    }

    private static void refuseRecipient(@Nullable RecipientInfo recipient) {
        if (recipient != null) {
            throw KmsErrors.unsupported("Recipients in AWS Nitro Enclaves are not supported here.");
        }
    }
}
