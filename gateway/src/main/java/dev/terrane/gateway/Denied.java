package dev.terrane.gateway;

import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsServiceException;

/** Policies deny a call: what the caller is told, and what only those read who may decode it. */
final class Denied extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final AwsServiceException error;
    private final @Nullable String reasons;

    /** @param reasons sealed, or null where they are too long for a message */
    Denied(AwsServiceException error, @Nullable String reasons) {
        super(error.getMessage(), error, false, false);
        this.error = error;
        this.reasons = reasons;
    }

    AwsServiceException error() {
        return error;
    }

    @Nullable
    String reasons() {
        return reasons;
    }
}
