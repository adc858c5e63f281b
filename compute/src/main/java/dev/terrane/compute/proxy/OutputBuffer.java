package dev.terrane.compute.proxy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.LongAdder;

/** Gathers small writes, so that a head and the beginning of its body leave in one packet. */
final class OutputBuffer {
    private static final int SIZE = 16 * 1024;
    private static final byte[] LAST_CHUNK = "0\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

    private final Wire wire;
    private final LongAdder sent;
    private byte[] bytes = new byte[1024];
    private int length;

    OutputBuffer(Wire wire, LongAdder sent) {
        this.wire = wire;
        this.sent = sent;
    }

    void write(byte[] from, int offset, int count) throws IOException {
        if (count > SIZE - length) {
            flush();
            if (count >= SIZE / 2) {
                sent.add(count);
                wire.write(from, offset, count);
                return;
            }
        }
        reserve(count);
        System.arraycopy(from, offset, bytes, length, count);
        length += count;
    }

    void writeChunk(byte[] from, int offset, int count) throws IOException {
        byte[] size = (Integer.toHexString(count) + "\r\n").getBytes(StandardCharsets.US_ASCII);
        write(size, 0, size.length);
        write(from, offset, count);
        write(LAST_CHUNK, 1, 2);
    }

    void writeLastChunk() throws IOException {
        write(LAST_CHUNK, 0, LAST_CHUNK.length);
    }

    void flush() throws IOException {
        if (length > 0) {
            int count = length;
            length = 0;
            sent.add(count);
            wire.write(bytes, 0, count);
        }
    }

    private void reserve(int count) {
        if (length + count > bytes.length) {
            bytes = java.util.Arrays.copyOf(bytes, SIZE);
        }
    }
}
