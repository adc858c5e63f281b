package dev.terrane.kms;

import dev.terrane.kernel.error.AwsErrors;
import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.PublicKey;
import java.security.interfaces.ECPublicKey;
import java.security.spec.InvalidKeySpecException;
import javax.crypto.KeyAgreement;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.kms.model.*;

/** The public halves of keys: given to callers, and taken from them to agree on a secret. */
final class PublicKeys {
    private final Keys keys;
    private final Materials materials;

    PublicKeys(Keys keys, Materials materials) {
        this.keys = keys;
        this.materials = materials;
    }

    @SuppressWarnings("deprecation") // KMS still answers the older name of the spec too
    GetPublicKeyResponse get(GetPublicKeyRequest request) {
        Keys.Found found = keys.find(request.keyId());
        KeyRecord key = found.key();
        if (!KeySpecs.asymmetric(key.spec())) {
            throw KmsErrors.unsupported(
                    found.arn() + " key spec is " + key.spec() + " which is not valid for GetPublicKey.");
        }
        keys.usable(found, key.usage());
        KeyMetadata metadata = Keys.metadata(found);
        return GetPublicKeyResponse.builder()
                .keyId(found.arn())
                .publicKey(key.newest().publicKey().orElseThrow())
                .keySpec(key.spec())
                .customerMasterKeySpec(key.spec())
                .keyUsage(key.usage())
                .encryptionAlgorithmsWithStrings(
                        metadata.hasEncryptionAlgorithms() ? metadata.encryptionAlgorithmsAsStrings() : null)
                .signingAlgorithmsWithStrings(
                        metadata.hasSigningAlgorithms() ? metadata.signingAlgorithmsAsStrings() : null)
                .keyAgreementAlgorithmsWithStrings(
                        metadata.hasKeyAgreementAlgorithms() ? metadata.keyAgreementAlgorithmsAsStrings() : null)
                .build();
    }

    DeriveSharedSecretResponse derive(DeriveSharedSecretRequest request) {
        KmsErrors.refuseRecipient(request.recipient());
        Keys.Found found = keys.with(
                keys.usable(keys.find(request.keyId()), KeySpecs.AGREE), request.keyAgreementAlgorithmAsString());
        byte[] secret = agree(found, request.publicKey().asByteArrayUnsafe());
        KmsErrors.endDryRun(request.dryRun());
        return DeriveSharedSecretResponse.builder()
                .keyId(found.arn())
                .sharedSecret(SdkBytes.fromByteArrayUnsafe(secret))
                .keyAgreementAlgorithm(request.keyAgreementAlgorithmAsString())
                .keyOrigin(OriginType.AWS_KMS)
                .build();
    }

    private byte[] agree(Keys.Found found, byte[] other) {
        KeyRecord key = found.key();
        try {
            PublicKey theirs = KeyPairs.publicKey(key.spec(), other);
            PublicKey ours = KeyPairs.publicKey(
                    key.spec(), key.newest().publicKey().orElseThrow().asByteArrayUnsafe());
            if (!sameCurve(ours, theirs)) {
                throw notOfThisCurve(key);
            }
            KeyAgreement agreement = KeyAgreement.getInstance("ECDH", KeyPairs.PROVIDER);
            agreement.init(KeyPairs.privateKey(key.spec(), materials.open(found.scope(), key.keyId(), key.newest())));
            agreement.doPhase(theirs, true);
            return agreement.generateSecret();
        } catch (InvalidKeySpecException | InvalidKeyException e) {
            throw notOfThisCurve(key);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static boolean sameCurve(PublicKey ours, PublicKey theirs) {
        return ours instanceof ECPublicKey mine
                && theirs instanceof ECPublicKey yours
                && mine.getParams().getCurve().equals(yours.getParams().getCurve())
                && mine.getParams().getGenerator().equals(yours.getParams().getGenerator());
    }

    private static RuntimeException notOfThisCurve(KeyRecord key) {
        return AwsErrors.validation("The public key is not a DER-encoded key of the key spec " + key.spec() + ".");
    }
}
