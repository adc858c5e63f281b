package dev.terrane.kernel.store;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;

/**
 * A table of records of one type.
 *
 * @param name unique in the installation, beginning with the service: {@code sqs.queue}
 * @param type the record; its components may be JDK values, records, lists, maps, enums and the SDK's own model objects
 * @param key a record's key, unique in its scope; keys order listings
 * @param indexes by name, the ordered value of a record, or an empty string for a record that is not in it
 * @param cached whether records are kept in memory once read or written; not for those that are large and seldom read again
 */
public record Table<R extends Record>(
        String name, Class<R> type, Function<R, String> key, Map<String, Function<R, String>> indexes, boolean cached) {
    /** A table without indexes. */
    public static <R extends Record> Table<R> of(String name, Class<R> type, Function<R, String> key) {
        return new Table<>(name, type, key, Map.of(), true);
    }

    /** This table with one more index. Values need not be unique; records of equal value are ordered by key. */
    public Table<R> index(String index, Function<R, String> value) {
        Map<String, Function<R, String>> more = new LinkedHashMap<>(indexes);
        more.put(index, value);
        return new Table<>(name, type, key, java.util.Collections.unmodifiableMap(more), cached);
    }

    /** This table, whose records are not kept in memory. */
    public Table<R> uncached() {
        return new Table<>(name, type, key, indexes, false);
    }

    /** A record's value in an index. */
    String valueIn(String index, R value) {
        Function<R, String> of = indexes.get(index);
        if (of == null) {
            throw new IllegalArgumentException("Table " + name + " has no index " + index);
        }
        return of.apply(value);
    }
}
