package dev.terrane.kernel.compute;

/** This driver, on this machine, cannot give what a specification asks for; the message says what and why. */
public final class UnsupportedWorkloadException extends ComputeException {
    public UnsupportedWorkloadException(String message) {
        super(message);
    }
}
