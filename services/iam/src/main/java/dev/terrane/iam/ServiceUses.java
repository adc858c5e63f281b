package dev.terrane.iam;

import dev.terrane.kernel.call.Principal;
import dev.terrane.kernel.call.Scope;
import dev.terrane.kernel.store.Query;
import dev.terrane.kernel.store.Store;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Which actions users and roles last tried. Gathered in memory and written once a minute, as the uses of keys are ({@link KeyUses}); AWS tells them
 * after up to four hours.
 */
final class ServiceUses {
    private final Store store;
    private final IamTables tables;
    private final ConcurrentHashMap<Use, ServiceUseRecord> fresh = new ConcurrentHashMap<>();

    ServiceUses(Store store, IamTables tables) {
        this.store = store;
        this.tables = tables;
    }

    /** Whose use of which action; with the name, by which the user or role is looked up. */
    private record Use(String account, Kind kind, String name, String entityId, String action) {}

    /** Notes an attempt. Of others than users and roles nothing is noted. */
    void tried(Principal principal, String action, String region, Instant time) {
        switch (principal) {
            case Principal.User user ->
                note(new Use(user.account(), Kind.USER, user.name(), user.userId(), action), region, time);
            case Principal.AssumedRole role ->
                note(new Use(role.account(), Kind.ROLE, role.roleName(), role.roleId(), action), region, time);
            case Principal.FederatedUser session -> {}
            case Principal.Federated user -> {}
            case Principal.Root root -> {}
            case Principal.Service service -> {}
            case Principal.Anonymous anonymous -> {}
        }
    }

    private void note(Use use, String region, Instant time) {
        ServiceUseRecord known = fresh.get(use);
        // It is told to the second: what is done a thousand times in one is noted once.
        if (known == null || known.time().getEpochSecond() < time.getEpochSecond()) {
            fresh.put(use, new ServiceUseRecord(use.entityId(), use.action(), time, region));
        }
    }

    /** Writes what was gathered of users and roles that are still there. */
    void flush() {
        Map<Use, ServiceUseRecord> gathered = Map.copyOf(fresh);
        if (gathered.isEmpty()) {
            return;
        }
        store.transact(() -> gathered.forEach((use, record) -> {
            Scope scope = Scope.global(use.account());
            if (exists(scope, use)) {
                tables.serviceUses().put(scope, record);
            }
        }));
        gathered.forEach(fresh::remove);
    }

    private boolean exists(Scope scope, Use use) {
        String key = Names.key(use.name());
        return switch (use.kind()) {
            case USER ->
                tables.users()
                        .peek(scope, key)
                        .filter(u -> u.id().equals(use.entityId()))
                        .isPresent();
            case ROLE ->
                tables.roles()
                        .peek(scope, key)
                        .filter(r -> r.id().equals(use.entityId()))
                        .isPresent();
            case GROUP -> false;
        };
    }

    /** What was written of a user or role. */
    static List<ServiceUseRecord> of(IamTables tables, Scope scope, String entityId) {
        return tables.serviceUses()
                .list(scope, Query.prefix(ServiceUseRecord.prefix(entityId)))
                .values();
    }

    /** Forgets a user or role that is deleted. */
    static void forget(IamTables tables, Scope scope, String entityId) {
        of(tables, scope, entityId).forEach(use -> tables.serviceUses().delete(scope, use.key()));
    }
}
