package dev.terrane.compute.proxy;

import java.io.EOFException;
import java.io.IOException;
import java.util.Arrays;

/** Bytes received and not yet used. */
final class InputBuffer {
    private static final int START_SIZE = 8 * 1024;
    /** The whole of a message's head; AWS's limit. */
    private static final int MAXIMUM_HEAD = 64 * 1024;

    private final Wire wire;
    byte[] bytes = new byte[START_SIZE];
    int start;
    int end;

    InputBuffer(Wire wire) {
        this.wire = wire;
    }

    boolean isEmpty() {
        return start == end;
    }

    /** Waits for more bytes when there is none; false at the end of the stream. */
    boolean awaitSome() throws IOException {
        if (start < end) {
            return true;
        }
        start = 0;
        end = 0;
        int count = wire.read(bytes, 0, bytes.length);
        end = Math.max(count, 0);
        return count > 0;
    }

    /** Replaces the buffer by one for bodies, when it is still small. */
    void widen(int size) {
        if (bytes.length < size) {
            bytes = Arrays.copyOf(bytes, size);
        }
    }

    /**
     * Waits until a whole head is here.
     *
     * @return the position after its empty line
     * @throws EOFException when the stream ends first
     */
    int awaitHead() throws IOException, MalformedMessageException {
        int scanned = start;
        while (true) {
            for (; scanned < end; scanned++) {
                if (bytes[scanned] == '\n') {
                    if (scanned == start || bytes[scanned - 1] != '\r') {
                        throw new MalformedMessageException("A line ends without a carriage return");
                    }
                    if (scanned - start >= 3 && bytes[scanned - 2] == '\n') {
                        return scanned + 1;
                    }
                }
            }
            if (end == bytes.length) {
                scanned -= start;
                makeRoom();
            }
            int count = wire.read(bytes, end, bytes.length - end);
            if (count < 0) {
                throw new EOFException("The connection ended within a head");
            }
            end += count;
        }
    }

    private void makeRoom() throws MalformedMessageException {
        int held = end - start;
        if (held >= MAXIMUM_HEAD) {
            throw new MalformedMessageException("The head is too large");
        }
        byte[] room = start == 0 ? new byte[bytes.length * 2] : bytes;
        System.arraycopy(bytes, start, room, 0, held);
        bytes = room;
        start = 0;
        end = held;
    }
}
