package dev.terrane.kms;

import dev.terrane.kernel.error.AwsErrors;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PSSParameterSpec;
import org.bouncycastle.asn1.DERNull;
import org.bouncycastle.asn1.nist.NISTObjectIdentifiers;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.DigestInfo;
import org.bouncycastle.crypto.CryptoException;
import org.bouncycastle.crypto.params.AsymmetricKeyParameter;
import org.bouncycastle.crypto.signers.Ed25519phSigner;
import org.bouncycastle.crypto.util.PrivateKeyFactory;
import org.bouncycastle.crypto.util.PublicKeyFactory;
import org.bouncycastle.pqc.crypto.mldsa.MLDSASigner;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.kms.model.*;

/**
 * Signing and verifying. A message is signed as it is ({@code RAW}), or its digest is, which the caller has made.
 *
 * @see <a href="https://docs.aws.amazon.com/kms/latest/APIReference/API_Sign.html">Sign</a>
 */
final class Signatures {
    /** Bytes of the representative of a message (FIPS 204, section 6.2). */
    private static final int MU = 64;

    private final Keys keys;
    private final Materials materials;

    Signatures(Keys keys, Materials materials) {
        this.keys = keys;
        this.materials = materials;
    }

    SignResponse sign(SignRequest request) {
        Keys.Found key = key(request.keyId(), request.signingAlgorithmAsString());
        Signed signed = signed(request.message(), request.messageType(), request.signingAlgorithmAsString());
        KmsErrors.endDryRun(request.dryRun());
        KeyRecord record = key.key();
        PrivateKey secret =
                KeyPairs.privateKey(record.spec(), materials.open(key.scope(), record.keyId(), record.newest()));
        return SignResponse.builder()
                .keyId(key.arn())
                .signature(SdkBytes.fromByteArrayUnsafe(sign(signed, secret)))
                .signingAlgorithm(request.signingAlgorithmAsString())
                .build();
    }

    VerifyResponse verify(VerifyRequest request) {
        Keys.Found key = key(request.keyId(), request.signingAlgorithmAsString());
        Signed signed = signed(request.message(), request.messageType(), request.signingAlgorithmAsString());
        if (!verify(signed, key.key(), request.signature().asByteArrayUnsafe())) {
            throw KmsInvalidSignatureException.builder().build();
        }
        KmsErrors.endDryRun(request.dryRun());
        return VerifyResponse.builder()
                .keyId(key.arn())
                .signatureValid(true)
                .signingAlgorithm(request.signingAlgorithmAsString())
                .build();
    }

    private Keys.Found key(String name, String algorithm) {
        return keys.with(keys.usable(keys.find(name), KeySpecs.SIGN), algorithm);
    }

    /** What is signed: the message of algorithms that hash it themselves, else its digest; or its representative. */
    private record Signed(String algorithm, byte[] bytes, boolean representative) {
        /** The hash of an algorithm, as Java names it. */
        String hash() {
            return "SHA-" + algorithm.substring(algorithm.lastIndexOf('_') + 1);
        }
    }

