package dev.terrane.kernel.workflow;

import dev.terrane.kernel.call.Scope;
import dev.terrane.kernel.clock.Clock;
import dev.terrane.kernel.clock.Threads;
import dev.terrane.kernel.store.RecordCodec;
import dev.terrane.kernel.store.Store;
import dev.terrane.kernel.store.StoreBackend;
import dev.terrane.kernel.workflow.WorkflowTables.ProcessRecord;
import dev.terrane.kernel.workflow.WorkflowTables.SignalRecord;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Durable processes on the {@link Store}, each a virtual thread while it is not ended. A server owns all processes of its store, which
 * is locked for it, so those that an earlier server left go on here. Nothing polls: a process wakes by the clock, or by the
 * commit of what it waits for.
 */
public final class DurableWorkflows implements Workflows {
    private static final System.Logger LOG = System.getLogger(DurableWorkflows.class.getName());
    /** How long it is remembered that a process was there, so that starting it again does nothing. */
    private static final Duration REMEMBERED = Duration.ofDays(30);

    private static final Duration BETWEEN_CLEANINGS = Duration.ofHours(1);

    private static final Duration STORE_FAILURE_PAUSE = Duration.ofSeconds(15);

    private final Store store;
    private final WorkflowTables tables;
    private final Clock clock;
    private final Threads threads;
    private final Map<String, Workflow<?>> workflows = new ConcurrentHashMap<>();
    private final Map<String, RunningProcess> running = new ConcurrentHashMap<>();
    private final AtomicLong cleaned;
    private volatile boolean resumed;

    public DurableWorkflows(Store store, Clock clock, Threads threads) {
        this.store = store;
        this.tables = new WorkflowTables(store);
        this.clock = clock;
        this.threads = threads;
        this.cleaned = new AtomicLong(clock.millis());
    }

    @Override
    public void register(Workflow<?> workflow) {
        Workflow<?> other = workflows.putIfAbsent(workflow.name(), workflow);
        if (other != null && !other.equals(workflow)) {
            throw new IllegalStateException("Two workflows are named " + workflow.name());
        }
    }

    /** Lets all unfinished processes go on, and those to come begin. Called once, when all services are registered. */
    public void resume() {
        resumed = true;
        tables.eachRunning(this::launch);
    }

    @Override
    public <I extends Record> void start(Workflow<I> workflow, Scope scope, String id, I input) {
        known(workflow);
        String key = WorkflowTables.key(workflow.name(), id);
        store.transact(() -> {
            if (tables.process(key).isEmpty()) {
                ProcessRecord process = ProcessRecord.started(
                        workflow.name(), id, scope, RecordCodec.json().writeValueAsString(input), clock.instant());
                tables.put(process);
                store.afterCommit(() -> launch(process));
            }
        });
    }

    @Override
    public void signal(Workflow<?> workflow, String id, String signal, Object content) {
        String key = WorkflowTables.key(workflow.name(), id);
        String json = RecordCodec.json().writeValueAsString(content);
        store.transact(() -> tables.running(key).ifPresent(process -> {
            tables.put(process.signalled());
            tables.put(new SignalRecord(key, signal, process.signals(), json));
            store.afterCommit(() -> local(key).ifPresent(RunningProcess::signalled));
        }));
    }

    @Override
    public void cancel(Workflow<?> workflow, String id, String reason) {
        String key = WorkflowTables.key(workflow.name(), id);
        store.transact(() -> tables.running(key)
                .filter(process -> process.cancelReason().isEmpty())
                .ifPresent(process -> {
                    tables.put(process.cancelAsked(reason));
                    store.afterCommit(() -> local(key).ifPresent(local -> local.cancel(reason)));
                }));
    }

    @Override
    public boolean isRunning(Workflow<?> workflow, String id) {
        return tables.running(WorkflowTables.key(workflow.name(), id)).isPresent();
    }

    private void known(Workflow<?> workflow) {
        if (!workflow.equals(workflows.get(workflow.name()))) {
            throw new IllegalStateException("Workflow " + workflow.name() + " was not registered");
        }
    }

    private Optional<RunningProcess> local(String key) {
        return Optional.ofNullable(running.get(key));
    }

    private void launch(ProcessRecord record) {
        Workflow<?> workflow = workflows.get(record.workflow());
        if (workflow == null) {
            LOG.log(System.Logger.Level.WARNING, "No service goes on with {0} {1}", record.workflow(), record.id());
            return;
        }
        if (!resumed || threads.isEnding()) {
            return;
        }
        String key = record.key();
        RunningProcess process = new RunningProcess(tables, store, clock, threads, key);
        if (running.putIfAbsent(key, process) == null) {
            try {
                threads.start(record.workflow() + " " + record.id(), () -> {
                    try {
                        untilItEnds(process, workflow);
                    } finally {
                        running.remove(key, process);
                    }
                    clean();
                });
            } catch (IllegalStateException e) {
                // The server began to end just now: the process goes on at the next start.
                running.remove(key, process);
                LOG.log(System.Logger.Level.DEBUG, "Not started", e);
            }
        }
    }

    /** Goes on from what is stored when the store failed for a while, as it does when the disk is full. */
    private void untilItEnds(RunningProcess process, Workflow<?> workflow) throws InterruptedException {
        while (!threads.isEnding()) {
            try {
                process.run(workflow);
                return;
            } catch (StoreBackend.Failed e) {
                LOG.log(System.Logger.Level.ERROR, workflow.name() + " waits for the store", e);
                clock.sleep(STORE_FAILURE_PAUSE);
            }
        }
    }

    private void clean() {
        long last = cleaned.get();
        Instant now = clock.instant();
        if (now.toEpochMilli() - last >= BETWEEN_CLEANINGS.toMillis()
                && cleaned.compareAndSet(last, now.toEpochMilli())) {
            tables.forget(now.minus(REMEMBERED));
        }
    }
}
