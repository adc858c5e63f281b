package dev.terrane.iam;

import dev.terrane.kernel.arn.Arn;
import dev.terrane.kernel.policy.AuthorizationRequest;
import dev.terrane.kernel.policy.Decision;
import dev.terrane.kernel.policy.Policies;
import dev.terrane.kernel.policy.Policies.Attached;
import dev.terrane.kernel.policy.PolicyEvaluator;
import dev.terrane.kernel.policy.PolicyPrincipal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.services.iam.model.EvaluationResult;
import software.amazon.awssdk.services.iam.model.PermissionsBoundaryDecisionDetail;
import software.amazon.awssdk.services.iam.model.PolicyEvaluationDecisionType;
import software.amazon.awssdk.services.iam.model.ResourceSpecificResult;
import software.amazon.awssdk.services.iam.model.Statement;

/**
 * One simulation.
 *
 * @param owner the account of the resources where their ARNs do not say
 */
record Simulation(
        PolicyPrincipal caller,
        List<SimulatedPolicy> policies,
        Optional<SimulatedPolicy> boundary,
        Optional<SimulatedPolicy> resourcePolicy,
        Optional<String> owner,
        Map<String, List<String>> context) {
    private static final String BOUNDARY = "boundary";
    private static final String RESOURCE = "resource";

    /** A result for each action on each resource, or on any where none is named. */
    List<EvaluationResult> results(List<String> actions, List<String> resources) {
        List<EvaluationResult> results = new ArrayList<>();
        List<String> missing = missing();
        for (String action : actions) {
            if (action.indexOf(':') <= 0) {
                throw Refusals.invalid("Invalid Action: " + action);
            }
            if (resources.isEmpty()) {
                results.add(result(action, "*", missing));
            }
            for (String resource : resources) {
                results.add(result(action, resource, missing));
            }
        }
        return results;
    }

    /** "Context keys that are required by the included input policies but that were not provided". */
    private List<String> missing() {
        List<SimulatedPolicy> all = new ArrayList<>(policies);
        boundary.ifPresent(all::add);
        resourcePolicy.ifPresent(all::add);
        return SimulatedPolicy.contextKeys(all).stream()
                .filter(key -> context.keySet().stream().noneMatch(key::equalsIgnoreCase))
                .toList();
    }

    private EvaluationResult result(String action, String resource, List<String> missing) {
        AuthorizationRequest request = request(action, resource);
        Decision decision = PolicyEvaluator.evaluate(request, attachedPolicies());
        PolicyEvaluationDecisionType type = type(decision);
        List<Statement> matched = matched(decision);
        EvaluationResult.Builder result = EvaluationResult.builder()
                .evalActionName(action)
                .evalResourceName(resource)
                .evalDecision(type)
                .matchedStatements(matched)
                .missingContextValues(missing);
        PermissionsBoundaryDecisionDetail byBoundary = boundary.map(b -> PermissionsBoundaryDecisionDetail.builder()
                        .allowedByPermissionsBoundary(allows(request, b))
                        .build())
                .orElse(null);
        if (byBoundary != null) {
            result.permissionsBoundaryDecisionDetail(byBoundary);
        }
        if (!resource.equals("*")) {
            ResourceSpecificResult specific = ResourceSpecificResult.builder()
                    .evalResourceName(resource)
                    .evalResourceDecision(type)
                    .matchedStatements(matched)
                    .missingContextValues(missing)
                    .permissionsBoundaryDecisionDetail(byBoundary)
                    .build();
            result.resourceSpecificResults(List.of(specific));
        }
        return result.build();
    }

    private AuthorizationRequest request(String action, String resource) {
        String account = Arn.find(resource)
                .map(Arn::account)
                .filter(a -> !a.isEmpty() && !a.equals(PolicyRecord.AWS))
                .or(() -> owner)
                .orElse(caller.account());
        return new AuthorizationRequest(caller, action, List.of(resource), account, context);
    }

    /** The policies under names by which statements are found again: their places in the list. */
    private Policies attachedPolicies() {
        List<Attached> identity = new ArrayList<>();
        for (SimulatedPolicy policy : policies) {
            identity.add(new Attached(Integer.toString(identity.size()), policy.document()));
        }
        Policies all = Policies.none().withIdentity(identity);
        if (boundary.isPresent()) {
            all = all.withBoundary(new Attached(BOUNDARY, boundary.get().document()));
        }
        if (resourcePolicy.isPresent()) {
            all = all.withResource(new Attached(RESOURCE, resourcePolicy.get().document()));
        }
        return all;
    }

    private List<Statement> matched(Decision decision) {
        Map<String, SimulatedPolicy> byName = new HashMap<>();
        for (int i = 0; i < policies.size(); i++) {
            byName.put(Integer.toString(i), policies.get(i));
        }
        boundary.ifPresent(b -> byName.put(BOUNDARY, b));
        resourcePolicy.ifPresent(r -> byName.put(RESOURCE, r));
        return decision.statements().stream()
                .flatMap(match ->
                        Optional.ofNullable(byName.get(match.policy()))
                                .map(policy -> policy.shown(match.statement()))
                                .stream())
                .toList();
    }

    private static boolean allows(AuthorizationRequest request, SimulatedPolicy boundary) {
        return PolicyEvaluator.evaluate(
                        request, Policies.none().withIdentity(List.of(new Attached(BOUNDARY, boundary.document()))))
                .allowed();
    }

    private static PolicyEvaluationDecisionType type(Decision decision) {
        return switch (decision) {
            case Decision.Allowed allowed -> PolicyEvaluationDecisionType.ALLOWED;
            case Decision.ExplicitlyDenied denied -> PolicyEvaluationDecisionType.EXPLICIT_DENY;
            case Decision.ImplicitlyDenied denied -> PolicyEvaluationDecisionType.IMPLICIT_DENY;
        };
    }
}
