package dev.terrane.kernel.workflow;

import dev.terrane.kernel.call.Call;
import dev.terrane.kernel.call.Principal;
import dev.terrane.kernel.call.Scope;
import dev.terrane.kernel.clock.Clock;
import dev.terrane.kernel.clock.Threads;
import dev.terrane.kernel.id.Ids;
import dev.terrane.kernel.store.RecordCodec;
import dev.terrane.kernel.store.StoreBackend;
import dev.terrane.kernel.workflow.WorkflowTables.ProcessRecord;
import dev.terrane.kernel.workflow.WorkflowTables.SignalRecord;
import dev.terrane.kernel.workflow.WorkflowTables.StepRecord;
import dev.terrane.kernel.workflow.WorkflowTables.StepState;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * One process at work: runs the workflow's code, and gives it the stored results of steps that were done. Used by its own thread. All that it
 * stores is stored only while its node's lease is held.
 */
final class RunningProcess implements Steps {
    private static final System.Logger LOG = System.getLogger(RunningProcess.class.getName());

    private final WorkflowTables tables;
    private final Lease lease;
    private final Clock clock;
    private final Threads threads;
    private final String key;
    private final Interruption interruption = new Interruption();
    private Journal journal;
    private ProcessRecord process;
    private String principal = "";
    private boolean inStep;
    private volatile String cancelReason = "";
    private volatile boolean cancelAsked;

    RunningProcess(WorkflowTables tables, Lease lease, Clock clock, Threads threads, ProcessRecord process) {
        this.tables = tables;
        this.lease = lease;
        this.clock = clock;
        this.threads = threads;
        this.key = process.key();
        this.process = process;
        this.journal = new Journal(tables, process);
    }

    /** A signal has come. */
    void signalled() {
        interruption.signal();
    }

    /** Cancellation is asked for; told to the workflow's code once. */
    synchronized void cancel(String reason) {
        if (!cancelAsked) {
            cancelReason = reason;
            cancelAsked = true;
            interruption.cancel();
        }
    }

    /** The lease is lost: what it does is stopped, and ends with {@link Lease.Lost}. */
    void lost() {
        cancelAsked = true;
        interruption.cancel();
    }

    /** Runs to the end, or until the server ends or the lease is lost. */
    <I extends Record> void run(Workflow<I> workflow) throws InterruptedException {
        principal = workflow.principal();
        Optional<ProcessRecord> found = mine();
        while (found.isPresent()) {
            take(found.get());
            Optional<String> anew = runOnce(workflow);
            if (anew.isEmpty()) {
                return;
            }
            lease.transact(() -> tables.beginAnew(process, anew.get(), clock.instant()));
            found = mine();
        }
    }

    private Optional<ProcessRecord> mine() {
        return tables.running(key).filter(row -> row.owner().equals(lease.node()));
    }

    private synchronized void take(ProcessRecord found) {
        process = found;
        journal = new Journal(tables, found);
        if (found.cancelReason().isPresent() && !cancelAsked) {
            cancelReason = found.cancelReason().get();
            cancelAsked = true;
            if (!found.cancelThrown()) {
                interruption.cancel();
            }
        }
    }

    /** @return the input with which it is to begin anew, or empty when it has ended */
    private <I extends Record> Optional<String> runOnce(Workflow<I> workflow) throws InterruptedException {
        String failure = "";
        try {
            workflow.run(this, RecordCodec.json().readValue(process.input(), workflow.input()));
        } catch (BeginsAnew e) {
            return Optional.of(e.input);
        } catch (Workflow.Cancelled e) {
            failure = "Cancelled: " + cancelReason;
        } catch (StoreBackend.Failed | Lease.Lost e) {
            // What it did is not known to be stored, so it goes on from what is.
            throw e;
        } catch (InterruptedException | RuntimeException | Error e) {
            if (threads.isEnding()) {
                throw new InterruptedException("The server ends");
            }
            if (e instanceof OutOfMemoryError) {
                throw e;
            }
            failure = String.valueOf(e);
            LOG.log(System.Logger.Level.ERROR, workflow.name() + " " + id() + " failed", e);
        }
        String why = failure;
        lease.transact(() -> tables.end(process, clock.instant(), why));
        tables.removeRest(key);
        return Optional.empty();
    }

