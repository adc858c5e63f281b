package dev.terrane.codebuild;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Reads a tar stream, entry by entry: ustar, with the extended headers of pax and GNU for long names. */
final class TarReader {
    private static final int BLOCK = 512;
    private static final int LONGEST_HEADER = 1 << 20;

    private final InputStream in;
    private long left;
    private long padding;

    TarReader(InputStream in) {
        this.in = in;
    }

    /** An entry.
     *
     * @param type {@code 0} for a file, {@code 2} for a symbolic link, {@code 5} for a folder */
    record Entry(String name, char type, String link, long size) {
        boolean file() {
            return type == '0' || type == '\0';
        }

        boolean symbolicLink() {
            return type == '2';
        }
    }

    /** The next entry, or empty at the end. What was not read of the one before is skipped. */
    Optional<Entry> next() throws IOException {
        Map<String, String> extended = new HashMap<>();
        while (true) {
            in.skipNBytes(left + padding);
            left = 0;
            padding = 0;
            byte[] header = in.readNBytes(BLOCK);
            if (header.length < BLOCK || header[0] == 0) {
                return Optional.empty();
            }
            long size = octal(header, 124, 12);
            char type = (char) header[156];
            sized(size);
            switch (type) {
                case 'x' -> pax(new String(rest(), StandardCharsets.UTF_8), extended);
                case 'g' -> rest();
                case 'L' -> extended.put("path", text(rest(), 0, (int) size));
                case 'K' -> extended.put("linkpath", text(rest(), 0, (int) size));
                default -> {
                    String prefix =
                            text(header, 257, 5).equals("ustar") && header[262] == 0 ? text(header, 345, 155) : "";
                    String name = (prefix.isEmpty() ? "" : prefix + "/") + text(header, 0, 100);
                    if (extended.containsKey("size")) {
                        sized(Long.parseLong(extended.getOrDefault("size", "0")));
                    }
                    return Optional.of(new Entry(
                            extended.getOrDefault("path", name),
                            type,
                            extended.getOrDefault("linkpath", text(header, 157, 100)),
                            left));
                }
            }
        }
    }

    /** The content of the present entry. */
    InputStream content() {
        return new InputStream() {
            @Override
            public int read() throws IOException {
                byte[] one = new byte[1];
                return read(one, 0, 1) < 0 ? -1 : one[0] & 255;
            }

            @Override
            public int read(byte[] buffer, int offset, int length) throws IOException {
                if (left == 0) {
                    return -1;
                }
                int count = in.read(buffer, offset, (int) Math.min(left, length));
                if (count < 0) {
                    throw new EOFException("A tar stream is cut off");
                }
                left -= count;
                return count;
            }
        };
    }

    private void sized(long size) {
        left = size;
        padding = (BLOCK - size % BLOCK) % BLOCK;
    }

    private byte[] rest() throws IOException {
        if (left > LONGEST_HEADER) {
            throw new IOException("A tar header is too long");
        }
        byte[] bytes = in.readNBytes((int) left);
        left = 0;
        return bytes;
    }

    private static void pax(String records, Map<String, String> into) {
        int at = 0;
        while (at < records.length()) {
            int space = records.indexOf(' ', at);
            int end = records.indexOf('\n', at);
            int equals = records.indexOf('=', at);
            if (space < 0 || end < 0 || equals < 0) {
                return;
            }
            into.put(records.substring(space + 1, equals), records.substring(equals + 1, end));
            at = end + 1;
        }
    }

    private static String text(byte[] bytes, int from, int length) {
        int end = from;
        while (end < Math.min(bytes.length, from + length) && bytes[end] != 0) {
            end++;
        }
        return new String(bytes, from, end - from, StandardCharsets.UTF_8);
    }

    private static long octal(byte[] header, int from, int length) {
        if ((header[from] & 0x80) != 0) {
            long value = 0;
            for (int i = from + 4; i < from + length; i++) {
                value = (value << 8) | (header[i] & 255);
            }
            return value;
        }
        String digits = text(header, from, length).strip();
        return digits.isEmpty() ? 0 : Long.parseLong(digits, 8);
    }
}
