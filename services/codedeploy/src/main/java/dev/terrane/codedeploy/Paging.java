package dev.terrane.codedeploy;

import dev.terrane.kernel.call.Call;
import dev.terrane.kernel.call.Scope;
import dev.terrane.kernel.page.PageTokens;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.codedeploy.model.InvalidNextTokenException;

/** Pages of listings. */
final class Paging {
    /** AWS gives at most a hundred of most things at once. */
    static final int SIZE = 100;

    private final PageTokens tokens;

    Paging(PageTokens tokens) {
        this.tokens = tokens;
    }

    /** A page of a list that was read whole. */
    record Slice<T>(List<T> values, @Nullable String token) {
        Slice {
            values = List.copyOf(values);
        }
    }

    /** Where a page begins.
     *
     * @throws InvalidNextTokenException for a token that was not made for this listing
     */
    Optional<String> cursor(String listing, @Nullable String token) {
        if (token == null || token.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(tokens.decode(bound(listing), token)
                .orElseThrow(() -> InvalidNextTokenException.builder()
                        .message("The next token was specified in an invalid format.")
                        .build()));
    }

    @Nullable
    String token(String listing, Optional<String> next) {
        return next.map(cursor -> tokens.encode(bound(listing), cursor)).orElse(null);
    }

    <T> Slice<T> slice(String listing, List<T> all, @Nullable String token) {
        int from = Math.min(
                all.size(), cursor(listing, token).map(Integer::parseInt).orElse(0));
        int to = Math.min(all.size(), from + SIZE);
        return new Slice<>(
                all.subList(from, to),
                token(listing, to < all.size() ? Optional.of(Integer.toString(to)) : Optional.empty()));
    }

    private static String bound(String listing) {
        Scope scope = Call.current().scope();
        return "codedeploy/" + scope.account() + "/" + scope.region() + "/" + listing;
    }
}
