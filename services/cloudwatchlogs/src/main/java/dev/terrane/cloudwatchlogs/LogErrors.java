package dev.terrane.cloudwatchlogs;

import software.amazon.awssdk.services.cloudwatchlogs.model.InvalidParameterException;
import software.amazon.awssdk.services.cloudwatchlogs.model.ResourceAlreadyExistsException;
import software.amazon.awssdk.services.cloudwatchlogs.model.ResourceNotFoundException;

/** The errors of CloudWatch Logs, in its words. */
final class LogErrors {
    private LogErrors() {}

    static InvalidParameterException invalid(String message) {
        return InvalidParameterException.builder().message(message).build();
    }

    static ResourceNotFoundException notFound(String what) {
        return ResourceNotFoundException.builder()
                .message("The specified " + what + " does not exist.")
                .build();
    }

    static ResourceAlreadyExistsException exists(String what) {
        return ResourceAlreadyExistsException.builder()
                .message("The specified " + what + " already exists")
                .build();
    }
}
