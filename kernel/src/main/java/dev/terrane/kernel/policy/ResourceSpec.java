package dev.terrane.kernel.policy;

import java.util.List;

/**
 * {@code Resource} or {@code NotResource} ("IAM JSON policy elements: Resource").
 *
 * @param inverted whether this is {@code NotResource}
 * @param resources ARN patterns as written, or {@code *}
 */
public record ResourceSpec(boolean inverted, List<Pattern> resources) {
    public ResourceSpec {
        resources = List.copyOf(resources);
    }

    boolean matches(AuthorizationRequest request, String resource) {
        for (Pattern pattern : resources) {
            if (pattern.matches(resource, request)) {
                return !inverted;
            }
        }
        return inverted;
    }
}
