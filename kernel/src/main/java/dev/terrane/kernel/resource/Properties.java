package dev.terrane.kernel.resource;

import dev.terrane.kernel.call.SystemTags;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.utils.builder.SdkBuilder;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** The properties of a resource, or of an object within: JSON by the names of its schema. Not changed once made. */
public final class Properties {
    /** No properties. */
    public static final Properties NONE = new Properties(JsonNodeFactory.instance.objectNode());

    private final ObjectNode node;

    private Properties(ObjectNode node) {
        this.node = node;
    }

    /** A property is needed and is not there. */
    public static final class Missing extends IllegalStateException {
        private final String property;

        private Missing(String property) {
            super("No property " + property);
            this.property = property;
        }

        public String property() {
            return property;
        }
    }

    /** Properties as JSON; the node must not be changed afterwards. */
    public static Properties of(ObjectNode node) {
        return new Properties(node);
    }

    /** Properties from JSON text.
     *
     * @throws tools.jackson.core.JacksonException when it is no JSON object */
    public static Properties parse(String json) {
        return new Properties((ObjectNode) JsonMapper.shared().readTree(json));
    }

    public static Builder builder() {
        return new Builder();
    }

    /** The JSON of all. */
    public ObjectNode node() {
        return node;
    }

    public boolean has(String name) {
        return node.hasNonNull(name);
    }

    /** A scalar as text. */
    public Optional<String> text(String name) {
        return value(name).filter(JsonNode::isValueNode).map(JsonNode::asString);
    }

    /** A scalar that the schema requires.
     *
     * @throws Missing when it is not there, as a model to list by may lack it */
    public String required(String name) {
        return text(name).orElseThrow(() -> new Missing(name));
    }

    public Optional<Integer> integer(String name) {
        return text(name).map(Integer::valueOf);
    }

    public Optional<Long> number(String name) {
        return text(name).map(Long::valueOf);
    }

    public Optional<Double> decimal(String name) {
        return text(name).map(Double::valueOf);
    }

    public Optional<Boolean> flag(String name) {
        return text(name).map(Boolean::valueOf);
    }

    /** An object; {@link #NONE} where it is absent: ask {@link #has} where that differs. */
    public Properties object(String name) {
        return node.get(name) instanceof ObjectNode object ? new Properties(object) : NONE;
    }

    /** A list of objects; empty where it is absent. */
    public List<Properties> objects(String name) {
        return items(name).stream()
                .filter(ObjectNode.class::isInstance)
                .map(item -> new Properties((ObjectNode) item))
                .toList();
    }

    /** A list of scalars as text; a single one counts as a list of one. */
    public List<String> texts(String name) {
        return items(name).stream().map(JsonNode::asString).toList();
    }

    private List<JsonNode> items(String name) {
        return value(name)
                .map(v -> v instanceof ArrayNode array ? array.valueStream().toList() : List.of(v))
                .orElse(List.of());
    }

    /** An object of scalars, as text. */
    public Map<String, String> textMap(String name) {
        Map<String, String> map = new LinkedHashMap<>();
        value(name)
                .ifPresent(v -> v.properties()
                        .forEach(e -> map.put(e.getKey(), e.getValue().asString())));
        return map;
    }

    /** JSON as text, such as a policy document: what is given as text already stays as it is. */
    public Optional<String> json(String name) {
        return value(name).map(v -> v.isString() ? v.asString() : v.toString());
    }

    /** A list of {@code Key} and {@code Value} objects, or an object, as a map. */
    public Map<String, String> tags(String name) {
        return value(name).filter(JsonNode::isObject).isPresent()
                ? textMap(name)
                : objects(name).stream()
                        .collect(Collectors.toMap(
                                tag -> tag.required("Key"),
                                tag -> tag.text("Value").orElse(""),
                                (first, second) -> second,
                                LinkedHashMap::new));
    }

    /**
     * All of it as an object of the SDK's model: members are found by name without regard to case, and what the model does not have is left out.
     *
     * @param builder of the model class, which may have members already
     */
    public <B extends SdkPojo & SdkBuilder<B, T>, T> T as(B builder) {
        ModelJson.fill(builder, node);
        return builder.build();
    }

    /** As {@link #as}, of an object within; empty where it is absent. */
    public <B extends SdkPojo & SdkBuilder<B, T>, T> Optional<T> as(String name, B builder) {
        return has(name) ? Optional.of(object(name).as(builder)) : Optional.empty();
    }

