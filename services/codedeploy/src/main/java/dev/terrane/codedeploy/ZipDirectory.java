package dev.terrane.codedeploy;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The central directory of a zip file, which alone holds what entries are: folders, files with their modes, or links. See
 * PKWARE's APPNOTE.TXT.
 */
final class ZipDirectory {
    /** How many bytes at the end of a file hold the directory's end record for certain. */
    static final int TAIL = 22 + 65_535;

    private static final int END = 0x06054b50;
    private static final int HEADER = 0x02014b50;
    private static final int UNIX = 3;
    private static final int TYPE = 0170000;
    private static final int LINK = 0120000;
    private static final int FILE = 0100000;
    private static final int FOLDER = 0040000;

    private ZipDirectory() {}

    /** Where the directory lies in the file. */
    record Place(long offset, int size) {}

    /** An entry.
     *
     * @param mode its permissions */
    record Entry(long size, int mode, boolean link) {}

    /** Finds the directory from the end of a file. */
    static Place find(byte[] tail) throws BundleException {
        ByteBuffer bytes = ByteBuffer.wrap(tail).order(ByteOrder.LITTLE_ENDIAN);
        for (int at = tail.length - 22; at >= 0; at--) {
            if (bytes.getInt(at) == END && at + 22 + Short.toUnsignedInt(bytes.getShort(at + 20)) == tail.length) {
                long size = Integer.toUnsignedLong(bytes.getInt(at + 12));
                long offset = Integer.toUnsignedLong(bytes.getInt(at + 16));
                if (offset == 0xffffffffL || bytes.getShort(at + 10) == -1) {
                    throw new BundleException("The bundle is a ZIP64 file, which is not supported");
                }
                if (size > 32 << 20) {
                    throw new BundleException("The bundle's directory is too long");
                }
                return new Place(offset, (int) size);
            }
        }
        throw new BundleException("The bundle is not a zip file");
    }

    /** The entries by name. */
    static Map<String, Entry> entries(byte[] directory) throws BundleException {
        ByteBuffer bytes = ByteBuffer.wrap(directory).order(ByteOrder.LITTLE_ENDIAN);
        Map<String, Entry> entries = new HashMap<>();
        int at = 0;
        try {
            while (at < directory.length && bytes.getInt(at) == HEADER) {
                int nameLength = Short.toUnsignedInt(bytes.getShort(at + 28));
                String name = new String(directory, at + 46, nameLength, StandardCharsets.UTF_8);
                Optional<Entry> entry = entry(bytes, at, name);
                if (entry.isEmpty() || entries.put(name, entry.get()) != null) {
                    throw new BundleException("The bundle has an entry twice, or one that is no file: " + name);
                }
                at += 46
                        + nameLength
                        + Short.toUnsignedInt(bytes.getShort(at + 30))
                        + Short.toUnsignedInt(bytes.getShort(at + 32));
            }
        } catch (IndexOutOfBoundsException e) {
            throw new BundleException("The bundle's directory is broken");
        }
        return entries;
    }

    private static Optional<Entry> entry(ByteBuffer bytes, int at, String name) {
        long size = Integer.toUnsignedLong(bytes.getInt(at + 24));
        int mode = (bytes.getInt(at + 38) >>> 16) & 0xffff;
        boolean folder = name.endsWith("/");
        if (bytes.get(at + 5) != UNIX || mode == 0) {
            return Optional.of(new Entry(size, folder ? 0755 : 0644, false));
        }
        int type = mode & TYPE;
        return type == LINK || type == FILE || type == FOLDER || type == 0
                ? Optional.of(new Entry(size, mode & 07777, type == LINK))
                : Optional.empty();
    }
}
