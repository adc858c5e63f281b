package dev.terrane.kernel.resource;

import dev.terrane.kernel.resource.ResourceSchema.Property;
import dev.terrane.kernel.resource.ResourceSchema.ValueType;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.core.SdkField;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.core.protocol.MarshallingType;
import software.amazon.awssdk.core.traits.ListTrait;
import software.amazon.awssdk.core.traits.MapTrait;
import software.amazon.awssdk.core.util.SdkAutoConstructList;
import software.amazon.awssdk.core.util.SdkAutoConstructMap;
import software.amazon.awssdk.utils.builder.SdkBuilder;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Resource properties to the SDK's model objects and back, by names without regard to case. */
final class ModelJson {
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
    private static final Map<Class<?>, Map<String, SdkField<?>>> FIELDS = new ConcurrentHashMap<>();

    private ModelJson() {}

    /** Sets a builder's members from JSON. */
    static void fill(SdkPojo builder, ObjectNode json) {
        Map<String, SdkField<?>> fields = FIELDS.computeIfAbsent(builder.getClass(), c -> byName(builder));
        json.properties().forEach(entry -> {
            SdkField<?> field = fields.get(folded(entry.getKey()));
            if (field != null && !entry.getValue().isNull()) {
                field.set(builder, member(field, entry.getValue()));
            }
        });
    }

    private static Map<String, SdkField<?>> byName(SdkPojo pojo) {
        Map<String, SdkField<?>> fields = new LinkedHashMap<>();
        pojo.sdkFields().forEach(field -> fields.put(folded(field.memberName()), field));
        return fields;
    }

    private static String folded(String name) {
        return name.toLowerCase(java.util.Locale.ROOT);
    }

    private static @Nullable Object member(SdkField<?> field, JsonNode json) {
        MarshallingType<?> kind = field.marshallingType();
        if (kind.equals(MarshallingType.SDK_POJO)) {
            SdkPojo builder = field.constructor().get();
            if (json instanceof ObjectNode object) {
                fill(builder, object);
            }
            return ((SdkBuilder<?, ?>) builder).build();
        }
        if (kind.equals(MarshallingType.LIST)) {
            SdkField<?> element = field.getTrait(ListTrait.class).memberFieldInfo();
            List<@Nullable Object> list = new ArrayList<>();
            if (json.isArray()) {
                json.forEach(item -> list.add(member(element, item)));
            } else {
                list.add(member(element, json));
            }
            return list;
        }
        if (kind.equals(MarshallingType.MAP)) {
            SdkField<?> value = field.getTrait(MapTrait.class).valueFieldInfo();
            Map<String, @Nullable Object> map = new LinkedHashMap<>();
            json.properties().forEach(e -> map.put(e.getKey(), member(value, e.getValue())));
            return map;
        }
        String text = json.isValueNode() ? json.asString() : json.toString();
        if (kind.equals(MarshallingType.STRING)) {
            return text;
        }
        if (kind.equals(MarshallingType.INTEGER)) {
            return new BigDecimal(text).intValueExact();
        }
        if (kind.equals(MarshallingType.LONG)) {
            return new BigDecimal(text).longValueExact();
        }
        if (kind.equals(MarshallingType.DOUBLE)) {
            return Double.valueOf(text);
        }
        if (kind.equals(MarshallingType.FLOAT)) {
            return Float.valueOf(text);
        }
        if (kind.equals(MarshallingType.BOOLEAN)) {
            return Boolean.valueOf(text);
        }
        if (kind.equals(MarshallingType.INSTANT)) {
            return Instant.parse(text);
        }
        if (kind.equals(MarshallingType.SDK_BYTES)) {
            return SdkBytes.fromUtf8String(text);
        }
        throw new IllegalArgumentException("No property becomes a member of kind " + kind);
    }

