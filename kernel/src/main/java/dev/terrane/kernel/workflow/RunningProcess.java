package dev.terrane.kernel.workflow;

import dev.terrane.kernel.call.Call;
import dev.terrane.kernel.call.Principal;
import dev.terrane.kernel.call.Scope;
import dev.terrane.kernel.clock.Clock;
import dev.terrane.kernel.clock.Threads;
import dev.terrane.kernel.error.AwsErrors;
import dev.terrane.kernel.id.Ids;
import dev.terrane.kernel.store.RecordCodec;
import dev.terrane.kernel.store.Store;
import dev.terrane.kernel.store.StoreBackend;
import dev.terrane.kernel.workflow.WorkflowTables.ProcessRecord;
import dev.terrane.kernel.workflow.WorkflowTables.SignalRecord;
import dev.terrane.kernel.workflow.WorkflowTables.StepRecord;
import dev.terrane.kernel.workflow.WorkflowTables.StepState;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import software.amazon.awssdk.awscore.exception.AwsServiceException;

/** One process at work: runs the workflow's code, and gives it the stored results of steps that were done. Used by its own thread. */
final class RunningProcess implements Steps {
    private static final System.Logger LOG = System.getLogger(RunningProcess.class.getName());
    private static final String NOTHING = "";

    private final WorkflowTables tables;
    private final Store store;
    private final Clock clock;
    private final Threads threads;
    private final String key;
    private final Interruption interruption = new Interruption();
    private final Set<String> met = new HashSet<>();
    private Map<String, StepRecord> stored = Map.of();
    private Instant now = Instant.EPOCH;
    private String id = "";
    private String principal = "";
    private Scope scope = Scope.INSTALLATION;
    private boolean inStep;
    private volatile String cancelReason = "";
    private volatile boolean cancelAsked;

    RunningProcess(WorkflowTables tables, Store store, Clock clock, Threads threads, String key) {
        this.tables = tables;
        this.store = store;
        this.clock = clock;
        this.threads = threads;
        this.key = key;
    }

    void signalled() {
        interruption.signal();
    }

    void cancel(String reason) {
        cancelReason = reason;
        cancelAsked = true;
        interruption.cancel();
    }

    /** Runs to the end, or until the server ends. */
    <I extends Record> void run(Workflow<I> workflow) throws InterruptedException {
        Optional<ProcessRecord> found = tables.running(key);
        while (found.isPresent()) {
            ProcessRecord process = found.get();
            take(workflow, process);
            Optional<String> anew = runOnce(workflow, process);
            if (anew.isEmpty()) {
                return;
            }
            tables.beginAnew(process, anew.get(), clock.instant());
            found = tables.running(key);
        }
    }

    private void take(Workflow<?> workflow, ProcessRecord process) {
        id = process.id();
        scope = process.scope();
        principal = workflow.principal();
        now = process.started();
        met.clear();
        stored = tables.steps(key);
        if (process.cancelReason().isPresent() && !cancelAsked) {
            cancelReason = process.cancelReason().get();
            cancelAsked = true;
            if (!process.cancelThrown()) {
                interruption.cancel();
            }
        }
    }

    /** @return the input with which it is to begin anew, or empty when it has ended */
    private <I extends Record> Optional<String> runOnce(Workflow<I> workflow, ProcessRecord process)
            throws InterruptedException {
        String failure = "";
        try {
            workflow.run(this, RecordCodec.json().readValue(process.input(), workflow.input()));
        } catch (BeginsAnew e) {
            return Optional.of(e.input);
        } catch (Workflow.Cancelled e) {
            failure = "Cancelled: " + cancelReason;
        } catch (StoreBackend.Failed e) {
            // What it did is not known to be stored, so it goes on from what is, at the next start.
            throw e;
        } catch (InterruptedException | RuntimeException | Error e) {
            if (threads.isEnding()) {
                throw new InterruptedException("The server ends");
            }
            if (e instanceof OutOfMemoryError) {
                throw e;
            }
            LOG.log(System.Logger.Level.ERROR, workflow.name() + " " + id + " failed", e);
            failure = String.valueOf(e);
        }
        tables.end(process, clock.instant(), failure);
        return Optional.empty();
    }

    @Override
    public String id() {
        return id;
    }

