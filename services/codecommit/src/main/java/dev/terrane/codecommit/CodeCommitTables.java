package dev.terrane.codecommit;

import dev.terrane.kernel.call.Scope;
import dev.terrane.kernel.store.Page;
import dev.terrane.kernel.store.Query;
import dev.terrane.kernel.store.Rows;
import dev.terrane.kernel.store.Store;
import dev.terrane.kernel.store.Table;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Predicate;
import java.util.function.Supplier;

/** Repositories, references and packs as they are stored. */
final class CodeCommitTables {
    private static final int CHUNK = 5_000;

    private final Store store;
    private final Rows<RepositoryRecord> repositories;
    private final Rows<RefRecord> refs;
    private final Rows<PackRecord> packs;
    private final Rows<UnreferencedRecord> unreferenced;
    private final Rows<LocationRecord> locations;

    CodeCommitTables(Store store) {
        this.store = store;
        repositories = store.rows(Table.of("codecommit.repository", RepositoryRecord.class, RepositoryRecord::name)
                .index("id", RepositoryRecord::repositoryId)
                .index("modified", r -> "%014d".formatted(r.modified().toEpochMilli())));
        refs = store.rows(Table.of("codecommit.ref", RefRecord.class, r -> RefRecord.key(r.repositoryId(), r.name())));
        packs = store.rows(Table.of("codecommit.pack", PackRecord.class, p -> p.repositoryId() + "/" + p.name()));
        unreferenced =
                store.rows(Table.of("codecommit.unreferenced", UnreferencedRecord.class, UnreferencedRecord::name));
        locations = store.rows(
                Table.of("codecommit.location", LocationRecord.class, l -> LocationRecord.key(l.name(), l.region())));
    }

    <T> T transact(Supplier<T> work) {
        return store.transact(work);
    }

    void afterCommit(Runnable work) {
        store.afterCommit(work);
    }

    Optional<RepositoryRecord> repository(Scope scope, String name) {
        return repositories.get(scope, name);
    }

    Optional<RepositoryRecord> repositoryById(Scope scope, String repositoryId) {
        return repositories.list(scope, Query.equal("id", repositoryId).limit(1)).values().stream()
                .findFirst();
    }

    Page<RepositoryRecord> repositories(Scope scope, Query query) {
        return repositories.list(scope, query);
    }

    /** All repositories of all accounts, each with where it belongs. */
    Everywhere<RepositoryRecord> everyRepository() {
        return everywhere(repositories, repository -> true);
    }

    /** Records and where they belong, gathered before anything is done to them, so that no read stays open meanwhile. */
    record Everywhere<R>(List<Scope> scopes, List<R> records) {
        void forEach(BiConsumer<Scope, R> visitor) {
            for (int i = 0; i < records.size(); i++) {
                visitor.accept(scopes.get(i), records.get(i));
            }
        }
    }

    private static <R extends Record> Everywhere<R> everywhere(Rows<R> rows, Predicate<R> wanted) {
        Everywhere<R> found = new Everywhere<>(new ArrayList<>(), new ArrayList<>());
        rows.everywhere((scope, row) -> {
            if (wanted.test(row)) {
                found.scopes().add(scope);
                found.records().add(row);
            }
        });
        return found;
    }

    void put(Scope scope, RepositoryRecord repository) {
        repositories.put(scope, repository);
        locations.put(Scope.global(scope.account()), new LocationRecord(repository.name(), scope.region()));
    }

    /** Writes a repository that is there already, under the name that it has. */
    void update(Scope scope, RepositoryRecord repository) {
        repositories.put(scope, repository);
    }

    /** Takes a repository's name away; its content stays. */
    void remove(Scope scope, String name) {
        repositories.delete(scope, name);
        locations.delete(Scope.global(scope.account()), LocationRecord.key(name, scope.region()));
    }

    /** The regions in which an account has a repository of a name. */
    List<String> regions(String account, String name) {
        return locations.list(Scope.global(account), Query.prefix(name + "/")).values().stream()
                .map(LocationRecord::region)
                .toList();
    }

    Optional<RefRecord> ref(Scope scope, String repositoryId, String name) {
        return refs.get(scope, RefRecord.key(repositoryId, name));
    }

    Page<RefRecord> refs(Scope scope, String repositoryId, String prefix, Optional<String> after, int limit) {
        return refs.list(
                scope,
                Query.prefix(RefRecord.key(repositoryId, prefix)).after(after).limit(limit));
    }

    /** All references whose name begins with a prefix. */
    List<RefRecord> refs(Scope scope, String repositoryId, String prefix) {
        List<RefRecord> all = new ArrayList<>();
        Optional<String> after = Optional.empty();
        do {
            Page<RefRecord> page = refs(scope, repositoryId, prefix, after, CHUNK);
            all.addAll(page.values());
            after = page.next();
        } while (after.isPresent());
        return all;
    }

    void put(Scope scope, RefRecord ref) {
        refs.put(scope, ref);
    }

    void deleteRef(Scope scope, String repositoryId, String name) {
        refs.delete(scope, RefRecord.key(repositoryId, name));
    }

    List<PackRecord> packs(Scope scope, String repositoryId) {
        return packs.list(scope, Query.prefix(repositoryId + "/")).values();
    }

    Optional<PackRecord> pack(Scope scope, String repositoryId, String name) {
        return packs.get(scope, repositoryId + "/" + name);
    }

    /** Makes a pack visible; its blobs are swept no more. */
    void put(Scope scope, PackRecord pack) {
        packs.put(scope, pack);
        unreferenced.delete(scope, pack.name());
    }

    /** Takes a pack out of sight; its blobs are swept when nobody reads them any more. */
    void retire(Scope scope, PackRecord pack, Instant now) {
        packs.delete(scope, pack.repositoryId() + "/" + pack.name());
        unreferenced.put(scope, new UnreferencedRecord(pack.name(), pack.blobs(), now));
    }

    /** Remembers blobs of a pack that is being written, whatever becomes of the transaction in which that happens. */
    void remember(Scope scope, UnreferencedRecord written) {
        store.transactNow(() -> {
            unreferenced.put(scope, written);
            return written;
        });
    }

    /** Forgets blobs that are deleted. */
    void forget(Scope scope, String name) {
        store.transactNow(() -> {
            unreferenced.delete(scope, name);
            return name;
        });
    }

    /** Blobs to which nothing has referred since before a time. */
    Everywhere<UnreferencedRecord> unreferencedBefore(Instant limit) {
        return everywhere(unreferenced, row -> row.since().isBefore(limit));
    }
}
