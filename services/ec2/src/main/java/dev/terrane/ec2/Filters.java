package dev.terrane.ec2;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.ec2.model.Filter;

/**
 * The filters of one Describe operation: values of a filter are alternatives, filters hold together, {@code *} and {@code ?} are
 * wildcards ("List and filter your Amazon EC2 resources").
 */
final class Filters<T> {
    private final Map<String, Function<T, List<String>>> known = new HashMap<>();
    private Function<T, Map<String, String>> tags = resource -> Map.of();

    /** One that looks at one value, which may be absent. */
    Filters<T> by(String name, Function<T, @Nullable Object> value) {
        known.put(name, resource -> {
            Object found = value.apply(resource);
            return found == null ? List.of() : List.of(found.toString());
        });
        return this;
    }

    /** One that looks at several values. */
    Filters<T> any(String name, Function<T, List<String>> values) {
        known.put(name, values);
        return this;
    }

    /** {@code tag:KEY}, {@code tag-key} and {@code tag-value}. */
    Filters<T> tagged(Function<T, Map<String, String>> ofResource) {
        tags = ofResource;
        known.put("tag-key", resource -> List.copyOf(ofResource.apply(resource).keySet()));
        known.put(
                "tag-value", resource -> List.copyOf(ofResource.apply(resource).values()));
        return this;
    }

    /** Whether a resource passes all filters. */
    Predicate<T> of(List<Filter> filters) {
        Predicate<T> all = resource -> true;
        for (Filter filter : filters) {
            all = all.and(one(filter));
        }
        return all;
    }

    private Predicate<T> one(Filter filter) {
        String name = String.valueOf(filter.name());
        if (filter.values().isEmpty()) {
            throw Refusals.value("The filter '" + name + "' needs a value");
        }
        List<Predicate<String>> wanted =
                filter.values().stream().map(Filters::matching).toList();
        Function<T, List<String>> values;
        if (name.startsWith("tag:")) {
            String key = name.substring(4);
            values = resource -> {
                String value = tags.apply(resource).get(key);
                return value == null ? List.of() : List.of(value);
            };
        } else {
            values = known.get(name);
            if (values == null) {
                throw Refusals.value("The filter '" + name + "' is invalid");
            }
        }
        return resource ->
                values.apply(resource).stream().anyMatch(v -> wanted.stream().anyMatch(w -> w.test(v)));
    }

    private static Predicate<String> matching(String pattern) {
        StringBuilder regex = new StringBuilder();
        for (int i = 0; i < pattern.length(); i++) {
            char c = pattern.charAt(i);
            if (c == '\\' && i + 1 < pattern.length()) {
                i++;
                regex.append(Pattern.quote(String.valueOf(pattern.charAt(i))));
            } else if (c == '*') {
                regex.append(".*");
            } else if (c == '?') {
                regex.append('.');
            } else {
                regex.append(Pattern.quote(String.valueOf(c)));
            }
        }
        return Pattern.compile(regex.toString(), Pattern.DOTALL).asMatchPredicate();
    }
}
