package dev.terrane.kernel.authorization;

import java.util.Optional;

/**
 * Turns the names that requests use into ARNs where an ARN holds more than the name: the path of a role, the id of an
 * Auto Scaling group, the suffix of a secret, the key behind an alias, the repository of a pull request.
 */
@FunctionalInterface
public interface ResourceNames {
    /** Knows nothing: unknown parts of an ARN are left as wildcards. */
    ResourceNames NONE = (service, type, name) -> Optional.empty();

    /**
     * The ARN of an existing resource.
     *
     * @param service the prefix of IAM actions, such as {@code iam}
     * @param type the resource type of the service authorization reference, such as {@code role}
     * @param name as the request has it
     */
    Optional<String> find(String service, String type, String name);
}
