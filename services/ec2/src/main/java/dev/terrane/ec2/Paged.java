package dev.terrane.ec2;

import dev.terrane.kernel.call.Call;
import dev.terrane.kernel.page.PageTokens;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One page of a listing.
 *
 * @param next the token of the next page, or null at the end, as the SDK's builders take it
 */
record Paged<T>(List<T> items, @Nullable String next) {
    /**
     * The page that a token names.
     *
     * @param listing the operation with its filters: a token opens only for the same
     * @param limits how many may be asked for
     * @param key unique, by which the listing is ordered
     * @param most how many the caller wants at most, or null for all
     */
    static <T> Paged<T> of(
            PageTokens pages,
            PageLimits limits,
            String listing,
            List<T> all,
            Function<T, String> key,
            @Nullable Integer most,
            @Nullable String token) {
        int size = limits.size(most);
        String bound = listing + Call.current().scope();
        Optional<String> after = token == null || token.isEmpty()
                ? Optional.empty()
                : Optional.of(pages.decode(bound, token)
                        .orElseThrow(() -> Refusals.of("InvalidNextToken", "The token '" + token + "' is invalid")));
        List<T> rest = all.stream()
                .sorted(Comparator.comparing(key))
                .filter(item -> after.isEmpty() || key.apply(item).compareTo(after.get()) > 0)
                .toList();
        if (rest.size() <= size) {
            return new Paged<>(rest, null);
        }
        List<T> shown = rest.subList(0, size);
        return new Paged<>(shown, pages.encode(bound, key.apply(shown.getLast())));
    }
}
