package dev.terrane.ecr;

import dev.terrane.kernel.call.Call;
import dev.terrane.kernel.call.Scope;
import dev.terrane.kernel.store.Page;
import dev.terrane.kernel.store.Query;
import dev.terrane.kernel.store.Rows;
import dev.terrane.kernel.store.Store;
import dev.terrane.kernel.store.Table;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Repositories as they are stored: in the account that is their registry, and a region. */
final class EcrTables {
    private final Rows<RepositoryRecord> repositories;

    EcrTables(Store store) {
        repositories = store.rows(Table.of("ecr.repository", RepositoryRecord.class, RepositoryRecord::name));
    }

    /** A repository and where it is. */
    record Placed(Scope scope, RepositoryRecord repository) {
        String registry() {
            return scope.account();
        }

        String name() {
            return repository.name();
        }
    }

    /** Where a registry's repositories are: in the region of the call, and the caller's account where no other is named. */
    static Scope scope(@Nullable String registryId) {
        Call call = Call.current();
        return registryId == null ? call.scope() : new Scope(registryId, call.region());
    }

    Optional<RepositoryRecord> find(Scope scope, String name) {
        return repositories.get(scope, name);
    }

    /** The repository that a request names.
     *
     * @throws software.amazon.awssdk.services.ecr.model.RepositoryNotFoundException when it is not there */
    Placed require(@Nullable String registryId, String name) {
        return require(scope(registryId), name);
    }

    Placed require(Scope scope, String name) {
        return new Placed(scope, find(scope, name).orElseThrow(() -> Refusals.missing(scope.account(), name)));
    }

    Page<RepositoryRecord> list(Scope scope, Query query) {
        return repositories.list(scope, query);
    }

    void put(Scope scope, RepositoryRecord repository) {
        repositories.put(scope, repository);
    }

    void delete(Placed found) {
        repositories.delete(found.scope(), found.name());
    }
}
