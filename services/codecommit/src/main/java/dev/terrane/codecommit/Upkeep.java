package dev.terrane.codecommit;

import dev.terrane.kernel.call.Call;
import dev.terrane.kernel.call.Principal;
import dev.terrane.kernel.call.Scope;
import dev.terrane.kernel.clock.Threads;
import dev.terrane.kernel.id.Ids;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BiConsumer;
import java.util.stream.Stream;
import org.eclipse.jgit.internal.storage.dfs.DfsGarbageCollector;
import org.eclipse.jgit.internal.storage.dfs.DfsObjDatabase.PackSource;
import org.eclipse.jgit.internal.storage.dfs.DfsPackCompactor;
import org.eclipse.jgit.internal.storage.dfs.DfsPackDescription;
import org.eclipse.jgit.internal.storage.dfs.DfsPackFile;
import org.eclipse.jgit.internal.storage.pack.PackExt;
import org.eclipse.jgit.lib.NullProgressMonitor;
import org.eclipse.jgit.storage.pack.PackConfig;
import software.amazon.awssdk.services.codecommit.model.EncryptionKeyAccessDeniedException;
import software.amazon.awssdk.services.codecommit.model.EncryptionKeyDisabledException;

/**
 * What keeps repositories small and quick: many small packs become one; where much is new, all objects are packed anew, with
 * new deltas and bitmaps, soon after the push or in the hourly round, and what no reference reaches is dropped after a week; blobs
 * that no pack refers to are deleted after a day, so that a clone in progress still finds what it began to read.
 */
final class Upkeep {
    private static final Duration PERIOD = Duration.ofHours(1);
    private static final Duration UNREFERENCED = Duration.ofDays(1);
    private static final long GARBAGE_DAYS = 7;

    /** From how many young packs on they are put together. */
    private static final int MANY_PACKS = 24;

    /** The greatest pack that is put together with others: copying larger ones again and again would cost more than it brings. */
    private static final long SMALL_PACK = 16 << 20;

    /** How much must be new, in bytes and as a part of the whole, for all to be packed anew. */
    private static final long MUCH = 1 << 20;

    private static final int MUCH_PART = 4;

    private static final Set<PackSource> SETTLED =
            EnumSet.of(PackSource.GC, PackSource.GC_PART, PackSource.GC_REST, PackSource.UNREACHABLE_GARBAGE);

    private final GitStorage storage;
    private final CodeCommitTables tables;
    private final Threads threads;
    private final List<ReentrantLock> turns =
            Stream.generate(ReentrantLock::new).limit(8).toList();

    Upkeep(GitStorage storage, Threads threads) {
        this.storage = storage;
        this.tables = storage.tables();
        this.threads = threads;
    }

    /** Begins the hourly round. */
    void start() {
        threads.start("codecommit-sweep", this::sweep);
        var _ = threads.every("codecommit-upkeep", PERIOD, () -> {
            sweep();
            tables.everyRepository().forEach(this::tidyIfAllowed);
        });
    }

    /** Tidies a repository in the background, where that is due: clones of what was just pushed should not wait for the next round. */
    void considerSoon(Scope scope, RepositoryRecord repository) {
        if (muchIsNew(scope, repository) || young(scope, repository).size() >= MANY_PACKS) {
            Call caller = Call.current();
            threads.start("codecommit-tidy", () -> inTurn(caller, scope, repository.name(), this::tidyNow));
        }
    }

    private List<PackRecord> young(Scope scope, RepositoryRecord repository) {
        return tables.packs(scope, repository.repositoryId()).stream()
                .filter(pack -> !SETTLED.contains(PackSource.valueOf(pack.source())))
                .toList();
    }

    /** A customer's key need not let CodeCommit in when nobody asks: then packs stay as they are until somebody pushes. */
    private void tidyIfAllowed(Scope scope, RepositoryRecord repository) {
        try {
            inTurn(scope, repository.name(), this::tidyNow);
        } catch (EncryptionKeyAccessDeniedException | EncryptionKeyDisabledException e) {
            // Nothing is lost by it.
        }
    }

    private void tidyNow(Scope scope, RepositoryRecord repository) {
        if (muchIsNew(scope, repository)) {
            collect(scope, repository);
        } else {
            putTogether(scope, repository);
        }
    }

    private boolean muchIsNew(Scope scope, RepositoryRecord repository) {
        long fresh =
                young(scope, repository).stream().mapToLong(PackRecord::size).sum();
        long all = tables.packs(scope, repository.repositoryId()).stream()
                .mapToLong(PackRecord::size)
                .sum();
        return fresh >= MUCH && fresh * MUCH_PART >= all;
    }

    /** Puts a repository's small packs together, if there are many. */
    void compact(Scope scope, String name) {
        inTurn(scope, name, this::putTogether);
    }

    /** Repacks a repository in the background, in the name of the caller, whose call may be over by now. */
    void repackSoon(Call caller, Scope scope, String name) {
        threads.start("codecommit-repack", () -> inTurn(caller, scope, name, this::collect));
    }

    /** In the service's own name. */
    private void inTurn(Scope scope, String name, BiConsumer<Scope, RepositoryRecord> work) {
        Principal self = new Principal.Service(scope.account(), "codecommit.amazonaws.com");
        inTurn(Call.internal(scope, self, Ids.uuid(), storage.clock().instant()), scope, name, work);
    }

    /** Works on a repository as it is once nobody else here does. */
    private void inTurn(Call call, Scope scope, String name, BiConsumer<Scope, RepositoryRecord> work) {
        ReentrantLock turn = turns.get(Math.floorMod(name.hashCode(), turns.size()));
        turn.lock();
        try {
            call.run(() -> tables.repository(scope, name).ifPresent(repository -> work.accept(scope, repository)));
        } finally {
            turn.unlock();
        }
    }

    /** Puts all objects into few packs, encrypted under the repository's present key. */
    void repack(Scope scope, String name) {
        inTurn(scope, name, this::collect);
    }

    private void putTogether(Scope scope, RepositoryRecord repository) {
        if (young(scope, repository).size() < MANY_PACKS) {
            return;
        }
        try (GitRepository git = storage.open(scope, repository)) {
            DfsPackCompactor compactor = new DfsPackCompactor(git);
            for (DfsPackFile pack : git.getObjectDatabase().getPacks()) {
                DfsPackDescription description = pack.getPackDescription();
                if (!SETTLED.contains(description.getPackSource())
                        && description.getFileSize(PackExt.PACK) <= SMALL_PACK) {
                    var _ = compactor.add(pack);
                }
            }
            compactor.compact(NullProgressMonitor.INSTANCE);
            new Publication(storage, git).repack();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void collect(Scope scope, RepositoryRecord repository) {
        try (GitRepository git = storage.open(scope, repository)) {
            PackConfig config = new PackConfig();
            config.setThreads(1);
            config.setDeltaCacheSize(16 << 20);
            DfsGarbageCollector collector =
                    new DfsGarbageCollector(git).setPackConfig(config).setGarbageTtl(GARBAGE_DAYS, TimeUnit.DAYS);
            if (collector.pack(NullProgressMonitor.INSTANCE)) {
                new Publication(storage, git).repack();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Deletes blobs to which nothing has referred for a day: of pushes cut off by a crash, and of packs that were replaced. */
    void sweep() {
        Instant limit = storage.clock().instant().minus(UNREFERENCED);
        tables.unreferencedBefore(limit).forEach(this::delete);
    }

    private void delete(Scope scope, UnreferencedRecord unreferenced) {
        try {
            storage.files().delete(unreferenced.blobs());
            tables.forget(scope, unreferenced.name());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
