package dev.terrane.kms;

import dev.terrane.kernel.call.Scope;
import dev.terrane.kernel.store.Page;
import dev.terrane.kernel.store.Query;
import dev.terrane.kernel.store.Rows;
import dev.terrane.kernel.store.Store;
import dev.terrane.kernel.store.Table;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.Supplier;

/** Keys, aliases and grants as they are stored. */
final class KmsTables {
    private final Store store;
    private final Rows<KeyRecord> keys;
    private final Rows<AliasRecord> aliases;
    private final Rows<GrantRecord> grants;

    KmsTables(Store store) {
        this.store = store;
        keys = store.rows(Table.of("kms.key", KeyRecord.class, KeyRecord::keyId));
        aliases = store.rows(
                Table.of("kms.alias", AliasRecord.class, AliasRecord::name).index("key", AliasRecord::keyId));
        grants = store.rows(Table.of("kms.grant", GrantRecord.class, GrantRecord::row)
                .index("grantee", grant -> grantee(grant.keyId(), grant.grantee()))
                .index("retiring", grant -> grant.retiring().orElse("")));
    }

    /** Does work in a commit of its own. */
    <T> T transactNow(Supplier<T> work) {
        return store.transactNow(work);
    }

    Optional<KeyRecord> key(Scope scope, String keyId) {
        return keys.get(scope, keyId);
    }

    Page<KeyRecord> keys(Scope scope, Query query) {
        return keys.list(scope, query);
    }

    void put(Scope scope, KeyRecord key) {
        keys.put(scope, key);
    }

    Optional<AliasRecord> alias(Scope scope, String name) {
        return aliases.get(scope, name);
    }

    Page<AliasRecord> aliases(Scope scope, Query query) {
        return aliases.list(scope, query);
    }

    /** The aliases of a key. */
    List<AliasRecord> aliasesOf(Place key) {
        return aliases.list(key.scope(), Query.equal("key", key.keyId())).values();
    }

    void put(Scope scope, AliasRecord alias) {
        aliases.put(scope, alias);
    }

    void deleteAlias(Scope scope, String name) {
        aliases.delete(scope, name);
    }

    Optional<GrantRecord> grant(Scope scope, String keyId, String grantId) {
        return grants.get(scope, GrantRecord.row(keyId, grantId));
    }

    Page<GrantRecord> grants(Scope scope, Query query) {
        return grants.list(scope, query);
    }

    /** A key's grants to a principal. */
    List<GrantRecord> grantsTo(Scope scope, String keyId, String principal) {
        List<GrantRecord> all = new ArrayList<>();
        eachGrant(scope, grantsTo(keyId, principal), all::add);
        return all;
    }

    static Query grantsTo(String keyId, String principal) {
        return Query.equal("grantee", grantee(keyId, principal));
    }

    static Query grantsRetiredBy(String principal) {
        return Query.equal("retiring", principal);
    }

    private static String grantee(String keyId, String principal) {
        return keyId + "|" + principal;
    }

    private void eachGrant(Scope scope, Query query, Consumer<GrantRecord> work) {
        Optional<String> next = Optional.empty();
        do {
            Page<GrantRecord> page = grants.list(scope, query.after(next));
            page.values().forEach(work);
            next = page.next();
        } while (next.isPresent());
    }

    void put(Scope scope, GrantRecord grant) {
        grants.put(scope, grant);
    }

    void deleteGrant(Scope scope, GrantRecord grant) {
        grants.delete(scope, grant.row());
    }

    /** Takes away a key with its material, and all that refers to it. */
    void delete(Scope scope, String keyId) {
        keys.delete(scope, keyId);
        aliasesOf(new Place(scope, keyId)).forEach(alias -> deleteAlias(scope, alias.name()));
        eachGrant(scope, Query.prefix(keyId + "/"), grant -> deleteGrant(scope, grant));
    }

    /** Where a key is. */
    record Place(Scope scope, String keyId) {}

    /** The keys of all accounts of which something holds. */
    List<Place> everywhere(Predicate<KeyRecord> wanted) {
        List<Place> found = new ArrayList<>();
        keys.everywhere((scope, key) -> {
            if (wanted.test(key)) {
                found.add(new Place(scope, key.keyId()));
            }
        });
        return found;
    }
}
