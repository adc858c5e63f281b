package dev.terrane.kernel.validate;

import dev.terrane.kernel.contract.Shape;
import dev.terrane.kernel.validate.Violation.Kind;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.core.SdkField;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.core.util.SdkAutoConstructList;
import software.amazon.awssdk.core.util.SdkAutoConstructMap;

/** A shape's constraints, made ready: the SDK's fields found, expressions compiled. One for each shape of a request. */
final class CompiledShape {
    private static final int SHOWN = 1024;

    private final Shape shape;
    private final Optional<BoundedPattern> pattern;
    private final Set<String> values;
    private final Map<String, CompiledShape> members = new LinkedHashMap<>();

    /** Set at the first value seen, since a shape does not tell its SDK class. */
    private volatile List<BoundMember> bound = List.of();

    private CompiledShape(Shape shape, boolean unlisted) {
        this.shape = shape;
        this.pattern = shape.pattern().isEmpty() ? Optional.empty() : Optional.of(new BoundedPattern(shape.pattern()));
        this.values = unlisted ? Set.of() : shape.values();
    }

    /** A member that is required, or constrained, or both. */
    private record BoundMember(
            String name, String shown, SdkField<?> field, boolean required, Optional<CompiledShape> target) {}

    /**
     * @param unlisted names of shapes whose values are more than those documented
     */
    static CompiledShape of(Shape root, Set<String> unlisted) {
        return compile(root, unlisted, new HashMap<>());
    }

    private static CompiledShape compile(Shape shape, Set<String> unlisted, Map<String, CompiledShape> done) {
        CompiledShape known = done.get(shape.name());
        if (known != null) {
            return known;
        }
        CompiledShape compiled = new CompiledShape(shape, unlisted.contains(shape.name()));
        done.put(shape.name(), compiled);
        for (Shape.Member member : shape.members()) {
            compiled.members.put(member.name(), compile(member.shape(), unlisted, done));
        }
        return compiled;
    }

    void check(Object value, String path, String top, List<Violation> found) {
        switch (value) {
            case SdkPojo pojo -> checkStructure(pojo, path, top, found);
            case Collection<?> list -> checkList(list, path, top, found);
            case Map<?, ?> map -> checkMap(map, path, top, found);
            default ->
                failures(value)
                        .forEach((constraint, kind) ->
                                found.add(new Violation(path, top, text(value), constraint, kind)));
        }
    }

    private void checkStructure(SdkPojo pojo, String path, String top, List<Violation> found) {
        for (BoundMember member : bound(pojo)) {
            Object value = present(member.field.getValueOrDefault(pojo));
            String at = path.isEmpty() ? member.shown : path + "." + member.shown;
            String under = path.isEmpty() ? member.name : top;
            if (value != null) {
                if (member.target.isPresent()) {
                    member.target.get().check(value, at, under, found);
                }
            } else if (member.required) {
                found.add(new Violation(at, under, "null", "Member must not be null", Kind.REQUIRED));
            }
        }
    }

    /** Elements that are themselves plain values are judged together, as AWS does. */
    private void checkList(Collection<?> list, String path, String top, List<Violation> found) {
        length(list.size())
                .ifPresent(constraint -> found.add(new Violation(path, top, text(list), constraint, Kind.LENGTH)));
        CompiledShape element = members.get("member");
        if (element == null) {
            return;
        }
        if (element.plain()) {
            element.checkTogether(list, "Member must satisfy constraint: ", list, path, top, found);
            return;
        }
        int index = 0;
        for (Object each : list) {
            index++;
            if (each != null) {
                element.check(each, path + "." + index + ".member", top, found);
            }
        }
    }

    private void checkMap(Map<?, ?> map, String path, String top, List<Violation> found) {
        length(map.size())
                .ifPresent(constraint -> found.add(new Violation(path, top, text(map), constraint, Kind.LENGTH)));
        CompiledShape key = members.get("key");
        if (key != null) {
            key.checkTogether(map.keySet(), "Map keys must satisfy constraint: ", map, path, top, found);
        }
        CompiledShape element = members.get("value");
        if (element == null) {
            return;
        }
        if (element.plain()) {
            element.checkTogether(map.values(), "Map value must satisfy constraint: ", map, path, top, found);
            return;
        }
        map.forEach((name, each) -> {
            if (each != null) {
                element.check(each, path + "." + name + ".member", top, found);
            }
        });
    }

    private void checkTogether(
            Collection<?> elements, String opening, Object whole, String path, String top, List<Violation> found) {
        for (Object element : elements) {
            if (element == null) {
                continue;
            }
            Map<String, Kind> failures = failures(element);
            if (!failures.isEmpty()) {
                String constraint = opening + "[" + String.join(", ", constraints()) + "]";
                found.add(new Violation(
                        path,
                        top,
                        text(whole),
                        constraint,
                        failures.values().iterator().next()));
                return;
            }
        }
    }

    private boolean plain() {
        return switch (shape.kind()) {
            case STRUCTURE, LIST, MAP -> false;
            case STRING, BLOB, NUMBER, BOOLEAN, TIMESTAMP, OTHER -> true;
        };
    }

