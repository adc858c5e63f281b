package dev.terrane.kernel.workflow;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** What a {@link Workflow} does, step by step. Names must be unique within one process: number those in a loop. */
public interface Steps {
    /** The id under which the process was started. */
    String id();

    /** The time at which the last step ended (or the process began): the same again after a crash. */
    Instant now();

    /**
     * Does work once and keeps its result. The work runs with a {@code Call} bound, in the name of the workflow's principal, outside any
     * transaction unless it opens one; the result is committed after it. Short work that only writes to the store should be {@link #commit}.
     * When the server dies within a step, the step is done again: an effect outside the store needs a name (such as {@link #id()})
     * by which doing it again is harmless.
     *
     * @param type the class of the result: a record, an SDK model object, a string, a number, a boolean
     * @throws StepFailed when the work throws, now and again after a crash
     */
    <T> T step(String name, Class<T> type, Work<T> work) throws InterruptedException;

    /** A step without a result. */
    void step(String name, Action action) throws InterruptedException;

    /** A step that only reads and writes the store: all of it and its result are one commit. It may be tried several times. */
    <T> T commit(String name, Class<T> type, Work<T> work) throws InterruptedException;

    /** A commit without a result. */
    void commit(String name, Action action) throws InterruptedException;

    /** Waits for a time, across restarts. */
    void sleep(String name, Duration duration) throws InterruptedException;

    /** Waits until a signal of that name has come, or for a time. Each signal is taken once, in the order of sending.
     *
     * @param type the class of the signal's content
     * @return the content, or empty when the time was over
     */
    <T> Optional<T> await(String name, String signal, Class<T> type, Duration timeout) throws InterruptedException;

    /**
     * Begins the process anew under the same id with another input: its steps are forgotten, signals not taken yet stay. A process
     * without an end needs it now and then, since all steps since its beginning are kept and gone through at each start.
     * It does not return; nothing may stand after it, and what it throws is not to be caught.
     */
    void beginAnew(Record input);

    /** Whether cancellation was asked for. Long work within a step looks here, or is interrupted. */
    boolean cancelled();

    /** Work with a result. */
    @FunctionalInterface
    interface Work<T> {
        T run() throws Exception;
    }

    /** Work without a result. */
    @FunctionalInterface
    interface Action {
        void run() throws Exception;
    }

    /** A step's work threw. */
    final class StepFailed extends RuntimeException {
        private final String code;

        public StepFailed(String code, String message) {
            super(message);
            this.code = code;
        }

        /** The AWS error code where it was a service that refused, or the exception's class name. */
        public String code() {
            return code;
        }
    }
}
