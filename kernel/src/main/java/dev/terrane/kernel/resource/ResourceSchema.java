package dev.terrane.kernel.resource;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What AWS publishes of a resource type, from the data package that CDK is made of (see {@code contract/resources.py}).
 *
 * @param name the type: {@code AWS::SQS::Queue}
 * @param identifier the properties that identify a resource
 * @param reference the properties that {@code Ref} gives
 * @param tagProperty the property that holds tags, empty where the type has none
 * @param systemTags whether a stack marks a resource as its own, by tags that begin with {@code aws:cloudformation:}
 * @param properties what a template may set, by name
 * @param attributes what only reading gives, by the name that {@code GetAtt} has for it
 * @param definitions the properties of nested objects, by the name that a {@link ValueType.Defined} gives
 */
public record ResourceSchema(
        String name,
        List<String> identifier,
        List<String> reference,
        String tagProperty,
        boolean systemTags,
        Map<String, Property> properties,
        Map<String, ValueType> attributes,
        Map<String, Map<String, Property>> definitions) {
    /** The type of all {@code Custom::} resources. */
    public static final String CUSTOM = "AWS::CloudFormation::CustomResource";

    private static final Map<String, Map<String, ResourceSchema>> SPACES = new ConcurrentHashMap<>();
    private static final Set<String> NAMES = names();

    /** A property.
     *
     * @param standard the default as JSON, empty where there is none
     */
    public record Property(ValueType type, boolean required, Replacement replacement, String standard) {}

    /** Whether a change of a property makes the resource anew. */
    public enum Replacement {
        NO,
        YES,
        MAYBE
    }

    /** What a value may be. */
    public sealed interface ValueType {
        /** A scalar.
         *
         * @param kind {@code string}, {@code integer}, {@code number}, {@code boolean}, {@code json} or {@code dateTime}
         * @param allowed the only values, or none where there is no such list
         */
        record Scalar(String kind, List<String> allowed) implements ValueType {}

        record ListOf(ValueType element) implements ValueType {}

        record MapOf(ValueType element) implements ValueType {}

        /** An object of {@link ResourceSchema#definitions}. */
        record Defined(String name) implements ValueType {}

        /** One of several. */
        record OneOf(List<ValueType> types) implements ValueType {}
    }

    /** Whether resources of a type are custom ones: made by whoever listens, with properties and attributes of their own. */
    public static boolean isCustom(String typeName) {
        return typeName.startsWith("Custom::") || typeName.equals(CUSTOM);
    }

    /** The schema of a type of a service that is here, {@link #CUSTOM}'s for {@code Custom::} ones; empty for other services' types and for names that are no type. */
    public static Optional<ResourceSchema> of(String name) {
        String typeName = isCustom(name) ? CUSTOM : name;
        String[] parts = typeName.split("::", -1);
        if (parts.length != 3 || !NAMES.contains(typeName)) {
            return Optional.empty();
        }
        return Optional.ofNullable(
                SPACES.computeIfAbsent(parts[1], ResourceSchema::read).get(typeName));
    }

    /** All resource types that AWS has, in order, also those of services that are not here. */
    public static Set<String> allNames() {
        return NAMES;
    }

    private static Set<String> names() {
        try (InputStream in = ResourceSchema.class.getResourceAsStream("types.txt")) {
            if (in == null) {
                throw new IllegalStateException("types.txt is not there");
            }
            return java.util.Collections.unmodifiableSet(
                    new TreeSet<>(new String(in.readAllBytes(), StandardCharsets.UTF_8)
                            .lines()
                            .toList()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Map<String, ResourceSchema> read(String space) {
        try (InputStream in = ResourceSchema.class.getResourceAsStream("schema/" + space + ".json")) {
            if (in == null) {
                return Map.of();
            }
            Map<String, ResourceSchema> schemas = new LinkedHashMap<>();
            JsonMapper.shared()
                    .readTree(in)
                    .properties()
                    .forEach(entry -> schemas.put(entry.getKey(), schema(entry.getKey(), entry.getValue())));
            return schemas;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static ResourceSchema schema(String name, JsonNode node) {
        Map<String, ValueType> attributes = new LinkedHashMap<>();
        node.path("attributes").properties().forEach(e -> attributes.put(e.getKey(), type(e.getValue())));
        Map<String, Map<String, Property>> definitions = new LinkedHashMap<>();
        node.path("definitions").properties().forEach(e -> definitions.put(e.getKey(), properties(e.getValue())));
        return new ResourceSchema(
                name,
                texts(node.path("identifier")),
                texts(node.has("ref") ? node.path("ref") : node.path("identifier")),
                node.path("tags").asString(""),
                node.path("systemTags").asBoolean(false),
                properties(node.path("properties")),
                attributes,
                definitions);
    }

    private static Map<String, Property> properties(JsonNode node) {
        Map<String, Property> properties = new LinkedHashMap<>();
        node.properties().forEach(entry -> {
            JsonNode property = entry.getValue();
            properties.put(
                    entry.getKey(),
                    new Property(
                            type(property.path("type")),
                            property.path("required").asBoolean(false),
                            switch (property.path("replaces").asString("no")) {
                                case "yes" -> Replacement.YES;
                                case "maybe" -> Replacement.MAYBE;
                                default -> Replacement.NO;
                            },
                            property.path("default").asString("")));
        });
        return properties;
    }

    private static ValueType type(JsonNode node) {
        if (node.isString()) {
            return new ValueType.Scalar(node.asString(), List.of());
        }
        if (node.has("list")) {
            return new ValueType.ListOf(type(node.get("list")));
        }
        if (node.has("map")) {
            return new ValueType.MapOf(type(node.get("map")));
        }
        if (node.has("object")) {
            return new ValueType.Defined(node.get("object").asString());
        }
        if (node.has("anyOf")) {
            return new ValueType.OneOf(
                    node.get("anyOf").valueStream().map(ResourceSchema::type).toList());
        }
        return new ValueType.Scalar("string", texts(node.path("allowed")));
    }

    private static List<String> texts(JsonNode node) {
        return node.valueStream().map(JsonNode::asString).toList();
    }
}
