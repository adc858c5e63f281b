package dev.terrane.codecommit;

import dev.terrane.kernel.call.Scope;
import dev.terrane.kernel.clock.Clock;
import java.util.Map;
import org.eclipse.jgit.internal.storage.dfs.DfsBlockCache;
import org.eclipse.jgit.internal.storage.dfs.DfsBlockCacheConfig;
import org.eclipse.jgit.internal.storage.dfs.DfsReaderOptions;

/**
 * The one place where Git's object model meets the platform's storage: JGit's distributed storage, with packs in blobs, and
 * the list of packs and the references in the store. What JGit keeps in memory is bounded here.
 */
final class GitStorage {
    private static final int CACHE_BYTES = 32 << 20;
    private static final int BLOCK_BYTES = 64 << 10;

    static {
        DfsBlockCache.reconfigure(
                new DfsBlockCacheConfig().setBlockLimit(CACHE_BYTES).setBlockSize(BLOCK_BYTES));
    }

    private final CodeCommitTables tables;
    private final PackFiles files;
    private final DataKeys keys;
    private final CodeCommitEvents events;
    private final Clock clock;

    GitStorage(CodeCommitTables tables, PackFiles files, DataKeys keys, CodeCommitEvents events, Clock clock) {
        this.tables = tables;
        this.files = files;
        this.keys = keys;
        this.events = events;
        this.clock = clock;
    }

    /**
     * Opens a repository for one piece of work, to be closed after it. What the work writes is seen by others once references to it
     * are published; what was not published by then is deleted.
     *
     * @throws software.amazon.awssdk.services.codecommit.model.CodeCommitException when the repository's key cannot be used: also where
     *     all that would be read is in memory
     */
    GitRepository open(Scope scope, RepositoryRecord repository) {
        var _ = keys.sealer(scope, repository.repositoryId(), repository.key());
        return new GitRepository(this, scope, repository);
    }

    static DfsReaderOptions readerOptions() {
        return new DfsReaderOptions().setDeltaBaseCacheLimit(8 << 20).setLoadRevIndexInParallel(false);
    }

    CodeCommitTables tables() {
        return tables;
    }

    PackFiles files() {
        return files;
    }

    DataKeys keys() {
        return keys;
    }

    CodeCommitEvents events() {
        return events;
    }

    Clock clock() {
        return clock;
    }

    /** What JGit's own limits are set to; the same for every repository. */
    static Map<String, Boolean> uploadSwitches() {
        return Map.of("allowfilter", true, "allowanysha1inwant", true, "advertisesidinfo", false);
    }
}
