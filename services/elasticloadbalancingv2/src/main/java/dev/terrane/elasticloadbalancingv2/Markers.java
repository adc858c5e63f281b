package dev.terrane.elasticloadbalancingv2;

import dev.terrane.kernel.call.Call;
import dev.terrane.kernel.page.PageTokens;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Paging of this service's listings. */
final class Markers {
    private Markers() {}

    static Optional<String> decode(PageTokens pages, String listing, @Nullable String marker) {
        return marker == null || marker.isEmpty()
                ? Optional.empty()
                : Optional.of(pages.decode(name(listing), marker)
                        .orElseThrow(() -> Attributes.validation("The marker is not valid")));
    }

    static @Nullable String encode(PageTokens pages, String listing, Optional<String> next) {
        return next.map(cursor -> pages.encode(name(listing), cursor)).orElse(null);
    }

    private static String name(String listing) {
        Call call = Call.current();
        return "elasticloadbalancingv2/" + listing + "/" + call.account() + "/" + call.region();
    }
}
