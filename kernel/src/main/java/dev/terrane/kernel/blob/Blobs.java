package dev.terrane.kernel.blob;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/**
 * Immutable bytes by key. A blob is readable once {@link Writing#commit} has returned, and from then on whole, checked and on disk;
 * a blob whose writing was cut off never appears. All are encrypted at rest.
 */
public interface Blobs {
    /** Begins a blob under a new, random key. */
    Writing create() throws IOException;

    /** Stores all of a stream.
     *
     * @return the key and size
     * @throws IOException as the stream or the disk gave it; nothing is kept then
     */
    default Blob put(InputStream bytes) throws IOException {
        try (Writing writing = create()) {
            bytes.transferTo(writing.stream());
            return writing.commit();
        }
    }

    /**
     * Reads a range.
     *
     * @param offset the first byte
     * @param length how many bytes at the most; beyond the end is cut
     * @throws BlobMissing when there is no such blob
     */
    InputStream open(String key, long offset, long length) throws IOException;

    /** Reads all of a blob. */
    default InputStream open(String key) throws IOException {
        return open(key, 0, Long.MAX_VALUE);
    }

    /** Deletes a blob; an unknown key is no error. Readers that have it open finish. */
    void delete(String key) throws IOException;

    /** A stored blob. */
    record Blob(String key, long size) {}

    /** A blob being written. Closing without {@link #commit} discards it. */
    interface Writing extends AutoCloseable {
        OutputStream stream();

        /** Makes the blob durable and readable. */
        Blob commit() throws IOException;

        @Override
        void close() throws IOException;
    }

    /** A blob's bytes on disk are not those that were written. Thrown by {@link #open} or by reading. */
    final class BlobDamaged extends IOException {
        public BlobDamaged(String key, Throwable cause) {
            super("Blob " + key + " is damaged on disk: restore it from a backup", cause);
        }
    }

    /** No blob has that key. */
    final class BlobMissing extends IOException {
        public BlobMissing(String key) {
            super("No blob " + key);
        }
    }
}
