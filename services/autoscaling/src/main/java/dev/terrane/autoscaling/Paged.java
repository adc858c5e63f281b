package dev.terrane.autoscaling;

import dev.terrane.kernel.call.Call;
import dev.terrane.kernel.error.AwsErrors;
import dev.terrane.kernel.page.PageTokens;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.autoscaling.model.InvalidNextTokenException;

/**
 * One page of a listing.
 *
 * @param next the token of the next page, or null at the end, as the SDK's builders take it
 */
record Paged<T>(List<T> items, @Nullable String next) {
    /** Where the page of a token begins. */
    static Optional<String> cursor(PageTokens pages, String listing, @Nullable String token) {
        return token == null
                ? Optional.empty()
                : Optional.of(pages.decode(listing, token)
                        .orElseThrow(() -> InvalidNextTokenException.builder()
                                .message("The token '" + token + "' is not valid.")
                                .build()));
    }

    /** How many records a page has; 50 where it is not said. */
    static int size(@Nullable Integer asked, int most) {
        if (asked != null && asked < 1) {
            throw AwsErrors.of(
                    "ValidationError",
                    400,
                    "1 validation error detected: Value '" + asked
                            + "' at 'maxRecords' failed to satisfy constraint: Member must have value greater than or equal to 1");
        }
        return asked == null ? Math.min(50, most) : Math.min(asked, most);
    }

    /** The page that a token names of a whole listing, ordered by a unique key. */
    static <T> Paged<T> of(
            PageTokens pages,
            String listing,
            List<T> all,
            Function<T, String> key,
            @Nullable Integer most,
            @Nullable String token) {
        String bound = listing + Call.current().scope();
        Optional<String> after = cursor(pages, bound, token);
        List<T> rest = all.stream()
                .sorted(Comparator.comparing(key))
                .filter(item -> after.isEmpty() || key.apply(item).compareTo(after.get()) > 0)
                .toList();
        int size = size(most, 100);
        return rest.size() <= size
                ? new Paged<>(rest, null)
                : new Paged<>(rest.subList(0, size), pages.encode(bound, key.apply(rest.get(size - 1))));
    }
}
