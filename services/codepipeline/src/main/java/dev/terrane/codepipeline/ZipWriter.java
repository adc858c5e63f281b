package dev.terrane.codepipeline;

import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32;
import java.util.zip.Deflater;

/**
 * Writes a ZIP file whose entries keep their Unix modes, which the JDK's own writer does not: what was executable, or a symbolic
 * link, in the repository is so again where {@code unzip} unpacks it. ZIP64 is not written, so there are at most 65,534 entries
 * and 4 GB. See APPNOTE.TXT 6.3, sections 4.3 and 4.4.
 */
final class ZipWriter implements AutoCloseable {
    private static final int LOCAL = 0x04034b50;
    private static final int CENTRAL = 0x02014b50;
    private static final int END = 0x06054b50;
    private static final short DEFLATED = 8;
    private static final short VERSION = 20;
    private static final short MADE_BY_UNIX = (3 << 8) | VERSION;
    private static final short UTF8 = 1 << 11;
    private static final int MOST_ENTRIES = 65_534;
    private static final long MOST_BYTES = 0xFFFF_FFFEL;
    /** 1 January 1980: the same content gives the same file. */
    private static final short DATE = (1 << 5) | 1;

    private final OutputStream out;
    private final List<byte[]> directory = new ArrayList<>();
    private final Deflater deflater = new Deflater(Deflater.DEFAULT_COMPRESSION, true);
    private long position;

    ZipWriter(OutputStream out) {
        this.out = new BufferedOutputStream(out);
    }

    /**
     * Adds a file.
     *
     * @param mode as Git and Unix have it: {@code 0100755}
     */
    void add(String path, int mode, byte[] content) throws IOException {
        byte[] name = path.getBytes(StandardCharsets.UTF_8);
        byte[] packed = deflate(content);
        CRC32 crc = new CRC32();
        crc.update(content);
        long offset = position;
        if (directory.size() == MOST_ENTRIES || offset + packed.length + name.length > MOST_BYTES) {
            throw new IOException("The sources have more files or bytes than a source artifact can hold");
        }
        ByteBuffer common = buffer(26);
        common.putShort(VERSION)
                .putShort(UTF8)
                .putShort(DEFLATED)
                .putShort((short) 0)
                .putShort(DATE);
        common.putInt((int) crc.getValue()).putInt(packed.length).putInt(content.length);
        common.putShort((short) name.length).putShort((short) 0);
        write(bytes(buffer(4).putInt(LOCAL)));
        write(bytes(common));
        write(name);
        write(packed);
        ByteBuffer entry = buffer(46 + name.length);
        entry.putInt(CENTRAL).putShort(MADE_BY_UNIX).put(bytes(common));
        entry.putShort((short) 0).putShort((short) 0).putShort((short) 0);
        entry.putInt(mode << 16).putInt((int) offset).put(name);
        directory.add(bytes(entry));
    }

    private byte[] deflate(byte[] content) {
        deflater.reset();
        deflater.setInput(content);
        deflater.finish();
        ByteArrayOutputStream packed = new ByteArrayOutputStream(content.length / 2 + 64);
        byte[] chunk = new byte[8192];
        while (!deflater.finished()) {
            packed.write(chunk, 0, deflater.deflate(chunk));
        }
        return packed.toByteArray();
    }

    private void write(byte[] bytes) throws IOException {
        out.write(bytes);
        position += bytes.length;
    }

    private static ByteBuffer buffer(int size) {
        return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
    }

    private static byte[] bytes(ByteBuffer buffer) {
        byte[] all = new byte[buffer.capacity()];
        buffer.get(0, all);
        return all;
    }

    @Override
    public void close() throws IOException {
        try (out) {
            long start = position;
            for (byte[] entry : directory) {
                write(entry);
            }
            ByteBuffer end = buffer(22);
            end.putInt(END).putInt(0);
            end.putShort((short) directory.size()).putShort((short) directory.size());
            end.putInt((int) (position - start)).putInt((int) start).putShort((short) 0);
            write(bytes(end));
        } finally {
            deflater.end();
        }
    }
}
