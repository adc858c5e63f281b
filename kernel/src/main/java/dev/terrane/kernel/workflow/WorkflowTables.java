package dev.terrane.kernel.workflow;

import dev.terrane.kernel.call.Scope;
import dev.terrane.kernel.store.Page;
import dev.terrane.kernel.store.Query;
import dev.terrane.kernel.store.Rows;
import dev.terrane.kernel.store.Store;
import dev.terrane.kernel.store.Table;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** What is stored of durable processes. */
final class WorkflowTables {
    /** Rows of one process that are removed together. */
    private static final int REMOVED_AT_ONCE = 1000;

    /** Processes that are taken over in one commit. */
    private static final int CLAIMED_AT_ONCE = 200;

    private static final Scope SCOPE = Scope.INSTALLATION;
    private static final String RUNNING = "running";

    /**
     * A process. Once ended, all that is kept is that it was there.
     *
     * @param input as JSON
     * @param signals how many were sent, which numbers them
     * @param cancelReason why cancellation was asked for
     * @param cancelThrown whether the workflow's code has been told
     * @param failure what the workflow threw, or empty
     * @param owner the node that runs it, or empty: then it is anyone's
     */
    record ProcessRecord(
            String workflow,
            String id,
            Scope scope,
            String input,
            Instant started,
            long signals,
            Optional<String> cancelReason,
            boolean cancelThrown,
            Optional<Instant> ended,
            String failure,
            String owner) {
        ProcessRecord {
            // Rows that were written before there were owners are anyone's.
            owner = Objects.requireNonNullElse(owner, "");
        }

        static ProcessRecord started(
                String workflow, String id, Scope scope, String input, Instant time, String owner) {
            return new ProcessRecord(
                    workflow, id, scope, input, time, 0, Optional.empty(), false, Optional.empty(), "", owner);
        }

        String key() {
            return WorkflowTables.key(workflow, id);
        }

        ProcessRecord ownedBy(String node) {
            return new ProcessRecord(
                    workflow, id, scope, input, started, signals, cancelReason, cancelThrown, ended, failure, node);
        }

        ProcessRecord signalled() {
            return new ProcessRecord(
                    workflow,
                    id,
                    scope,
                    input,
                    started,
                    signals + 1,
                    cancelReason,
                    cancelThrown,
                    ended,
                    failure,
                    owner);
        }

        ProcessRecord cancelAsked(String reason) {
            return new ProcessRecord(
                    workflow,
                    id,
                    scope,
                    input,
                    started,
                    signals,
                    Optional.of(reason),
                    cancelThrown,
                    ended,
                    failure,
                    owner);
        }

        ProcessRecord cancelTold() {
            return new ProcessRecord(
                    workflow, id, scope, input, started, signals, cancelReason, true, ended, failure, owner);
        }

        ProcessRecord begunAnew(String other, Instant time) {
            return new ProcessRecord(
                    workflow, id, scope, other, time, signals, cancelReason, cancelThrown, ended, failure, owner);
        }

        ProcessRecord ended(Instant time, String why) {
            return new ProcessRecord(
                    workflow, id, scope, "", started, signals, cancelReason, cancelThrown, Optional.of(time), why, "");
        }
    }

    /** How far a step is. */
    enum StepState {
        /** A sleep or wait that has begun. */
        WAITING,
        DONE,
        FAILED,
        CANCELLED
    }

    /**
     * A step.
     *
     * @param result as JSON, or empty where there is none
     * @param code the error code of a failed step
     * @param time when it ended, or until when it waits
     */
    record StepRecord(
            String process, String name, StepState state, String result, String code, String message, Instant time) {
        String key() {
            return process + '\0' + name;
        }
    }

    /** A signal not taken yet. */
    record SignalRecord(String process, String signal, long number, String content) {
        String key() {
            return process + '\0' + signal + '\0' + "%019d".formatted(number);
        }
    }

    private final Rows<ProcessRecord> processes;
    private final Rows<StepRecord> steps;
    private final Rows<SignalRecord> signals;
    private final Store store;

