package dev.terrane.gateway;

import dev.terrane.kernel.call.Principal;
import dev.terrane.kernel.policy.ActionSpec;
import dev.terrane.kernel.policy.Condition;
import dev.terrane.kernel.policy.Decision;
import dev.terrane.kernel.policy.Effect;
import dev.terrane.kernel.policy.Pattern;
import dev.terrane.kernel.policy.PolicyType;
import dev.terrane.kernel.policy.ResourceSpec;
import dev.terrane.kernel.policy.Statement;
import dev.terrane.kernel.store.RecordCodec;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A denial as {@code DecodeAuthorizationMessage} tells it: whether a statement denied, which one, and in which circumstances. Beyond what AWS tells: the policies
 * that statements belong to, the kinds of policy that should have allowed, and statements that come near.
 */
final class DenialReasons {
    private DenialReasons() {}

    /** @param conditions the condition keys that were looked at, as they are spelled */
    static String json(Decision decision, String resource, Principal principal, Map<String, List<String>> conditions) {
        Map<String, Object> reasons = new LinkedHashMap<>();
        reasons.put("allowed", false);
        reasons.put("explicitDeny", decision instanceof Decision.ExplicitlyDenied);
        reasons.put(
                "matchedStatements",
                items(decision.statements().stream()
                        .map(match -> statement(match, principal))
                        .toList()));
        reasons.put("failures", items(List.of()));
        if (decision instanceof Decision.ImplicitlyDenied denied) {
            reasons.put(
                    "lackingPolicies",
                    values(denied.lacking().stream().map(PolicyType::words).toList()));
            reasons.put(
                    "nearStatements",
                    items(denied.near().stream()
                            .map(near -> nearMiss(near, principal))
                            .toList()));
        }
        Map<String, Object> context = new LinkedHashMap<>();
        context.put("principal", principal(principal));
        context.put("action", decision.request().action());
        context.put("resource", resource);
        context.put("conditions", conditions(new TreeMap<>(conditions)));
        reasons.put("context", context);
        return RecordCodec.json().writeValueAsString(reasons);
    }

    private static Map<String, Object> principal(Principal principal) {
        Map<String, Object> told = new LinkedHashMap<>();
        told.put("id", principal.userId());
        if (principal instanceof Principal.User user) {
            told.put("name", user.name());
        }
        told.put("arn", principal.arn());
        if (principal instanceof Principal.AssumedRole role) {
            told.put("roleArn", role.roleArn());
        }
        return told;
    }

    private static Map<String, Object> nearMiss(Decision.NearMiss near, Principal principal) {
        Map<String, Object> told = statement(near.match(), principal);
        told.put("resourceMatches", near.resourceMatches());
        told.put(
                "unmetConditions",
                items(near.unmet().stream()
                        .map(unmet -> Map.of(
                                "operator", unmet.condition().written(),
                                "key", unmet.condition().key(),
                                "values", values(unmet.condition().values()),
                                "given", values(unmet.given())))
                        .toList()));
        return told;
    }

    private static Map<String, Object> statement(Decision.Match match, Principal principal) {
        Statement statement = match.statement();
        Map<String, Object> told = new LinkedHashMap<>();
        told.put("policyType", match.type().words());
        told.put("policy", match.policy());
        told.put("statementIndex", statement.index());
        told.put("statementId", statement.sid());
        told.put("effect", statement.effect() == Effect.DENY ? "DENY" : "ALLOW");
        told.put("principals", values(List.of(principal.userId())));
        told.put("principalGroups", items(List.of()));
        ActionSpec actions = statement.actions();
        told.put(
                actions.inverted() ? "notActions" : "actions",
                values(actions.actions().stream().map(Pattern::text).toList()));
        if (statement.resources().isPresent()) {
            ResourceSpec resources = statement.resources().get();
            told.put(
                    resources.inverted() ? "notResources" : "resources",
                    values(resources.resources().stream().map(Pattern::text).toList()));
        }
        Map<String, List<String>> conditions = new LinkedHashMap<>();
        for (Condition condition : statement.conditions()) {
            conditions.put(condition.key(), condition.values());
        }
        told.put("conditions", conditions(conditions));
        return told;
    }

    private static Map<String, Object> conditions(Map<String, List<String>> conditions) {
        return items(conditions.entrySet().stream()
                .map(one -> {
                    Map<String, Object> condition = new LinkedHashMap<>();
                    condition.put("key", one.getKey());
                    condition.put("values", values(one.getValue()));
                    return condition;
                })
                .toList());
    }

    private static Map<String, Object> values(List<String> values) {
        return items(values.stream().map(value -> Map.of("value", value)).toList());
    }

    private static Map<String, Object> items(Collection<?> items) {
        return Map.of("items", items);
    }
}
