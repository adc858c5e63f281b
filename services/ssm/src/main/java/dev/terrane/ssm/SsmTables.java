package dev.terrane.ssm;

import dev.terrane.kernel.call.Scope;
import dev.terrane.kernel.store.Page;
import dev.terrane.kernel.store.Query;
import dev.terrane.kernel.store.Rows;
import dev.terrane.kernel.store.Store;
import dev.terrane.kernel.store.Table;
import java.util.List;
import java.util.Optional;

/** Parameters and their versions as they are stored. */
final class SsmTables {
    private final Rows<ParameterRecord> parameters;
    private final Rows<VersionRecord> versions;

    SsmTables(Store store) {
        parameters = store.rows(Table.of("ssm.parameter", ParameterRecord.class, ParameterRecord::name));
        versions = store.rows(Table.of(
                "ssm.version", VersionRecord.class, version -> VersionRecord.key(version.name(), version.version())));
    }

    Optional<ParameterRecord> parameter(Scope scope, String name) {
        return parameters.get(scope, name);
    }

    Page<ParameterRecord> parameters(Scope scope, Query query) {
        return parameters.list(scope, query);
    }

    void put(Scope scope, ParameterRecord parameter) {
        parameters.put(scope, parameter);
    }

    /** Makes a version the newest. */
    void putNewest(Scope scope, ParameterRecord parameter) {
        parameters.put(scope, parameter);
        versions.put(scope, parameter.current());
    }

    Optional<VersionRecord> version(Scope scope, String name, long version) {
        return versions.get(scope, VersionRecord.key(name, version));
    }

    /** The versions of a parameter, oldest first. */
    List<VersionRecord> versions(Scope scope, String name) {
        return versions.list(scope, Query.prefix(name + ":")).values();
    }

    void deleteVersion(Scope scope, VersionRecord version) {
        versions.delete(scope, VersionRecord.key(version.name(), version.version()));
    }

    void delete(Scope scope, String name) {
        parameters.delete(scope, name);
        versions(scope, name).forEach(version -> deleteVersion(scope, version));
    }
}
