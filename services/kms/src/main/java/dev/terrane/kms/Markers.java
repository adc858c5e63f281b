package dev.terrane.kms;

import dev.terrane.kernel.call.Call;
import dev.terrane.kernel.page.PageTokens;
import dev.terrane.kernel.store.Page;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.kms.model.InvalidMarkerException;

/** Where a listing goes on: KMS's markers. */
final class Markers {
    private final PageTokens tokens;

    Markers(PageTokens tokens) {
        this.tokens = tokens;
    }

    Optional<String> cursor(String listing, @Nullable String marker) {
        if (marker == null) {
            return Optional.empty();
        }
        return Optional.of(tokens.decode(bound(listing), marker)
                .orElseThrow(() -> InvalidMarkerException.builder()
                        .message("The marker is not valid.")
                        .build()));
    }

    @Nullable
    String next(String listing, Page<?> page) {
        return page.next().map(cursor -> tokens.encode(bound(listing), cursor)).orElse(null);
    }

    private static String bound(String listing) {
        return Call.current().scope() + "|" + listing;
    }
}
