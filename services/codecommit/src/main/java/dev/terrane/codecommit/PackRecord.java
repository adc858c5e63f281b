package dev.terrane.codecommit;

import java.util.List;

/**
 * A pack with all files that belong to it (index, bitmap, …). It is there from the commit that first refers to its objects.
 *
 * @param name unique in the installation
 * @param source a {@code DfsObjDatabase.PackSource}
 * @param key what its files are encrypted under
 */
record PackRecord(
        String repositoryId,
        String name,
        String source,
        long lastModified,
        long objectCount,
        long deltaCount,
        int indexVersion,
        DataKey key,
        List<File> files) {
    PackRecord {
        files = List.copyOf(files);
    }

    /**
     * A file of a pack, cut into parts of {@link PackFiles#PART} bytes, each a blob.
     *
     * @param extension a {@code PackExt}
     * @param size in bytes, before encryption
     */
    record File(String extension, long size, List<String> blobs) {
        File {
            blobs = List.copyOf(blobs);
        }
    }

    /** The bytes of all its files. */
    long size() {
        return files.stream().mapToLong(File::size).sum();
    }

    List<String> blobs() {
        return files.stream().flatMap(file -> file.blobs().stream()).toList();
    }
}
