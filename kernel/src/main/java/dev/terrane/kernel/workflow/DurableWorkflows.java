package dev.terrane.kernel.workflow;

import dev.terrane.kernel.call.Scope;
import dev.terrane.kernel.clock.Clock;
import dev.terrane.kernel.clock.Threads;
import dev.terrane.kernel.store.Page;
import dev.terrane.kernel.store.RecordCodec;
import dev.terrane.kernel.store.Store;
import dev.terrane.kernel.store.StoreBackend;
import dev.terrane.kernel.workflow.NodeTables.NodeRecord;
import dev.terrane.kernel.workflow.NodeTables.NoticeRecord;
import dev.terrane.kernel.workflow.WorkflowTables.ProcessRecord;
import dev.terrane.kernel.workflow.WorkflowTables.SignalRecord;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Durable processes on the {@link Store}, each a virtual thread while it is not ended. Several nodes may work on one store: a process
 * belongs to the node that started it, for as long as that one's {@link Lease} holds, and then to the node that comes first. What an
 * earlier server left on a store that one alone has open goes on at once. A process wakes by the clock, or by the commit of what it
 * waits for, and within a second where that was done on another node. A waiting process costs nothing; a node writes one row
 * every ten seconds.
 */
public final class DurableWorkflows implements Workflows, AutoCloseable {
    private static final System.Logger LOG = System.getLogger(DurableWorkflows.class.getName());
    /** How long it is remembered that a process was there, so that starting it again does nothing. */
    private static final Duration REMEMBERED = Duration.ofDays(30);

    private static final Duration BETWEEN_CLEANINGS = Duration.ofHours(1);

    private static final Duration STORE_FAILURE_PAUSE = Duration.ofSeconds(15);

    private final Store store;
    private final WorkflowTables tables;
    private final NodeTables nodes;
    private final Clock clock;
    private final Threads threads;
    private final Map<String, Workflow<?>> workflows = new ConcurrentHashMap<>();
    private final Map<String, RunningProcess> running = new ConcurrentHashMap<>();
    private final Set<String> unknown = ConcurrentHashMap.newKeySet();
    private final AtomicLong cleaned;
    private volatile Optional<Lease> held = Optional.empty();

