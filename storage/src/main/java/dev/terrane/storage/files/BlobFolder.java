package dev.terrane.storage.files;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;

/** Where the files of blobs are: in two levels of folders, and while they are written in one of their own. */
final class BlobFolder {
    private static final Pattern KEY = Pattern.compile("f[0-9a-f]{32}");

    private final Path root;
    private final Path unfinished;
    private final Set<Path> made = ConcurrentHashMap.newKeySet();

    BlobFolder(Path root) throws IOException {
        this.root = root;
        this.unfinished = root.resolve("unfinished");
        Files.createDirectories(unfinished);
        sync(root);
        try (DirectoryStream<Path> leftovers = Files.newDirectoryStream(unfinished)) {
            for (Path leftover : leftovers) {
                Files.delete(leftover);
            }
        }
    }

    /** Whether a key can be one of a file at all: a key never leads out of the folder. */
    static boolean isKey(String key) {
        return KEY.matcher(key).matches();
    }

    Path unfinished(String key) {
        return unfinished.resolve(key);
    }

    Path finished(String key) {
        return outer(key).resolve(key.substring(3, 5)).resolve(key);
    }

    private Path outer(String key) {
        return root.resolve(key.substring(1, 3));
    }

    /** Gives a finished and synced file its place, durably. */
    void finish(String key) throws IOException {
        Path folder = outer(key).resolve(key.substring(3, 5));
        if (!made.contains(folder)) {
            Files.createDirectories(folder);
            sync(outer(key));
            sync(root);
            made.add(folder);
        }
        Files.move(unfinished(key), finished(key), StandardCopyOption.ATOMIC_MOVE);
        sync(folder);
    }

    private static void sync(Path folder) throws IOException {
        try (FileChannel channel = FileChannel.open(folder)) {
            channel.force(true);
        }
    }
}
