package dev.terrane.codecommit;

import dev.terrane.kernel.secret.MasterKey.Sealer;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;
import org.eclipse.jgit.internal.storage.dfs.ReadableChannel;

/** A stored file of a pack, read from any place. Used by one thread. */
final class PackChannel implements ReadableChannel {
    private final PackFiles files;
    private final String name;
    private final PackRecord.File file;
    private final Optional<Sealer> sealer;
    private long position;
    private boolean open = true;

    PackChannel(PackFiles files, String name, PackRecord.File file, Optional<Sealer> sealer) {
        this.files = files;
        this.name = name;
        this.file = file;
        this.sealer = sealer;
    }

    @Override
    public int read(ByteBuffer target) throws IOException {
        int total = 0;
        while (target.hasRemaining() && position < file.size()) {
            int part = (int) (position / PackFiles.PART);
            int n = files.read(file.blobs().get(part), name, part, (int) (position % PackFiles.PART), target, sealer);
            if (n <= 0) {
                throw new IOException("Pack file " + name + " ends early");
            }
            position += n;
            total += n;
        }
        return total == 0 ? -1 : total;
    }

    @Override
    public long position() {
        return position;
    }

    @Override
    public void position(long newPosition) {
        position = newPosition;
    }

    @Override
    public long size() {
        return file.size();
    }

    @Override
    public int blockSize() {
        return 0;
    }

    @Override
    public void setReadAheadBytes(int bytes) {
        // Blobs are local, or cached by the blob layer: reading ahead would only fill memory.
    }

    @Override
    public boolean isOpen() {
        return open;
    }

    @Override
    public void close() {
        open = false;
    }
}
