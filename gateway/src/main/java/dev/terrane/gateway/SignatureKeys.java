package dev.terrane.gateway;

import dev.terrane.gateway.sigv4.ParsedSignature;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What policies of S3 can ask of a request's signature ("Amazon S3 Signature Version 4 authentication specific policy keys"). */
final class SignatureKeys {
    private SignatureKeys() {}

    /** @param now when the request came */
    static Map<String, List<String>> of(ParsedSignature claim, Instant now) {
        Map<String, List<String>> keys = new HashMap<>();
        keys.put("s3:authType", List.of(claim.presigned() ? "REST-QUERY-STRING" : "REST-HEADER"));
        keys.put("s3:signatureversion", List.of("AWS4-HMAC-SHA256"));
        long age = Math.max(0, Duration.between(claim.instant(), now).toMillis());
        keys.put("s3:signatureAge", List.of(Long.toString(age)));
        claim.request().headers("x-amz-content-sha256").stream()
                .findFirst()
                .ifPresent(hash -> keys.put("s3:x-amz-content-sha256", List.of(hash)));
        return keys;
    }
}
