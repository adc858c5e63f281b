package dev.terrane.iam;

import dev.terrane.kernel.call.Scope;
import dev.terrane.kernel.store.Store;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * When access keys were last used. Uses are gathered in memory and written once a minute, so that no call pays for it; the last minute's
 * may be lost in a crash ("it might take up to 4 hours" in AWS's own words).
 */
final class KeyUses {
    static final Duration PERIOD = Duration.ofMinutes(1);

    private final Store store;
    private final IamTables tables;
    private final ConcurrentHashMap<String, AccessKeyUseRecord> fresh = new ConcurrentHashMap<>();

    KeyUses(Store store, IamTables tables) {
        this.store = store;
        this.tables = tables;
    }

    /** Notes a use. */
    void used(AccessKeyUseRecord use) {
        fresh.merge(use.id(), use, (old, now) -> now.time().isBefore(old.time()) ? old : now);
    }

    /** The last use, to the minute. */
    Optional<AccessKeyUseRecord> last(String keyId) {
        return Optional.ofNullable(fresh.get(keyId))
                .or(() -> tables.accessKeyUses().peek(Scope.INSTALLATION, keyId))
                .map(use -> new AccessKeyUseRecord(
                        use.id(), use.time().truncatedTo(ChronoUnit.MINUTES), use.service(), use.region()));
    }

    /** Writes what was gathered. */
    void flush() {
        List<AccessKeyUseRecord> gathered = List.copyOf(fresh.values());
        if (gathered.isEmpty()) {
            return;
        }
        store.transact(() -> {
            for (AccessKeyUseRecord use : gathered) {
                if (tables.accessKeys().peek(Scope.INSTALLATION, use.id()).isPresent()) {
                    tables.accessKeyUses().put(Scope.INSTALLATION, use);
                }
            }
        });
        gathered.forEach(use -> fresh.remove(use.id(), use));
    }
}
