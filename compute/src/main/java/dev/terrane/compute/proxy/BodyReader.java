package dev.terrane.compute.proxy;

import java.io.EOFException;
import java.io.IOException;

/** Takes a body out of its framing, piece by piece as it comes. */
final class BodyReader {
    private static final int MAXIMUM_CHUNK_LINE = 4096;
    private static final int MAXIMUM_TRAILERS = 16 * 1024;

    /** Work to be done before waiting for the peer, such as sending on what is here. */
    @FunctionalInterface
    interface BeforeWait {
        void run() throws IOException;
    }

    private final InputBuffer in;
    private final Framing framing;
    private final BeforeWait beforeWait;
    private long left;
    private boolean inChunks;
    private boolean ended;
    private int offset;
    private int length;

    BodyReader(InputBuffer in, Framing framing, BeforeWait beforeWait) {
        this.in = in;
        this.framing = framing;
        this.beforeWait = beforeWait;
        switch (framing) {
            case Framing.None none -> ended = true;
            case Framing.Length known -> left = known.bytes();
            case Framing.Chunked chunked -> left = 0;
            case Framing.UntilClose untilClose -> left = Long.MAX_VALUE;
        }
    }

    boolean isEnded() {
        return ended;
    }

    /**
     * Goes to the next piece, which is valid until the next call.
     *
     * @return false when the body has ended
     * @throws EOFException when the connection ends before the body does
     */
    boolean next() throws IOException, MalformedMessageException {
        if (ended) {
            return false;
        }
        if (framing instanceof Framing.Chunked && left == 0 && !nextChunk()) {
            ended = true;
            return false;
        }
        if (framing instanceof Framing.UntilClose) {
            if (!more()) {
                ended = true;
                return false;
            }
        } else {
            require();
        }
        offset = in.start;
        length = (int) Math.min(left, in.end - in.start);
        in.start += length;
        if (!(framing instanceof Framing.UntilClose)) {
            left -= length;
        }
        if (framing instanceof Framing.Length && left == 0) {
            ended = true;
        }
        return true;
    }

    byte[] bytes() {
        return in.bytes;
    }

    int offset() {
        return offset;
    }

    int length() {
        return length;
    }

    private boolean more() throws IOException {
        if (in.isEmpty()) {
            beforeWait.run();
        }
        return in.awaitSome();
    }

    private void require() throws IOException {
        if (!more()) {
            throw new EOFException("The connection ended within a body");
        }
    }

    private int take() throws IOException {
        require();
        return in.bytes[in.start++];
    }

    private boolean nextChunk() throws IOException, MalformedMessageException {
        if (inChunks) {
            expectLineEnd();
        }
        inChunks = true;
        int digits = 0;
        int c = take();
        for (int digit = Character.digit(c, 16); digit >= 0; digit = Character.digit(c, 16)) {
            if (++digits > 15) {
                throw new MalformedMessageException("A chunk is too large");
            }
            left = left * 16 + digit;
            c = take();
        }
        if (digits == 0 || (c != '\r' && c != ';')) {
            throw new MalformedMessageException("Not a chunk's size");
        }
        skipExtension(c);
        if (left > 0) {
            return true;
        }
        skipTrailers();
        return false;
    }

    /** Extensions mean nothing to anyone but the neighbours of a connection, so they go no further. */
    private void skipExtension(int first) throws IOException, MalformedMessageException {
        int c = first;
        for (int count = 0; c != '\r'; count++) {
            if (c == '\n' || count > MAXIMUM_CHUNK_LINE) {
                throw new MalformedMessageException("Not a chunk's extension");
            }
            c = take();
        }
        if (take() != '\n') {
            throw new MalformedMessageException("A line ends without a line feed");
        }
    }

    /** Trailers are left out, as RFC 9110, section 6.5.1, lets an intermediary do. */
    private void skipTrailers() throws IOException, MalformedMessageException {
        int inLine = 0;
        for (int count = 0; count < MAXIMUM_TRAILERS; count++) {
            int c = take();
            if (c == '\r') {
                if (take() != '\n') {
                    throw new MalformedMessageException("A line ends without a line feed");
                }
                if (inLine == 0) {
                    return;
                }
                inLine = 0;
            } else if (c == '\n') {
                throw new MalformedMessageException("A line ends without a carriage return");
            } else {
                inLine++;
            }
        }
        throw new MalformedMessageException("Too many trailers");
    }

    private void expectLineEnd() throws IOException, MalformedMessageException {
        if (take() != '\r' || take() != '\n') {
            throw new MalformedMessageException("A chunk does not end with its line");
        }
    }
}
