package dev.terrane.codecommit;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.eclipse.jgit.internal.storage.dfs.DfsOutputStream;

/** A file of a pack being written, part by part, and read again while that goes on. Used by one thread. */
final class PackOutput extends DfsOutputStream {
    /** Stores and reads parts. */
    interface Parts {
        String write(int part, byte[] bytes, int length) throws IOException;

        int read(String blob, int part, int offset, ByteBuffer target) throws IOException;

        void finished(long size, List<String> blobs) throws IOException;
    }

    private final Parts parts;
    private final List<String> blobs = new ArrayList<>();
    private byte[] buffer = new byte[16 << 10];
    private int filled;
    private boolean closed;

    PackOutput(Parts parts) {
        this.parts = parts;
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        int at = offset;
        int left = length;
        while (left > 0) {
            int n = Math.min(left, PackFiles.PART - filled);
            reserve(filled + n);
            System.arraycopy(bytes, at, buffer, filled, n);
            filled += n;
            at += n;
            left -= n;
            if (filled == PackFiles.PART) {
                store();
            }
        }
    }

    private void reserve(int size) {
        if (size > buffer.length) {
            buffer = Arrays.copyOf(buffer, Math.min(PackFiles.PART, Math.max(size, buffer.length * 2)));
        }
    }

    private void store() throws IOException {
        blobs.add(parts.write(blobs.size(), buffer, filled));
        filled = 0;
    }

    private long stored() {
        return (long) blobs.size() * PackFiles.PART;
    }

    @Override
    public int read(long position, ByteBuffer target) throws IOException {
        if (position >= stored()) {
            int from = (int) (position - stored());
            int n = Math.min(target.remaining(), filled - from);
            if (n <= 0) {
                return -1;
            }
            target.put(buffer, from, n);
            return n;
        }
        int part = (int) (position / PackFiles.PART);
        return parts.read(blobs.get(part), part, (int) (position % PackFiles.PART), target);
    }

    @Override
    public void close() throws IOException {
        if (closed) {
            return;
        }
        closed = true;
        long size = stored() + filled;
        if (filled > 0) {
            store();
        }
        parts.finished(size, blobs);
    }
}
