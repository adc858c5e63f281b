package dev.terrane.autoscaling;

import dev.terrane.kernel.call.Call;
import dev.terrane.kernel.call.Principal;
import dev.terrane.kernel.call.Scope;
import dev.terrane.kernel.clock.Threads;
import dev.terrane.kernel.id.Ids;
import dev.terrane.kernel.service.Platform;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Brings groups to what is desired: every two seconds, and at once when something changed. All that is known is stored, and every outside effect
 * may be repeated, so that it goes on after a crash from wherever it was.
 */
final class Reconciler {
    private static final Duration PERIOD = Duration.ofSeconds(2);
    private static final Duration BETWEEN_CLEANINGS = Duration.ofHours(6);
    private static final String PRINCIPAL = "autoscaling.amazonaws.com";

    /** A group, wherever it is. */
    private record Key(Scope scope, String group) {}

    private final Platform platform;
    private final ScalingTables tables;
    private final Activities activities;
    private final GroupKeeper keeper;
    private final Map<Key, ReentrantLock> locks = new ConcurrentHashMap<>();
    private final Set<Key> waiting = ConcurrentHashMap.newKeySet();

    Reconciler(Platform platform, ScalingTables tables, Activities activities, GroupKeeper keeper) {
        this.platform = platform;
        this.tables = tables;
        this.activities = activities;
        this.keeper = keeper;
    }

    void start() {
        Threads threads = platform.threads();
        var _ = threads.every("autoscaling", PERIOD, this::round);
        var _ = threads.every(
                "autoscaling-activities",
                BETWEEN_CLEANINGS,
                () -> keys().stream()
                        .map(Key::scope)
                        .distinct()
                        .forEach(scope -> serve(scope, () -> tables.transact(() -> activities.clean(scope)))));
    }

    private List<Key> keys() {
        List<Key> keys = new ArrayList<>();
        tables.everyGroup((scope, group) -> keys.add(new Key(scope, group.name())));
        return keys;
    }

    private void round() {
        keys().forEach(this::soon);
    }

    /** Looks at a group as soon as the current transaction is durable. */
    void nudge(Scope scope, String group) {
        tables.afterCommit(() -> soon(new Key(scope, group)));
    }

    private void soon(Key key) {
        if (platform.threads().isEnding() || !waiting.add(key)) {
            return;
        }
        try {
            platform.threads().start("autoscaling " + key.group(), () -> work(key));
        } catch (IllegalStateException e) {
            // The server began to end just now: the next one goes on.
            waiting.remove(key);
        }
    }

    private void work(Key key) throws InterruptedException {
        ReentrantLock lock = locks.computeIfAbsent(key, k -> new ReentrantLock());
        lock.lockInterruptibly();
        try {
            waiting.remove(key);
            boolean again = true;
            for (int turn = 0; again && turn < 50 && !platform.threads().isEnding(); turn++) {
                again = serve(key.scope(), () -> keeper.keep(key.scope(), key.group()));
            }
            if (tables.group(key.scope(), key.group()).isEmpty()) {
                locks.remove(key, lock);
            }
        } finally {
            lock.unlock();
        }
    }

    private <T> T serve(Scope scope, java.util.function.Supplier<T> work) {
        return call(scope).serve(work);
    }

    private void serve(Scope scope, Runnable work) {
        call(scope).run(work);
    }

    private Call call(Scope scope) {
        return Call.internal(
                scope,
                new Principal.Service(scope.account(), PRINCIPAL),
                Ids.uuid(),
                platform.clock().instant());
    }
}
