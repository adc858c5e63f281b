package dev.terrane.compute.sandbox;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The host's image for a server that is root of a user namespace only. Two things differ from the machine's root there. The
 * kernel refuses {@code /} as a lower layer, and every folder with a mount below it: so there is a layer for each folder that
 * has none. And the machine's files belong to nobody inside: so a copy of all folders, without their files, lies above
 * them, and belongs to the user; inside that is root, who may therefore add, replace and delete files, though not write into
 * one of the machine's. The files below {@code /etc} and of the package database are copied too.
 *
 * @param folders that are laid over, each with a layer of its own
 * @param links symbolic links at the top, such as {@code bin} to {@code usr/bin}
 */
record HostLayers(List<Path> folders, Map<String, String> links, Path skeleton) {
    private static final Set<String> KERNEL = Set.of("proc", "sys", "dev");
    private static final List<Path> COPIED = List.of(Path.of("/etc"), Path.of("/var/lib/dpkg"));
    private static final int OTHERS = 05;

    /** Makes or renews the copy of the folders, which takes a second or a few. */
    static HostLayers lay(Path skeleton) throws IOException {
        Set<Path> mounts = Files.readAllLines(Path.of("/proc/self/mountinfo")).stream()
                .map(line -> Path.of(line.split(" ")[4]))
                .collect(Collectors.toSet());
        List<Path> folders = new ArrayList<>();
        Map<String, String> links = new java.util.TreeMap<>();
        try (DirectoryStream<Path> tops = Files.newDirectoryStream(Path.of("/"))) {
            for (Path top : tops) {
                String name = top.getFileName().toString();
                if (!HostMask.SYSTEM.contains(name) || KERNEL.contains(name)) {
                    continue;
                }
                if (Files.isSymbolicLink(top)) {
                    links.put(name, Files.readSymbolicLink(top).toString());
                } else {
                    split(top, mounts, folders);
                }
            }
        }
        for (Path folder : folders) {
            copy(folder, skeleton);
        }
        return new HostLayers(List.copyOf(folders), Map.copyOf(links), skeleton);
    }

    private static void split(Path folder, Set<Path> mounts, List<Path> folders) throws IOException {
        if (!open(folder)) {
            return;
        }
        if (mounts.stream().noneMatch(mount -> mount.startsWith(folder) && !mount.equals(folder))) {
            folders.add(folder);
            return;
        }
        try (DirectoryStream<Path> below = Files.newDirectoryStream(folder)) {
            for (Path child : below) {
                if (Files.isDirectory(child, LinkOption.NOFOLLOW_LINKS)) {
                    split(child, mounts, folders);
                }
            }
        }
    }

    private static boolean open(Path folder) throws IOException {
        return (mode(folder) & OTHERS) == OTHERS;
    }

    private static int mode(Path path) throws IOException {
        return (Integer) Files.getAttribute(path, "unix:mode", LinkOption.NOFOLLOW_LINKS);
    }

    private static void copy(Path top, Path skeleton) throws IOException {
        Files.createDirectories(below(skeleton, top));
        Files.walkFileTree(top, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) throws IOException {
                if (!open(folder)) {
                    return FileVisitResult.SKIP_SUBTREE;
                }
                Path copy = below(skeleton, folder);
                if (!Files.isDirectory(copy, LinkOption.NOFOLLOW_LINKS)) {
                    Files.createDirectory(copy);
                    Files.setAttribute(copy, "unix:mode", mode(folder) & 01777);
                }
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                if (COPIED.stream().anyMatch(file::startsWith) && Files.isReadable(file)) {
                    copyFile(file, below(skeleton, file), attributes);
                }
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException e) {
                return FileVisitResult.CONTINUE;
            }
        });
    }

    private static void copyFile(Path file, Path copy, BasicFileAttributes attributes) throws IOException {
        if (attributes.isOther() || (Files.exists(copy, LinkOption.NOFOLLOW_LINKS) && unchanged(copy, attributes))) {
            return;
        }
        Files.copy(
                file,
                copy,
                StandardCopyOption.REPLACE_EXISTING,
                StandardCopyOption.COPY_ATTRIBUTES,
                LinkOption.NOFOLLOW_LINKS);
    }

    private static boolean unchanged(Path copy, BasicFileAttributes attributes) throws IOException {
        BasicFileAttributes there = Files.readAttributes(copy, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
        return there.size() == attributes.size()
                && (there.isSymbolicLink() == attributes.isSymbolicLink())
                && there.lastModifiedTime().equals(attributes.lastModifiedTime());
    }

    private static Path below(Path root, Path absolute) {
        // Not by text: a name may hold what the server's locale can't tell.
        return root.resolve(Path.of("/").relativize(absolute));
    }

    /** The folders of the image that are the layer of a folder, the upper one first. */
    String lower(Path folder) {
        return below(skeleton, folder) + ":" + folder;
    }
}
