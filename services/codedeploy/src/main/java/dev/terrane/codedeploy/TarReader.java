package dev.terrane.codedeploy;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Reads tar streams: ustar, pax and GNU long names. Sparse files and other GNU types are refused. */
final class TarReader {
    private static final int BLOCK = 512;
    private static final int LONGEST_HEADER = 1 << 20;

    private final InputStream in;
    private long left;
    private int padding;

    TarReader(InputStream in) {
        this.in = in;
    }

    /** What an entry is. */
    enum Kind {
        FILE,
        FOLDER,
        LINK
    }

    /** An entry; its content is what {@link #content} gives before the next one. */
    record Entry(String name, Kind kind, int mode, long size, String target) {}

    /** The next entry, or empty at the end. */
    Optional<Entry> next() throws IOException {
        skip(left + padding);
        Map<String, String> extended = new HashMap<>();
        while (true) {
            byte[] header = in.readNBytes(BLOCK);
            if (header.length == 0 || (header.length == BLOCK && isZero(header))) {
                return Optional.empty();
            }
            if (header.length < BLOCK || !checksumHolds(header)) {
                throw new BundleException("The bundle is not a tar file, or is cut off");
            }
            long size = number(header, 124, 12);
            switch (header[156]) {
                case 'x' -> extended.putAll(pax(meta(size)));
                case 'g' -> meta(size);
                case 'L' -> extended.put("path", text(meta(size)));
                case 'K' -> extended.put("linkpath", text(meta(size)));
                case '0', 0, '7' -> {
                    return Optional.of(entry(header, extended, Kind.FILE, size));
                }
                case '5' -> {
                    return Optional.of(entry(header, extended, Kind.FOLDER, 0));
                }
                case '2' -> {
                    return Optional.of(entry(header, extended, Kind.LINK, 0));
                }
                default ->
                    throw new BundleException(
                            "The bundle has an entry that is no file, folder or symbolic link: " + name(header));
            }
        }
    }

    private Entry entry(byte[] header, Map<String, String> extended, Kind kind, long declared) throws IOException {
        String name = extended.getOrDefault("path", name(header));
        long size = kind == Kind.FILE && extended.containsKey("size") ? decimal(extended.get("size")) : declared;
        begin(size);
        // Old tar writes folders as files whose name ends with a slash.
        Kind actual = kind == Kind.FILE && name.endsWith("/") ? Kind.FOLDER : kind;
        return new Entry(
                name,
                actual,
                (int) number(header, 100, 8) & 07777,
                size,
                extended.getOrDefault("linkpath", field(header, 157, 100)));
    }

    /** The content of the entry that was read last. */
    InputStream content() {
        return new InputStream() {
            @Override
            public int read() throws IOException {
                byte[] one = new byte[1];
                return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
            }

            @Override
            public int read(byte[] bytes, int offset, int length) throws IOException {
                if (left == 0) {
                    return -1;
                }
                int count = in.read(bytes, offset, (int) Math.min(length, left));
                if (count < 0) {
                    throw new EOFException("The bundle is cut off");
                }
                left -= count;
                return count;
            }
        };
    }

    private void begin(long size) throws BundleException {
        if (size < 0) {
            throw new BundleException("The bundle has an entry of a negative size");
        }
        left = size;
        padding = (int) ((BLOCK - size % BLOCK) % BLOCK);
    }

    private byte[] meta(long size) throws IOException {
        if (size > LONGEST_HEADER) {
            throw new BundleException("The bundle has a header that is too long");
        }
        begin(size);
        byte[] bytes = in.readNBytes((int) size);
        if (bytes.length < size) {
            throw new BundleException("The bundle is cut off");
        }
        left = 0;
        skip(padding);
        padding = 0;
        return bytes;
    }

    private void skip(long count) throws IOException {
        if (count > 0) {
            in.skipNBytes(count);
        }
        left = 0;
        padding = 0;
    }

    private static boolean isZero(byte[] header) {
        for (byte b : header) {
            if (b != 0) {
                return false;
            }
        }
        return true;
    }

    private static boolean checksumHolds(byte[] header) throws BundleException {
        int sum = 0;
        for (int i = 0; i < BLOCK; i++) {
            sum += i >= 148 && i < 156 ? ' ' : header[i] & 0xff;
        }
        return sum == number(header, 148, 8);
    }

    private static String name(byte[] header) {
        String name = field(header, 0, 100);
        // GNU's own format keeps times where ustar has the prefix.
        boolean ustar = header[257] == 'u' && header[262] == 0;
        String prefix = ustar ? field(header, 345, 155) : "";
        return prefix.isEmpty() ? name : prefix + "/" + name;
    }

    private static String field(byte[] header, int offset, int length) {
        int end = offset;
        while (end < offset + length && header[end] != 0) {
            end++;
        }
        return new String(header, offset, end - offset, StandardCharsets.UTF_8);
    }

    private static String text(byte[] bytes) {
        return field(bytes, 0, bytes.length);
    }

    private static long number(byte[] header, int offset, int length) throws BundleException {
        if ((header[offset] & 0x80) != 0) {
            long value = header[offset] & 0x7f;
            for (int i = 1; i < length; i++) {
                value = (value << 8) | (header[offset + i] & 0xff);
            }
            return value;
        }
        String digits = field(header, offset, length).strip();
        try {
            return digits.isEmpty() ? 0 : Long.parseLong(digits, 8);
        } catch (NumberFormatException e) {
            throw new BundleException("The bundle is not a tar file");
        }
    }

    private static long decimal(String digits) throws BundleException {
        try {
            return Long.parseLong(digits);
        } catch (NumberFormatException e) {
            throw new BundleException("The bundle has a header that is broken");
        }
    }

    /** "LENGTH KEY=VALUE\n" again and again, where the length counts itself. */
    private static Map<String, String> pax(byte[] bytes) throws BundleException {
        Map<String, String> values = new HashMap<>();
        int at = 0;
        while (at < bytes.length) {
            int space = at;
            while (space < bytes.length && bytes[space] != ' ') {
                space++;
            }
            long length = decimal(new String(bytes, at, space - at, StandardCharsets.US_ASCII));
            int end = (int) Math.min(bytes.length, at + length);
            if (end <= space + 1) {
                throw new BundleException("The bundle has a header that is broken");
            }
            String line = new String(bytes, space + 1, end - space - 2, StandardCharsets.UTF_8);
            int equals = line.indexOf('=');
            if (equals > 0) {
                values.put(line.substring(0, equals), line.substring(equals + 1));
            }
            at = end;
        }
        return values;
    }
}
