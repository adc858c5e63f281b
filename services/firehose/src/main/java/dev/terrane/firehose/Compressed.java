package dev.terrane.firehose;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.function.Supplier;
import java.util.zip.CRC32;
import java.util.zip.CheckedInputStream;
import java.util.zip.Deflater;
import java.util.zip.DeflaterInputStream;
import org.jspecify.annotations.Nullable;

/**
 * Compresses what is read while it is read: RFC 1952, and archives of one file ("ZIP File Format Specification", PKWARE), for the same content always the same
 * bytes. Contents are shorter than 4 GiB.
 */
final class Compressed {
    private static final int LOCAL_HEADER = 0x04034b50;
    private static final int DESCRIPTOR = 0x08074b50;
    private static final int CENTRAL_HEADER = 0x02014b50;
    private static final int END = 0x06054b50;
    private static final short VERSION = 20;
    private static final short SIZES_FOLLOW = 8;
    private static final short DEFLATED = 8;
    /** The first day of the format's calendar. */
    private static final short DATE = (1 << 5) | 1;

    private final CRC32 crc = new CRC32();
    private final Deflater deflater = new Deflater(Deflater.DEFAULT_COMPRESSION, true);
    private final InputStream body;

    private Compressed(InputStream plain) {
        body = new DeflaterInputStream(new CheckedInputStream(plain, crc), deflater);
    }

    static InputStream gzip(InputStream plain) {
        Compressed content = new Compressed(plain);
        byte[] header = {0x1f, (byte) 0x8b, 8, 0, 0, 0, 0, 0, 0, (byte) 0xff};
        return content.between(
                header,
                () -> bytes(8).putInt((int) content.crc.getValue())
                        .putInt((int) content.deflater.getBytesRead())
                        .array());
    }

    static InputStream zip(InputStream plain, String file) {
        Compressed content = new Compressed(plain);
        byte[] name = file.getBytes(StandardCharsets.UTF_8);
        byte[] header = bytes(30 + name.length)
                .putInt(LOCAL_HEADER)
                .putShort(VERSION)
                .putShort(SIZES_FOLLOW)
                .putShort(DEFLATED)
                .putShort((short) 0)
                .putShort(DATE)
                .putInt(0)
                .putInt(0)
                .putInt(0)
                .putShort((short) name.length)
                .putShort((short) 0)
                .put(name)
                .array();
        return content.between(header, () -> content.directory(name, header.length));
    }

    private InputStream between(byte[] header, Supplier<byte[]> trailer) {
        InputStream start = new SequenceInputStream(new ByteArrayInputStream(header), body);
        return new SequenceInputStream(start, new Late(() -> ended(trailer)));
    }

    /** Bytes that are not known before the first of them is read. */
    private static final class Late extends InputStream {
        private final Supplier<byte[]> bytes;
        private @Nullable InputStream known;

        Late(Supplier<byte[]> bytes) {
            this.bytes = bytes;
        }

        private InputStream known() {
            InputStream begun = known == null ? new ByteArrayInputStream(bytes.get()) : known;
            known = begun;
            return begun;
        }

        @Override
        public int read() throws IOException {
            return known().read();
        }

        @Override
        public int read(byte[] into, int from, int length) throws IOException {
            return known().read(into, from, length);
        }
    }

    private byte[] ended(Supplier<byte[]> trailer) {
        try {
            return trailer.get();
        } finally {
            deflater.end();
        }
    }

    private byte[] directory(byte[] name, int headerLength) {
        int sum = (int) crc.getValue();
        int packed = (int) deflater.getBytesWritten();
        int plain = (int) deflater.getBytesRead();
        int central = 46 + name.length;
        return bytes(16 + central + 22)
                .putInt(DESCRIPTOR)
                .putInt(sum)
                .putInt(packed)
                .putInt(plain)
                .putInt(CENTRAL_HEADER)
                .putShort(VERSION)
                .putShort(VERSION)
                .putShort(SIZES_FOLLOW)
                .putShort(DEFLATED)
                .putShort((short) 0)
                .putShort(DATE)
                .putInt(sum)
                .putInt(packed)
                .putInt(plain)
                .putShort((short) name.length)
                .put(new byte[16])
                .put(name)
                .putInt(END)
                .putInt(0)
                .putShort((short) 1)
                .putShort((short) 1)
                .putInt(central)
                .putInt(headerLength + packed + 16)
                .putShort((short) 0)
                .array();
    }

    private static ByteBuffer bytes(int length) {
        return ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
    }
}
