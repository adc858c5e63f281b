package dev.terrane.cloudformation.template;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/**
 * {@code Fn::ForEach}: repeats members for each item of a list. In their names, and in the texts of {@code Fn::Sub}, <code>${Name}</code> is
 * the item (in names <code>&amp;{Name}</code> is its letters and digits alone); {@code Ref} of the name gives it.
 */
final class ForEach {
    static final String PREFIX = "Fn::ForEach::";
    /** What all loops of a template may make. */
    private static final int MOST = 20_000;

    private static final Pattern PLACEHOLDER = Pattern.compile("([$&])\\{([A-Za-z0-9]+)}");
    private static final Pattern IDENTIFIER = Pattern.compile("[A-Za-z0-9]+");

    private final Functions functions;
    private int made;

    ForEach(Functions functions) {
        this.functions = functions;
    }

    /** Whether a loop stands anywhere in a value. */
    static boolean stands(Value value) {
        return value.object()
                        .filter(object -> object.fields().keySet().stream().anyMatch(name -> name.startsWith(PREFIX)))
                        .isPresent()
                || value.children().stream().anyMatch(ForEach::stands);
    }

    /** A value with all its loops unrolled. */
    Value unrolled(Value value) {
        return unrolled(value, Map.of());
    }

    private Value unrolled(Value value, Map<String, String> items) {
        if (++made > MOST * 50) {
            throw new TemplateException("the loops make more than a template may hold");
        }
        Optional<Value.Call> call = value.call();
        if (call.isPresent() && !call.get().function().startsWith(PREFIX)) {
            return function(call.get(), items);
        }
        return switch (value) {
            case Value.Scalar scalar -> scalar;
            case Value.Items list -> list.map(item -> unrolled(item, items));
            case Value.Fields object -> {
                Map<String, Value> fields = new LinkedHashMap<>();
                Map<String, Position> names = new LinkedHashMap<>();
                members(object, items, fields, names);
                yield new Value.Fields(fields, names, object.at());
            }
        };
    }

    private void members(
            Value.Fields object, Map<String, String> items, Map<String, Value> fields, Map<String, Position> names) {
        object.fields().forEach((name, value) -> {
            if (name.startsWith(PREFIX)) {
                loop(name, value, items, fields, names);
            } else {
                put(name, unrolled(value, items), object.at(name), fields, names);
            }
        });
    }

    private static void put(
            String name, Value value, Position at, Map<String, Value> fields, Map<String, Position> names) {
        if (fields.putIfAbsent(name, value) != null) {
            throw new TemplateException("the loops make " + TemplateText.shown(name) + " twice", at);
        }
        names.put(name, at);
    }

    private void loop(
            String loop,
            Value value,
            Map<String, String> items,
            Map<String, Value> fields,
            Map<String, Position> names) {
        List<Value> parts = value.list().orElse(List.of());
        Optional<String> identifier = parts.stream()
                .findFirst()
                .flatMap(Value::scalar)
                .filter(text -> IDENTIFIER.matcher(text).matches());
        boolean whole = parts.size() == 3
                && identifier.isPresent()
                && !(parts.get(1) instanceof Value.Scalar)
                && parts.get(2) instanceof Value.Fields
                && loop.length() > PREFIX.length();
        if (!whole) {
            throw new TemplateException("Fn::ForEach layout is incorrect", value.at());
        }
        Value.Fields fragment = (Value.Fields) parts.get(2);
        List<String> collection = LanguageExtensionsTransform.texts(
                functions.evaluate(unrolled(parts.get(1), items)), parts.get(1).at());
        for (String item : collection) {
            Map<String, String> inner = new LinkedHashMap<>(items);
            inner.put(identifier.get(), item);
            fragment.fields().forEach((name, member) -> {
                if (name.startsWith(PREFIX)) {
                    loop(name, member, inner, fields, names);
                    return;
                }
                if (++made > MOST * 50 || fields.size() > MOST) {
                    throw new TemplateException("the loops make more than a template may hold", value.at());
                }
                String filled = filled(name, inner, true);
                if (filled.equals(name)) {
                    throw new TemplateException(
                            "the name " + TemplateText.shown(name) + " must contain ${" + identifier.get() + "} or &{"
                                    + identifier.get() + "}",
                            fragment.at(name));
                }
                put(filled, unrolled(member, inner), fragment.at(name), fields, names);
            });
        }
    }

    private Value function(Value.Call call, Map<String, String> items) {
        Value argument = call.argument();
        return switch (call.function()) {
            case "Ref" -> {
                Value name = name(unrolled(argument, items));
                Optional<String> item = name.scalar().flatMap(text -> Optional.ofNullable(items.get(text)));
                yield item.isPresent()
                        ? new Value.Scalar(item.get(), Value.Kind.STRING, call.at())
                        : Value.single("Ref", name);
            }
            case "Fn::GetAtt" ->
                Value.single("Fn::GetAtt", unrolled(argument, items).map(this::name));
            case "Fn::Sub" -> Value.single("Fn::Sub", substituted(argument, items));
            default -> Value.single(call.function(), unrolled(argument, items));
        };
    }

    /** A name that a function makes, as its text; of what is not known yet, the function. */
    private Value name(Value value) {
        if (value.call().isEmpty() || value.call("Ref").isPresent()) {
            return value;
        }
        JsonNode evaluated = functions.evaluate(value);
        return evaluated.isValueNode() && !Unknown.is(evaluated)
                ? new Value.Scalar(evaluated.asString(), Value.Kind.STRING, value.at())
                : value;
    }

    private Value substituted(Value argument, Map<String, String> items) {
        if (argument instanceof Value.Scalar scalar) {
            return text(scalar, items);
        }
        List<Value> parts = argument.list().orElse(List.of());
        if (parts.size() == 2 && parts.getFirst() instanceof Value.Scalar scalar) {
            return new Value.Items(List.of(text(scalar, items), unrolled(parts.getLast(), items)), argument.at());
        }
        return unrolled(argument, items);
    }

    private static Value text(Value.Scalar scalar, Map<String, String> items) {
        return new Value.Scalar(filled(scalar.text(), items, false), scalar.kind(), scalar.at());
    }

    private static String filled(String text, Map<String, String> items, boolean name) {
        return PLACEHOLDER.matcher(text).replaceAll(match -> {
            String item = items.get(match.group(2));
            boolean letters = match.group(1).equals("&");
            if (item == null || (letters && !name)) {
                return Matcher.quoteReplacement(match.group());
            }
            return Matcher.quoteReplacement(letters ? item.replaceAll("[^A-Za-z0-9]", "") : item);
        });
    }
}