    /** A value as JSON; {@code null} where there is none. */
    static @Nullable JsonNode of(@Nullable Object value) {
        return switch (value) {
            case null -> null;
            case Optional<?> optional -> of(optional.orElse(null));
            case JsonNode json -> json;
            case Properties properties -> properties.node();
            case SdkAutoConstructList<?> absent -> null;
            case SdkAutoConstructMap<?, ?> absent -> null;
            case SdkPojo model -> {
                ObjectNode object = JSON.objectNode();
                for (SdkField<?> field : model.sdkFields()) {
                    JsonNode member = of(field.getValueOrDefault(model));
                    if (member != null) {
                        object.set(capital(field.memberName()), member);
                    }
                }
                yield object;
            }
            case Collection<?> items -> {
                ArrayNode array = JSON.arrayNode();
                items.forEach(item -> array.add(of(item)));
                yield array;
            }
            case Map<?, ?> map -> {
                ObjectNode object = JSON.objectNode();
                map.forEach((key, item) -> object.set(String.valueOf(key), of(item)));
                yield object;
            }
            case Boolean flag -> JSON.booleanNode(flag);
            case Integer number -> JSON.numberNode(number);
            case Long number -> JSON.numberNode(number);
            // A whole number is written as templates write it: 80, not 80.0.
            case Double number ->
                number.longValue() == number ? JSON.numberNode(number.longValue()) : JSON.numberNode(number);
            case Float number -> JSON.numberNode(number);
            case SdkBytes bytes -> JSON.stringNode(bytes.asUtf8String());
            default -> JSON.stringNode(value.toString());
        };
    }

    /** What a text means as a value of a type. */
    static JsonNode typed(ValueType type, String text) {
        return switch (type) {
            case ValueType.Scalar(String kind, List<String> allowed) ->
                switch (kind) {
                    case "integer" -> JSON.numberNode(Long.parseLong(text));
                    case "number" -> JSON.numberNode(Double.parseDouble(text));
                    case "boolean" -> JSON.booleanNode(Boolean.parseBoolean(text));
                    case "json" ->
                        text.startsWith("{") || text.startsWith("[")
                                ? JsonMapper.shared().readTree(text)
                                : JSON.stringNode(text);
                    default -> JSON.stringNode(text);
                };
            case ValueType.OneOf(List<ValueType> types) -> typed(types.getFirst(), text);
            default -> JsonMapper.shared().readTree(text);
        };
    }

    /** Whether JSON has all that other JSON has; scalars are compared as text. */
    static boolean holds(JsonNode found, JsonNode wanted) {
        if (wanted.isObject()) {
            return wanted.properties().stream()
                    .allMatch(e -> found.get(e.getKey()) != null && holds(found.get(e.getKey()), e.getValue()));
        }
        boolean scalars = wanted.isValueNode() && found.isValueNode();
        return scalars ? found.asString().equals(wanted.asString()) : found.equals(wanted);
    }

    private static String capital(String name) {
        return Character.toUpperCase(name.charAt(0)) + name.substring(1);
    }

    /** What a model object says of the properties and attributes of a schema, under the schema's names. */
    static ObjectNode read(ResourceSchema schema, SdkPojo model) {
        Map<String, ValueType> types = new LinkedHashMap<>();
        schema.properties().forEach((name, property) -> types.put(name, property.type()));
        schema.attributes().forEach(types::putIfAbsent);
        return named(schema, types, (ObjectNode) of(model));
    }

    private static ObjectNode named(ResourceSchema schema, Map<String, ValueType> types, @Nullable ObjectNode json) {
        ObjectNode found = JSON.objectNode();
        if (json == null) {
            return found;
        }
        Map<String, JsonNode> given = new LinkedHashMap<>();
        json.properties().forEach(e -> given.put(folded(e.getKey()), e.getValue()));
        types.forEach((name, type) -> {
            JsonNode value = given.get(folded(name));
            if (value != null) {
                JsonNode fitted = fitted(schema, type, value);
                if (!(fitted.isContainer() && fitted.isEmpty())) {
                    found.set(name, fitted);
                }
            }
        });
        return found;
    }

    private static JsonNode fitted(ResourceSchema schema, ValueType type, JsonNode json) {
        return switch (type) {
            case ValueType.Scalar scalar -> json;
            case ValueType.ListOf(ValueType element) -> {
                ArrayNode array = JSON.arrayNode();
                json.forEach(item -> array.add(fitted(schema, element, item)));
                yield array;
            }
            case ValueType.MapOf(ValueType element) -> {
                ObjectNode object = JSON.objectNode();
                json.properties().forEach(e -> object.set(e.getKey(), fitted(schema, element, e.getValue())));
                yield object;
            }
            case ValueType.Defined(String name) -> {
                Map<String, ValueType> types = new LinkedHashMap<>();
                Map<String, Property> properties = schema.definitions().getOrDefault(name, Map.of());
                properties.forEach((property, of) -> types.put(property, of.type()));
                yield json instanceof ObjectNode object && !types.isEmpty() ? named(schema, types, object) : json;
            }
            case ValueType.OneOf(List<ValueType> types) ->
                types.stream()
                        .filter(one -> !(one instanceof ValueType.Scalar) == json.isContainer())
                        .findFirst()
                        .map(one -> fitted(schema, one, json))
                        .orElse(json);
        };
    }
}
