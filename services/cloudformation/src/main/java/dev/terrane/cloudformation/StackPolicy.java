package dev.terrane.cloudformation;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A stack policy: which resources an update may change. Everything is denied that no statement allows, and a denial comes first. */
record StackPolicy(List<Rule> rules) {
    private static final int LONGEST = 16_384;

    /** One statement; conditions are on the resource's type alone. */
    record Rule(
            boolean allow,
            List<Pattern> actions,
            boolean notActions,
            List<Pattern> resources,
            boolean notResources,
            List<Pattern> types,
            boolean notTypes) {
        boolean matches(String action, String resource, String type) {
            return any(actions, action) != notActions
                    && any(resources, resource) != notResources
                    && (types.isEmpty() || any(types, type) != notTypes);
        }

        private static boolean any(List<Pattern> patterns, String text) {
            return patterns.stream().anyMatch(p -> p.matcher(text).matches());
        }
    }

    /** Reads a policy.
     *
     * @throws software.amazon.awssdk.awscore.exception.AwsServiceException when it is none */
    static StackPolicy parse(String text) {
        if (text.length() > LONGEST) {
            throw Refusals.invalid("Stack policy may not exceed 16384 characters");
        }
        JsonNode root;
        try {
            root = JsonMapper.shared().readTree(text);
        } catch (JacksonException e) {
            throw Refusals.invalid("Error validating stack policy: Invalid JSON: " + e.getOriginalMessage());
        }
        JsonNode statements = root.path("Statement");
        List<Rule> rules = new ArrayList<>();
        for (JsonNode statement : statements.isArray() ? statements : List.of(statements)) {
            rules.add(rule(statement));
        }
        return new StackPolicy(rules);
    }

    private static Rule rule(JsonNode statement) {
        String effect = statement.path("Effect").asString("");
        if (!effect.equals("Allow") && !effect.equals("Deny")) {
            throw Refusals.invalid("Error validating stack policy: Invalid policy effect: " + effect);
        }
        if (!statement.path("Principal").asString("").equals("*")) {
            throw Refusals.invalid("Error validating stack policy: Principal must be *");
        }
        boolean notActions = statement.has("NotAction");
        boolean notResources = statement.has("NotResource");
        JsonNode condition = statement.path("Condition");
        boolean notTypes = condition.has("StringNotEquals") || condition.has("StringNotLike");
        List<String> types = new ArrayList<>();
        condition
                .properties()
                .forEach(operator -> types.addAll(texts(operator.getValue().path("ResourceType"))));
        if (condition.isObject() && types.isEmpty()) {
            throw Refusals.invalid("Error validating stack policy: a condition can be on ResourceType only");
        }
        List<String> actions = texts(statement.path(notActions ? "NotAction" : "Action"));
        List<String> resources = texts(statement.path(notResources ? "NotResource" : "Resource"));
        if (actions.isEmpty() || resources.isEmpty()) {
            throw Refusals.invalid("Error validating stack policy: Action and Resource are required");
        }
        return new Rule(
                effect.equals("Allow"),
                patterns(actions),
                notActions,
                patterns(resources.stream()
                        .map(r -> r.replaceFirst("^LogicalResourceId/", ""))
                        .toList()),
                notResources,
                patterns(types),
                notTypes);
    }

    private static List<String> texts(JsonNode node) {
        return node.isArray()
                ? node.valueStream().map(JsonNode::asString).toList()
                : node.isString() ? List.of(node.asString()) : List.of();
    }

    private static List<Pattern> patterns(List<String> globs) {
        return globs.stream()
                .map(glob -> Pattern.compile(
                        ("\\Q" + glob.replace("*", "\\E.*\\Q").replace("?", "\\E.\\Q") + "\\E"),
                        Pattern.CASE_INSENSITIVE))
                .toList();
    }

    /** Why a stack's policy refuses an action on a resource; empty where it allows it, or there is none.
     *
     * @param action {@code Modify}, {@code Replace} or {@code Delete} */
    static Optional<String> refusal(StackRecord stack, String action, String logicalId, String type) {
        return stack.policyInForce().isEmpty()
                ? Optional.empty()
                : parse(stack.policyInForce()).refusal(action, logicalId, type);
    }

    private Optional<String> refusal(String action, String logicalId, String type) {
        String full = "Update:" + action;
        boolean allowed = false;
        for (int i = 0; i < rules.size(); i++) {
            Rule rule = rules.get(i);
            if (rule.matches(full, logicalId, type)) {
                if (!rule.allow()) {
                    return Optional.of("Action denied by stack policy: Statement [#%d] denies [%s] for resource [%s]"
                            .formatted(i + 1, full, logicalId));
                }
                allowed = true;
            }
        }
        return allowed
                ? Optional.empty()
                : Optional.of("Action not allowed by stack policy: no statement allows [%s] for resource [%s]"
                        .formatted(full, logicalId));
    }
}
