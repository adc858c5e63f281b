package dev.terrane.storage.files;

import dev.terrane.kernel.blob.Blobs.Blob;
import dev.terrane.kernel.blob.Blobs.Writing;
import dev.terrane.kernel.id.Ids;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** A blob being written: in memory as long as it is small, then in an unfinished file. */
final class BlobWriting extends OutputStream implements Writing {
    private final FileBlobs blobs;
    private final BlobFolder folder;
    private final byte[] master;
    /** Bytes not yet written; full chunks wait for the next byte, since only then it is known that they are not the last. */
    private byte[] buffer = new byte[FileBlobs.SMALL];

    private int buffered;
    private @Nullable Spilled file;
    private boolean ended;

    BlobWriting(FileBlobs blobs, BlobFolder folder, byte[] master) {
        this.blobs = blobs;
        this.folder = folder;
        this.master = master;
    }

    @Override
    public OutputStream stream() {
        return this;
    }

    @Override
    public void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        if (ended) {
            throw new IOException("The blob was ended");
        }
        int from = offset;
        int left = length;
        while (left > 0) {
            if (buffered == buffer.length) {
                makeRoom();
            }
            int taken = Math.min(left, buffer.length - buffered);
            System.arraycopy(bytes, from, buffer, buffered, taken);
            buffered += taken;
            from += taken;
            left -= taken;
        }
    }

    private void makeRoom() throws IOException {
        if (buffer.length < ChunkCipher.CHUNK) {
            buffer = Arrays.copyOf(buffer, ChunkCipher.CHUNK);
        } else {
            spilled().write(buffer, buffered, false);
            buffered = 0;
        }
    }

    private Spilled spilled() throws IOException {
        Spilled spilled = file;
        if (spilled == null) {
            spilled = new Spilled();
            file = spilled;
        }
        return spilled;
    }

    @Override
    public Blob commit() throws IOException {
        if (ended) {
            throw new IOException("The blob was ended");
        }
        if (file == null && buffered <= FileBlobs.SMALL) {
            ended = true;
            return blobs.keep(Arrays.copyOf(buffer, buffered));
        }
        Spilled spilled = spilled();
        spilled.write(buffer, buffered, true);
        spilled.channel.force(true);
        spilled.channel.close();
        folder.finish(spilled.key);
        ended = true;
        return new Blob(spilled.key, spilled.size);
    }

    @Override
    public void close() throws IOException {
        Spilled spilled = file;
        if (!ended && spilled != null) {
            spilled.channel.close();
            Files.deleteIfExists(folder.unfinished(spilled.key));
        }
        ended = true;
    }

    /** The unfinished file. */
    private final class Spilled {
        final String key = "f" + Ids.hex(32);
        final FileChannel channel;
        private final ChunkCipher cipher;
        private final byte[] sealed = new byte[ChunkCipher.CHUNK + ChunkCipher.TAG];
        private long chunks;
        long size;

        Spilled() throws IOException {
            byte[] salt = Ids.bytes(ChunkCipher.SALT);
            cipher = new ChunkCipher(master, key, salt);
            channel = FileChannel.open(folder.unfinished(key), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
            fully(ByteBuffer.wrap(salt));
        }

        void write(byte[] plain, int length, boolean last) throws IOException {
            int bytes = cipher.seal(chunks++, last, plain, length, sealed);
            fully(ByteBuffer.wrap(sealed, 0, bytes));
            size += length;
        }

        private void fully(ByteBuffer bytes) throws IOException {
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
        }
    }
}
