package dev.terrane.kernel.policy;

import java.util.List;
import java.util.Optional;

/**
 * All policies that have a say in a request.
 *
 * @param identity identity-based policies of user and its groups, or of the role
 * @param resource the resource's own policy, if it has one
 * @param resourcePolicyRequired whether nobody, not even the account itself, has access that the resource's policy doesn't
 *     give: KMS keys and roles
 * @param boundary the permissions boundary of user or role
 * @param session session policies; together they allow what one of them allows
 * @param serviceControl Organizations' service control policies, by level from the root to the account; each level must
 *     allow. Empty outside of an organization and in its management account
 * @param resourceControl Organizations' resource control policies of the resource's account, likewise
 */
public record Policies(
        List<Attached> identity,
        Optional<Attached> resource,
        boolean resourcePolicyRequired,
        Optional<Attached> boundary,
        List<Attached> session,
        List<List<Attached>> serviceControl,
        List<List<Attached>> resourceControl) {
    /**
     * A policy as it is attached.
     *
     * @param name its name, or its ARN where it has one
     */
    public record Attached(String name, PolicyDocument document) {}

    public Policies {
        identity = List.copyOf(identity);
        session = List.copyOf(session);
        serviceControl = serviceControl.stream().map(List::copyOf).toList();
        resourceControl = resourceControl.stream().map(List::copyOf).toList();
    }

    private static final Policies NONE =
            new Policies(List.of(), Optional.empty(), false, Optional.empty(), List.of(), List.of(), List.of());

    /** No policy at all: everything but the root user's own is denied. */
    public static Policies none() {
        return NONE;
    }

    /** Those of a kind, of all levels. */
    List<Attached> of(PolicyType type) {
        return switch (type) {
            case SERVICE_CONTROL ->
                serviceControl.stream().flatMap(List::stream).toList();
            case RESOURCE_CONTROL ->
                resourceControl.stream().flatMap(List::stream).toList();
            case RESOURCE, TRUST -> resource.stream().toList();
            case IDENTITY -> identity;
            case BOUNDARY -> boundary.stream().toList();
            case SESSION -> session;
        };
    }

    /** The same with these identity-based policies. */
    public Policies withIdentity(List<Attached> policies) {
        return new Policies(
                policies, resource, resourcePolicyRequired, boundary, session, serviceControl, resourceControl);
    }

    /** The same with this policy of the resource. */
    public Policies withResource(Attached policy) {
        return new Policies(
                identity,
                Optional.of(policy),
                resourcePolicyRequired,
                boundary,
                session,
                serviceControl,
                resourceControl);
    }

    /** The same for a resource whose own policy decides alone. */
    public Policies requiringResourcePolicy() {
        return new Policies(identity, resource, true, boundary, session, serviceControl, resourceControl);
    }

    /** The same with this permissions boundary. */
    public Policies withBoundary(Attached policy) {
        return new Policies(
                identity,
                resource,
                resourcePolicyRequired,
                Optional.of(policy),
                session,
                serviceControl,
                resourceControl);
    }

    /** The same with these session policies. */
    public Policies withSession(List<Attached> policies) {
        return new Policies(
                identity, resource, resourcePolicyRequired, boundary, policies, serviceControl, resourceControl);
    }

    /** The same with these service control policies, by level. */
    public Policies withServiceControl(List<List<Attached>> levels) {
        return new Policies(identity, resource, resourcePolicyRequired, boundary, session, levels, resourceControl);
    }

    /** The same with these resource control policies, by level. */
    public Policies withResourceControl(List<List<Attached>> levels) {
        return new Policies(identity, resource, resourcePolicyRequired, boundary, session, serviceControl, levels);
    }
}
