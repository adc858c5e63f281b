package dev.terrane.codebuild;

import software.amazon.awssdk.services.codebuild.model.InvalidInputException;
import software.amazon.awssdk.services.codebuild.model.ResourceNotFoundException;

/** CodeBuild's errors, in its words. */
final class Refusals {
    private Refusals() {}

    static InvalidInputException invalid(String message) {
        return InvalidInputException.builder().message(message).build();
    }

    static InvalidInputException unsupported(String what) {
        return invalid(what + " is not supported by this installation.");
    }

    static ResourceNotFoundException noProject(String name) {
        return ResourceNotFoundException.builder()
                .message("Project cannot be found: " + name)
                .build();
    }

    static ResourceNotFoundException notFound(String message) {
        return ResourceNotFoundException.builder().message(message).build();
    }
}