    @Override
    public Instant now() {
        return now;
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
            return result(before.get(), type);
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
            keep(done(name, json(result)));
        } catch (Threw e) {
            throw failed(name, e.thrown, cut);
        }
        return result;
    }

    @Override
    public <T> T commit(String name, Class<T> type, Work<T> work) throws InterruptedException {
        Optional<StepRecord> before = enter(name);
        if (before.isPresent()) {
            return result(before.get(), type);
        }
        try {
            return store.transactNow(() -> {
                T result = serve(work);
                keep(done(name, json(result)));
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
        Instant until = waiting(name, duration).orElse(null);
        if (until == null) {
            return;
        }
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
            goOn(name, cut);
        }
        keep(done(name, NOTHING));
    }

    @Override
    public <T> Optional<T> await(String name, String signal, Class<T> type, Duration timeout)
            throws InterruptedException {
        Optional<Instant> until = waiting(name, timeout);
        while (until.isPresent()) {
            long seen = interruption.signals();
            // The time is read before the look for a signal: one that came in time is taken.
            boolean over = !clock.instant().isBefore(until.get());
            Optional<SignalRecord> next = tables.nextSignal(key, signal);
            if (next.isPresent() || over) {
                store.transactNow(() -> {
                    next.ifPresent(tables::delete);
                    keep(done(name, next.map(SignalRecord::content).orElse(NOTHING)));
                    return true;
                });
                return next.map(taken -> RecordCodec.json().readValue(taken.content(), type));
            }
            if (interruption.arm(seen)) {
                boolean cut = false;
                try {
                    clock.sleepUntil(until.get());
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
            if (interruption.isCancelled()) {
                throw cancelNow(name);
            }
        }
        StepRecord before = stored.get(name);
        return before == null || before.result().isEmpty()
                ? Optional.empty()
                : Optional.of(RecordCodec.json().readValue(before.result(), type));
    }

    /** Until when a sleep or wait lasts, from its first beginning; empty when it is over. */
    private Optional<Instant> waiting(String name, Duration duration) throws InterruptedException {
        StepRecord begun = stored.get(name);
        if (begun != null && begun.state() == StepState.WAITING) {
            begin(name);
            if (interruption.isCancelled()) {
                throw cancelNow(name);
            }
            return Optional.of(begun.time());
        }
        Optional<StepRecord> before = enter(name);
        if (before.isPresent()) {
            outcome(before.get());
            return Optional.empty();
        }
        Instant until = clock.instant().plus(duration);
        tables.put(new StepRecord(key, name, StepState.WAITING, NOTHING, "", "", until));
        return Optional.of(until);
    }

    /** A sleep was cut short. */
    private void goOn(String name, boolean cut) throws InterruptedException {
        if (threads.isEnding() || !(cut || interruption.isCancelled())) {
            throw new InterruptedException("The server ends");
        }
        throw cancelNow(name);
    }

    private void begin(String name) throws InterruptedException {
        if (inStep) {
            throw new IllegalStateException("Step " + name + " was begun within another");
        }
        if (!met.add(name)) {
            throw new IllegalStateException("Two steps are named " + name);
        }
        if (threads.isEnding()) {
            throw new InterruptedException("The server ends");
        }
    }

    /** Begins a step.
     *
     * @return what is stored of it, where it was done before */
    private Optional<StepRecord> enter(String name) throws InterruptedException {
        begin(name);
        StepRecord before = stored.get(name);
        if (before != null) {
            return Optional.of(before);
        }
        if (interruption.isCancelled()) {
            throw cancelNow(name);
        }
        return Optional.empty();
    }

    private <T> T result(StepRecord step, Class<T> type) {
        outcome(step);
        return value(step, type);
    }

    /** Goes past a step that was done before, or throws what it threw. */
    private void outcome(StepRecord step) {
        now = step.time();
        switch (step.state()) {
            case DONE, WAITING -> {}
            case FAILED -> throw new StepFailed(step.code(), step.message());
            case CANCELLED -> throw new Workflow.Cancelled(step.message());
        }
    }

    @SuppressWarnings("NullAway") // work that gave null gives null again
    private static <T> T value(StepRecord step, Class<T> type) {
        return step.result().isEmpty() ? null : RecordCodec.json().readValue(step.result(), type);
    }

    /** Runs a step's work as the workflow's principal.
     *
     * @throws Threw with what the work threw */
    private <T> T serve(Work<T> work) {
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

    private StepRecord done(String name, String result) {
        return new StepRecord(key, name, StepState.DONE, result, "", "", clock.instant());
    }

    private void keep(StepRecord step) {
        tables.put(step);
        now = step.time();
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
        StepFailed failed = asFailed(thrown);
        LOG.log(System.Logger.Level.DEBUG, () -> "Step " + name + " of " + key.replace('\0', ' ') + " failed", thrown);
        keep(new StepRecord(
                key,
                name,
                StepState.FAILED,
                NOTHING,
                failed.code(),
                String.valueOf(failed.getMessage()),
                clock.instant()));
        failed.addSuppressed(thrown);
        return failed;
    }

    private static StepFailed asFailed(Throwable thrown) {
        return switch (thrown) {
            case StepFailed again -> new StepFailed(again.code(), String.valueOf(again.getMessage()));
            case AwsServiceException e
            when e.awsErrorDetails() != null && e.awsErrorDetails().errorCode() != null ->
                new StepFailed(e.awsErrorDetails().errorCode(), AwsErrors.message(e));
            default -> new StepFailed(thrown.getClass().getSimpleName(), String.valueOf(thrown.getMessage()));
        };
    }

    /** Tells the workflow's code of its cancellation, once. */
    private Workflow.Cancelled cancelNow(String name) {
        String reason = cancelReason;
        store.transactNow(() -> {
            tables.running(key).ifPresent(process -> tables.put(process.cancelTold()));
            keep(new StepRecord(key, name, StepState.CANCELLED, NOTHING, "", reason, clock.instant()));
            return true;
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
