package dev.terrane.kernel.store;

import java.util.Optional;

/**
 * Which records of a table, in which order, beginning where.
 *
 * @param index the index to order and select by, or empty for the key
 * @param from the first key or index value, inclusive
 * @param to the key or index value before which it ends, or empty for no end
 * @param after the cursor of the record after which this page begins, or empty for the first page
 * @param limit the greatest number of records
 * @param descending whether from the greatest to the least
 */
public record Query(
        Optional<String> index,
        String from,
        Optional<String> to,
        Optional<String> after,
        int limit,
        boolean descending) {
    /** The greatest number of records that one query gives unless it says otherwise. */
    public static final int DEFAULT_LIMIT = 10_000;

    /** All records by key, at most {@link #DEFAULT_LIMIT}. */
    public static Query all() {
        return new Query(Optional.empty(), "", Optional.empty(), Optional.empty(), DEFAULT_LIMIT, false);
    }

    /** All records whose key begins with a prefix. */
    public static Query prefix(String prefix) {
        return all().between(prefix, successor(prefix));
    }

    /** All records of an index with one value. */
    public static Query equal(String index, String value) {
        return index(index).between(value, value + '\0');
    }

    /** All records in an index, by its values. */
    public static Query index(String index) {
        return new Query(Optional.of(index), "", Optional.empty(), Optional.empty(), DEFAULT_LIMIT, false);
    }

    /** All records of an index whose value begins with a prefix. */
    public static Query indexPrefix(String index, String prefix) {
        return index(index).between(prefix, successor(prefix));
    }

    /** From a key or value, inclusive, to one, exclusive. An empty {@code to} means no end. */
    public Query between(String first, String end) {
        return new Query(index, first, end.isEmpty() ? Optional.empty() : Optional.of(end), after, limit, descending);
    }

    /** The page that begins after a record's cursor. */
    public Query after(String cursor) {
        return new Query(index, from, to, cursor.isEmpty() ? Optional.empty() : Optional.of(cursor), limit, descending);
    }

    /** The page that begins after a cursor, or the first one where there is none. */
    public Query after(Optional<String> cursor) {
        return after(cursor.orElse(""));
    }

    /** At most so many records. */
    public Query limit(int most) {
        return new Query(index, from, to, after, most, descending);
    }

    /** From the greatest to the least. */
    public Query reversed() {
        return new Query(index, from, to, after, limit, true);
    }

    /** The least string above all that begin with the prefix. */
    static String successor(String prefix) {
        for (int i = prefix.length() - 1; i >= 0; i--) {
            char c = prefix.charAt(i);
            if (c < '\uD7FF') {
                return prefix.substring(0, i) + (char) (c + 1);
            }
        }
        return "";
    }
}
