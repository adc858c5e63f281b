package dev.terrane.cloudformation.template;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Values that transforms make. */
final class Made {
    private final Map<String, Value> fields = new LinkedHashMap<>();

    static Made object() {
        return new Made();
    }

    Made put(String name, Value value) {
        fields.put(name, value);
        return this;
    }

    Made put(String name, String text) {
        return put(name, Value.text(text));
    }

    Made put(String name, Optional<Value> value) {
        value.ifPresent(present -> fields.put(name, present));
        return this;
    }

    Value.Fields done() {
        return Value.Fields.of(fields, Position.NONE);
    }

    static Value list(Value... items) {
        return new Value.Items(List.of(items), Position.NONE);
    }

    static Value list(List<? extends Value> items) {
        return new Value.Items(List.copyOf(items), Position.NONE);
    }

    static Value texts(String... texts) {
        return list(Arrays.stream(texts).map(Value::text).toList());
    }

    static Value ref(String name) {
        return Value.single("Ref", Value.text(name));
    }

    static Value arn(String logicalId) {
        return Value.single("Fn::GetAtt", texts(logicalId, "Arn"));
    }

    static Value sub(String text) {
        return Value.single("Fn::Sub", Value.text(text));
    }

    /** A map of tags as a list of {@code Key} and {@code Value}, with the one that SAM adds. */
    static Value serverlessTags(Optional<Value> map) {
        Map<String, Value> tags = new LinkedHashMap<>();
        tags.put("lambda:createdBy", Value.text("SAM"));
        map.flatMap(Value::object).ifPresent(given -> tags.putAll(given.fields()));
        return tags(Value.Fields.of(tags, Position.NONE));
    }

    /** A map of tags as a list of {@code Key} and {@code Value}. */
    static Value tags(Value.Fields map) {
        List<Value> tags = new ArrayList<>();
        map.fields()
                .forEach((name, value) ->
                        tags.add(object().put("Key", name).put("Value", value).done()));
        return list(tags);
    }

    /** Ten digits that are others when a value is another. */
    static String digest(Value value) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256")
                    .digest(value.json().toString().getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(hash, 0, 5);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
