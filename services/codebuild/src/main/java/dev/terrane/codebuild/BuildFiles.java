package dev.terrane.codebuild;

import dev.terrane.kernel.blob.Blobs;
import dev.terrane.kernel.compute.Command;
import dev.terrane.kernel.compute.ComputeException;
import dev.terrane.kernel.service.Platform;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.NoSuchFileException;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Reads files out of a build's environment: those under a folder that patterns choose. Links that lead out of the folder are refused. */
final class BuildFiles {
    private final Platform platform;
    private final BuildShell shell;
    private final String sourceFolder;

    BuildFiles(Platform platform, BuildShell shell, String sourceFolder) {
        this.platform = platform;
        this.shell = shell;
        this.sourceFolder = sourceFolder;
    }

    /** Takes files, one after another. */
    interface Taking {
        /** @param path relative to the base folder */
        void take(String path, InputStream content) throws IOException;
    }

    /** The folders that a base directory, which may hold wildcards, stands for. */
    List<String> bases(String baseDirectory) throws IOException, InterruptedException {
        if (baseDirectory.isEmpty()) {
            return List.of(sourceFolder);
        }
        String pattern = shell.evaluate(baseDirectory);
        // The pattern is the unquoted variable: the shell expands its wildcards and nothing else.
        String found = shell.ask(Command.of(
                "/bin/sh",
                "-c",
                "cd \"$1\" && IFS= && for each in $2; do [ -d \"$each\" ] && readlink -f \"$each\"; done; true",
                "sh",
                sourceFolder,
                pattern));
        List<String> folders = found.lines().toList();
        folders.forEach(this::requireInside);
        return folders;
    }

    /** Hands on the files that patterns choose.
     *
     * @return how many */
    int each(String base, List<String> files, List<String> exclude, Taking taking)
            throws IOException, InterruptedException {
        // A folder is named for all that is in it.
        Globs chosen = new Globs(files);
        Globs not = new Globs(exclude);
        Set<String> links = new HashSet<>();
        int[] count = {0};
        String parent = base.substring(base.lastIndexOf('/') + 1) + "/";
        Blobs.Blob tar = packed(base);
        try (InputStream in = platform.blobs().open(tar.key())) {
            TarReader reader = new TarReader(in);
            for (var entry = reader.next(); entry.isPresent(); entry = reader.next()) {
                String name = entry.get().name();
                String path = name.startsWith(parent) ? name.substring(parent.length()) : name;
                if (path.isEmpty() || !chosen.match(path) || not.match(path)) {
                    continue;
                }
                if (entry.get().symbolicLink()) {
                    links.add(path);
                } else if (entry.get().file()) {
                    taking.take(path, reader.content());
                    count[0]++;
                }
            }
        } finally {
            platform.blobs().delete(tar.key());
        }
        for (String link : links) {
            count[0] += follow(base, link, taking) ? 1 : 0;
        }
        return count[0];
    }

    private Blobs.Blob packed(String base) throws IOException, InterruptedException {
        try (Blobs.Writing writing = platform.blobs().create()) {
            shell.compute().copyOut(shell.workload(), base, writing.stream());
            return writing.commit();
        } catch (NoSuchFileException e) {
            throw BuildFailure.client("no such directory: " + base);
        } catch (ComputeException e) {
            throw BuildFailure.client("The build environment ended: " + e.getMessage());
        }
    }

    /** A link within the build is taken as the file that it leads to. */
    private boolean follow(String base, String link, Taking taking) throws IOException, InterruptedException {
        String target =
                shell.ask(Command.of("readlink", "-f", base + "/" + link)).strip();
        requireInside(target);
        String kind = shell.ask(Command.of("/bin/sh", "-c", "[ -f \"$1\" ] && echo file; true", "sh", target));
        if (!kind.startsWith("file")) {
            return false;
        }
        Blobs.Blob content;
        try (Blobs.Writing writing = platform.blobs().create();
                OutputStream out = writing.stream()) {
            shell.compute().copyOut(shell.workload(), target, out);
            content = writing.commit();
        }
        try (InputStream in = platform.blobs().open(content.key())) {
            TarReader reader = new TarReader(in);
            if (reader.next().filter(TarReader.Entry::file).isEmpty()) {
                return false;
            }
            taking.take(link, reader.content());
            return true;
        } finally {
            platform.blobs().delete(content.key());
        }
    }

    private void requireInside(String path) {
        boolean inside = path.equals(sourceFolder) || path.startsWith(sourceFolder + "/");
        if (!inside || Arrays.asList(path.split("/")).contains("..")) {
            throw BuildFailure.client("A path of the build leads out of its folder: " + path);
        }
    }
}
