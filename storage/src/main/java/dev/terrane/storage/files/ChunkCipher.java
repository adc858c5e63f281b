package dev.terrane.storage.files;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * Encrypts one blob chunk by chunk (AES-256-GCM), under a key of its own. A chunk is bound to the blob's key, its own number and whether it is
 * the last, so that chunks that are changed, exchanged, moved to another blob, or cut off do not open. Used by one thread.
 */
final class ChunkCipher {
    /** Bytes of plain text in each chunk but the last. */
    static final int CHUNK = 64 * 1024;

    static final int TAG = 16;
    static final int SALT = 16;

    private final SecretKeySpec key;
    private final byte[] blob;
    private final Cipher cipher;

    /** @param salt random bytes of the blob, from which its key is derived; with it no nonce can meet the same key twice */
    ChunkCipher(byte[] master, String blob, byte[] salt) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(master, "HmacSHA256"));
            this.key = new SecretKeySpec(mac.doFinal(salt), "AES");
            this.blob = blob.getBytes(StandardCharsets.US_ASCII);
            this.cipher = Cipher.getInstance("AES/GCM/NoPadding");
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Encrypts a chunk. @return the bytes put into {@code sealed} */
    int seal(long number, boolean last, byte[] plain, int length, byte[] sealed) {
        try {
            begin(Cipher.ENCRYPT_MODE, number, last);
            return cipher.doFinal(plain, 0, length, sealed, 0);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Decrypts a chunk.
     *
     * @throws GeneralSecurityException when these are not the bytes that were sealed here */
    int open(long number, boolean last, byte[] sealed, int length, byte[] plain) throws GeneralSecurityException {
        begin(Cipher.DECRYPT_MODE, number, last);
        return cipher.doFinal(sealed, 0, length, plain, 0);
    }

    private void begin(int mode, long number, boolean last) throws GeneralSecurityException {
        byte[] nonce = ByteBuffer.allocate(12).putLong(4, number).array();
        cipher.init(mode, key, new GCMParameterSpec(TAG * 8, nonce));
        cipher.updateAAD(blob);
        cipher.updateAAD(new byte[] {(byte) (last ? 1 : 0)});
    }
}
