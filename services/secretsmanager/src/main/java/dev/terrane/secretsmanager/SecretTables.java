package dev.terrane.secretsmanager;

import dev.terrane.kernel.call.Scope;
import dev.terrane.kernel.store.Query;
import dev.terrane.kernel.store.Rows;
import dev.terrane.kernel.store.Store;
import dev.terrane.kernel.store.Table;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.Supplier;

/** Secrets and their versions as they are stored. */
final class SecretTables {
    private final Store store;
    private final Rows<SecretRecord> secrets;
    private final Rows<VersionRecord> versions;

    SecretTables(Store store) {
        this.store = store;
        secrets = store.rows(Table.of("secretsmanager.secret", SecretRecord.class, SecretRecord::name));
        versions = store.rows(Table.of(
                "secretsmanager.version",
                VersionRecord.class,
                version -> VersionRecord.key(version.secretArn(), version.versionId())));
    }

    <T> T transactNow(Supplier<T> work) {
        return store.transactNow(work);
    }

    Optional<SecretRecord> secret(Scope scope, String name) {
        return secrets.get(scope, name);
    }

    List<SecretRecord> secrets(Scope scope) {
        return secrets.all(scope);
    }

    void put(Scope scope, SecretRecord secret) {
        secrets.put(scope, secret);
    }

    Optional<VersionRecord> version(Scope scope, String secretArn, String versionId) {
        return versions.get(scope, VersionRecord.key(secretArn, versionId));
    }

    /** The versions of a secret, oldest first. */
    List<VersionRecord> versions(Scope scope, String secretArn) {
        return versions.list(scope, Query.prefix(VersionRecord.prefix(secretArn))).values().stream()
                .sorted(Comparator.comparing(VersionRecord::created).thenComparing(VersionRecord::versionId))
                .toList();
    }

    void put(Scope scope, VersionRecord version) {
        versions.put(scope, version);
    }

    void deleteVersion(Scope scope, VersionRecord version) {
        versions.delete(scope, VersionRecord.key(version.secretArn(), version.versionId()));
    }

    void delete(Scope scope, SecretRecord secret) {
        secrets.delete(scope, secret.name());
        versions(scope, secret.arn()).forEach(version -> deleteVersion(scope, version));
    }

    /** A secret and where it is. */
    record Placed(Scope scope, SecretRecord secret) {}

    List<Placed> everywhere(Predicate<SecretRecord> wanted) {
        List<Placed> found = new ArrayList<>();
        secrets.everywhere((scope, secret) -> {
            if (wanted.test(secret)) {
                found.add(new Placed(scope, secret));
            }
        });
        return found;
    }
}
