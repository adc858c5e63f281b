package dev.terrane.gateway.sigv4;

import java.util.Optional;

/**
 * A request whose signature is right. If {@link #payload} still covers the body, read the body through
 * {@link SignedBody#of}, which refuses one that was changed.
 *
 * @param accessKeyId who signed
 * @param sessionToken the session token that came along; whether it belongs to the key is the caller's to check
 * @param scope region and service that the caller addressed; see {@link SigV4#requireScope}
 * @param time the instant of signing, as {@code yyyyMMdd'T'HHmmss'Z'}
 * @param signingKey the key that signs the chunks of a streamed body
 * @param seedSignature the signature that the first chunk's signature builds on
 * @param payload how the body is covered
 * @param presigned whether the signature came in the query
 */
public record Verified(
        String accessKeyId,
        Optional<String> sessionToken,
        CredentialScope scope,
        String time,
        SigningKey signingKey,
        String seedSignature,
        Payload payload,
        boolean presigned) {}
