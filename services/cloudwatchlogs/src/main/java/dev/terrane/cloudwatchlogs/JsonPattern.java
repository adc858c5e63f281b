package dev.terrane.cloudwatchlogs;

import dev.terrane.kernel.store.RecordCodec;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/** A condition on members of a JSON message: {@code { $.status >= 500 && $.user.name = "a*" }}. */
record JsonPattern(Predicate<JsonNode> condition) implements FilterPattern {
    /** AWS's bounds on a pattern are less; these keep a hostile one from exhausting the stack. */
    private static final int DEEPEST = 50;

    static JsonPattern parse(String pattern) {
        PatternReader reader = new PatternReader(pattern);
        reader.require("{");
        Predicate<JsonNode> condition = either(reader, 0);
        reader.require("}");
        if (!reader.ended()) {
            throw reader.malformed();
        }
        return new JsonPattern(condition);
    }

    private static Predicate<JsonNode> either(PatternReader reader, int depth) {
        if (depth > DEEPEST) {
            throw reader.malformed();
        }
        Predicate<JsonNode> condition = both(reader, depth);
        while (reader.take("||")) {
            condition = condition.or(both(reader, depth));
        }
        return condition;
    }

    private static Predicate<JsonNode> both(PatternReader reader, int depth) {
        Predicate<JsonNode> condition = simple(reader, depth);
        while (reader.take("&&")) {
            condition = condition.and(simple(reader, depth));
        }
        return condition;
    }

    private static Predicate<JsonNode> simple(PatternReader reader, int depth) {
        if (reader.take("(")) {
            Predicate<JsonNode> inner = either(reader, depth + 1);
            reader.require(")");
            return inner;
        }
        Selector selector = Selector.read(reader);
        if (reader.takeWord("IS")) {
            if (reader.takeWord("NULL")) {
                return selector.any(JsonNode::isNull);
            }
            if (reader.takeWord("TRUE")) {
                return selector.any(node -> node.isBoolean() && node.asBoolean());
            }
            if (reader.takeWord("FALSE")) {
                return selector.any(node -> node.isBoolean() && !node.asBoolean());
            }
            throw reader.malformed();
        }
        if (reader.takeWord("NOT")) {
            if (!reader.takeWord("EXISTS")) {
                throw reader.malformed();
            }
            return selector.any(node -> true).negate();
        }
        if (reader.takeWord("EXISTS")) {
            return selector.any(node -> true);
        }
        Comparison comparison = Comparison.read(reader);
        return selector.any(node -> node.isValueNode() && !node.isNull() && comparison.holds(node.asString()));
    }

    @Override
    public boolean matches(String message) {
        return json(message).filter(condition).isPresent();
    }

    @Override
    public Optional<String> value(String message, String selector) {
        PatternReader reader = new PatternReader(selector);
        Selector path = Selector.read(reader);
        if (!reader.ended()) {
            throw reader.malformed();
        }
        return json(message)
                .flatMap(root -> path.nodes(root).stream()
                        .filter(JsonNode::isValueNode)
                        .map(JsonNode::asString)
                        .findFirst());
    }

    private static Optional<JsonNode> json(String message) {
        int at = 0;
        while (at < message.length() && Character.isWhitespace(message.charAt(at))) {
            at++;
        }
        if (at == message.length() || (message.charAt(at) != '{' && message.charAt(at) != '[')) {
            return Optional.empty();
        }
        try {
            return Optional.of(RecordCodec.json().readTree(message));
        } catch (JacksonException e) {
            return Optional.empty();
        }
    }

    /** A way to members: {@code $.a.b[0]['c'][*]}. */
    private record Selector(List<String> steps) {
        static Selector read(PatternReader reader) {
            reader.require("$");
            List<String> steps = new ArrayList<>();
            while (true) {
                if (reader.takeHere(".")) {
                    if (reader.peek() == '[') {
                        continue;
                    }
                    String name = reader.taking(
                            c -> Character.isLetterOrDigit(c) || c == '_' || c == '-' || c == '*' || c == '@');
                    if (name.isEmpty()) {
                        throw reader.malformed();
                    }
                    steps.add(name);
                } else if (reader.takeHere("[")) {
                    steps.add(bracketed(reader));
                } else {
                    return new Selector(List.copyOf(steps));
                }
            }
        }

        private static String bracketed(PatternReader reader) {
            String step;
            if (reader.takeHere("'")) {
                step = reader.until('\'', true);
            } else if (reader.takeHere("\"")) {
                step = reader.until('"', true);
            } else {
                step = reader.taking(c -> (c >= '0' && c <= '9') || c == '*');
            }
            if (step.isEmpty() || !reader.takeHere("]")) {
                throw reader.malformed();
            }
            return step;
        }

        Predicate<JsonNode> any(Predicate<JsonNode> condition) {
            return root -> nodes(root).stream().anyMatch(condition);
        }

        List<JsonNode> nodes(JsonNode root) {
            List<JsonNode> found = List.of(root);
            for (String step : steps) {
                List<JsonNode> next = new ArrayList<>();
                for (JsonNode node : found) {
                    if (step.equals("*")) {
                        node.forEach(next::add);
                    } else if (node.isArray()) {
                        Comparison.number(step).ifPresent(i -> {
                            JsonNode element = node.get(i.intValue());
                            if (element != null) {
                                next.add(element);
                            }
                        });
                    } else if (node.get(step) != null) {
                        next.add(node.get(step));
                    }
                }
                found = next;
            }
            return found;
        }
    }
}
