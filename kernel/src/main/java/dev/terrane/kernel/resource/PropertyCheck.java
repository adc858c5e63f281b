package dev.terrane.kernel.resource;

import dev.terrane.kernel.resource.ResourceSchema.Property;
import dev.terrane.kernel.resource.ResourceSchema.ValueType;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Holds properties against a schema and against what this server carries out, and makes of each value what the schema says it is: texts become numbers and
 * booleans, and these become texts, as CloudFormation does it.
 */
public final class PropertyCheck {
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private final ResourceSchema schema;
    private final Set<String> supported;
    private final Set<String> lacking;
    private final Predicate<JsonNode> unknown;
    private final List<Violation> violations = new ArrayList<>();

    /** What is wrong.
     *
     * @param path to the value: names, and indexes of lists
     * @param member the name within it that is meant; empty where it is the value itself */
    public record Violation(List<String> path, String member, String words) {
        /** The property of the resource that is meant, or in which it is; empty where one is lacking. */
        public String property() {
            return path.isEmpty() ? member : path.getFirst();
        }

        @Override
        public String toString() {
            return (path.isEmpty() ? "#" : "#/" + String.join("/", path)) + ": " + words;
        }
    }

    /** Of properties all of which are known. */
    public PropertyCheck(ResourceSchema schema, ResourceType type) {
        this(schema, type, value -> false);
    }

    /** Of a type.
     *
     * @param unknown values that are not known yet, which stay as they are */
    public PropertyCheck(ResourceSchema schema, ResourceType type, Predicate<JsonNode> unknown) {
        this.schema = schema;
        supported = type.supported();
        lacking = type.lacking();
        this.unknown = unknown;
    }

    /** The properties as the schema has them. */
    public ObjectNode normalized(ObjectNode properties) {
        return object(schema.properties(), properties, List.of(), "");
    }

    /** What was found to be wrong. */
    public List<Violation> violations() {
        return violations;
    }

    /** Violations as CloudFormation words them, the first 20. */
    public static String words(List<Violation> violations) {
        return violations.stream().limit(20).map(Violation::toString).collect(Collectors.joining(", "));
    }

    private void wrong(List<String> path, String member, String words) {
        violations.add(new Violation(path, member, words));
    }

    /** An object of known properties.
     *
     * @param steps the names on the way to it, without the steps of lists and maps */
    private ObjectNode object(Map<String, Property> properties, ObjectNode given, List<String> path, String steps) {
        ObjectNode normalized = JSON.objectNode();
        given.properties().forEach(entry -> {
            String name = entry.getKey();
            Property property = properties.get(name);
            if (property == null) {
                wrong(
                        path,
                        name,
                        "extraneous key [" + Nearest.shown(name) + "] is not permitted"
                                + Nearest.hint(name, properties.keySet()));
                return;
            }
            String step = steps.isEmpty() ? name : steps + "/" + name;
            if (!carriedOut(step)) {
                wrong(path, name, "property " + step + " of " + schema.name() + " is not supported by this server");
                return;
            }
            normalized.set(name, value(property.type(), entry.getValue(), and(path, name), step));
        });
        properties.forEach((name, property) -> {
            if (property.required() && !given.has(name)) {
                wrong(path, "", "required key [" + name + "] not found");
            }
        });
        return normalized;
    }

    private boolean carriedOut(String step) {
        return lacking.stream().noneMatch(path -> within(step, path))
                && supported.stream().anyMatch(path -> within(step, path) || within(path, step));
    }

    private static boolean within(String path, String whole) {
        return path.equals(whole) || path.startsWith(whole + "/");
    }

    private static List<String> and(List<String> path, String step) {
        List<String> longer = new ArrayList<>(path);
        longer.add(step);
        return longer;
    }

