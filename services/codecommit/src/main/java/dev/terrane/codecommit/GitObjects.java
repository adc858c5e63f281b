package dev.terrane.codecommit;

import dev.terrane.kernel.id.Ids;
import dev.terrane.kernel.secret.MasterKey.Sealer;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.eclipse.jgit.internal.storage.dfs.DfsObjDatabase;
import org.eclipse.jgit.internal.storage.dfs.DfsOutputStream;
import org.eclipse.jgit.internal.storage.dfs.DfsPackDescription;
import org.eclipse.jgit.internal.storage.dfs.ReadableChannel;
import org.eclipse.jgit.internal.storage.pack.PackExt;
import org.jspecify.annotations.Nullable;

/**
 * The objects of a repository. Packs that this piece of work writes are seen by itself alone until {@link #publish} puts them into the
 * store, in the transaction that also changes the references.
 */
final class GitObjects extends DfsObjDatabase {
    private final GitRepository git;
    private final GitStorage storage;
    private final Map<String, Draft> drafts = new LinkedHashMap<>();
    private final Map<String, PackRecord> known = new HashMap<>();
    private final List<PackRecord> added = new ArrayList<>();
    private final List<String> replaced = new ArrayList<>();

    /** A pack being written. */
    private static final class Draft {
        final List<String> blobs = new ArrayList<>();
        final Map<String, PackRecord.File> files = new LinkedHashMap<>();
    }

    GitObjects(GitRepository git, GitStorage storage) {
        super(git, GitStorage.readerOptions());
        this.git = git;
        this.storage = storage;
    }

    @Override
    protected DfsPackDescription newPack(PackSource source) {
        String name = "pack-" + Ids.uuid();
        drafts.put(name, new Draft());
        return new DfsPackDescription(git.getDescription(), name, source)
                .setLastModified(storage.clock().millis());
    }

    @Override
    protected DfsOutputStream writeFile(DfsPackDescription pack, PackExt ext) {
        Draft draft = draft(pack);
        String name = pack.getFileName(ext);
        Optional<Sealer> sealer = sealer(git.repository().key());
        return new PackOutput(new PackOutput.Parts() {
            @Override
            public String write(int part, byte[] bytes, int length) throws IOException {
                String blob = storage.files().write(name, part, bytes, length, sealer);
                draft.blobs.add(blob);
                storage.tables()
                        .remember(
                                git.scope(),
                                new UnreferencedRecord(
                                        pack.getPackName(),
                                        draft.blobs,
                                        storage.clock().instant()));
                return blob;
            }

            @Override
            public int read(String blob, int part, int offset, ByteBuffer target) throws IOException {
                return storage.files().read(blob, name, part, offset, target, sealer);
            }

            @Override
            public void finished(long size, List<String> blobs) {
                pack.addFileExt(ext);
                pack.setFileSize(ext, size);
                draft.files.put(ext.name(), new PackRecord.File(ext.name(), size, blobs));
            }
        });
    }

    private Draft draft(DfsPackDescription pack) {
        Draft draft = drafts.get(pack.getPackName());
        if (draft == null) {
            throw new IllegalStateException("Not a pack of this piece of work: " + pack);
        }
        return draft;
    }

    private Optional<Sealer> sealer(DataKey key) {
        return storage.keys().sealer(git.scope(), git.repository().repositoryId(), key);
    }

    @Override
    protected ReadableChannel openFile(DfsPackDescription pack, PackExt ext) throws IOException {
        PackRecord stored = known.get(pack.getPackName());
        Optional<PackRecord.File> file = stored != null
                ? stored.files().stream()
                        .filter(f -> f.extension().equals(ext.name()))
                        .findFirst()
                : Optional.ofNullable(draft(pack).files.get(ext.name()));
        DataKey key = stored != null ? stored.key() : git.repository().key();
        return new PackChannel(
                storage.files(),
                pack.getFileName(ext),
                file.orElseThrow(() -> new FileNotFoundException(pack.getFileName(ext))),
                sealer(key));
    }

    @Override
    protected void commitPackImpl(
            Collection<DfsPackDescription> packs, @Nullable Collection<DfsPackDescription> replaces) {
        for (DfsPackDescription pack : packs) {
            PackRecord written = new PackRecord(
                    git.repository().repositoryId(),
                    pack.getPackName(),
                    pack.getPackSource().name(),
                    pack.getLastModified(),
                    pack.getObjectCount(),
                    pack.getDeltaCount(),
                    pack.getIndexVersion(),
                    git.repository().key(),
                    List.copyOf(draft(pack).files.values()));
            known.put(written.name(), written);
            added.add(written);
        }
        if (replaces != null) {
            replaces.forEach(pack -> replaced.add(pack.getPackName()));
        }
    }

    @Override
    protected void rollbackPack(Collection<DfsPackDescription> packs) {
        packs.forEach(pack -> discard(pack.getPackName()));
    }

    @Override
    protected List<DfsPackDescription> listPacks() {
        List<DfsPackDescription> packs = new ArrayList<>();
        for (PackRecord pack :
                storage.tables().packs(git.scope(), git.repository().repositoryId())) {
            if (!replaced.contains(pack.name()) && !drafts.containsKey(pack.name())) {
                known.put(pack.name(), pack);
                packs.add(describe(pack));
            }
        }
        added.forEach(pack -> packs.add(describe(pack)));
        return packs;
    }

    private DfsPackDescription describe(PackRecord pack) {
        DfsPackDescription description =
                new DfsPackDescription(git.getDescription(), pack.name(), PackSource.valueOf(pack.source()));
        description
                .setLastModified(pack.lastModified())
                .setObjectCount(pack.objectCount())
                .setDeltaCount(pack.deltaCount())
                .setIndexVersion(pack.indexVersion());
        for (PackRecord.File file : pack.files()) {
            PackExt ext = PackExt.valueOf(file.extension());
            description.addFileExt(ext);
            description.setFileSize(ext, file.size());
        }
        return description;
    }

    /** Forgets which packs there are, so that the next look sees at least those that references read now rely on. */
    void rescan() {
        clearCache();
    }

    @Override
    public long getApproximateObjectCount() {
        return listPacks().stream()
                .mapToLong(DfsPackDescription::getObjectCount)
                .sum();
    }

    /** Makes what was written visible, as part of the current transaction. */
    void publish() {
        added.forEach(pack -> storage.tables().put(git.scope(), pack));
        for (String name : replaced) {
            storage.tables()
                    .pack(git.scope(), git.repository().repositoryId(), name)
                    .ifPresent(pack -> storage.tables()
                            .retire(git.scope(), pack, storage.clock().instant()));
        }
    }

    /** Keeps what was published when the work ends. */
    void published() {
        added.forEach(pack -> drafts.remove(pack.name()));
        added.clear();
        replaced.clear();
    }

    /** Deletes what was written and not published. */
    void abandon() {
        List.copyOf(drafts.keySet()).forEach(this::discard);
    }

    private void discard(String name) {
        Draft draft = drafts.remove(name);
        added.removeIf(pack -> pack.name().equals(name));
        if (draft == null || draft.blobs.isEmpty()) {
            return;
        }
        try {
            storage.files().delete(draft.blobs);
            storage.tables().forget(git.scope(), name);
        } catch (IOException e) {
            // The blobs are remembered as unreferenced: the next sweep deletes them.
        }
    }
}