    public DurableWorkflows(Store store, Clock clock, Threads threads) {
        this.store = store;
        this.tables = new WorkflowTables(store);
        this.nodes = new NodeTables(store);
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

    /** Lets all unfinished processes that no other node has go on, and those to come begin. Called once, when all services are registered. */
    public void resume() {
        Lease lease = Lease.take(store, nodes, clock);
        held = Optional.of(lease);
        Instant next = lease.nextLook(takeOver(lease));
        threads.start("workflow-lease", () -> keepLease(next));
    }

    /** Gives the processes back, so that another node need not wait for the lease's end. After the threads have ended. */
    @Override
    public void close() {
        held.ifPresent(Lease::giveBack);
    }

    @Override
    public <I extends Record> void start(Workflow<I> workflow, Scope scope, String id, I input) {
        known(workflow);
        String key = WorkflowTables.key(workflow.name(), id);
        store.transact(() -> {
            if (tables.process(key).isEmpty()) {
                ProcessRecord process = ProcessRecord.started(
                        workflow.name(),
                        id,
                        scope,
                        RecordCodec.json().writeValueAsString(input),
                        clock.instant(),
                        held.filter(Lease::isHeld).map(Lease::node).orElse(""));
                tables.put(process);
                store.afterCommit(() -> held.ifPresent(lease -> begin(lease, process)));
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
            tellOwner(process);
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
                    tellOwner(process);
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

    /** Leaves word for another node that something was asked of its process. */
    private void tellOwner(ProcessRecord process) {
        String owner = process.owner();
        if (!owner.isEmpty() && held.filter(lease -> lease.node().equals(owner)).isEmpty()) {
            nodes.put(new NoticeRecord(owner, process.key()));
        }
    }

    /** Begins a process that was started here, unless it became another node's meanwhile. */
    private void begin(Lease lease, ProcessRecord process) {
        if (process.owner().equals(lease.node())) {
            launch(lease, process);
        } else if (process.owner().isEmpty()) {
            try {
                claim(lease, List.of(process));
            } catch (Lease.Lost e) {
                // It is claimed as all are that are no one's.
                LOG.log(System.Logger.Level.DEBUG, "Started while the lease is lost", e);
            }
        }
    }

    private void keepLease(Instant first) throws InterruptedException {
        Instant next = first;
        while (!threads.isEnding()) {
            clock.sleepUntil(next);
            Lease lease = held.orElseThrow();
            boolean alone = false;
            try {
                lease = renewed(lease);
                alone = takeOver(lease);
                readNotices(lease);
            } catch (Lease.Lost e) {
                LOG.log(System.Logger.Level.WARNING, "The lease was lost meanwhile", e);
            } catch (RuntimeException e) {
                if (threads.isEnding()) {
                    return;
                }
                LOG.log(System.Logger.Level.ERROR, "Processes of other nodes wait for the store", e);
            }
            next = lease.nextLook(alone);
        }
    }

    /** Renews the lease. When it was lost, as it is to a node that was paused for long, this goes on as a new node without processes. */
    private Lease renewed(Lease lease) {
        try {
            lease.renew();
            return lease;
        } catch (Lease.Lost e) {
            LOG.log(System.Logger.Level.WARNING, "Another node has taken the processes of this one", e);
            running.values().removeIf(process -> {
                process.lost();
                return true;
            });
            Lease fresh = Lease.take(store, nodes, clock);
            held = Optional.of(fresh);
            return fresh;
        }
    }

    /** Goes on with the processes of nodes whose leases are over, and with those that are no one's.
     *
     * @return whether there is no other node */
    private boolean takeOver(Lease lease) {
        boolean alone = true;
        for (NodeRecord other : lease.others()) {
            if (!lease.ends(other)) {
                alone = false;
            } else if (claimAll(lease, other.id())) {
                store.transact(() -> {
                    nodes.notices(other.id()).forEach(nodes::delete);
                    nodes.delete(other);
                });
            }
        }
        claimAll(lease, "");
        return alone;
    }

    /** @return whether the owner has none any more */
    private boolean claimAll(Lease lease, String owner) {
        boolean all = true;
        Optional<String> after = Optional.empty();
        do {
            Page<ProcessRecord> page = tables.runningOf(owner, after);
            all &= claim(lease, page.values());
            after = page.next();
        } while (after.isPresent());
        return all;
    }

    /** @return whether none is left to another node */
    private boolean claim(Lease lease, List<ProcessRecord> processes) {
        List<ProcessRecord> known = processes.stream()
                .filter(process -> isKnown(process.workflow()))
                .toList();
        if (!known.isEmpty()) {
            List<ProcessRecord> mine = lease.transact(() -> {
                List<ProcessRecord> taken = known.stream()
                        .flatMap(process -> tables.running(process.key()).stream()
                                .filter(row -> row.owner().equals(process.owner())))
                        .map(process -> process.ownedBy(lease.node()))
                        .toList();
                taken.forEach(tables::put);
                return taken;
            });
            mine.forEach(process -> launch(lease, process));
        }
        return known.size() == processes.size();
    }

    private boolean isKnown(String workflow) {
        boolean known = workflows.containsKey(workflow);
        if (!known && unknown.add(workflow)) {
            LOG.log(System.Logger.Level.WARNING, "No service here goes on with {0}", workflow);
        }
        return known;
    }

    /** Tells processes here what other nodes asked of them. */
    private void readNotices(Lease lease) {
        List<NoticeRecord> notices = nodes.notices(lease.node());
        if (notices.isEmpty()) {
            return;
        }
        // Taken away before they are looked into: what is asked later leaves another one.
        store.transact(() -> notices.forEach(nodes::delete));
        for (NoticeRecord notice : notices) {
            local(notice.process()).ifPresent(local -> {
                local.signalled();
                tables.running(notice.process())
                        .filter(process -> !process.cancelThrown())
                        .flatMap(ProcessRecord::cancelReason)
                        .ifPresent(local::cancel);
            });
        }
    }

    private void launch(Lease lease, ProcessRecord record) {
        Workflow<?> workflow = workflows.get(record.workflow());
        if (workflow == null || threads.isEnding()) {
            return;
        }
        String key = record.key();
        RunningProcess process = new RunningProcess(tables, lease, clock, threads, record);
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
            } catch (Lease.Lost e) {
                LOG.log(System.Logger.Level.INFO, workflow.name() + " goes on at another node", e);
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
