package dev.terrane.firehose;

import dev.terrane.kernel.call.Call;
import software.amazon.awssdk.services.firehose.model.InvalidArgumentException;
import software.amazon.awssdk.services.firehose.model.LimitExceededException;
import software.amazon.awssdk.services.firehose.model.ResourceNotFoundException;

/** The errors of Data Firehose, in its words. */
final class FirehoseErrors {
    private FirehoseErrors() {}

    static InvalidArgumentException invalid(String message) {
        return InvalidArgumentException.builder().message(message).build();
    }

    static ResourceNotFoundException notFound(String stream) {
        return ResourceNotFoundException.builder()
                .message("Firehose " + stream + " under account "
                        + Call.current().account() + " not found.")
                .build();
    }

    static LimitExceededException exceeded(String message) {
        return LimitExceededException.builder().message(message).build();
    }
}
