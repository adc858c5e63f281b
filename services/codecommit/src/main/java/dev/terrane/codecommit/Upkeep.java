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
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;
import org.eclipse.jgit.internal.storage.dfs.DfsGarbageCollector;
import org.eclipse.jgit.lib.NullProgressMonitor;
import org.eclipse.jgit.storage.pack.PackConfig;

/**
 * What keeps repositories small and quick: many packs become one, with bitmaps; what no reference reaches is dropped after a week; blobs
 * that no pack refers to are deleted after a day, so that a clone in progress still finds what it began to read.
 */
final class Upkeep {
    private static final Duration PERIOD = Duration.ofHours(1);
    private static final Duration UNREFERENCED = Duration.ofDays(1);
    private static final long GARBAGE_DAYS = 7;

    /** From how many packs on a repository is repacked. */
    private static final int MANY_PACKS = 24;

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
            tables.everyRepository().forEach(this::tidy);
        });
    }

    /** Repacks a repository in the background, where it has many packs. */
    void considerSoon(Scope scope, RepositoryRecord repository) {
        if (hasMany(scope, repository)) {
            threads.start("codecommit-repack", () -> tidy(scope, repository));
        }
    }

    private boolean hasMany(Scope scope, RepositoryRecord repository) {
        return tables.packs(scope, repository.repositoryId()).size() >= MANY_PACKS;
    }

    private void tidy(Scope scope, RepositoryRecord repository) {
        inTurn(repository.name(), () -> {
            if (hasMany(scope, repository)) {
                repack(scope, repository.name());
            }
        });
    }

    /** Repacks a repository in the background. */
    void repackSoon(Scope scope, String name) {
        threads.start("codecommit-repack", () -> repack(scope, name));
    }

    private void inTurn(String name, Runnable work) {
        ReentrantLock turn = turns.get(Math.floorMod(name.hashCode(), turns.size()));
        turn.lock();
        try {
            work.run();
        } finally {
            turn.unlock();
        }
    }

    /** Puts all objects into few packs, encrypted under the repository's present key. */
    void repack(Scope scope, String name) {
        Principal self = new Principal.Service(scope.account(), "codecommit.amazonaws.com");
        Call call = Call.internal(scope, self, Ids.uuid(), storage.clock().instant());
        inTurn(
                name,
                () -> call.run(
                        () -> tables.repository(scope, name).ifPresent(repository -> collect(scope, repository))));
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
