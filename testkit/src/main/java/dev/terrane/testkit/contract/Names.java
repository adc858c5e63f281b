package dev.terrane.testkit.contract;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The words by which requests speak of an example: values of members by the members' names in the service's model, such as
 * {@code QueueUrl}, or by operation and member, such as {@code CreateQueue.QueueName}. A value with an operation's name is given to
 * that operation even where the member is optional; the others only where the member is required. Immutable.
 */
public final class Names {
    private static final Names NONE = new Names(Map.of());

    private final Map<String, Object> values;

    private Names(Map<String, Object> values) {
        this.values = values;
    }

    /** No names. */
    public static Names none() {
        return NONE;
    }

    /** One name. */
    public static Names of(String member, Object value) {
        return NONE.and(member, value);
    }

    /** These, and one more or another value for one of them. */
    public Names and(String member, Object value) {
        Map<String, Object> more = new LinkedHashMap<>(values);
        more.put(member, value);
        return new Names(more);
    }

    /** These, and others which go before them. */
    public Names and(Names others) {
        Map<String, Object> more = new LinkedHashMap<>(values);
        more.putAll(others.values);
        return new Names(more);
    }

    /** What a member of an operation's request says. */
    public Optional<Object> find(String operation, String member) {
        return Optional.ofNullable(values.getOrDefault(operation + "." + member, values.get(member)));
    }

    /** Whether a member is named for this very operation. */
    boolean isFor(String operation, String member) {
        return values.containsKey(operation + "." + member);
    }

    /** The members, with or without an operation before them. */
    Map<String, Object> values() {
        return values;
    }

    /** All texts among the values. */
    Stream<String> texts() {
        return values.values().stream()
                .flatMap(value -> value instanceof Collection<?> many ? many.stream() : Stream.of(value))
                .filter(String.class::isInstance)
                .map(String.class::cast);
    }
}
