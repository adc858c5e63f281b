package dev.terrane.gateway.sigv4;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.terrane.gateway.sigv4.SignatureRefused.Kind;
import dev.terrane.kernel.checksum.Checksum;
import java.io.InputStream;
import java.security.MessageDigest;
import java.util.EnumMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Reads a request's body as its sender meant it: aws-chunked framing taken off, every signature and checksum that was
 * declared held against the bytes. What is wrong is thrown as {@link SignatureRefused} by {@code read} before the reader
 * sees the end of the stream; a reader must therefore not make anything of the bytes before that.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming.html">Chunked upload</a>
 */
public final class SignedBody {
    private static final int LONGEST_LENGTH = 18;

    private SignedBody() {}

    /**
     * The body to read instead of the raw one. Closing it closes the raw one.
     *
     * @throws SignatureRefused if a header about the body is malformed
     */
    public static InputStream of(SignedRequest request, Verified verified, InputStream raw) {
        return of(request, verified.payload(), Optional.of(verified), raw);
    }

    /**
     * The body of a request that nobody signed: its checksums are verified all the same.
     *
     * @throws SignatureRefused if a header about the body is malformed
     */
    public static InputStream ofAnonymous(SignedRequest request, InputStream raw) {
        return of(request, new Payload.Unsigned(), Optional.empty(), raw);
    }

    private static InputStream of(
            SignedRequest request, Payload payload, Optional<Verified> verified, InputStream raw) {
        Map<Checksum, byte[]> declared = declared(request);
        return switch (payload) {
            case Payload.Sha256(String hex) -> new DigestedStream(raw, declared, Optional.of(hex));
            case Payload.Unsigned none -> new DigestedStream(raw, declared, Optional.empty());
            case Payload.Undeclared none ->
                throw new IllegalStateException("A body without a declared hash is verified before its signature");
            case Payload.SignedChunks(boolean trailer) ->
                chunked(request, raw, declared, verified, trailer ? trailer(request) : Optional.empty());
            case Payload.UnsignedChunks none -> chunked(request, raw, declared, Optional.empty(), trailer(request));
        };
    }

    private static InputStream chunked(
            SignedRequest request,
            InputStream raw,
            Map<Checksum, byte[]> declared,
            Optional<Verified> signer,
            Optional<String> trailer) {
        ChunkedStream chunks = new ChunkedStream(raw, decodedLength(request), signer, trailer);
        return declared.isEmpty() ? chunks : new DigestedStream(chunks, declared, Optional.empty());
    }

    private static long decodedLength(SignedRequest request) {
        List<String> values = request.headers("x-amz-decoded-content-length");
        if (values.isEmpty()) {
            throw new SignatureRefused(
                    Kind.MISSING_LENGTH, "You must provide the x-amz-decoded-content-length HTTP header.");
        }
        String value = values.getFirst().strip();
        if (values.size() > 1
                || value.isEmpty()
                || value.length() > LONGEST_LENGTH
                || !value.chars().allMatch(c -> c >= '0' && c <= '9')) {
            throw new SignatureRefused(
                    Kind.INVALID_REQUEST, "Value for x-amz-decoded-content-length header is invalid.");
        }
        return Long.parseLong(value);
    }

    /** S3 takes one checksum for a trailer. */
    private static Optional<String> trailer(SignedRequest request) {
        List<String> values = request.headers("x-amz-trailer");
        if (values.isEmpty()) {
            return Optional.empty();
        }
        String name = values.getFirst().strip().toLowerCase(Locale.ROOT);
        if (values.size() > 1 || Checksum.ofHeader(name).isEmpty()) {
            throw new SignatureRefused(
                    Kind.INVALID_REQUEST, "The value specified in the x-amz-trailer header is not supported");
        }
        return Optional.of(name);
    }

    private static Map<Checksum, byte[]> declared(SignedRequest request) {
        Map<Checksum, byte[]> found = new EnumMap<>(Checksum.class);
        for (Checksum algorithm : Checksum.values()) {
            List<String> values = request.headers(algorithm.header());
            if (!values.isEmpty()) {
                Optional<byte[]> value = values.size() > 1
                        ? Optional.empty()
                        : algorithm.parse(values.getFirst().strip());
                found.put(algorithm, value.orElseThrow(() -> invalid(algorithm)));
            }
        }
        long amazons = found.keySet().stream().filter(c -> c != Checksum.MD5).count();
        if (amazons > 1) {
            throw new SignatureRefused(
                    Kind.INVALID_REQUEST,
                    "Expecting a single x-amz-checksum- header. Multiple checksum Types are not allowed.");
        }
        return found;
    }

    private static SignatureRefused invalid(Checksum algorithm) {
        return algorithm == Checksum.MD5
                ? new SignatureRefused(Kind.INVALID_DIGEST, "The Content-MD5 you specified was invalid.")
                : new SignatureRefused(Kind.INVALID_REQUEST, "Value for " + algorithm.header() + " header is invalid.");
    }

    static SignatureRefused differs(Checksum algorithm) {
        return new SignatureRefused(
                Kind.BAD_DIGEST,
                algorithm == Checksum.MD5
                        ? "The Content-MD5 you specified did not match what we received."
                        : "The " + algorithm.name() + " you specified did not match the calculated checksum.");
    }

    /** Refuses a body whose SHA-256 is not the declared one. */
    static void requireSameHash(String declared, String computed) {
        if (!MessageDigest.isEqual(declared.getBytes(US_ASCII), computed.getBytes(US_ASCII))) {
            throw new SignatureRefused(
                    Kind.PAYLOAD_MISMATCH,
                    "The provided 'x-amz-content-sha256' header does not match what was computed.",
                    Map.of("ClientComputedContentSHA256", declared, "S3ComputedContentSHA256", computed));
        }
    }

    static void requireSameHash(String declared, byte[] computed) {
        requireSameHash(declared, HexFormat.of().formatHex(computed));
    }
}
