package dev.terrane.gateway.sigv4;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.terrane.gateway.sigv4.SignatureRefused.Kind;
import dev.terrane.kernel.checksum.Checksum;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Optional;

/**
 * Takes the framing of aws-chunked off a body. A chunk's signature is checked with its last byte, so that a reader gets
 * unproven bytes of at most one chunk at a time; the end of the stream is given only when all is proven.
 */
final class ChunkedStream extends InputStream {
    /** A chunk's head: sixteen digits of size, the extension's name and a signature fit well. */
    private static final int LONGEST_LINE = 1024;

    private static final int MOST_TRAILERS = 8;
    private static final String SIGNATURE_EXTENSION = "chunk-signature=";
    private static final String TRAILER_SIGNATURE = "x-amz-trailer-signature";
    private static final String EMPTY_SHA256 = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

    /** Smaller signed chunks than this are allowed at the end only. */
    private static final long SMALLEST_CHUNK = 8192;

    private final InputStream in;
    private final long length;
    private final Optional<Verified> signer;
    private final Optional<String> trailer;
    private final boolean trailerExpected;
    private final Optional<Checksum.Running> checksum;
    private final MessageDigest chunkDigest = SigningKey.sha256();

    private String previousSignature;
    private String chunkSignature = "";
    private long chunkLeft;
    private long total;
    private boolean smallSeen;
    private boolean ended;
    private boolean refused;

