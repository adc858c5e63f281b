package dev.terrane.kernel.workflow;

/**
 * A durable process: code that is run from its beginning, and whose {@link Steps} are done once each. After a crash it is run again from its
 * beginning, and steps that were done give their stored results, so the code between steps must depend on nothing else
 * than its input, its steps' results and {@link Steps#now()}.
 *
 * @param <I> its input
 */
public interface Workflow<I extends Record> {
    /** Unique in the installation, beginning with the service: {@code codebuild.build}. It must not change once instances exist. */
    String name();

    /** The class of the input. */
    Class<I> input();

    /** As which service principal it calls others: {@code codebuild.amazonaws.com}. */
    String principal();

    /**
     * Does the work. When it throws, the process has failed and is not run again: what must be recorded of a failure is to be recorded
     * here, in a step.
     *
     * @throws Cancelled by any step, sleep or wait, but by no commit, once cancellation was asked for; code may catch it and do steps to clean up
     * @throws InterruptedException when the server ends; the process goes on at the next start
     */
    void run(Steps steps, I input) throws InterruptedException;

    /** Cancellation was asked for. It is thrown once, by the step, sleep or wait in progress or the next one; later ones run as usual. What is
     * committed is too short to be cancelled, and code need not ask itself what of it was done. */
    final class Cancelled extends RuntimeException {
        public Cancelled(String reason) {
            super(reason, null, false, false);
        }
    }
}