    private static Signed signed(SdkBytes message, @Nullable MessageType asked, String algorithm) {
        MessageType type = asked == null ? MessageType.RAW : asked;
        byte[] bytes = message.asByteArrayUnsafe();
        boolean lattice = algorithm.startsWith("ML_DSA");
        boolean fits = switch (type) {
            case RAW -> !algorithm.equals("ED25519_PH_SHA_512");
            case DIGEST -> !lattice && !algorithm.equals("ED25519_SHA_512");
            case EXTERNAL_MU -> lattice;
            case UNKNOWN_TO_SDK_VERSION -> false;
        };
        if (!fits) {
            throw AwsErrors.validation("MessageType " + type + " is not valid for algorithm " + algorithm + ".");
        }
        Signed signed = new Signed(algorithm, bytes, type == MessageType.EXTERNAL_MU);
        if (lattice || algorithm.startsWith("ED25519")) {
            int length = type == MessageType.RAW ? bytes.length : MU;
            return checked(signed, length);
        }
        try {
            MessageDigest digest = MessageDigest.getInstance(signed.hash());
            return type == MessageType.DIGEST
                    ? checked(signed, digest.getDigestLength())
                    : new Signed(algorithm, digest.digest(bytes), false);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Signed checked(Signed signed, int length) {
        if (signed.bytes().length != length) {
            throw AwsErrors.validation("Digest is invalid length for algorithm " + signed.algorithm() + ".");
        }
        return signed;
    }

    private static byte[] sign(Signed signed, PrivateKey key) {
        byte[] encoded = key.getEncoded();
        try {
            if (signed.algorithm().equals("ML_DSA_SHAKE_256")) {
                MLDSASigner signer =
                        lattice(org.bouncycastle.pqc.crypto.util.PrivateKeyFactory.createKey(encoded), true);
                if (signed.representative()) {
                    return signer.generateMuSignature(signed.bytes());
                }
                signer.update(signed.bytes(), 0, signed.bytes().length);
                return signer.generateSignature();
            }
            if (signed.algorithm().equals("ED25519_PH_SHA_512")) {
                return hashing(PrivateKeyFactory.createKey(encoded), true, signed)
                        .generateSignature();
            }
            Signature signature = signature(signed);
            signature.initSign(key);
            signature.update(input(signed));
            return signature.sign();
        } catch (GeneralSecurityException | CryptoException | IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static boolean verify(Signed signed, KeyRecord record, byte[] bytes) {
        byte[] half = record.newest().publicKey().orElseThrow().asByteArrayUnsafe();
        try {
            if (signed.algorithm().equals("ML_DSA_SHAKE_256")) {
                MLDSASigner signer = lattice(org.bouncycastle.pqc.crypto.util.PublicKeyFactory.createKey(half), false);
                if (signed.representative()) {
                    return signer.verifyMuSignature(signed.bytes(), bytes);
                }
                signer.update(signed.bytes(), 0, signed.bytes().length);
                return signer.verifySignature(bytes);
            }
            return signed.algorithm().equals("ED25519_PH_SHA_512")
                    ? hashing(PublicKeyFactory.createKey(half), false, signed).verifySignature(bytes)
                    : verify(signed, KeyPairs.publicKey(record.spec(), half), bytes);
        } catch (InvalidKeySpecException | IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Ed25519phSigner hashing(AsymmetricKeyParameter key, boolean signing, Signed signed) {
        Ed25519phSigner signer = new Ed25519phSigner(new byte[0]);
        signer.init(signing, key);
        signer.update(signed.bytes(), 0, signed.bytes().length);
        return signer;
    }

    private static boolean verify(Signed signed, PublicKey key, byte[] bytes) {
        try {
            Signature signature = signature(signed);
            signature.initVerify(key);
            signature.update(input(signed));
            return signature.verify(bytes);
        } catch (java.security.SignatureException e) {
            // Bytes that are no signature of this kind.
            return false;
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static MLDSASigner lattice(AsymmetricKeyParameter key, boolean signing) {
        MLDSASigner signer = new MLDSASigner();
        signer.init(signing, key);
        return signer;
    }

    private static Signature signature(Signed signed) throws GeneralSecurityException {
        String algorithm = signed.algorithm();
        if (algorithm.equals("ED25519_SHA_512")) {
            return Signature.getInstance("Ed25519", KeyPairs.PROVIDER);
        }
        if (algorithm.startsWith("ECDSA")) {
            return Signature.getInstance("NONEwithECDSA", KeyPairs.PROVIDER);
        }
        if (algorithm.startsWith("RSASSA_PKCS1")) {
            return Signature.getInstance("NONEwithRSA", KeyPairs.PROVIDER);
        }
        Signature signature = Signature.getInstance("NONEwithRSASSA-PSS", KeyPairs.PROVIDER);
        // The salt is as long as the digest, as AWS documents.
        signature.setParameter(new PSSParameterSpec(
                signed.hash(), "MGF1", new MGF1ParameterSpec(signed.hash()), signed.bytes().length, 1));
        return signature;
    }

    private static byte[] input(Signed signed) throws IOException {
        if (!signed.algorithm().startsWith("RSASSA_PKCS1")) {
            return signed.bytes();
        }
        AlgorithmIdentifier hash = new AlgorithmIdentifier(
                switch (signed.hash()) {
                    case "SHA-256" -> NISTObjectIdentifiers.id_sha256;
                    case "SHA-384" -> NISTObjectIdentifiers.id_sha384;
                    default -> NISTObjectIdentifiers.id_sha512;
                },
                DERNull.INSTANCE);
        return new DigestInfo(hash, signed.bytes()).getEncoded();
    }
}
