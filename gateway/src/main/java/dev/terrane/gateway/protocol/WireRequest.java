package dev.terrane.gateway.protocol;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

/**
 * An HTTP request as it was received.
 *
 * @param method in upper case
 * @param path the path as it was sent, still percent-encoded, beginning with a slash
 * @param query the query as it was sent, without the question mark; empty if there was none
 */
public record WireRequest(String method, String path, String query, Headers headers, WireBody body) {

    /** The same request with another body. */
    public WireRequest withBody(WireBody other) {
        return new WireRequest(method, path, query, headers, other);
    }

    /** The same request with another path. */
    public WireRequest withPath(String other) {
        return new WireRequest(method, other, query, headers, body);
    }

    /**
     * The same request with its body in memory.
     *
     * @param limit the greatest number of bytes
     * @throws BodyTooLargeException if the body has more
     * @throws UncheckedIOException if the body cannot be read
     */
    public WireRequest buffered(int limit) {
        if (body instanceof WireBody.Bytes bytes) {
            if (bytes.count() > limit) {
                throw new BodyTooLargeException(limit);
            }
            return this;
        }
        if (body.length() > limit) {
            throw new BodyTooLargeException(limit);
        }
        try (InputStream stream = body.open()) {
            // What is asked for is allocated, so no more is asked for than was announced.
            int most = body.length() < 0 ? limit : (int) body.length();
            byte[] read = stream.readNBytes(most + 1);
            if (read.length > limit) {
                throw new BodyTooLargeException(limit);
            }
            return withBody(WireBody.of(read));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A body is greater than its operation allows; the answer is status 413. */
    public static final class BodyTooLargeException extends RuntimeException {
        private static final long serialVersionUID = 1;

        BodyTooLargeException(int limit) {
            super("The request's body exceeds " + limit + " bytes");
        }
    }
}
