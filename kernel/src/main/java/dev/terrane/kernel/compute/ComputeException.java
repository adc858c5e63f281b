package dev.terrane.kernel.compute;

import org.jspecify.annotations.Nullable;

/** The driver failed; the message says at what. */
public class ComputeException extends RuntimeException {
    public ComputeException(String message) {
        super(message);
    }

    public ComputeException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
