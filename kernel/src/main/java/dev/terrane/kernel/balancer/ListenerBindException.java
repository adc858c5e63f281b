package dev.terrane.kernel.balancer;

/** A listener's address and port can't be listened on: taken, not local, or not permitted. */
public final class ListenerBindException extends RuntimeException {
    public ListenerBindException(String message, Throwable cause) {
        super(message, cause);
    }
}
