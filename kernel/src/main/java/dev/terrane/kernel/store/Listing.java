package dev.terrane.kernel.store;

import dev.terrane.kernel.call.Scope;
import dev.terrane.kernel.store.StoreBackend.RowKey;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** How a listing is put together from committed rows and a transaction's own writes. */
final class Listing {
    private Listing() {}

    /** A record with the place where it stands. */
    record Entry<R>(String cursor, String key, R value) {}

    /** The cursor of a record in a query's order: its key, or its index value and key. */
    static String cursor(Optional<String> index, String indexValue, String key) {
        return index.isPresent() ? new StoreBackend.IndexPlace(indexValue, key).cursor() : key;
    }

    static <R> Page<R> page(List<Entry<R>> entries, int limit) {
        boolean more = entries.size() > limit;
        List<Entry<R>> shown = more ? entries.subList(0, limit) : entries;
        return new Page<>(
                shown.stream().map(Entry::value).toList(),
                more ? Optional.of(shown.getLast().cursor()) : Optional.empty());
    }

    /** Puts the transaction's own writes in: changed and deleted rows out, new ones in where they belong. */
    static <R extends Record> void overlay(
            List<Entry<R>> entries, Table<R> table, Scope scope, Query query, Transaction transaction) {
        boolean changed = false;
        for (var write : transaction.writes().entrySet()) {
            RowKey row = write.getKey();
            if (!row.table().equals(table.name()) || !row.scope().equals(scope)) {
                continue;
            }
            changed = true;
            entries.removeIf(entry -> entry.key().equals(row.key()));
            write.getValue().value().map(table.type()::cast).ifPresent(value -> {
                String indexed =
                        query.index().map(index -> table.valueIn(index, value)).orElse(row.key());
                String cursor = cursor(query.index(), indexed, row.key());
                if (selects(query, indexed, cursor)) {
                    entries.add(new Entry<>(cursor, row.key(), value));
                }
            });
        }
        if (changed) {
            Comparator<Entry<R>> order = (a, b) -> StoreBackend.compare(a.cursor(), b.cursor());
            entries.sort(query.descending() ? order.reversed() : order);
        }
    }

    private static boolean selects(Query query, String value, String cursor) {
        boolean beyond = query.after()
                .map(after -> query.descending()
                        ? StoreBackend.compare(cursor, after) < 0
                        : StoreBackend.compare(cursor, after) > 0)
                .orElse(true);
        return !value.isEmpty()
                && beyond
                && StoreBackend.compare(value, query.from()) >= 0
                && query.to().map(to -> StoreBackend.compare(value, to) < 0).orElse(true);
    }
}
