package dev.terrane.cloudcontrol;

import dev.terrane.kernel.error.AwsErrors;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ContainerNode;
import tools.jackson.databind.node.ObjectNode;

/** A JSON patch (RFC 6902) of a resource's properties. */
final class JsonPatch {
    private static final int DEEPEST = 100;

    /** How much copying may add, in characters: as much as properties may have. Copies of copies would else grow without an end. */
    private static final int MOST_COPIED = 262_144;

    private final ArrayNode operations;
    private int copied;

    private JsonPatch(ArrayNode operations) {
        this.operations = operations;
    }

    /** Reads a patch.
     *
     * @throws AwsServiceException ValidationException where it is no JSON array */
    static JsonPatch parse(String json) {
        try {
            if (JsonMapper.shared().readTree(json) instanceof ArrayNode array) {
                return new JsonPatch(array);
            }
        } catch (JacksonException e) {
            // Refused below: the parser's message may show secrets.
        }
        throw AwsErrors.validation("PatchDocument must be a JSON array of patch operations");
    }

    /** A document as the patch changes it; the document itself stays.
     *
     * @throws AwsServiceException ValidationException where an operation is none, or cannot be carried out */
    ObjectNode applied(ObjectNode document) {
        JsonNode patched = document.deepCopy();
        for (JsonNode operation : operations) {
            patched = apply(patched, operation);
        }
        if (patched instanceof ObjectNode object) {
            try {
                // Also what was put together piece by piece is not deeper than what can be read.
                return (ObjectNode) JsonMapper.shared().readTree(object.toString());
            } catch (JacksonException e) {
                throw refused("the result is nested too deeply");
            }
        }
        throw refused("the result is no JSON object");
    }

    private JsonNode apply(JsonNode document, JsonNode operation) {
        String name = text(operation, "op");
        List<String> path = pointer(text(operation, "path"));
        return switch (name) {
            case "add" -> add(document, path, value(operation));
            case "replace" -> {
                find(document, path);
                yield path.isEmpty() ? value(operation) : replace(document, path, value(operation));
            }
            case "remove" -> {
                remove(document, path);
                yield document;
            }
            case "test" -> {
                if (!find(document, path).equals(JsonPatch::compared, value(operation))) {
                    throw refused("value differs from expectations: " + text(operation, "path"));
                }
                yield document;
            }
            case "copy" -> {
                JsonNode source = find(document, pointer(text(operation, "from")));
                copied += source.toString().length();
                if (copied > MOST_COPIED) {
                    throw refused("copies have more than " + MOST_COPIED + " characters");
                }
                yield add(document, path, source.deepCopy());
            }
            case "move" -> {
                List<String> from = pointer(text(operation, "from"));
                if (path.size() > from.size() && path.subList(0, from.size()).equals(from)) {
                    throw refused("a value cannot be moved into itself: " + text(operation, "path"));
                }
                JsonNode moved = find(document, from);
                if (path.equals(from)) {
                    yield document;
                }
                remove(document, from);
                yield add(document, path, moved);
            }
            default -> throw refused("unknown operation: " + name);
        };
    }

    /** Numbers are equal where their values are. */
    private static int compared(JsonNode one, JsonNode other) {
        boolean decimal = one.isNumber() && other.isNumber() && !(one.isIntegralNumber() && other.isIntegralNumber());
        return decimal ? Double.compare(one.doubleValue(), other.doubleValue()) : one.equals(other) ? 0 : 1;
    }

    private static JsonNode add(JsonNode document, List<String> path, JsonNode value) {
        if (path.isEmpty()) {
            return value;
        }
        String last = path.getLast();
        switch (parent(document, path)) {
            case ObjectNode object -> object.set(last, value);
            case ArrayNode array -> {
                int at = last.equals("-") ? array.size() : index(last, array.size());
                array.insert(at, value);
            }
            default -> throw noSuchPath(path);
        }
        return document;
    }

    private static JsonNode replace(JsonNode document, List<String> path, JsonNode value) {
        String last = path.getLast();
        switch (parent(document, path)) {
            case ObjectNode object -> object.set(last, value);
            case ArrayNode array -> array.set(index(last, array.size() - 1), value);
            default -> throw noSuchPath(path);
        }
        return document;
    }

    private static void remove(JsonNode document, List<String> path) {
        if (path.isEmpty()) {
            throw refused("the whole document cannot be removed");
        }
        find(document, path);
        String last = path.getLast();
        switch (parent(document, path)) {
            case ObjectNode object -> object.remove(last);
            case ArrayNode array -> array.remove(index(last, array.size() - 1));
            default -> throw noSuchPath(path);
        }
    }

    private static ContainerNode<?> parent(JsonNode document, List<String> path) {
        if (find(document, path.subList(0, path.size() - 1)) instanceof ContainerNode<?> container) {
            return container;
        }
        throw noSuchPath(path);
    }

    private static JsonNode find(JsonNode document, List<String> path) {
        JsonNode here = document;
        for (String step : path) {
            JsonNode next = switch (here) {
                case ObjectNode object -> object.get(step);
                case ArrayNode array -> array.get(index(step, array.size() - 1));
                default -> null;
            };
            here = there(next, path);
        }
        return here;
    }

    private static JsonNode there(@Nullable JsonNode node, List<String> path) {
        if (node == null) {
            throw noSuchPath(path);
        }
        return node;
    }

    private static int index(String step, int most) {
        if (step.matches("0|[1-9]\\d{0,6}") && Integer.parseInt(step) <= most) {
            return Integer.parseInt(step);
        }
        throw refused("no such index in target array: " + step);
    }

    /** The steps of a JSON pointer (RFC 6901). */
    private static List<String> pointer(String text) {
        if (text.isEmpty()) {
            return List.of();
        }
        if (!text.startsWith("/")) {
            throw refused("a path must begin with a slash: " + text);
        }
        List<String> steps = new ArrayList<>();
        for (String step : text.substring(1).split("/", -1)) {
            steps.add(step.replace("~1", "/").replace("~0", "~"));
        }
        if (steps.size() > DEEPEST) {
            throw refused("a path has more than " + DEEPEST + " steps");
        }
        return steps;
    }

    private static String text(JsonNode operation, String member) {
        JsonNode found = operation.get(member);
        if (found == null || !found.isString()) {
            throw refused("each operation needs \"" + member + "\"");
        }
        return found.asString();
    }

    private static JsonNode value(JsonNode operation) {
        JsonNode found = operation.get("value");
        if (found == null) {
            throw refused("\"" + text(operation, "op") + "\" needs \"value\"");
        }
        return found.deepCopy();
    }

    private static AwsServiceException noSuchPath(List<String> path) {
        return refused("no such path in target JSON document: /" + String.join("/", path));
    }

    private static AwsServiceException refused(String why) {
        return AwsErrors.validation("Invalid patch document: " + why);
    }
}
