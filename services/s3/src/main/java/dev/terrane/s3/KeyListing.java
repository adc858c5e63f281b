package dev.terrane.s3;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * One page of keys in order, with those that share a prefix up to a delimiter told as one. Reading costs a range seek for each such prefix,
 * however many keys are below it.
 *
 * @param next the position where the next page begins, or empty at the end
 */
record KeyListing<R>(List<R> values, List<String> prefixes, Optional<String> next) {
    /** A position after every key. */
    static final String BEYOND = "\uDBFF\uDFFF".repeat(300);

    private static final int FIRST_BATCH = 16;
    private static final int BATCH = 1001;

    /** Rows in the order of their keys, from a position, inclusive, to another, exclusive. */
    interface Rows<R> {
        List<R> read(String from, Optional<String> to, int limit);
    }

    /**
     * Reads one page.
     *
     * @param after the least position after a row
     * @param from where the page begins
     * @param limit how many rows and prefixes together at the most
     */
    static <R> KeyListing<R> of(
            Rows<R> rows,
            Function<R, String> key,
            Function<R, String> after,
            String prefix,
            String delimiter,
            String from,
            int limit) {
        String begin = S3Tables.stored(prefix);
        Optional<String> end = Keys.above(prefix).map(S3Tables::stored);
        String position = Keys.compare(from, begin) < 0 ? begin : from;
        List<R> values = new ArrayList<>();
        List<String> prefixes = new ArrayList<>();
        if (limit == 0) {
            return new KeyListing<>(values, prefixes, Optional.empty());
        }
        int batch = delimiter.isEmpty() ? limit + 1 : FIRST_BATCH;
        while (end.isEmpty() || Keys.compare(position, end.get()) < 0) {
            List<R> read = rows.read(position, end, batch);
            String told = "";
            int skipped = 0;
            for (R row : read) {
                String name = key.apply(row);
                if (!told.isEmpty() && name.startsWith(told)) {
                    skipped++;
                    continue;
                }
                if (values.size() + prefixes.size() == limit) {
                    return new KeyListing<>(values, prefixes, Optional.of(position));
                }
                Optional<String> common = common(name, prefix, delimiter);
                if (common.isPresent()) {
                    told = common.get();
                    prefixes.add(told);
                    position = Keys.above(told).map(S3Tables::stored).orElse(BEYOND);
                } else {
                    values.add(row);
                    position = after.apply(row);
                }
            }
            if (read.size() < batch) {
                break;
            }
            // Where most of what was read is below one prefix, seeking past it is cheaper than reading on.
            batch = skipped > read.size() / 2 ? FIRST_BATCH : Math.min(batch * 4, BATCH);
        }
        return new KeyListing<>(values, prefixes, Optional.empty());
    }

    /** The last key or prefix of the page. */
    String last(Function<R, String> key) {
        String value = values.isEmpty() ? "" : key.apply(values.getLast());
        String common = prefixes.isEmpty() ? "" : prefixes.getLast();
        return Keys.compare(value, common) > 0 ? value : common;
    }

    /** The prefix that a key shares with others: up to and with the first delimiter after the listing's own prefix. */
    static Optional<String> common(String key, String prefix, String delimiter) {
        if (delimiter.isEmpty()) {
            return Optional.empty();
        }
        int at = key.indexOf(delimiter, prefix.length());
        return at < 0 ? Optional.empty() : Optional.of(key.substring(0, at + delimiter.length()));
    }
}
