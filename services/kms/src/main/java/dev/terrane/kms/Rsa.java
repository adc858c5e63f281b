package dev.terrane.kms;

import dev.terrane.kernel.error.AwsErrors;
import java.security.GeneralSecurityException;
import java.security.spec.MGF1ParameterSpec;
import java.util.Optional;
import javax.crypto.BadPaddingException;
import javax.crypto.Cipher;
import javax.crypto.IllegalBlockSizeException;
import javax.crypto.spec.OAEPParameterSpec;
import javax.crypto.spec.PSource;

/** Encrypting with RSA keys: OAEP, whose mask is generated with the same hash. */
final class Rsa {
    private Rsa() {}

    /** Encrypts by {@code RSAES_OAEP_SHA_1} or {@code RSAES_OAEP_SHA_256}. */
    static byte[] encrypt(KeyRecord key, String algorithm, byte[] plain) {
        int hash = hash(algorithm).equals("SHA-1") ? 20 : 32;
        int longest = Integer.parseInt(key.spec().substring("RSA_".length())) / Byte.SIZE - 2 * hash - 2;
        if (plain.length > longest) {
            throw AwsErrors.validation("Algorithm " + algorithm + " and key spec " + key.spec()
                    + " cannot encrypt data larger than " + longest + " bytes.");
        }
        try {
            Cipher cipher = Cipher.getInstance("RSA/ECB/OAEPPadding", KeyPairs.PROVIDER);
            cipher.init(
                    Cipher.ENCRYPT_MODE,
                    KeyPairs.publicKey(
                            key.spec(), key.newest().publicKey().orElseThrow().asByteArrayUnsafe()),
                    parameters(algorithm));
            return cipher.doFinal(plain);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** @return empty when the bytes are not what the key encrypted by this algorithm */
    static Optional<byte[]> decrypt(String spec, byte[] secret, String algorithm, byte[] sealed) {
        try {
            Cipher cipher = Cipher.getInstance("RSA/ECB/OAEPPadding", KeyPairs.PROVIDER);
            cipher.init(Cipher.DECRYPT_MODE, KeyPairs.privateKey(spec, secret), parameters(algorithm));
            return Optional.of(cipher.doFinal(sealed));
        } catch (BadPaddingException | IllegalBlockSizeException | ArrayIndexOutOfBoundsException e) {
            return Optional.empty();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static OAEPParameterSpec parameters(String algorithm) {
        String hash = hash(algorithm);
        return new OAEPParameterSpec(hash, "MGF1", new MGF1ParameterSpec(hash), PSource.PSpecified.DEFAULT);
    }

    private static String hash(String algorithm) {
        return algorithm.endsWith("SHA_1") ? "SHA-1" : "SHA-256";
    }
}
