package dev.terrane.secretsmanager;

import software.amazon.awssdk.services.secretsmanager.model.InvalidParameterException;
import software.amazon.awssdk.services.secretsmanager.model.InvalidRequestException;
import software.amazon.awssdk.services.secretsmanager.model.ResourceNotFoundException;

/** Secrets Manager's refusals in its own words. */
final class Refusals {
    private Refusals() {}

    static RuntimeException missing() {
        return notFound("Secrets Manager can't find the specified secret.");
    }

    static RuntimeException notFound(String message) {
        return ResourceNotFoundException.builder().message(message).build();
    }

    static RuntimeException request(String message) {
        return InvalidRequestException.builder().message(message).build();
    }

    static RuntimeException parameter(String message) {
        return InvalidParameterException.builder().message(message).build();
    }

    static RuntimeException markedForDeletion() {
        return request("You can't perform this operation on the secret because it was marked for deletion.");
    }
}
