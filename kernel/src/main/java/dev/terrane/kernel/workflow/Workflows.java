package dev.terrane.kernel.workflow;

import dev.terrane.kernel.call.Scope;

/** Starts and reaches durable processes. Within a transaction all of this takes effect with its commit. */
public interface Workflows {
    /** Makes a kind of process known. At start-up, before {@link #start} of that kind; unfinished ones go on when all services are wired. */
    void register(Workflow<?> workflow);

    /**
     * Starts a process; one that was started under the same id is left as it is.
     *
     * @param id unique among processes of this workflow in the installation
     */
    <I extends Record> void start(Workflow<I> workflow, Scope scope, String id, I input);

    /** Sends a signal to a process; one that has ended, or never was, does not get it.
     *
     * @param content a record, an SDK model object, a string, a number, a boolean
     */
    void signal(Workflow<?> workflow, String id, String signal, Object content);

    /** Asks a process to stop: see {@link Workflow.Cancelled}. */
    void cancel(Workflow<?> workflow, String id, String reason);

    /** Whether a process is there and has not ended. */
    boolean isRunning(Workflow<?> workflow, String id);
}
