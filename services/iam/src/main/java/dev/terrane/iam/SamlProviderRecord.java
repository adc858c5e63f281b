package dev.terrane.iam;

import dev.terrane.kernel.arn.Arn;
import java.time.Instant;
import java.util.Map;

/**
 * A SAML provider.
 *
 * @param id its unique id
 * @param document the provider's metadata
 * @param validUntil when it ends
 */
record SamlProviderRecord(
        String account,
        String name,
        String id,
        String document,
        Instant created,
        Instant validUntil,
        Map<String, String> tags)
        implements Tagged {
    static final String TYPE = "saml-provider/";

    SamlProviderRecord {
        tags = Tagging.ordered(tags);
    }

    String arn() {
        return Arn.iam(account, TYPE + name).toString();
    }

    SamlProviderRecord withDocument(String changed, Instant ends) {
        return new SamlProviderRecord(account, name, id, changed, created, ends, tags);
    }

    SamlProviderRecord withTags(Map<String, String> changed) {
        return new SamlProviderRecord(account, name, id, document, created, validUntil, changed);
    }
}
