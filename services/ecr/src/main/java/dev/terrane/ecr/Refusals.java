package dev.terrane.ecr;

import software.amazon.awssdk.services.ecr.model.InvalidParameterException;
import software.amazon.awssdk.services.ecr.model.LifecyclePolicyNotFoundException;
import software.amazon.awssdk.services.ecr.model.RepositoryAlreadyExistsException;
import software.amazon.awssdk.services.ecr.model.RepositoryNotFoundException;
import software.amazon.awssdk.services.ecr.model.RepositoryPolicyNotFoundException;

/** ECR's refusals in its own words. */
final class Refusals {
    private Refusals() {}

    static RuntimeException parameter(String member, String constraint) {
        return InvalidParameterException.builder()
                .message("Invalid parameter at '%s' failed to satisfy constraint: '%s'".formatted(member, constraint))
                .build();
    }

    static RuntimeException missing(String registry, String name) {
        return RepositoryNotFoundException.builder()
                .message("The repository with name '%s' does not exist in the registry with id '%s'"
                        .formatted(name, registry))
                .build();
    }

    static RuntimeException exists(String registry, String name) {
        return RepositoryAlreadyExistsException.builder()
                .message("The repository with name '%s' already exists in the registry with id '%s'"
                        .formatted(name, registry))
                .build();
    }

    static RuntimeException withoutPolicy(String registry, String name) {
        return RepositoryPolicyNotFoundException.builder()
                .message(
                        "Repository policy does not exist for the repository with name '%s' in the registry with id '%s'"
                                .formatted(name, registry))
                .build();
    }

    static RuntimeException withoutLifecyclePolicy(String registry, String name) {
        return LifecyclePolicyNotFoundException.builder()
                .message(
                        "Lifecycle policy does not exist for the repository with name '%s' in the registry with id '%s'"
                                .formatted(name, registry))
                .build();
    }
}
