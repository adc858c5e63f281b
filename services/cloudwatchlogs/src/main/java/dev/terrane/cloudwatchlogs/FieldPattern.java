package dev.terrane.cloudwatchlogs;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Fields of a message parted by spaces: {@code [ip, user, ..., status = 4*, bytes > 1000]}. What stands in quotes or brackets in a message is one
 * field. An ellipsis stands for any number of fields.
 */
record FieldPattern(List<Field> fields) implements FilterPattern {
    private static final String ELLIPSIS = "...";
    private static final int DEEPEST = 50;

    /** A field by its name, with what its value must satisfy. */
    record Field(String name, Predicate<String> condition) {}

    static FieldPattern parse(String pattern) {
        PatternReader reader = new PatternReader(pattern);
        reader.require("[");
        List<Field> fields = new ArrayList<>();
        do {
            fields.add(field(reader));
        } while (reader.take(","));
        reader.require("]");
        boolean several = fields.stream().filter(f -> f.name().equals(ELLIPSIS)).count() > 1;
        if (!reader.ended() || several) {
            throw reader.malformed();
        }
        return new FieldPattern(List.copyOf(fields));
    }

    private static Field field(PatternReader reader) {
        if (reader.take(ELLIPSIS)) {
            return new Field(ELLIPSIS, value -> true);
        }
        if (reader.take("(")) {
            String[] name = {""};
            Predicate<String> condition = either(reader, name, 1);
            reader.require(")");
            return new Field(name[0], condition);
        }
        reader.skipSpace();
        String name = name(reader);
        reader.skipSpace();
        if (reader.peek() == ',' || reader.peek() == ']') {
            return new Field(name, value -> true);
        }
        Predicate<String> first = Comparison.read(reader)::holds;
        return new Field(name, rest(reader, first, new String[] {name}, 0));
    }

    private static String name(PatternReader reader) {
        return reader.taking(c -> Character.isLetterOrDigit(c) || c == '_' || c == '-');
    }

    private static Predicate<String> rest(PatternReader reader, Predicate<String> first, String[] name, int depth) {
        Predicate<String> condition = first;
        while (reader.take("&&")) {
            condition = condition.and(simple(reader, name, depth));
        }
        while (reader.take("||")) {
            condition = condition.or(both(reader, name, depth));
        }
        return condition;
    }

    private static Predicate<String> either(PatternReader reader, String[] name, int depth) {
        if (depth > DEEPEST) {
            throw reader.malformed();
        }
        return rest(reader, simple(reader, name, depth), name, depth);
    }

    private static Predicate<String> both(PatternReader reader, String[] name, int depth) {
        Predicate<String> condition = simple(reader, name, depth);
        while (reader.take("&&")) {
            condition = condition.and(simple(reader, name, depth));
        }
        return condition;
    }

    /** A comparison of the field that this place is about, and of no other. */
    private static Predicate<String> simple(PatternReader reader, String[] name, int depth) {
        if (reader.take("(")) {
            Predicate<String> inner = either(reader, name, depth + 1);
            reader.require(")");
            return inner;
        }
        reader.skipSpace();
        String named = name(reader);
        if (name[0].isEmpty()) {
            name[0] = named;
        }
        if (named.isEmpty() || !named.equals(name[0])) {
            throw reader.malformed();
        }
        return Comparison.read(reader)::holds;
    }

    @Override
    public boolean matches(String message) {
        return assigned(message).isPresent();
    }

    @Override
    public Optional<String> value(String message, String selector) {
        return assigned(message).map(found -> found.get(selector));
    }

    @Override
    public Map<String, String> extracted(String message) {
        return assigned(message).orElse(Map.of());
    }

    /** The values of a matching message by {@code $name}, or {@code $1} where a field has no name. */
    private Optional<Map<String, String>> assigned(String message) {
        List<String> values = split(message);
        int gap = -1;
        for (int i = 0; i < fields.size(); i++) {
            if (fields.get(i).name().equals(ELLIPSIS)) {
                gap = i;
            }
        }
        int named = gap < 0 ? fields.size() : fields.size() - 1;
        if (gap < 0 ? values.size() != named : values.size() < named) {
            return Optional.empty();
        }
        Map<String, String> found = new LinkedHashMap<>();
        int skipped = values.size() - fields.size();
        for (int i = 0; i < fields.size(); i++) {
            if (i == gap) {
                continue;
            }
            int at = gap >= 0 && i > gap ? i + skipped : i;
            if (!fields.get(i).condition().test(values.get(at))) {
                return Optional.empty();
            }
            String name = fields.get(i).name();
            found.put("$" + (name.isEmpty() ? String.valueOf(at + 1) : name), values.get(at));
        }
        return Optional.of(found);
    }

    private static List<String> split(String message) {
        List<String> values = new ArrayList<>();
        int at = 0;
        while (at < message.length()) {
            char c = message.charAt(at);
            if (Character.isWhitespace(c)) {
                at++;
                continue;
            }
            char closing = c == '[' ? ']' : c == '"' ? '"' : '\0';
            int end = closing == '\0' ? -1 : message.indexOf(closing, at + 1);
            if (end >= 0) {
                values.add(message.substring(at + 1, end));
                at = end + 1;
                continue;
            }
            end = at;
            while (end < message.length() && !Character.isWhitespace(message.charAt(end))) {
                end++;
            }
            values.add(message.substring(at, end));
            at = end;
        }
        return values;
    }
}
