package dev.terrane.kernel.page;

import dev.terrane.kernel.secret.MasterKey;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;

/**
 * Paging tokens: the place where the next page begins, sealed, so that they survive a restart and can neither be forged nor
 * used for another listing.
 */
public final class PageTokens {
    private final MasterKey.Sealer sealer;

    public PageTokens(MasterKey key) {
        sealer = key.sealer("page-tokens");
    }

    /**
     * Makes a token.
     *
     * @param listing what is listed, for whom and with which filters: a token opens only for the same
     * @param cursor the key after which the next page begins
     */
    public String encode(String listing, String cursor) {
        return Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(
                        sealer.seal(cursor.getBytes(StandardCharsets.UTF_8), listing.getBytes(StandardCharsets.UTF_8)));
    }

    /** The cursor of a token; empty when the token is forged, changed or of another listing: answer with the service's error. */
    public Optional<String> decode(String listing, String token) {
        try {
            byte[] sealed = Base64.getUrlDecoder().decode(token);
            return Optional.of(
                    new String(sealer.open(sealed, listing.getBytes(StandardCharsets.UTF_8)), StandardCharsets.UTF_8));
        } catch (IllegalArgumentException | MasterKey.SealBroken e) {
            return Optional.empty();
        }
    }
}
