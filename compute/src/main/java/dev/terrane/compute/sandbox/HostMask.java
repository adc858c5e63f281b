package dev.terrane.compute.sandbox;

import java.io.IOException;
import java.nio.file.FileVisitOption;
import java.nio.file.FileVisitResult;
import java.nio.file.FileVisitor;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What a workload on the host's image must not see of the host. The rule: whatever an ordinary user of the machine could not
 * read is empty inside, and of the top folders only those of the operating system are there.
 */
final class HostMask {
    /** The top folders that belong to the operating system. */
    static final Set<String> SYSTEM =
            Set.of("bin", "sbin", "lib", "lib32", "lib64", "libx32", "usr", "etc", "var", "opt", "proc", "sys", "dev");

    private static final Map<String, String> EMPTY = Map.of(
            "root", "711", "home", "755", "mnt", "755", "media", "755", "srv", "755", "run", "755", "tmp", "1777");
    private static final Map<String, String> EMPTY_BELOW_VAR =
            Map.of("log", "755", "tmp", "1777", "spool", "755", "mail", "755", "backups", "755", "crash", "755");
    private static final List<String> SEARCHED = List.of("/etc", "/var", "/opt", "/usr/local");
    private static final int DEPTH = 6;

    private HostMask() {}

    /**
     * A thing to hide.
     *
     * @param kind {@code gone}, {@code empty} (a folder) or {@code file} (an empty file)
     */
    record Entry(String kind, String path, String mode, int user, int group) {}

    /** @param data the server's data folder, hidden wherever it is */
    static List<Entry> find(Path data) throws IOException {
        List<Entry> entries = new ArrayList<>();
        try (Stream<Path> top = Files.list(Path.of("/"))) {
            top.sorted().forEach(path -> {
                String name = path.getFileName().toString();
                if (EMPTY.containsKey(name) && !Files.isSymbolicLink(path)) {
                    entries.add(new Entry("empty", path.toString(), EMPTY.get(name), 0, 0));
                } else if (!SYSTEM.contains(name) && !EMPTY.containsKey(name)) {
                    entries.add(new Entry("gone", path.toString(), "", 0, 0));
                }
            });
        }
        EMPTY_BELOW_VAR.forEach((name, mode) -> {
            Path path = Path.of("/var", name);
            if (Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
                entries.add(new Entry("empty", path.toString(), mode, 0, 0));
            }
        });
        Set<String> covered = Set.copyOf(entries.stream().map(Entry::path).toList());
        if (covered.stream().noneMatch(path -> data.startsWith(path))) {
            entries.add(new Entry("empty", data.toString(), "700", 0, 0));
        }
        FileVisitor<Path> visitor = new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) throws IOException {
                if (covered.contains(folder.toString()) || folder.equals(data)) {
                    return FileVisitResult.SKIP_SUBTREE;
                }
                return hideUnreadable(folder, "empty", 05, entries)
                        ? FileVisitResult.SKIP_SUBTREE
                        : FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                if (attributes.isOther()) {
                    entries.add(new Entry("gone", file.toString(), "", 0, 0));
                } else if (attributes.isDirectory()) {
                    hideUnreadable(file, "empty", 05, entries);
                } else if (attributes.isRegularFile()) {
                    hideUnreadable(file, "file", 04, entries);
                }
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException e) {
                return FileVisitResult.CONTINUE;
            }
        };
        for (String folder : SEARCHED) {
            Files.walkFileTree(Path.of(folder), EnumSet.noneOf(FileVisitOption.class), DEPTH, visitor);
        }
        entries.removeIf(
                entry -> entry.path().indexOf('\t') >= 0 || entry.path().indexOf('\n') >= 0);
        return List.copyOf(entries);
    }

    private static boolean hideUnreadable(Path path, String kind, int needed, List<Entry> entries) throws IOException {
        Map<String, Object> attributes = Files.readAttributes(path, "unix:mode,uid,gid", LinkOption.NOFOLLOW_LINKS);
        int mode = (Integer) attributes.getOrDefault("mode", 0);
        if ((mode & needed) == needed) {
            return false;
        }
        entries.add(new Entry(
                kind,
                path.toString(),
                Integer.toOctalString(mode & 07777),
                (Integer) attributes.getOrDefault("uid", 0),
                (Integer) attributes.getOrDefault("gid", 0)));
        return true;
    }
}
