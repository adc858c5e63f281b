package dev.terrane.kms;

import dev.terrane.kernel.call.Call;
import dev.terrane.kernel.call.Scope;
import dev.terrane.kernel.error.AwsErrors;
import dev.terrane.kernel.secret.MasterKey.SealBroken;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.kms.model.*;

/** Encrypting and decrypting, with symmetric and with RSA keys. Nothing here is written: a key's record and its opened material are in memory. */
final class Cryptography {
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
        String algorithm = algorithm(request.encryptionAlgorithmAsString());
        Keys.Found key = usable(request.keyId(), algorithm);
        KmsErrors.endDryRun(request.dryRun());
        return EncryptResponse.builder()
                .keyId(key.arn())
                .ciphertextBlob(encrypt(key, algorithm, request.plaintext().asByteArray(), request.encryptionContext()))
                .encryptionAlgorithm(algorithm)
                .build();
    }

    private static String algorithm(@Nullable String asked) {
        return asked == null ? KeyRecord.SYMMETRIC : asked;
    }

    /** The key that a request means, when it may be used to encrypt and decrypt by an algorithm. */
    Keys.Found usable(String name, String algorithm) {
        return keys.with(keys.usable(keys.find(name), KeySpecs.ENCRYPT), algorithm);
    }

    SdkBytes encrypt(Keys.Found found, String algorithm, byte[] plain, Map<String, String> context) {
        if (!algorithm.equals(KeyRecord.SYMMETRIC)) {
            refuseContext(context);
            return SdkBytes.fromByteArrayUnsafe(Rsa.encrypt(found.key(), algorithm, plain));
        }
        KeyRecord.Material material = found.key().newest();
        byte[] secret = materials.open(found.scope(), found.key().keyId(), material);
        return SdkBytes.fromByteArrayUnsafe(Ciphertext.encrypt(
                        found.scope().account(), found.key().keyId(), material.version(), secret, plain, context)
                .bytes());
    }

    private static void refuseContext(Map<String, String> context) {
        if (!context.isEmpty()) {
            throw AwsErrors.validation("An encryption context is not valid with an asymmetric key.");
        }
    }

    /** What was in a ciphertext, and which key and material it was under. */
    private record Opened(Keys.Found key, KeyRecord.Material material, byte[] plain) {}

    private Opened open(
            @Nullable SdkBytes blob, @Nullable String named, String algorithm, Map<String, String> context) {
        if (blob == null) {
            throw KmsErrors.missing("ciphertextBlob");
        }
        if (!algorithm.equals(KeyRecord.SYMMETRIC)) {
            refuseContext(context);
            return openPair(blob, named, algorithm);
        }
        Ciphertext ciphertext = Ciphertext.read(blob.asByteArrayUnsafe()).orElseThrow(Cryptography::invalid);
        Scope scope = new Scope(ciphertext.account(), Call.current().region());
        if (named != null && !usable(named, KeyRecord.SYMMETRIC).arn().equals(Keys.arn(scope, ciphertext.keyId()))) {
            throw IncorrectKeyException.builder()
                    .message("The key ID in the request does not identify a CMK that can perform this operation.")
                    .build();
        }
        Keys.Found key = keys.usable(keys.byId(scope, ciphertext.keyId()), KeySpecs.ENCRYPT);
        KeyRecord.Material material = key.key().material(ciphertext.version()).orElseThrow(Cryptography::invalid);
        try {
            byte[] secret = materials.open(scope, key.key().keyId(), material);
            return new Opened(key, material, ciphertext.decrypt(secret, context));
        } catch (SealBroken e) {
            throw invalid();
        }
    }

    /** Only the caller knows which pair's public key made a ciphertext. */
    private Opened openPair(SdkBytes blob, @Nullable String named, String algorithm) {
        if (named == null) {
            throw KmsErrors.missing("keyId");
        }
        Keys.Found found = usable(named, algorithm);
        KeyRecord key = found.key();
        byte[] secret = materials.open(found.scope(), key.keyId(), key.newest());
        byte[] plain = Rsa.decrypt(key.spec(), secret, algorithm, blob.asByteArrayUnsafe())
                .orElseThrow(Cryptography::invalid);
        return new Opened(found, key.newest(), plain);
    }

    private static RuntimeException invalid() {
        return InvalidCiphertextException.builder().build();
    }

    DecryptResponse decrypt(DecryptRequest request) {
        KmsErrors.refuseRecipient(request.recipient());
        String algorithm = algorithm(request.encryptionAlgorithmAsString());
        Opened opened = open(request.ciphertextBlob(), request.keyId(), algorithm, request.encryptionContext());
        KmsErrors.endDryRun(request.dryRun());
        return DecryptResponse.builder()
                .keyId(opened.key().arn())
                .plaintext(SdkBytes.fromByteArrayUnsafe(opened.plain()))
                .encryptionAlgorithm(algorithm)
                .keyMaterialId(materialId(opened.key(), opened.material()))
                .build();
    }

    private static @Nullable String materialId(Keys.Found key, KeyRecord.Material material) {
        return key.key().symmetric() ? material.id() : null;
    }

    ReEncryptResponse reEncrypt(ReEncryptRequest request) {
        String from = algorithm(request.sourceEncryptionAlgorithmAsString());
        String to = algorithm(request.destinationEncryptionAlgorithmAsString());
        Opened opened = open(request.ciphertextBlob(), request.sourceKeyId(), from, request.sourceEncryptionContext());
        Keys.Found destination = usable(request.destinationKeyId(), to);
        KmsErrors.endDryRun(request.dryRun());
        return ReEncryptResponse.builder()
                .ciphertextBlob(encrypt(destination, to, opened.plain(), request.destinationEncryptionContext()))
                .sourceKeyId(opened.key().arn())
                .keyId(destination.arn())
                .sourceEncryptionAlgorithm(from)
                .destinationEncryptionAlgorithm(to)
                .sourceKeyMaterialId(materialId(opened.key(), opened.material()))
                .destinationKeyMaterialId(
                        materialId(destination, destination.key().newest()))
                .build();
    }
}
