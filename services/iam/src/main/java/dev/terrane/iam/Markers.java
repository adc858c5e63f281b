package dev.terrane.iam;

import dev.terrane.kernel.call.Call;
import dev.terrane.kernel.call.Scope;
import dev.terrane.kernel.page.PageTokens;
import dev.terrane.kernel.store.Page;
import dev.terrane.kernel.store.Query;
import dev.terrane.kernel.store.Rows;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Paging by Marker, MaxItems and IsTruncated. */
final class Markers {
    private static final int DEFAULT = 100;
    private static final int BATCH = 1_000;

    private final PageTokens tokens;

    Markers(PageTokens tokens) {
        this.tokens = tokens;
    }

    /**
     * One page of a listing.
     *
     * @param marker what the next page is asked for with; null on the last
     */
    record Marked<T>(
            List<T> items, boolean truncated, @Nullable String marker) {
        <U> Marked<U> map(Function<T, U> each) {
            return new Marked<>(items.stream().map(each).toList(), truncated, marker);
        }
    }

    /**
     * A page of a list that is at hand.
     *
     * @param listing what is listed, with its filters
     * @param key of an item; unique in the list
     */
    <T> Marked<T> page(
            String listing, List<T> all, Function<T, String> key, @Nullable Integer maxItems, @Nullable String marker) {
        String bound = bound(listing);
        int from = 0;
        if (marker != null) {
            String after = cursor(bound, marker);
            for (int i = 0; i < all.size(); i++) {
                if (key.apply(all.get(i)).equals(after)) {
                    from = i + 1;
                }
            }
        }
        int to = Math.min(all.size(), from + limit(maxItems));
        boolean more = to < all.size();
        return new Marked<>(
                List.copyOf(all.subList(from, to)),
                more,
                more ? tokens.encode(bound, key.apply(all.get(to - 1))) : null);
    }

    /** A page of the records of a scope, in the order of their keys. */
    <R extends Record> Marked<R> page(
            String listing,
            Rows<R> rows,
            Scope scope,
            Predicate<R> wanted,
            Function<R, String> key,
            @Nullable Integer maxItems,
            @Nullable String marker) {
        String bound = bound(listing);
        Optional<String> after = marker == null ? Optional.empty() : Optional.of(cursor(bound, marker));
        int limit = limit(maxItems);
        List<R> found = new ArrayList<>();
        do {
            Page<R> batch = rows.list(scope, Query.all().after(after).limit(BATCH));
            for (R row : batch.values()) {
                if (!wanted.test(row)) {
                    continue;
                }
                if (found.size() == limit) {
                    return new Marked<>(found, true, tokens.encode(bound, key.apply(found.getLast())));
                }
                found.add(row);
            }
            after = batch.next();
        } while (after.isPresent());
        return new Marked<>(found, false, null);
    }

    private static int limit(@Nullable Integer maxItems) {
        return maxItems == null ? DEFAULT : maxItems;
    }

    private static String bound(String listing) {
        return "iam:" + Call.current().account() + ":" + listing;
    }

    private String cursor(String bound, String marker) {
        return tokens.decode(bound, marker).orElseThrow(() -> Refusals.validation("Invalid Marker."));
    }
}
