package dev.terrane.cloudformation;

import dev.terrane.kernel.resource.ResourceSchema;
import dev.terrane.kernel.resource.ResourceSchema.Property;
import dev.terrane.kernel.resource.ResourceSchema.Replacement;
import dev.terrane.kernel.resource.ResourceSchema.ValueType;
import dev.terrane.kernel.resource.ResourceType;
import dev.terrane.kernel.resource.ResourceTypes;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** A resource type's schema as the registry publishes it: see "Resource type schema" in the user guide of CloudFormation's command line interface. */
final class TypeSchema {
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
    private static final String PROPERTIES = "/properties/";

    private TypeSchema() {}

    static ObjectNode of(ResourceType type) {
        ResourceSchema schema = ResourceSchema.of(type.name()).orElseThrow();
        ObjectNode node = JSON.objectNode();
        node.put("typeName", type.name());
        node.put("description", description(type));
        node.put("additionalProperties", false);
        ObjectNode properties = object(schema.properties(), node);
        schema.attributes().forEach((name, value) -> attribute(properties, name, value));
        node.set("properties", properties);
        ObjectNode definitions = JSON.objectNode();
        schema.definitions().forEach((name, nested) -> {
            ObjectNode definition = definitions.putObject(name);
            definition.put("type", "object");
            definition.put("additionalProperties", false);
            definition.set("properties", object(nested, definition));
        });
        node.set("definitions", definitions);
        paths(
                node,
                "readOnlyProperties",
                schema.attributes().keySet().stream()
                        .map(name -> name.replace('.', '/'))
                        .toList());
        paths(node, "createOnlyProperties", replacing(schema, Replacement.YES));
        paths(node, "conditionalCreateOnlyProperties", replacing(schema, Replacement.MAYBE));
        paths(node, "primaryIdentifier", schema.identifier());
        ObjectNode tagging = node.putObject("tagging");
        tagging.put("taggable", !schema.tagProperty().isEmpty());
        if (!schema.tagProperty().isEmpty()) {
            tagging.put("tagProperty", PROPERTIES + schema.tagProperty());
            tagging.put("cloudFormationSystemTags", schema.systemTags());
        }
        if (type.provisionable()) {
            ObjectNode handlers = node.putObject("handlers");
            for (String handler : List.of("create", "read", "update", "delete", "list")) {
                if ((!handler.equals("update") || isMutable(type))
                        && (!handler.equals("list") || ResourceTypes.lists(type))) {
                    handlers.putObject(handler).putArray("permissions");
                }
            }
        }
        return node;
    }

    static String description(ResourceType type) {
        return "Resource Type definition for " + type.name();
    }

    /** Whether anything of a resource can be changed in place. */
    static boolean isMutable(ResourceType type) {
        Map<String, Property> properties =
                ResourceSchema.of(type.name()).orElseThrow().properties();
        Predicate<String> changeable = name -> {
            Property property = properties.get(name);
            return property != null && property.replacement() != Replacement.YES;
        };
        return type.supported().stream().map(path -> path.split("/", 2)[0]).anyMatch(changeable);
    }

    private static List<String> replacing(ResourceSchema schema, Replacement replacement) {
        return schema.properties().entrySet().stream()
                .filter(e -> e.getValue().replacement() == replacement)
                .map(Map.Entry::getKey)
                .toList();
    }

    private static void paths(ObjectNode node, String member, List<String> names) {
        if (!names.isEmpty()) {
            ArrayNode paths = node.putArray(member);
            names.forEach(name -> paths.add(PROPERTIES + name));
        }
    }

    /** Properties, whose required ones are told of their owner. */
    private static ObjectNode object(Map<String, Property> properties, ObjectNode owner) {
        ObjectNode node = JSON.objectNode();
        properties.forEach((name, property) -> {
            ObjectNode one = value(property.type());
            if (!property.standard().isEmpty()) {
                standard(one, property.standard());
            }
            node.set(name, one);
        });
        List<String> required = properties.entrySet().stream()
                .filter(e -> e.getValue().required())
                .map(Map.Entry::getKey)
                .toList();
        if (!required.isEmpty()) {
            ArrayNode names = owner.putArray("required");
            required.forEach(names::add);
        }
        return node;
    }

    private static void standard(ObjectNode property, String standard) {
        try {
            property.set("default", JsonMapper.shared().readTree(standard));
        } catch (JacksonException text) {
            property.put("default", standard);
        }
    }

    /** What only reading gives; a dot in its name leads into an object. */
    private static void attribute(ObjectNode properties, String name, ValueType type) {
        int dot = name.indexOf('.');
        if (dot < 0) {
            if (!properties.has(name)) {
                properties.set(name, value(type));
            }
            return;
        }
        String outer = name.substring(0, dot);
        if (!properties.has(outer)) {
            ObjectNode object = properties.putObject(outer);
            object.put("type", "object");
            object.putObject("properties");
        }
        if (properties.get(outer) instanceof ObjectNode object
                && object.get("properties") instanceof ObjectNode within) {
            attribute(within, name.substring(dot + 1), type);
        }
    }

    private static ObjectNode value(ValueType type) {
        ObjectNode node = JSON.objectNode();
        switch (type) {
            case ValueType.Scalar(String kind, List<String> allowed) -> {
                switch (kind) {
                    case "json" -> node.putArray("type").add("object").add("string");
                    case "dateTime" -> node.put("type", "string").put("format", "date-time");
                    default -> node.put("type", kind);
                }
                if (!allowed.isEmpty()) {
                    ArrayNode values = node.putArray("enum");
                    allowed.forEach(values::add);
                }
            }
            case ValueType.ListOf(ValueType element) ->
                node.put("type", "array").set("items", value(element));
            case ValueType.MapOf(ValueType element) -> {
                node.put("type", "object").put("additionalProperties", false);
                node.putObject("patternProperties").set(".*", value(element));
            }
            case ValueType.Defined(String name) -> node.put("$ref", "#/definitions/" + name);
            case ValueType.OneOf(List<ValueType> types) -> {
                ArrayNode any = node.putArray("anyOf");
                types.forEach(one -> any.add(value(one)));
            }
        }
        return node;
    }
}
