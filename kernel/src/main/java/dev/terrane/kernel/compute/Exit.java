package dev.terrane.kernel.compute;

/**
 * How a command ended.
 *
 * @param code its exit status; 128 plus the signal's number when a signal ended it, 126 or 127 when it could not be run
 * @param timedOut whether it was killed because its time ran out
 */
public record Exit(int code, boolean timedOut) {
    public boolean succeeded() {
        return code == 0 && !timedOut;
    }
}