    WorkflowTables(Store store) {
        this.store = store;
        processes = store.rows(Table.of("workflow.process", ProcessRecord.class, ProcessRecord::key)
                .index(RUNNING, p -> p.ended().isEmpty() ? RUNNING + p.owner() : "")
                .index("ended", p -> p.ended().map(WorkflowTables::ordered).orElse(""))
                .uncached());
        steps = store.rows(Table.of("workflow.step", StepRecord.class, StepRecord::key));
        signals = store.rows(Table.of("workflow.signal", SignalRecord.class, SignalRecord::key));
    }

    static String key(String workflow, String id) {
        if (workflow.indexOf('\0') >= 0 || id.indexOf('\0') >= 0) {
            throw new IllegalArgumentException("Not the id of a process: " + id);
        }
        return workflow + '\0' + id;
    }

    private static String ordered(Instant time) {
        return "%015d".formatted(time.toEpochMilli());
    }

    Optional<ProcessRecord> process(String key) {
        return processes.get(SCOPE, key);
    }

    /** A process that has not ended. */
    Optional<ProcessRecord> running(String key) {
        return process(key).filter(process -> process.ended().isEmpty());
    }

    void put(ProcessRecord process) {
        processes.put(SCOPE, process);
    }

    void put(StepRecord step) {
        steps.put(SCOPE, step);
    }

    void put(SignalRecord signal) {
        signals.put(SCOPE, signal);
    }

    void delete(SignalRecord signal) {
        signals.delete(SCOPE, signal.key());
    }

    Optional<SignalRecord> nextSignal(String process, String signal) {
        return signals.list(SCOPE, Query.prefix(process + '\0' + signal + '\0').limit(1)).values().stream()
                .findFirst();
    }

    /** Processes that have not ended, of a node or (where that is empty) of none, some at once. */
    Page<ProcessRecord> runningOf(String owner, Optional<String> after) {
        return processes.list(
                SCOPE,
                Query.equal(RUNNING, RUNNING + owner).limit(CLAIMED_AT_ONCE).after(after));
    }

    /** The steps of a process by name. */
    Map<String, StepRecord> steps(String process) {
        Map<String, StepRecord> found = new HashMap<>();
        Query query = Query.prefix(process + '\0');
        Page<StepRecord> page = steps.list(SCOPE, query);
        page.values().forEach(step -> found.put(step.name(), step));
        while (page.next().isPresent()) {
            page = steps.list(SCOPE, query.after(page.next()));
            page.values().forEach(step -> found.put(step.name(), step));
        }
        return found;
    }

    /** Ends a process and removes some of what was kept for it; {@link #removeRest} removes the rest. Within a transaction. */
    void end(ProcessRecord process, Instant time, String failure) {
        put(process(process.key()).orElse(process).ended(time, failure));
        removeSteps(process.key());
        removeSignals(process.key());
    }

    /** Gives a process another input, and removes its steps. Within a transaction. */
    void beginAnew(ProcessRecord process, String input, Instant time) {
        put(process(process.key()).orElse(process).begunAnew(input, time));
        steps(process.key()).values().forEach(step -> steps.delete(SCOPE, step.key()));
    }

    /** Forgets processes that ended before a time. */
    void forget(Instant before) {
        Query old = Query.index("ended").between("", ordered(before)).limit(REMOVED_AT_ONCE);
        for (ProcessRecord process : processes.list(SCOPE, old).values()) {
            removeRest(process.key());
            processes.delete(SCOPE, process.key());
        }
    }

    void removeRest(String process) {
        boolean removed;
        do {
            removed = store.<Boolean>transact(() -> {
                boolean some = removeSteps(process);
                return removeSignals(process) || some;
            });
        } while (removed);
    }

    /** @return whether there were any */
    private boolean removeSteps(String process) {
        List<StepRecord> some = steps.list(SCOPE, Query.prefix(process + '\0').limit(REMOVED_AT_ONCE))
                .values();
        some.forEach(step -> steps.delete(SCOPE, step.key()));
        return !some.isEmpty();
    }

    private boolean removeSignals(String process) {
        List<SignalRecord> some = signals.list(
                        SCOPE, Query.prefix(process + '\0').limit(REMOVED_AT_ONCE))
                .values();
        some.forEach(signal -> signals.delete(SCOPE, signal.key()));
        return !some.isEmpty();
    }
}
