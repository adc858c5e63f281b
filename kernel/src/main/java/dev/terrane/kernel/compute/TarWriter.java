package dev.terrane.kernel.compute;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;

/**
 * Writes a tar stream (POSIX.1-2001 pax, which is ustar with extended headers for long names) for {@link Compute#copyIn}.
 * Closing it writes the end marker and closes the target.
 */
public final class TarWriter implements AutoCloseable {
    private static final int BLOCK = 512;
    private static final char FILE = '0';
    private static final char LINK = '2';
    private static final char FOLDER = '5';
    private static final char EXTENDED = 'x';

    private final OutputStream target;
    private final Instant modified;

    /** @param modified the time of modification that all entries get */
    public TarWriter(OutputStream target, Instant modified) {
        this.target = target;
        this.modified = modified;
    }

    /**
     * Adds a file.
     *
     * @param name relative to the folder that the stream is unpacked in
     * @param mode such as {@code 0644}
     * @param owner the user's name; its number is not written
     * @param size of the content in bytes, which must match
     */
    public void file(String name, int mode, String owner, String group, long size, InputStream content)
            throws IOException {
        entry(FILE, name, "", mode, owner, group, size);
        byte[] buffer = new byte[64 * 1024];
        long left = size;
        while (left > 0) {
            int count = content.read(buffer, 0, (int) Math.min(buffer.length, left));
            if (count < 0) {
                throw new IOException(name + " is shorter than its size, " + size);
            }
            target.write(buffer, 0, count);
            left -= count;
        }
        pad(size);
    }

    /** Adds a folder. */
    public void folder(String name, int mode, String owner, String group) throws IOException {
        entry(FOLDER, name.endsWith("/") ? name : name + "/", "", mode, owner, group, 0);
    }

    /** Adds a symbolic link. */
    public void link(String name, String linkTarget, String owner, String group) throws IOException {
        entry(LINK, name, linkTarget, 0777, owner, group, 0);
    }

    @Override
    public void close() throws IOException {
        try (target) {
            target.write(new byte[2 * BLOCK]);
        }
    }

    private void entry(char type, String name, String linkTarget, int mode, String owner, String group, long size)
            throws IOException {
        byte[] nameBytes = name.getBytes(StandardCharsets.UTF_8);
        byte[] linkBytes = linkTarget.getBytes(StandardCharsets.UTF_8);
        StringBuilder extended = new StringBuilder();
        if (nameBytes.length > 100) {
            extended.append(extendedLine("path", name));
        }
        if (linkBytes.length > 100) {
            extended.append(extendedLine("linkpath", linkTarget));
        }
        if (size > 0_77777777777L) {
            extended.append(extendedLine("size", Long.toString(size)));
        }
        if (!extended.isEmpty()) {
            byte[] lines = extended.toString().getBytes(StandardCharsets.UTF_8);
            header(EXTENDED, "pax".getBytes(StandardCharsets.UTF_8), new byte[0], 0644, "", "", lines.length);
            target.write(lines);
            pad(lines.length);
        }
        header(type, nameBytes, linkBytes, mode, owner, group, Math.min(size, 0_77777777777L));
    }

    private void header(char type, byte[] name, byte[] link, int mode, String owner, String group, long size)
            throws IOException {
        byte[] block = new byte[BLOCK];
        put(block, 0, 100, name);
        octal(block, 100, 8, mode);
        octal(block, 108, 8, 0);
        octal(block, 116, 8, 0);
        octal(block, 124, 12, size);
        octal(block, 136, 12, Math.max(0, modified.getEpochSecond()));
        Arrays.fill(block, 148, 156, (byte) ' ');
        block[156] = (byte) type;
        put(block, 157, 100, link);
        put(block, 257, 8, "ustar\00000".getBytes(StandardCharsets.US_ASCII));
        put(block, 265, 31, owner.getBytes(StandardCharsets.UTF_8));
        put(block, 297, 31, group.getBytes(StandardCharsets.UTF_8));
        int sum = 0;
        for (byte b : block) {
            sum += b & 0xff;
        }
        octal(block, 148, 7, sum);
        target.write(block);
    }

    private static void put(byte[] block, int offset, int length, byte[] value) {
        System.arraycopy(value, 0, block, offset, Math.min(length, value.length));
    }

    private static void octal(byte[] block, int offset, int length, long value) {
        String digits = Long.toOctalString(value);
        String padded = "0".repeat(length - 1 - digits.length()) + digits;
        put(block, offset, length - 1, padded.getBytes(StandardCharsets.US_ASCII));
    }

    private void pad(long size) throws IOException {
        int rest = (int) (size % BLOCK);
        if (rest > 0) {
            target.write(new byte[BLOCK - rest]);
        }
    }

    /** "LENGTH KEY=VALUE\n", where the length counts itself. */
    private static String extendedLine(String key, String value) {
        int body = (" " + key + "=" + value + "\n").getBytes(StandardCharsets.UTF_8).length;
        int length = body + Integer.toString(body).length();
        if (Integer.toString(length).length() > Integer.toString(body).length()) {
            length++;
        }
        return length + " " + key + "=" + value + "\n";
    }
}
