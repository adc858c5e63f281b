package dev.terrane.s3;

import dev.terrane.kernel.id.Ids;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import javax.crypto.Cipher;
import javax.crypto.ShortBufferException;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * A data key of KMS in use. Bytes are encrypted in counter mode, so that a range can be read alone; that they were not changed is the blob store's
 * and the store's to guard. A key serves one object, and every part of it begins its counter elsewhere.
 */
final class DataKey {
    private static final int BLOCK = 16;
    private static final int NONCE = 8;
    private final SecretKeySpec key;

    DataKey(byte[] plain) {
        key = new SecretKeySpec(plain, "AES");
    }

    /** A new beginning for the counter: eight random bytes, and eight that count blocks from zero. */
    static byte[] freshIv() {
        return Arrays.copyOf(Ids.bytes(NONCE), BLOCK);
    }

    Cipher encrypting(byte[] iv) {
        return cipher(Cipher.ENCRYPT_MODE, iv, 0);
    }

    /** Decrypts a stream that begins at an offset of the whole. */
    InputStream decrypting(InputStream encrypted, byte[] iv, long offset) {
        return new Decrypting(encrypted, cipher(Cipher.DECRYPT_MODE, iv, offset));
    }

    private Cipher cipher(int mode, byte[] iv, long offset) {
        try {
            byte[] counter = iv.clone();
            ByteBuffer.wrap(counter).putLong(NONCE, offset / BLOCK);
            Cipher cipher = Cipher.getInstance("AES/CTR/NoPadding");
            cipher.init(mode, key, new IvParameterSpec(counter));
            cipher.update(new byte[(int) (offset % BLOCK)]);
            return cipher;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static final class Decrypting extends FilterInputStream {
        private final Cipher cipher;

        Decrypting(InputStream in, Cipher cipher) {
            super(in);
            this.cipher = cipher;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            int count = super.read(bytes, offset, length);
            if (count > 0) {
                try {
                    cipher.update(bytes, offset, count, bytes, offset);
                } catch (ShortBufferException e) {
                    throw new IOException(e);
                }
            }
            return count;
        }

        @Override
        public long skip(long count) throws IOException {
            long skipped = 0;
            byte[] buffer = new byte[(int) Math.min(count, 8192)];
            while (skipped < count) {
                int read = read(buffer, 0, (int) Math.min(buffer.length, count - skipped));
                if (read < 0) {
                    break;
                }
                skipped += read;
            }
            return skipped;
        }

        @Override
        public boolean markSupported() {
            return false;
        }
    }
}
