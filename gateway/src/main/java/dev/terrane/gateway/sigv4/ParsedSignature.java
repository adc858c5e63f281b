package dev.terrane.gateway.sigv4;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What a request claims about its signer. Nothing of it is proven yet.
 *
 * @param request the request it was read from
 * @param rules the rules that it was read by
 * @param accessKeyId whose secret verifies it
 * @param sessionToken the session token, from header or query
 * @param scope the claimed scope
 * @param time the claimed instant, as {@code yyyyMMdd'T'HHmmss'Z'}
 * @param instant the same instant
 * @param expires how long a presigned request is good; empty for one signed by header
 * @param signedHeaders the covered headers, lower case and sorted
 * @param signature 64 lower-case hexadecimal digits
 * @param payload how the body is covered
 * @param canonicalQuery the query as the signature covers it
 * @param presigned whether the signature came in the query
 */
public record ParsedSignature(
        SignedRequest request,
        SigV4.Rules rules,
        String accessKeyId,
        Optional<String> sessionToken,
        CredentialScope scope,
        String time,
        Instant instant,
        Optional<Duration> expires,
        List<String> signedHeaders,
        String signature,
        Payload payload,
        String canonicalQuery,
        boolean presigned) {
    public ParsedSignature {
        signedHeaders = List.copyOf(signedHeaders);
    }

    /** Whether verification needs the SHA-256 of the whole body, because no header declares it. */
    public boolean needsBodyHash() {
        return payload instanceof Payload.Undeclared;
    }
}
