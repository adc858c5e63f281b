package dev.terrane.gateway.protocol;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * HTTP headers in the order in which they came; a name may occur more than once and is compared without regard to
 * case. Immutable.
 */
public final class Headers {

    /** No headers. */
    public static final Headers EMPTY = new Headers(new String[0]);

    // Names and values in turns: messages have a dozen headers, for which a scan is faster than hashing.
    private final String[] pairs;

    private Headers(String[] pairs) {
        this.pairs = pairs;
    }

    /** A builder without headers. */
    public static Builder builder() {
        return new Builder();
    }

    /** Headers of names and values in turns. */
    public static Headers of(String... namesAndValues) {
        if (namesAndValues.length % 2 != 0) {
            throw new IllegalArgumentException("A header without a value");
        }
        return new Headers(namesAndValues.clone());
    }

    /** The first value of a header. */
    public Optional<String> first(String name) {
        return Optional.ofNullable(find(name));
    }

    /** Whether there is a header of the name. */
    public boolean contains(String name) {
        return find(name) != null;
    }

    @Nullable
    String find(String name) {
        for (int i = 0; i < pairs.length; i += 2) {
            if (pairs[i].equalsIgnoreCase(name)) {
                return pairs[i + 1];
            }
        }
        return null;
    }

    /** All values of a header, in order; empty if there are none. */
    public List<String> all(String name) {
        List<String> values = new ArrayList<>();
        forEach((header, value) -> {
            if (header.equalsIgnoreCase(name)) {
                values.add(value);
            }
        });
        return Collections.unmodifiableList(values);
    }

    /** Calls with each name, as it was written, and value. */
    public void forEach(BiConsumer<String, String> action) {
        for (int i = 0; i < pairs.length; i += 2) {
            action.accept(pairs[i], pairs[i + 1]);
        }
    }

    /** The number of header fields, repeated names counted each time. */
    public int size() {
        return pairs.length / 2;
    }

    /** A builder that begins with these headers. */
    public Builder toBuilder() {
        Builder builder = new Builder();
        Collections.addAll(builder.pairs, pairs);
        return builder;
    }

    @Override
    public String toString() {
        Map<String, List<String>> view = new LinkedHashMap<>();
        forEach((name, value) ->
                view.computeIfAbsent(name, key -> new ArrayList<>()).add(value));
        return view.toString();
    }

    /** Collects headers. Not thread-safe. */
    public static final class Builder {
        private final List<String> pairs = new ArrayList<>();

        private Builder() {}

        /** Adds a header, beside others of the same name. */
        public Builder add(String name, String value) {
            pairs.add(name);
            pairs.add(value);
            return this;
        }

        /** Sets a header, in place of others of the same name. */
        public Builder set(String name, String value) {
            for (int i = pairs.size() - 2; i >= 0; i -= 2) {
                if (pairs.get(i).equalsIgnoreCase(name)) {
                    pairs.subList(i, i + 2).clear();
                }
            }
            return add(name, value);
        }

        /** The headers. */
        public Headers build() {
            return new Headers(pairs.toArray(String[]::new));
        }
    }
}
