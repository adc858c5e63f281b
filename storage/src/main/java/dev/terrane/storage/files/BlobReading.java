package dev.terrane.storage.files;

import dev.terrane.kernel.blob.Blobs.BlobDamaged;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.security.GeneralSecurityException;

/** A range of a file's plain bytes. Only the chunks that it touches are read; a range that reaches the end checks that it is the end. */
final class BlobReading extends InputStream {
    private static final int SEALED = ChunkCipher.CHUNK + ChunkCipher.TAG;

    private final String key;
    private final FileChannel channel;
    private final ChunkCipher cipher;
    private final long lastChunk;
    private final long end;
    private long position;
    private long chunk = -1;
    private final byte[] sealed;
    private final byte[] plain;

    BlobReading(Path file, String key, byte[] master, long offset, long length) throws IOException {
        this.key = key;
        channel = FileChannel.open(file);
        try {
            long stored = channel.size() - ChunkCipher.SALT;
            lastChunk = stored <= 0 ? 0 : (stored - 1) / SEALED;
            long size = stored - (lastChunk + 1) * ChunkCipher.TAG;
            if (size < lastChunk * ChunkCipher.CHUNK) {
                throw new BlobDamaged(key, new EOFException("The file is cut off"));
            }
            byte[] salt = new byte[ChunkCipher.SALT];
            fully(ByteBuffer.wrap(salt), 0);
            cipher = new ChunkCipher(master, key, salt);
            int largest = (int) Math.min(ChunkCipher.CHUNK, size);
            plain = new byte[largest];
            sealed = new byte[largest + ChunkCipher.TAG];
            position = offset;
            end = length > size - offset ? size : offset + length;
            if (offset >= size) {
                load(lastChunk);
            }
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        if (position >= end) {
            return -1;
        }
        load(position / ChunkCipher.CHUNK);
        int within = (int) (position % ChunkCipher.CHUNK);
        int taken = (int) Math.min(Math.min(length, ChunkCipher.CHUNK - within), end - position);
        System.arraycopy(plain, within, into, offset, taken);
        position += taken;
        return taken;
    }

    @Override
    public long skip(long bytes) {
        long skipped = Math.clamp(bytes, 0, Math.max(0, end - position));
        position += skipped;
        return skipped;
    }

    @Override
    public int available() {
        return Math.clamp(end - position, 0, ChunkCipher.CHUNK);
    }

    private void load(long number) throws IOException {
        if (number == chunk) {
            return;
        }
        long start = ChunkCipher.SALT + number * SEALED;
        int length = (int) Math.min(sealed.length, channel.size() - start);
        try {
            fully(ByteBuffer.wrap(sealed, 0, length), start);
            cipher.open(number, number == lastChunk, sealed, length, plain);
        } catch (GeneralSecurityException | EOFException e) {
            throw new BlobDamaged(key, e);
        }
        chunk = number;
    }

    private void fully(ByteBuffer into, long from) throws IOException {
        long at = from;
        while (into.hasRemaining()) {
            int read = channel.read(into, at);
            if (read < 0) {
                throw new EOFException("The file ended early");
            }
            at += read;
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
