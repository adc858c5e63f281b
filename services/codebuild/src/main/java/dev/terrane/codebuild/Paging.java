package dev.terrane.codebuild;

import static dev.terrane.codebuild.Refusals.invalid;

import dev.terrane.kernel.page.PageTokens;
import dev.terrane.kernel.store.Page;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Pages of CodeBuild's listings. */
final class Paging {
    private Paging() {}

    /** The place of a token, or empty for the first page. */
    static Optional<String> cursor(PageTokens pages, String listing, @Nullable String token) {
        return token == null || token.isEmpty()
                ? Optional.empty()
                : Optional.of(pages.decode(listing, token).orElseThrow(() -> invalid("Invalid nextToken: " + token)));
    }

    /** A page of a list that is small by nature, with the token of the next page. */
    static <T> Page<T> slice(PageTokens pages, String listing, List<T> all, @Nullable String token, int limit) {
        int from = Math.min(
                all.size(), cursor(pages, listing, token).map(Integer::parseInt).orElse(0));
        int to = Math.min(all.size(), from + limit);
        return new Page<>(
                all.subList(from, to),
                to < all.size() ? Optional.of(pages.encode(listing, String.valueOf(to))) : Optional.empty());
    }
}
