package dev.terrane.iam;

import dev.terrane.kernel.policy.MalformedPolicy;
import dev.terrane.kernel.policy.PolicyDocument;
import dev.terrane.kernel.policy.PolicyType;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;

/** Policy documents as IAM takes and gives them. */
final class Documents {
    private Documents() {}

    /** Reads a document of an identity.
     *
     * @throws software.amazon.awssdk.services.iam.model.MalformedPolicyDocumentException when it is none
     */
    static PolicyDocument identity(String json) {
        return parse(json, PolicyType.IDENTITY);
    }

    static PolicyDocument parse(String json, PolicyType type) {
        try {
            return PolicyDocument.parse(json, type);
        } catch (MalformedPolicy e) {
            throw Refusals.malformed(e.problem());
        }
    }

    /** How many characters count for quotas: all but white space. */
    static int size(String json) {
        int size = 0;
        for (int i = 0; i < json.length(); i++) {
            if (!Character.isWhitespace(json.charAt(i))) {
                size++;
            }
        }
        return size;
    }

    /** The document URL-encoded by RFC 3986, as IAM's responses carry it. */
    static String encoded(String json) {
        return URLEncoder.encode(json, StandardCharsets.UTF_8)
                .replace("+", "%20")
                .replace("*", "%2A")
                .replace("%7E", "~");
    }
}
