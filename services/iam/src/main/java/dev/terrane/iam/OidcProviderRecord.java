package dev.terrane.iam;

import dev.terrane.kernel.arn.Arn;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * An OpenID Connect provider.
 *
 * @param url the issuer's URL without {@code https://}
 * @param clientIds the audiences for which its tokens are taken
 * @param thumbprints SHA-1 of certificates that the issuer's chain may have, in hexadecimal digits
 */
record OidcProviderRecord(
        String account,
        String url,
        List<String> clientIds,
        List<String> thumbprints,
        Instant created,
        Map<String, String> tags)
        implements Tagged {
    static final String TYPE = "oidc-provider/";

    OidcProviderRecord {
        clientIds = List.copyOf(clientIds);
        thumbprints = List.copyOf(thumbprints);
        tags = Tagging.ordered(tags);
    }

    String arn() {
        return Arn.iam(account, TYPE + url).toString();
    }

    OidcProviderRecord withClientIds(List<String> changed) {
        return new OidcProviderRecord(account, url, changed, thumbprints, created, tags);
    }

    OidcProviderRecord withThumbprints(List<String> changed) {
        return new OidcProviderRecord(account, url, clientIds, changed, created, tags);
    }

    OidcProviderRecord withTags(Map<String, String> changed) {
        return new OidcProviderRecord(account, url, clientIds, thumbprints, created, changed);
    }
}
