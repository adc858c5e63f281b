package dev.terrane.gateway.sigv4;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/**
 * Signs requests that the server itself sends, by Authorization header.
 *
 * @param accessKeyId the signer's key
 * @param secret its secret, in UTF-8
 * @param sessionToken the token of temporary credentials
 * @param region the addressed region
 * @param service the addressed service's signing name; {@code s3} gets S3's coding of paths
 */
public record SigV4Signer(
        String accessKeyId, byte[] secret, Optional<String> sessionToken, String region, String service) {
    private static final DateTimeFormatter BASIC =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);

    public SigV4Signer {
        secret = secret.clone();
    }

    @Override
    public byte[] secret() {
        return secret.clone();
    }

    /**
     * The headers to add to a request: Authorization, X-Amz-Date, X-Amz-Security-Token where there is one, and for S3
     * x-amz-content-sha256. All headers of the request are signed.
     *
     * @param request the request as it will be sent, with its Host header
     * @param bodySha256 the body's SHA-256 in lower-case hexadecimal digits, or one of AWS's literals for an uncovered body
     * @param now the time of signing
     */
    public Map<String, String> sign(SignedRequest request, String bodySha256, Instant now) {
        String time = BASIC.format(now);
        CredentialScope scope = new CredentialScope(time.substring(0, 8), region, service);
        Map<String, String> added = new LinkedHashMap<>();
        added.put("X-Amz-Date", time);
        sessionToken.ifPresent(token -> added.put("X-Amz-Security-Token", token));
        if (service.equals("s3")) {
            added.put(SigV4.CONTENT_SHA256, bodySha256);
        }
        Map<String, List<String>> headers = new LinkedHashMap<>();
        request.headerNames().forEach(name -> headers.put(name, request.headers(name)));
        added.forEach((name, value) -> headers.put(name.toLowerCase(Locale.ROOT), List.of(value)));
        SignedRequest complete = SignedRequest.of(request.method(), request.rawPath(), request.rawQuery(), headers);
        List<String> names = new ArrayList<>(new TreeSet<>(complete.headerNames()));
        String canonical = CanonicalRequest.of(
                complete,
                service.equals("s3"),
                CanonicalQuery.of(request.rawQuery()).withoutSignature(),
                names,
                false,
                bodySha256);
        String signature = SigningKey.derive(secret, scope).sign(CanonicalRequest.stringToSign(time, scope, canonical));
        added.put(
                "Authorization",
                SigV4.ALGORITHM + " Credential=" + accessKeyId + "/" + scope + ", SignedHeaders="
                        + String.join(";", names) + ", Signature=" + signature);
        return added;
    }

    /** Without the secret. */
    @Override
    public String toString() {
        return "SigV4Signer[" + accessKeyId + ", " + region + ", " + service + "]";
    }
}
