package dev.terrane.kernel.policy;

import java.util.List;
import java.util.Optional;

/**
 * One statement of a policy document.
 *
 * @param index its place in the document, from 0
 * @param sid its {@code Sid}, or empty
 * @param principals {@code Principal} or {@code NotPrincipal}; only in policies of resources
 * @param resources {@code Resource} or {@code NotResource}; absent in role trust policies
 * @param conditions all of which must hold
 */
public record Statement(
        int index,
        String sid,
        Effect effect,
        Optional<PrincipalSpec> principals,
        ActionSpec actions,
        Optional<ResourceSpec> resources,
        List<Condition> conditions) {
    public Statement {
        conditions = List.copyOf(conditions);
    }

    /** Whether action, resource and conditions match; the principal is a matter of {@link #principals}. */
    boolean matches(AuthorizationRequest request, String foldedAction, String resource) {
        if (!actions.matches(foldedAction, request)) {
            return false;
        }
        if (resources.isPresent() && !resources.get().matches(request, resource)) {
            return false;
        }
        for (Condition condition : conditions) {
            if (!condition.holds(request, effect)) {
                return false;
            }
        }
        return true;
    }

    boolean allowsAction(AuthorizationRequest request, String foldedAction) {
        return effect == Effect.ALLOW && actions.matches(foldedAction, request);
    }

    /** What keeps a statement that allows the action from allowing a request. */
    Decision.NearMiss nearMiss(AuthorizationRequest request, String resource, Decision.Match match) {
        return new Decision.NearMiss(
                match,
                resources.isEmpty() || resources.get().matches(request, resource),
                conditions.stream()
                        .filter(condition -> !condition.holds(request, effect))
                        .map(condition -> new Decision.Unmet(condition, condition.given(request)))
                        .toList());
    }
}