    @Override
    public String id() {
        return process.id();
    }

    @Override
    public Instant now() {
        return journal.now();
    }

    @Override
    public boolean cancelled() {
        return cancelAsked;
    }

    @Override
    public void beginAnew(Record input) {
        throw new BeginsAnew(RecordCodec.json().writeValueAsString(input));
    }

    @Override
    public void step(String name, Action action) throws InterruptedException {
        step(name, Boolean.class, () -> {
            action.run();
            return true;
        });
    }

    @Override
    public void commit(String name, Action action) throws InterruptedException {
        commit(name, Boolean.class, () -> {
            action.run();
            return true;
        });
    }

    @Override
    public <T> T step(String name, Class<T> type, Work<T> work) throws InterruptedException {
        Optional<StepRecord> before = enter(name);
        if (before.isPresent()) {
            return pass(before.get(), type);
        }
        if (!interruption.arm()) {
            throw cancelNow(name);
        }
        T result;
        boolean cut = false;
        try {
            try {
                result = serve(work);
            } finally {
                cut = interruption.disarm();
            }
            String json = json(result);
            lease.transact(() -> journal.done(name, json, clock.instant()));
        } catch (Threw e) {
            throw failed(name, e.thrown, cut);
        }
        return result;
    }

    @Override
    public <T> T commit(String name, Class<T> type, Work<T> work) throws InterruptedException {
        Optional<StepRecord> before = begin(name);
        if (before.isPresent()) {
            return pass(before.get(), type);
        }
        try {
            return lease.transact(() -> {
                T result = serve(work);
                journal.done(name, json(result), clock.instant());
                return result;
            });
        } catch (Threw e) {
            throw failed(name, e.thrown, false);
        } catch (StoreBackend.Conflict e) {
            throw failed(name, e, false);
        }
    }

    @Override
    public void sleep(String name, Duration duration) throws InterruptedException {
        Optional<StepRecord> before = enter(name);
        if (before.filter(RunningProcess::isOver).isPresent()) {
            journal.pass(before.get(), Boolean.class);
            return;
        }
        Instant until = until(name, before, duration);
        if (!interruption.arm()) {
            throw cancelNow(name);
        }
        boolean cut = false;
        try {
            clock.sleepUntil(until);
        } catch (InterruptedException e) {
            LOG.log(System.Logger.Level.TRACE, "A sleep was interrupted", e);
        } finally {
            cut = interruption.disarm();
        }
        if (clock.instant().isBefore(until)) {
            if (threads.isEnding() || !(cut || interruption.isCancelled())) {
                throw new InterruptedException("The server ends");
            }
            throw cancelNow(name);
        }
        lease.transact(() -> journal.done(name, clock.instant()));
    }

    @Override
    public <T> Optional<T> await(String name, String signal, Class<T> type, Duration timeout)
            throws InterruptedException {
        Optional<StepRecord> before = enter(name);
        if (before.filter(RunningProcess::isOver).isPresent()) {
            return Optional.ofNullable(journal.pass(before.get(), type));
        }
        Instant until = until(name, before, timeout);
        while (true) {
            long seen = interruption.signals();
            // The time is read before the look for a signal: one that came in time is taken.
            boolean over = !clock.instant().isBefore(until);
            Optional<SignalRecord> next = tables.nextSignal(key, signal);
            if (next.isPresent() || over) {
                lease.transact(() -> {
                    next.ifPresent(tables::delete);
                    journal.done(name, next.map(SignalRecord::content).orElse(""), clock.instant());
                });
                return next.map(taken -> RecordCodec.json().readValue(taken.content(), type));
            }
            if (interruption.arm(seen)) {
                waitUntil(until);
            }
            if (interruption.isCancelled()) {
                throw cancelNow(name);
            }
        }
    }