    ChunkedStream(InputStream raw, long length, Optional<Verified> signer, Optional<String> trailer) {
        this.in = new BufferedInputStream(raw, 16 * 1024);
        this.length = length;
        this.signer = signer;
        this.trailer = trailer;
        this.trailerExpected = signer.map(Verified::payload)
                .map(payload -> payload.equals(new Payload.SignedChunks(true)))
                .orElse(true);
        this.checksum = trailer.flatMap(Checksum::ofHeader).map(Checksum::start);
        this.previousSignature = signer.map(Verified::seedSignature).orElse("");
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] into, int offset, int wanted) throws IOException {
        if (wanted == 0) {
            return 0;
        }
        if (refused) {
            throw new IOException("The body was refused");
        }
        try {
            return decode(into, offset, wanted);
        } catch (SignatureRefused e) {
            refused = true;
            throw e;
        }
    }

    private int decode(byte[] into, int offset, int wanted) throws IOException {
        if (ended) {
            return -1;
        }
        if (chunkLeft == 0) {
            readHead();
            if (chunkLeft == 0) {
                finish();
                ended = true;
                return -1;
            }
        }
        int count = in.read(into, offset, (int) Math.min(wanted, chunkLeft));
        if (count < 0) {
            throw incomplete();
        }
        if (signer.isPresent()) {
            chunkDigest.update(into, offset, count);
        }
        checksum.ifPresent(running -> running.update(into, offset, count));
        chunkLeft -= count;
        if (chunkLeft == 0) {
            if (!line().isEmpty()) {
                throw incomplete();
            }
            requireChunkSignature(HexFormat.of().formatHex(chunkDigest.digest()));
        }
        return count;
    }

    private void readHead() throws IOException {
        String head = line();
        int semicolon = head.indexOf(';');
        String size = semicolon < 0 ? head : head.substring(0, semicolon);
        if (size.isEmpty() || size.length() > 15 || !size.chars().allMatch(HexFormat::isHexDigit)) {
            throw incomplete();
        }
        chunkLeft = HexFormat.fromHexDigitsToLong(size);
        if (signer.isPresent()) {
            String extension =
                    semicolon < 0 ? "" : head.substring(semicolon + 1).strip();
            if (!extension.startsWith(SIGNATURE_EXTENSION)) {
                throw mismatch();
            }
            chunkSignature = extension.substring(SIGNATURE_EXTENSION.length());
            requireSize();
        }
        total += chunkLeft;
        if (total > length || total < 0 || (chunkLeft == 0 && total != length)) {
            throw incomplete();
        }
    }

    private void requireSize() {
        if (chunkLeft > 0 && smallSeen) {
            throw new SignatureRefused(
                    Kind.CHUNK_SIZE, "Only the last chunk is allowed to have a size less than 8192 bytes");
        }
        smallSeen = chunkLeft < SMALLEST_CHUNK;
    }

    private void finish() throws IOException {
        requireChunkSignature(EMPTY_SHA256);
        if (trailerExpected) {
            readTrailer();
        } else if (!line().isEmpty()) {
            throw incomplete();
        }
        if (in.read() >= 0) {
            throw incomplete();
        }
    }

    /**
     * Lines of name and value, then, if the body is signed, the line of their signature. Some clients end a chunk of no
     * bytes with an empty line before the trailer, as they do other chunks; some leave the last empty line out.
     */
    private void readTrailer() throws IOException {
        StringBuilder signed = new StringBuilder();
        Optional<String> value = Optional.empty();
        Optional<String> signature = Optional.empty();
        for (int lines = 0; ; lines++) {
            Optional<String> next = lineOrEnd();
            if (next.isEmpty() || (next.get().isEmpty() && (lines > 0 || trailer.isEmpty()))) {
                break;
            }
            if (next.get().isEmpty()) {
                continue;
            }
            int colon = next.get().indexOf(':');
            if (lines > MOST_TRAILERS || colon <= 0 || signature.isPresent()) {
                throw malformedTrailer();
            }
            String name = next.get().substring(0, colon).strip().toLowerCase(Locale.ROOT);
            String text = next.get().substring(colon + 1).strip();
            if (name.equals(TRAILER_SIGNATURE) && signer.isPresent()) {
                signature = Optional.of(text);
            } else if (trailer.isPresent() && name.equals(trailer.get()) && value.isEmpty()) {
                value = Optional.of(text);
                signed.append(name).append(':').append(text).append('\n');
            } else {
                throw malformedTrailer();
            }
        }
        if (signer.isPresent()) {
            requireTrailerSignature(signed.toString(), signature.orElseThrow(ChunkedStream::malformedTrailer));
        }
        requireTrailerChecksum(value);
    }

    private void requireTrailerChecksum(Optional<String> value) {
        if (trailer.isEmpty() || checksum.isEmpty()) {
            return;
        }
        Checksum algorithm = Checksum.ofHeader(trailer.get()).orElseThrow(ChunkedStream::malformedTrailer);
        String text = value.orElseThrow(ChunkedStream::malformedTrailer);
        byte[] declared = algorithm
                .parse(text)
                .orElseThrow(() -> new SignatureRefused(
                        Kind.INVALID_REQUEST, "Value for " + algorithm.header() + " trailing header is invalid."));
        if (!MessageDigest.isEqual(declared, checksum.get().value())) {
            throw SignedBody.differs(algorithm);
        }
    }

    private void requireChunkSignature(String hash) {
        if (signer.isPresent()) {
            Verified by = signer.get();
            require(
                    by.signingKey()
                            .sign("AWS4-HMAC-SHA256-PAYLOAD\n" + by.time() + "\n" + by.scope() + "\n"
                                    + previousSignature + "\n" + EMPTY_SHA256 + "\n" + hash),
                    chunkSignature);
        }
    }

    private void requireTrailerSignature(String signed, String signature) {
        if (signer.isPresent()) {
            Verified by = signer.get();
            require(
                    by.signingKey()
                            .sign("AWS4-HMAC-SHA256-TRAILER\n" + by.time() + "\n" + by.scope() + "\n"
                                    + previousSignature + "\n" + SigningKey.sha256Hex(signed)),
                    signature);
        }
    }

    private void require(String expected, String given) {
        if (!MessageDigest.isEqual(expected.getBytes(US_ASCII), given.getBytes(ISO_8859_1))) {
            throw mismatch();
        }
        previousSignature = expected;
    }

    private String line() throws IOException {
        return lineOrEnd().orElseThrow(ChunkedStream::incomplete);
    }

    /** One line without its CR LF; empty at the end of the stream. */
    private Optional<String> lineOrEnd() throws IOException {
        StringBuilder line = new StringBuilder(100);
        while (true) {
            int c = in.read();
            if (c < 0) {
                if (line.isEmpty()) {
                    return Optional.empty();
                }
                throw incomplete();
            }
            if (c == '\r') {
                if (in.read() != '\n') {
                    throw incomplete();
                }
                return Optional.of(line.toString());
            }
            if (c < ' ' || line.length() >= LONGEST_LINE) {
                throw incomplete();
            }
            line.append((char) c);
        }
    }

    private static SignatureRefused mismatch() {
        return new SignatureRefused(
                Kind.MISMATCH,
                "The request signature we calculated does not match the signature you provided. Check your key and signing"
                        + " method.");
    }

    private static SignatureRefused incomplete() {
        return new SignatureRefused(
                Kind.INCOMPLETE_BODY,
                "You did not provide the number of bytes specified by the Content-Length HTTP header");
    }

    private static SignatureRefused malformedTrailer() {
        return new SignatureRefused(
                Kind.MALFORMED_TRAILER,
                "The request contained trailing data that was not well-formed or did not conform to our published schema.");
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
