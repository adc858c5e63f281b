package dev.terrane.kernel.authorization;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * What S3's {@code x-amz-copy-source} header names. Authorization and S3 itself must read it alike, or what is allowed is not what is
 * copied; so it is read here alone.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonS3/latest/API/API_CopyObject.html">CopyObject</a>
 */
public record CopySource(String bucket, String key, Optional<String> versionId) {
    private static final String VERSION = "?versionId=";

    /** Reads the header: bucket, slash, key and perhaps a version id, URL encoded, with or without a slash before; a plus sign is itself.
     *
     * @return empty when the header names no object */
    public static Optional<CopySource> parse(String header) {
        String path = header.startsWith("/") ? header.substring(1) : header;
        int query = path.lastIndexOf(VERSION);
        Optional<String> version = query < 0 ? Optional.empty() : Optional.of(path.substring(query + VERSION.length()));
        try {
            String decoded = URLDecoder.decode(
                    (query < 0 ? path : path.substring(0, query)).replace("+", "%2B"), StandardCharsets.UTF_8);
            int slash = decoded.indexOf('/');
            return slash < 1 || slash == decoded.length() - 1
                    ? Optional.empty()
                    : Optional.of(new CopySource(decoded.substring(0, slash), decoded.substring(slash + 1), version));
        } catch (IllegalArgumentException malformed) {
            return Optional.empty();
        }
    }
}