    /** As {@link #as}, of each object in a list. */
    public <B extends SdkPojo & SdkBuilder<B, T>, T> List<T> allAs(String name, Function<Properties, B> builder) {
        return objects(name).stream().map(item -> item.as(builder.apply(item))).toList();
    }

    /** These, and of others what is not here: what an update sets for properties that were left out. */
    public Properties or(Properties others) {
        ObjectNode all = others.node.deepCopy();
        node.properties().forEach(e -> all.set(e.getKey(), e.getValue()));
        return new Properties(all);
    }

    /** These but for some. */
    public Properties without(String... names) {
        ObjectNode fewer = node.deepCopy();
        fewer.remove(List.of(names));
        return new Properties(fewer);
    }

    private Optional<JsonNode> value(String name) {
        return Optional.ofNullable(node.get(name)).filter(v -> !v.isNull());
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Properties properties && properties.node.equals(node);
    }

    @Override
    public int hashCode() {
        return node.hashCode();
    }

    @Override
    public String toString() {
        return node.toString();
    }

    /** Properties in the making: absent values are left out. */
    public static final class Builder {
        private final ObjectNode node = JsonNodeFactory.instance.objectNode();

        /** Puts a text, number, boolean, list, map, {@link JsonNode}, {@link Properties} or SDK object; {@code null}, an empty optional, list or map is left out. */
        public Builder put(String name, @Nullable Object value) {
            JsonNode json = ModelJson.of(value);
            if (json != null && !(json.isContainer() && json.isEmpty())) {
                node.set(name, json);
            }
            return this;
        }

        /** Puts a value that comes as text as what the schema says it is: a number, a boolean, JSON, or text; nothing where it is empty. */
        public Builder typed(ResourceSchema schema, String name, @Nullable String text) {
            if (text == null || text.isEmpty()) {
                return this;
            }
            ResourceSchema.Property property = schema.properties().get(name);
            return property == null ? put(name, text) : put(name, ModelJson.typed(property.type(), text));
        }

        /** Puts JSON text as what it means, such as a policy document. */
        public Builder json(String name, @Nullable String text) {
            return put(name, text == null ? null : JsonMapper.shared().readTree(text));
        }

        /** Puts tags as a list of {@code Key} and {@code Value}, without those of AWS itself. */
        public Builder tags(String name, Map<String, String> tags) {
            ArrayNode list = JsonNodeFactory.instance.arrayNode();
            tags.forEach((key, value) -> {
                if (!key.startsWith("aws:")) {
                    list.addObject().put("Key", key).put("Value", value);
                }
            });
            return put(name, list);
        }

        /**
         * Puts what an object of the SDK's model says of a type's properties and attributes, under the names that the schema has for them, without regard to
         * case; members that the schema does not have are left out. What stands here already stays.
         */
        public Builder model(ResourceSchema schema, SdkPojo model) {
            ModelJson.read(schema, model).properties().forEach(e -> {
                if (!node.has(e.getKey())) {
                    put(e.getKey(), e.getKey().equals(schema.tagProperty()) ? own(e.getValue()) : e.getValue());
                }
            });
            return this;
        }

        /** Tags without those of AWS itself. */
        private static JsonNode own(JsonNode tags) {
            if (!(tags instanceof ArrayNode list)) {
                return tags;
            }
            ArrayNode own = JsonNodeFactory.instance.arrayNode();
            list.valueStream()
                    .filter(tag -> !SystemTags.is(tag.path("Key").asString("")))
                    .forEach(own::add);
            return own;
        }

        /**
         * Has lists whose order means nothing come in the order of other properties, where their items are the same: an item is the same when it has all that the
         * other one has.
         */
        public Builder inOrderOf(Properties desired, String... lists) {
            for (String name : lists) {
                if (node.get(name) instanceof ArrayNode found
                        && desired.node.get(name) instanceof ArrayNode wanted
                        && found.size() == wanted.size()) {
                    List<JsonNode> left = new ArrayList<>(found.valueStream().toList());
                    ArrayNode ordered = JsonNodeFactory.instance.arrayNode();
                    wanted.forEach(item -> left.stream()
                            .filter(one -> ModelJson.holds(one, item))
                            .findFirst()
                            .ifPresent(one -> {
                                ordered.add(one);
                                left.remove(one);
                            }));
                    left.forEach(ordered::add);
                    node.set(name, ordered);
                }
            }
            return this;
        }

        public Properties build() {
            return new Properties(node);
        }
    }
}