    private Map<String, Kind> failures(Object value) {
        return switch (value) {
            case String string -> stringFailures(string);
            case SdkBytes bytes -> only(length(bytes.asByteArrayUnsafe().length), Kind.LENGTH);
            case Number number -> only(range(number.doubleValue()), Kind.RANGE);
            default -> Map.of();
        };
    }

    private static Map<String, Kind> only(Optional<String> constraint, Kind kind) {
        return constraint.map(text -> Map.of(text, kind)).orElse(Map.of());
    }

    private Map<String, Kind> stringFailures(String value) {
        boolean listed = values.isEmpty() || values.contains(value);
        Optional<String> length = length(value.codePointCount(0, value.length()));
        // Too long a value is not worth the matching.
        boolean matches = pattern.isEmpty()
                || (shape.max().isPresent() && value.length() > 2 * shape.max().getAsDouble())
                || pattern.get().matches(value);
        if (listed && matches && length.isEmpty()) {
            return Map.of();
        }
        Map<String, Kind> failures = new LinkedHashMap<>();
        if (!listed) {
            failures.put(listing(), Kind.ENUM);
        }
        length.ifPresent(constraint -> failures.put(constraint, Kind.LENGTH));
        if (!matches) {
            failures.put(matching(), Kind.PATTERN);
        }
        return failures;
    }

    private String listing() {
        return "Member must satisfy enum value set: [" + String.join(", ", values) + "]";
    }

    private String matching() {
        return "Member must satisfy regular expression pattern: "
                + pattern.map(BoundedPattern::source).orElse("");
    }

    private Optional<String> length(int length) {
        if (shape.max().isPresent() && length > shape.max().getAsDouble()) {
            return Optional.of("Member must have length less than or equal to " + number(shape.max()));
        }
        if (shape.min().isPresent() && length < shape.min().getAsDouble()) {
            return Optional.of("Member must have length greater than or equal to " + number(shape.min()));
        }
        return Optional.empty();
    }

    private Optional<String> range(double value) {
        if (shape.max().isPresent() && value > shape.max().getAsDouble()) {
            return Optional.of("Member must have value less than or equal to " + number(shape.max()));
        }
        if (shape.min().isPresent() && value < shape.min().getAsDouble()) {
            return Optional.of("Member must have value greater than or equal to " + number(shape.min()));
        }
        return Optional.empty();
    }

    /** All constraints of a plain shape: AWS names them all where it judges elements together. */
    private List<String> constraints() {
        List<String> all = new ArrayList<>();
        String measure = shape.kind() == Shape.Kind.NUMBER ? "value" : "length";
        if (shape.max().isPresent()) {
            all.add("Member must have " + measure + " less than or equal to " + number(shape.max()));
        }
        if (shape.min().isPresent()) {
            all.add("Member must have " + measure + " greater than or equal to " + number(shape.min()));
        }
        if (!values.isEmpty()) {
            all.add(listing());
        }
        if (pattern.isPresent()) {
            all.add(matching());
        }
        return all;
    }

    private static String number(OptionalDouble number) {
        return BigDecimal.valueOf(number.getAsDouble()).stripTrailingZeros().toPlainString();
    }

    private List<BoundMember> bound(SdkPojo pojo) {
        List<BoundMember> known = bound;
        if (known.isEmpty() && !(members.isEmpty() && shape.required().isEmpty())) {
            known = bind(pojo);
            bound = known;
        }
        return known;
    }

    private List<BoundMember> bind(SdkPojo pojo) {
        Map<String, SdkField<?>> fields = pojo.sdkFields().stream()
                .collect(Collectors.toMap(SdkField::memberName, Function.identity(), (first, second) -> first));
        List<BoundMember> all = new ArrayList<>();
        List<String> names = new ArrayList<>(shape.required());
        members.keySet().stream().filter(name -> !names.contains(name)).forEach(names::add);
        for (String name : names) {
            SdkField<?> field = fields.get(name);
            // A streamed body is no field; the operation's own signature requires it.
            if (field != null) {
                all.add(new BoundMember(
                        name,
                        shown(name),
                        field,
                        shape.required().contains(name),
                        Optional.ofNullable(members.get(name))));
            }
        }
        return List.copyOf(all);
    }

    /** AWS's services write members in lower camel case, whatever the case on the wire. */
    private static String shown(String name) {
        return name.substring(0, 1).toLowerCase(Locale.ROOT) + name.substring(1);
    }

    private static @Nullable Object present(@Nullable Object value) {
        return value instanceof SdkAutoConstructList || value instanceof SdkAutoConstructMap ? null : value;
    }

    private static String text(Object value) {
        String text = value instanceof SdkBytes bytes
                ? "java.nio.HeapByteBuffer[pos=0 lim=" + bytes.asByteArrayUnsafe().length + "]"
                : value.toString();
        return text.length() > SHOWN ? text.substring(0, SHOWN) + "..." : text;
    }
}
