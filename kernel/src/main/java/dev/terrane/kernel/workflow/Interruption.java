package dev.terrane.kernel.workflow;

import org.jspecify.annotations.Nullable;

/**
 * Interrupts a process's thread only while it may be interrupted, and tells its own interrupts from the server's end. One thread arms and disarms
 * it; any thread interrupts.
 */
final class Interruption {
    private @Nullable Thread armed;
    private boolean bySignals;
    private boolean sent;
    private boolean cancelled;
    private long signals;

    /** How many signals have come, to be given to {@link #arm}. */
    synchronized long signals() {
        return signals;
    }

    /** From here on a cancellation interrupts this thread.
     *
     * @return false where it has come already */
    synchronized boolean arm() {
        if (cancelled) {
            return false;
        }
        armed = Thread.currentThread();
        bySignals = false;
        return true;
    }

    /** From here on a cancellation or signal interrupts this thread.
     *
     * @return false where one has come meanwhile, so that there is nothing to wait for */
    synchronized boolean arm(long seen) {
        if (cancelled || signals != seen) {
            return false;
        }
        armed = Thread.currentThread();
        bySignals = true;
        return true;
    }

    /** The end of what {@link #arm} began.
     *
     * @return whether it was interrupted; the thread's own mark is taken back then */
    synchronized boolean disarm() {
        boolean was = sent;
        if (was) {
            Thread.interrupted();
        }
        armed = null;
        sent = false;
        return was;
    }

    synchronized void signal() {
        signals++;
        if (bySignals) {
            interrupt();
        }
    }

    synchronized void cancel() {
        cancelled = true;
        interrupt();
    }

    /** Whether cancellation is still to be told. */
    synchronized boolean isCancelled() {
        return cancelled;
    }

    synchronized void told() {
        cancelled = false;
    }

    private void interrupt() {
        if (armed != null) {
            sent = true;
            armed.interrupt();
        }
    }
}
