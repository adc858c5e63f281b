package dev.terrane.cloudformation.template;

import dev.terrane.kernel.resource.Numbers;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** A value of a template with its place. Functions stand in their long form: an object with one field. */
public sealed interface Value {
    /** Where it begins. */
    Position at();

    /** Text, a number or a boolean.
     *
     * @param text as written; of numbers and booleans what they mean, in decimal and as {@code true} or {@code false}
     */
    record Scalar(String text, Kind kind, Position at) implements Value {}

    /** A list. */
    record Items(List<Value> items, Position at) implements Value {
        public Items {
            items = List.copyOf(items);
        }
    }

    /** An object, its fields in the order of the text.
     *
     * @param names where each field's name stands
     */
    record Fields(Map<String, Value> fields, Map<String, Position> names, Position at) implements Value {
        public Fields {
            fields = Collections.unmodifiableMap(new LinkedHashMap<>(fields));
            names = Map.copyOf(names);
        }

        /** An object whose names stand in no text of their own. */
        public static Fields of(Map<String, Value> fields, Position at) {
            return new Fields(fields, Map.of(), at);
        }

        public Optional<Value> get(String name) {
            return Optional.ofNullable(fields.get(name));
        }

        /** Where a field's name stands. */
        public Position at(String name) {
            return names.getOrDefault(name, at);
        }

        /** The same with another field, or with another value of one. */
        public Fields with(String name, Value value) {
            Map<String, Value> changed = new LinkedHashMap<>(fields);
            changed.put(name, value);
            return new Fields(changed, names, at);
        }

        /** The same without a field. */
        public Fields without(String name) {
            Map<String, Value> changed = new LinkedHashMap<>(fields);
            changed.remove(name);
            return new Fields(changed, names, at);
        }
    }

    /** What a scalar is. */
    enum Kind {
        STRING,
        NUMBER,
        BOOLEAN
    }

    /** Text that stands in no template. */
    static Scalar text(String text) {
        return new Scalar(text, Kind.STRING, Position.NONE);
    }

    /** An object of one field. */
    static Fields single(String name, Value value) {
        return new Fields(Map.of(name, value), Map.of(name, value.at()), value.at());
    }

    /** The text of a scalar; empty where this is none. */
    default Optional<String> scalar() {
        return this instanceof Scalar scalar ? Optional.of(scalar.text()) : Optional.empty();
    }

    /** The fields of an object; empty where this is none. */
    default Optional<Fields> object() {
        return this instanceof Fields fields ? Optional.of(fields) : Optional.empty();
    }

    /** The items of a list; empty where this is none. */
    default Optional<List<Value>> list() {
        return this instanceof Items items ? Optional.of(items.items()) : Optional.empty();
    }

    /** The function that this value calls: an object whose one field is {@code Ref} or begins with {@code Fn::}. */
    default Optional<Call> call() {
        if (this instanceof Fields object && object.fields().size() == 1) {
            Map.Entry<String, Value> only =
                    object.fields().entrySet().iterator().next();
            if (only.getKey().equals("Ref") || only.getKey().startsWith("Fn::")) {
                return Optional.of(new Call(only.getKey(), only.getValue(), object.at()));
            }
        }
        return Optional.empty();
    }

    /** As {@link #call}, of the one function. */
    default Optional<Value> call(String function) {
        return call().filter(call -> call.function().equals(function)).map(Call::argument);
    }

    /** The same with each value directly in it changed. */
    default Value map(UnaryOperator<Value> change) {
        return switch (this) {
            case Scalar scalar -> scalar;
            case Items items -> new Items(items.items().stream().map(change).toList(), items.at());
            case Fields object -> {
                Map<String, Value> changed = new LinkedHashMap<>();
                object.fields().forEach((name, value) -> changed.put(name, change.apply(value)));
                yield new Fields(changed, object.names(), object.at());
            }
        };
    }

    /** The values directly in it. */
    default List<Value> children() {
        return switch (this) {
            case Scalar scalar -> List.of();
            case Items items -> items.items();
            case Fields object -> new ArrayList<>(object.fields().values());
        };
    }

    /** It as JSON, functions unevaluated. */
    default JsonNode json() {
        return switch (this) {
            case Scalar(String text, Kind kind, Position at) ->
                switch (kind) {
                    case STRING -> JsonNodeFactory.instance.stringNode(text);
                    case BOOLEAN -> JsonNodeFactory.instance.booleanNode(Boolean.parseBoolean(text));
                    case NUMBER -> Numbers.json(text);
                };
            case Items items -> {
                ArrayNode array = JsonNodeFactory.instance.arrayNode();
                items.items().forEach(item -> array.add(item.json()));
                yield array;
            }
            case Fields object -> {
                ObjectNode node = JsonNodeFactory.instance.objectNode();
                object.fields().forEach((name, value) -> node.set(name, value.json()));
                yield node;
            }
        };
    }

    /** JSON as a value that stands in no text; what is null is left out. */
    static Value of(JsonNode json) {
        if (json.isObject()) {
            Map<String, Value> fields = new LinkedHashMap<>();
            json.properties().forEach(entry -> {
                if (!entry.getValue().isNull()) {
                    fields.put(entry.getKey(), of(entry.getValue()));
                }
            });
            return Fields.of(fields, Position.NONE);
        }
        if (json.isArray()) {
            return new Items(
                    json.valueStream()
                            .filter(item -> !item.isNull())
                            .map(Value::of)
                            .toList(),
                    Position.NONE);
        }
        Kind kind = json.isBoolean() ? Kind.BOOLEAN : json.isNumber() ? Kind.NUMBER : Kind.STRING;
        return new Scalar(json.asString(), kind, Position.NONE);
    }

    /** A call of a function. */
    record Call(String function, Value argument, Position at) {}
}