    /** Waits until a time, a signal or a cancellation. */
    private void waitUntil(Instant until) throws InterruptedException {
        boolean cut = false;
        try {
            clock.sleepUntil(until);
        } catch (InterruptedException e) {
            LOG.log(System.Logger.Level.TRACE, "A wait was interrupted", e);
            cut = true;
        } finally {
            cut &= !interruption.disarm();
        }
        if (cut || threads.isEnding()) {
            throw new InterruptedException("The server ends");
        }
    }

    /** Until when a sleep or wait lasts, from its first beginning. */
    private Instant until(String name, Optional<StepRecord> before, Duration duration) {
        if (before.isPresent()) {
            return before.get().time();
        }
        Instant until = clock.instant().plus(duration);
        lease.transact(() -> journal.waits(name, until));
        return until;
    }

    private static boolean isOver(StepRecord step) {
        return step.state() != StepState.WAITING;
    }

    /** Begins a step that cancellation keeps from being done.
     *
     * @return what is stored of it, where it was begun before */
    private Optional<StepRecord> enter(String name) throws InterruptedException {
        Optional<StepRecord> before = begin(name);
        if (before.filter(RunningProcess::isOver).isEmpty() && interruption.isCancelled()) {
            throw cancelNow(name);
        }
        return before;
    }

    /** Begins a step.
     *
     * @return what is stored of it, where it was begun before */
    private Optional<StepRecord> begin(String name) throws InterruptedException {
        if (inStep) {
            throw new IllegalStateException("Step " + name + " was begun within another");
        }
        Optional<StepRecord> before = journal.begin(name);
        if (threads.isEnding()) {
            throw new InterruptedException("The server ends");
        }
        return before;
    }

    @SuppressWarnings("NullAway") // work that gave null gives null again
    private <T> T pass(StepRecord step, Class<T> type) {
        return journal.pass(step, type);
    }

    /** Runs a step's work as the workflow's principal.
     *
     * @throws Threw with what the work threw */
    private <T> T serve(Work<T> work) {
        Scope scope = process.scope();
        Call call =
                Call.internal(scope, new Principal.Service(scope.account(), principal), Ids.uuid(), clock.instant());
        inStep = true;
        try {
            return call.serve(() -> {
                try {
                    return work.run();
                } catch (OutOfMemoryError e) {
                    throw e;
                } catch (Throwable e) {
                    throw new Threw(e);
                }
            });
        } finally {
            inStep = false;
        }
    }

    private static String json(Object result) {
        try {
            return RecordCodec.json().writeValueAsString(result);
        } catch (RuntimeException e) {
            throw new Threw(e);
        }
    }

    private RuntimeException failed(String name, Throwable thrown, boolean cut) throws InterruptedException {
        if (threads.isEnding()) {
            throw new InterruptedException("The server ends");
        }
        if (cut) {
            return cancelNow(name);
        }
        if (thrown instanceof StoreBackend.Failed unavailable) {
            return unavailable;
        }
        StepFailed failed = Journal.failure(thrown);
        LOG.log(System.Logger.Level.DEBUG, () -> "Step " + name + " of " + key.replace('\0', ' ') + " failed", thrown);
        lease.transact(() -> journal.failed(name, failed, clock.instant()));
        failed.addSuppressed(thrown);
        return failed;
    }

    /** Tells the workflow's code of its cancellation, once. */
    private Workflow.Cancelled cancelNow(String name) {
        String reason = cancelReason;
        lease.transact(() -> {
            tables.running(key).ifPresent(row -> tables.put(row.cancelTold()));
            journal.cancelled(name, reason, clock.instant());
        });
        interruption.told();
        return new Workflow.Cancelled(reason);
    }

    /** Carries what a step's work threw. */
    private static final class Threw extends RuntimeException {
        private final Throwable thrown;

        Threw(Throwable thrown) {
            super("", thrown, false, false);
            this.thrown = thrown;
        }
    }

    /** Leaves the workflow's code for {@link #beginAnew}. */
    private static final class BeginsAnew extends RuntimeException {
        private final String input;

        BeginsAnew(String input) {
            super("", null, false, false);
            this.input = input;
        }
    }
}
