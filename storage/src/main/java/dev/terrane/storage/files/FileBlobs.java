package dev.terrane.storage.files;

import dev.terrane.kernel.blob.Blobs;
import dev.terrane.kernel.call.Scope;
import dev.terrane.kernel.id.Ids;
import dev.terrane.kernel.secret.MasterKey;
import dev.terrane.kernel.store.StoreBackend;
import dev.terrane.kernel.store.StoreBackend.Batch;
import dev.terrane.kernel.store.StoreBackend.RowKey;
import dev.terrane.kernel.store.StoreBackend.StoredRow;
import dev.terrane.kernel.store.StoreBackend.Write;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Blobs as encrypted files. A blob of up to {@link #SMALL} bytes is a row of the store instead: it shares its sync with others, and
 * needs no file.
 */
public final class FileBlobs implements Blobs {
    /** The greatest size of a blob that is a row. */
    static final int SMALL = 4096;

    private static final String TABLE = "blob.small";

    private final BlobFolder folder;
    private final byte[] key;
    private final MasterKey.Sealer sealer;
    private final StoreBackend rows;

    /**
     * Opens a folder of blobs, and removes what was left unfinished there.
     *
     * @param rows where small blobs go; it must be backed up together with the folder
     */
    public FileBlobs(Path folder, MasterKey key, StoreBackend rows) throws IOException {
        this.folder = new BlobFolder(folder);
        this.key = key.derive("blobs");
        this.sealer = key.sealer("blobs");
        this.rows = rows;
        rows.declare(TABLE, Set.of());
    }

    @Override
    public Writing create() {
        return new BlobWriting(this, folder, key);
    }

    /** Keeps a small blob. */
    Blob keep(byte[] bytes) {
        String name = "s" + Ids.hex(32);
        byte[] sealed = sealer.seal(bytes, name.getBytes(StandardCharsets.US_ASCII));
        rows.commit(new Batch(Map.of(), List.of(new Write(row(name), Optional.of(sealed), Map.of()))));
        return new Blob(name, bytes.length);
    }

    @Override
    public InputStream open(String name, long offset, long length) throws IOException {
        if (offset < 0 || length < 0) {
            throw new IllegalArgumentException("Not a range: " + offset + ", " + length);
        }
        if (name.startsWith("s")) {
            byte[] bytes = small(name);
            int from = (int) Math.min(offset, bytes.length);
            return new ByteArrayInputStream(bytes, from, (int) Math.min(length, bytes.length - from));
        }
        if (!BlobFolder.isKey(name)) {
            throw new BlobMissing(name);
        }
        try {
            return new BlobReading(folder.finished(name), name, key, offset, length);
        } catch (NoSuchFileException e) {
            BlobMissing missing = new BlobMissing(name);
            missing.addSuppressed(e);
            throw missing;
        }
    }

    private byte[] small(String name) throws IOException {
        StoredRow stored = rows.get(row(name)).orElse(null);
        if (stored == null) {
            throw new BlobMissing(name);
        }
        try {
            return sealer.open(stored.body(), name.getBytes(StandardCharsets.US_ASCII));
        } catch (MasterKey.SealBroken e) {
            throw new BlobDamaged(name, e);
        }
    }

    @Override
    public void delete(String name) throws IOException {
        if (name.startsWith("s")) {
            rows.commit(new Batch(Map.of(), List.of(new Write(row(name), Optional.empty(), Map.of()))));
        } else if (BlobFolder.isKey(name)) {
            Files.deleteIfExists(folder.finished(name));
        }
    }

    private static RowKey row(String name) {
        return new RowKey(TABLE, Scope.INSTALLATION, name);
    }
}
