package dev.terrane.storage;

import dev.terrane.kernel.clock.MovableClock;
import dev.terrane.kernel.clock.Threads;
import dev.terrane.kernel.event.OutboxEvents;
import dev.terrane.kernel.secret.MasterKey;
import dev.terrane.kernel.store.Store;
import dev.terrane.kernel.workflow.DurableWorkflows;
import dev.terrane.storage.sqlite.SqliteBackend;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** The part of a server that keeps state, on one folder; another one on the same folder is what comes after a restart. */
final class TestServer implements AutoCloseable {
    final MovableClock clock;
    final List<Throwable> failures = new CopyOnWriteArrayList<>();
    final Threads threads;
    final Store store;
    final SqliteBackend backend;
    final DurableWorkflows workflows;
    final OutboxEvents events;

    TestServer(Path folder, MasterKey key, MovableClock clock) {
        this.clock = clock;
        threads = new Threads(clock, failures::add);
        backend = SqliteBackend.open(folder);
        store = new Store(backend, key);
        workflows = new DurableWorkflows(store, clock, threads);
        events = new OutboxEvents(store, clock, threads);
    }

    @Override
    public void close() {
        threads.close();
        workflows.close();
        store.close();
    }
}
