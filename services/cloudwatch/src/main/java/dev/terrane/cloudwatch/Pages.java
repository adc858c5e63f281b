package dev.terrane.cloudwatch;

import dev.terrane.kernel.page.PageTokens;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads paging tokens. */
final class Pages {
    private Pages() {}

    static Optional<String> cursor(PageTokens pages, String listing, @Nullable String token) {
        return token == null
                ? Optional.empty()
                : Optional.of(pages.decode(listing, token).orElseThrow(Errors::nextToken));
    }

    /** The same for operations that do not document InvalidNextToken. */
    static Optional<String> parameter(PageTokens pages, String listing, @Nullable String token) {
        return token == null
                ? Optional.empty()
                : Optional.of(
                        pages.decode(listing, token).orElseThrow(() -> Errors.value("The next token is invalid")));
    }
}
