package dev.terrane.elasticloadbalancingv2;

import dev.terrane.kernel.call.Call;
import dev.terrane.kernel.page.PageTokens;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
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

    /**
     * A page of what is listed whole: the next one begins after the last of this one, or where that was if it is gone.
     *
     * @param next the marker of the next page, or null
     */
    record Slice<T>(List<T> values, @Nullable String next) {}

    static <T> Slice<T> slice(
            PageTokens pages,
            String listing,
            List<T> all,
            Function<T, String> arn,
            @Nullable Integer size,
            @Nullable String marker) {
        List<String> arns = all.stream().map(arn).toList();
        int from = decode(pages, listing, marker)
                .map(cursor -> after(cursor, arns))
                .orElse(0);
        int to = size == null ? all.size() : Math.min(all.size(), from + size);
        return new Slice<>(
                all.subList(from, to),
                encode(pages, listing, to < all.size() ? Optional.of(to + " " + arns.get(to - 1)) : Optional.empty()));
    }

    private static int after(String cursor, List<String> arns) {
        int space = cursor.indexOf(' ');
        int last = arns.indexOf(cursor.substring(space + 1));
        return last >= 0 ? last + 1 : Math.min(arns.size(), Integer.parseInt(cursor.substring(0, space)) - 1);
    }

    private static String name(String listing) {
        Call call = Call.current();
        return "elasticloadbalancingv2/" + listing + "/" + call.account() + "/" + call.region();
    }
}
