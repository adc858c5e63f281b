package dev.terrane.cloudformation.stackset;

import dev.terrane.kernel.page.PageTokens;
import dev.terrane.kernel.store.Page;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Pages of listings. */
final class Paging {
    private static final int MOST = 100;

    private final PageTokens tokens;

    Paging(PageTokens tokens) {
        this.tokens = tokens;
    }

    /** A page with the token of the next. */
    record Paged<R>(List<R> items, @Nullable String next) {}

    /** One page of what a source gives after a cursor and a filter lets through. */
    <R> Paged<R> page(
            String listing,
            @Nullable String token,
            @Nullable Integer most,
            BiFunction<Optional<String>, Integer, Page<R>> source,
            Predicate<R> wanted) {
        int limit = most == null ? MOST : most;
        Optional<String> after = token == null ? Optional.empty() : Optional.of(cursor(listing, token));
        List<R> items = new ArrayList<>();
        while (true) {
            Page<R> page = source.apply(after, limit - items.size());
            page.values().stream().filter(wanted).forEach(items::add);
            after = page.next();
            if (after.isEmpty()) {
                return new Paged<>(items, null);
            }
            if (items.size() >= limit) {
                return new Paged<>(items, tokens.encode(listing, after.get()));
            }
        }
    }

    private String cursor(String listing, String token) {
        return tokens.decode(listing, token).orElseThrow(() -> Refusals.invalid("Invalid NextToken"));
    }
}
