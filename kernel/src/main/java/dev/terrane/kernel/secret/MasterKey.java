package dev.terrane.kernel.secret;

import dev.terrane.kernel.id.Ids;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.Provider;
import java.util.Arrays;
import java.util.concurrent.ArrayBlockingQueue;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * The installation's master key: 256 random bits in a file of their own, apart from the data, readable by its owner alone.
 * Whoever holds the data without it reads nothing; whoever loses it loses the data, so it is to be backed up.
 */
public final class MasterKey {
    private static final int SIZE = 32;
    private final byte[] key;

    private MasterKey(byte[] key) {
        this.key = key;
    }

    /** A key of its own for a test or another process's memory; not stored. */
    public static MasterKey random() {
        return new MasterKey(Ids.bytes(SIZE));
    }

    /** Reads the key, or makes it on first use: written whole and synced before anything is sealed under it.
     *
     * @throws UncheckedIOException when the file cannot be read or written, or is not 32 bytes
     */
    public static MasterKey load(Path file) {
        try {
            if (!Files.exists(file)) {
                Files.createDirectories(file.toAbsolutePath().getParent());
                Path fresh = file.resolveSibling(file.getFileName() + ".new");
                Files.deleteIfExists(fresh);
                Files.createFile(
                        fresh, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
                try (FileChannel channel = FileChannel.open(fresh, StandardOpenOption.WRITE)) {
                    channel.write(ByteBuffer.wrap(Ids.bytes(SIZE)));
                    channel.force(true);
                }
                Files.move(fresh, file);
                try (FileChannel folder = FileChannel.open(file.toAbsolutePath().getParent())) {
                    folder.force(true);
                }
            }
            byte[] bytes = Files.readAllBytes(file);
            if (bytes.length != SIZE) {
                throw new IOException("The master key " + file + " has " + bytes.length + " bytes instead of " + SIZE
                        + ": restore it from its backup");
            }
            return new MasterKey(bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A key for one purpose, derived so that no purpose's key tells another's (HMAC-SHA-256 of the purpose). */
    public byte[] derive(String purpose) {
        return hmac(key, purpose.getBytes(StandardCharsets.UTF_8));
    }

    /** A sealer for one purpose. */
    public Sealer sealer(String purpose) {
        return new Sealer(derive(purpose));
    }

    static byte[] hmac(byte[] key, byte[] data) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            return mac.doFinal(data);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Authenticated encryption (AES-256-GCM) under one derived key. Safe for concurrent use. */
    public static final class Sealer {
        private static final String CIPHER = "AES/GCM/NoPadding";
        /** Found once: going through all providers for each row is a third of its sealing. */
        private static final Provider PROVIDER = provider();

        private static final int MOST_IDLE = 8;
        private static final int NONCE = 12;
        private static final int TAG_BITS = 128;
        private final byte[] raw;
        private final SecretKeySpec key;
        /** Ciphers that rest: one that had this key before takes a new nonce without expanding the key anew. */
        private final ArrayBlockingQueue<Cipher> idle = new ArrayBlockingQueue<>(MOST_IDLE);

        private static Provider provider() {
            try {
                return Cipher.getInstance(CIPHER).getProvider();
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException(e);
            }
        }

        Sealer(byte[] raw) {
            this.raw = raw;
            this.key = new SecretKeySpec(raw, "AES");
        }

        /** A sealer under a given 256-bit key, such as a data key. */
        public static Sealer of(byte[] key) {
            return new Sealer(key.clone());
        }

        /** Encrypts; the context is not stored but must be given again to open. */
        public byte[] seal(byte[] plain, byte[] context) {
            try {
                byte[] nonce = Ids.bytes(NONCE);
                Cipher cipher = cipher();
                cipher.init(Cipher.ENCRYPT_MODE, key, new GCMParameterSpec(TAG_BITS, nonce));
                cipher.updateAAD(context);
                byte[] sealed = Arrays.copyOf(nonce, NONCE + cipher.getOutputSize(plain.length));
                cipher.doFinal(plain, 0, plain.length, sealed, NONCE);
                idle.offer(cipher);
                return sealed;
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException(e);
            }
        }

        /** Decrypts what {@link #seal} made with the same context.
         *
         * @throws SealBroken when the bytes were changed, or sealed under another key or context
         */
        public byte[] open(byte[] sealed, byte[] context) {
            try {
                if (sealed.length < NONCE) {
                    throw new SealBroken("Too short to be sealed", null);
                }
                Cipher cipher = cipher();
                cipher.init(Cipher.DECRYPT_MODE, key, new GCMParameterSpec(TAG_BITS, sealed, 0, NONCE));
                cipher.updateAAD(context);
                byte[] plain = cipher.doFinal(sealed, NONCE, sealed.length - NONCE);
                idle.offer(cipher);
                return plain;
            } catch (GeneralSecurityException e) {
                throw new SealBroken("The seal does not open: changed bytes, or another master key", e);
            }
        }

        /** One that rests, or a new one; it is left to be collected where its work fails. */
        private Cipher cipher() throws GeneralSecurityException {
            Cipher rested = idle.poll();
            return rested == null ? Cipher.getInstance(CIPHER, PROVIDER) : rested;
        }

        /** A message authentication code (HMAC-SHA-256) under this key. */
        public byte[] mac(byte[] data) {
            return hmac(raw, data);
        }
    }

    /** Sealed bytes that do not open. */
    public static final class SealBroken extends RuntimeException {
        SealBroken(String message, @org.jspecify.annotations.Nullable Throwable cause) {
            super(message, cause);
        }
    }
}
