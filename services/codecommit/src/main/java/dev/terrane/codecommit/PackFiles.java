package dev.terrane.codecommit;

import dev.terrane.kernel.blob.Blobs;
import dev.terrane.kernel.secret.MasterKey.SealBroken;
import dev.terrane.kernel.secret.MasterKey.Sealer;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

/**
 * The parts of which a pack's files consist: blobs of {@link #PART} bytes, the last one shorter. Where the repository has a data key, each
 * part is a row of chunks, sealed one by one and bound to their place, so that any place can be read without what is before it.
 */
final class PackFiles {
    /** The size of a part in bytes, before encryption: what a push holds in memory at the most. */
    static final int PART = 4 << 20;

    private static final int CHUNK = 64 << 10;
    private static final int SEAL = 28;

    private final Blobs blobs;

    PackFiles(Blobs blobs) {
        this.blobs = blobs;
    }

    /** Stores a part.
     *
     * @param name the file's, unique in the installation
     * @return the blob's key
     */
    String write(String name, int part, byte[] bytes, int length, Optional<Sealer> sealer) throws IOException {
        try (Blobs.Writing writing = blobs.create()) {
            OutputStream out = writing.stream();
            if (sealer.isEmpty()) {
                out.write(bytes, 0, length);
            } else {
                for (int at = 0; at < length; at += CHUNK) {
                    byte[] plain = Arrays.copyOfRange(bytes, at, Math.min(length, at + CHUNK));
                    out.write(sealer.get().seal(plain, place(name, part, at / CHUNK)));
                }
            }
            return writing.commit().key();
        }
    }

    /** Reads from a place in a part into a buffer: at least one byte, unless the part ends there.
     *
     * @return the number of bytes read
     */
    int read(String blob, String name, int part, int offset, ByteBuffer target, Optional<Sealer> sealer)
            throws IOException {
        if (sealer.isPresent()) {
            byte[] plain = chunk(blob, name, part, offset / CHUNK, sealer.get());
            int from = offset % CHUNK;
            int length = Math.min(target.remaining(), plain.length - from);
            target.put(plain, from, length);
            return length;
        }
        try (InputStream in = blobs.open(blob, offset, target.remaining())) {
            byte[] bytes = in.readNBytes(target.remaining());
            target.put(bytes);
            return bytes.length;
        }
    }

    private byte[] chunk(String blob, String name, int part, int chunk, Sealer sealer) throws IOException {
        int sealed = CHUNK + SEAL;
        try (InputStream in = blobs.open(blob, (long) chunk * sealed, sealed)) {
            return sealer.open(in.readNBytes(sealed), place(name, part, chunk));
        } catch (SealBroken e) {
            throw new IOException("Pack file " + name + " is damaged", e);
        }
    }

    void delete(Iterable<String> keys) throws IOException {
        for (String key : keys) {
            blobs.delete(key);
        }
    }

    private static byte[] place(String name, int part, int chunk) {
        return (name + "/" + part + "/" + chunk).getBytes(StandardCharsets.UTF_8);
    }
}
