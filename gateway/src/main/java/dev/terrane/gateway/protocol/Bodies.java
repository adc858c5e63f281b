package dev.terrane.gateway.protocol;

import java.io.IOException;
import java.io.InputStream;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;

/** What protocols ask of a request's body. */
final class Bodies {

    private Bodies() {}

    /** The bytes of a request whose body is in memory. */
    static WireBody.Bytes bytes(WireRequest request) {
        if (request.body() instanceof WireBody.Bytes bytes) {
            return bytes;
        }
        throw new IllegalStateException("The body has to be buffered before it is decoded");
    }

    /** The bytes of a request, decompressed if the client compressed them; no more than the limit. */
    static WireBody.Bytes inflated(WireRequest request, WireLimits limits) {
        WireBody.Bytes bytes = bytes(request);
        String encoding = request.headers().find("Content-Encoding");
        if (encoding == null || bytes.count() == 0 || !encoding.strip().equalsIgnoreCase("gzip")) {
            return bytes;
        }
        try (InputStream stream = new GZIPInputStream(bytes.open())) {
            byte[] plain = stream.readNBytes(limits.body() + 1);
            if (plain.length > limits.body()) {
                throw new MalformedInputException("The decompressed body exceeds " + limits.body() + " bytes");
            }
            return WireBody.of(plain);
        } catch (IOException e) {
            throw new MalformedInputException("The body is not gzip");
        }
    }

    static String message(MalformedInputException e) {
        @Nullable String message = e.getMessage();
        return message == null ? "Malformed input" : message;
    }
}