    private JsonNode value(ValueType type, JsonNode json, List<String> path, String steps) {
        if (unknown.test(json)) {
            return json;
        }
        return switch (type) {
            case ValueType.Scalar(String kind, List<String> allowed) -> scalar(kind, allowed, json, path);
            case ValueType.ListOf(ValueType element) -> {
                if (!(json instanceof ArrayNode items)) {
                    wrong(path, "", "expected type: JSONArray, found: " + kind(json));
                    yield json;
                }
                ArrayNode array = JSON.arrayNode();
                for (int i = 0; i < items.size(); i++) {
                    array.add(value(element, items.get(i), and(path, String.valueOf(i)), steps));
                }
                yield array;
            }
            case ValueType.MapOf(ValueType element) -> {
                if (!(json instanceof ObjectNode fields)) {
                    wrong(path, "", "expected type: JSONObject, found: " + kind(json));
                    yield json;
                }
                ObjectNode object = JSON.objectNode();
                fields.properties()
                        .forEach(e ->
                                object.set(e.getKey(), value(element, e.getValue(), and(path, e.getKey()), steps)));
                yield object;
            }
            case ValueType.Defined(String name) -> {
                if (!(json instanceof ObjectNode object)) {
                    wrong(path, "", "expected type: JSONObject, found: " + kind(json));
                    yield json;
                }
                Map<String, Property> properties = schema.definitions().getOrDefault(name, Map.of());
                yield properties.isEmpty() ? object : object(properties, object, path, steps);
            }
            case ValueType.OneOf(List<ValueType> types) -> oneOf(types, json, path, steps);
        };
    }

    /** The first type that fits; where none does, the errors of the first that has the same form. */
    private JsonNode oneOf(List<ValueType> types, JsonNode json, List<String> path, String steps) {
        int before = violations.size();
        List<Violation> errors = List.of();
        for (ValueType type : types) {
            JsonNode normalized = value(type, json, path, steps);
            if (violations.size() == before) {
                return normalized;
            }
            List<Violation> found = List.copyOf(violations.subList(before, violations.size()));
            violations.subList(before, violations.size()).clear();
            boolean deeper =
                    found.stream().noneMatch(violation -> violation.words().startsWith("expected type"));
            if (errors.isEmpty() || deeper) {
                errors = found;
            }
        }
        violations.addAll(errors);
        return json;
    }

    private JsonNode scalar(String kind, List<String> allowed, JsonNode json, List<String> path) {
        if (kind.equals("json")) {
            return json;
        }
        if (json.isContainer()) {
            wrong(path, "", "expected type: " + typeName(kind) + ", found: " + kind(json));
            return json;
        }
        String text = json.asString("");
        if (text.contains("{{resolve:")) {
            // What it is shows when it is used.
            return json;
        }
        return switch (kind) {
            case "integer", "number" -> {
                Optional<BigDecimal> number =
                        Numbers.decimal(text.strip()).filter(decimal -> kind.equals("number") || whole(decimal));
                if (number.isEmpty()) {
                    wrong(path, "", "expected type: " + typeName(kind) + ", found: " + kind(json));
                }
                yield number.map(decimal -> Numbers.json(
                                kind.equals("integer") ? decimal.setScale(0).toPlainString() : decimal.toPlainString()))
                        .orElse(json);
            }
            case "boolean" -> {
                String folded = text.toLowerCase(Locale.ROOT);
                if (!folded.equals("true") && !folded.equals("false")) {
                    wrong(path, "", "expected type: Boolean, found: " + kind(json));
                }
                yield JSON.booleanNode(folded.equals("true"));
            }
            default -> {
                if (!allowed.isEmpty() && !allowed.contains(text)) {
                    wrong(path, "", Nearest.shown(text) + " is not a valid enum value" + Nearest.hint(text, allowed));
                }
                yield json.isString() ? json : JSON.stringNode(text);
            }
        };
    }

    private static boolean whole(BigDecimal number) {
        return number.precision() - number.scale() < 400
                && number.stripTrailingZeros().scale() <= 0;
    }

    private static String typeName(String kind) {
        return switch (kind) {
            case "integer" -> "Integer";
            case "number" -> "Number";
            case "boolean" -> "Boolean";
            default -> "String";
        };
    }

    private static String kind(JsonNode json) {
        return switch (json.getNodeType()) {
            case OBJECT, POJO -> "JSONObject";
            case ARRAY -> "JSONArray";
            case BOOLEAN -> "Boolean";
            case NUMBER -> json.isIntegralNumber() ? "Integer" : "Number";
            case STRING, BINARY, MISSING, NULL -> "String";
        };
    }
}
