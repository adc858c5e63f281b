package dev.terrane.eventbridge;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;

/** The part of JSONPath that EventBridge knows: members by dot or bracket, indices of arrays, and the wildcard. */
record JsonPath(List<String> steps) {
    private static final String WILDCARD = "*";
    private static final Pattern STEP =
            Pattern.compile("\\.([\\w\\-/]+|\\*)|\\[\\s*(\\d+|\\*)\\s*]|\\['([^']+)']|\\[\"([^\"]+)\"]");

    JsonPath {
        steps = List.copyOf(steps);
    }

    /** Reads a path; empty when the text is none. */
    static Optional<JsonPath> parse(String text) {
        if (!text.startsWith("$")) {
            return Optional.empty();
        }
        List<String> steps = new ArrayList<>();
        Matcher step = STEP.matcher(text);
        int at = 1;
        while (at < text.length()) {
            step.region(at, text.length());
            if (!step.lookingAt()) {
                return Optional.empty();
            }
            for (int group = 1; group <= step.groupCount(); group++) {
                if (step.group(group) != null) {
                    steps.add(step.group(group));
                }
            }
            at = step.end();
        }
        return Optional.of(new JsonPath(steps));
    }

    /** What the path leads to, or empty where nothing is there. */
    Optional<JsonNode> find(JsonNode root) {
        return find(root, steps);
    }

    private static Optional<JsonNode> find(JsonNode node, List<String> steps) {
        if (steps.isEmpty()) {
            return Optional.of(node);
        }
        String step = steps.getFirst();
        List<String> rest = steps.subList(1, steps.size());
        if (step.equals(WILDCARD)) {
            ArrayNode all = JsonNodeFactory.instance.arrayNode();
            node.values().forEach(child -> find(child, rest).ifPresent(all::add));
            return Optional.of(all);
        }
        JsonNode child = node.isArray() && step.matches("\\d{1,6}") ? node.get(Integer.parseInt(step)) : node.get(step);
        return child == null ? Optional.empty() : find(child, rest);
    }
}
