package dev.terrane.compute.sandbox;

import dev.terrane.kernel.compute.ComputeException;
import dev.terrane.kernel.compute.Images;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;

/** Imported root file systems, a folder each, which workloads share as their lower layer. */
final class ImageStore implements Images {
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,127}");

    private final Path folder;
    private final boolean owners;
    private final Predicate<String> used;

    /**
     * @param owners whether files can have other owners than root
     * @param used whether a workload has the image
     */
    ImageStore(Path folder, boolean owners, Predicate<String> used) throws IOException {
        this.owners = owners;
        this.folder = Files.createDirectories(folder.resolve("images"));
        this.used = used;
    }

    /** The lower layer for an image that exists. */
    Path root(String name) {
        return name.equals(HOST) ? Path.of("/") : folder.resolve(name);
    }

    @Override
    public List<String> list() {
        List<String> names = new ArrayList<>(List.of(HOST));
        try (Stream<Path> images = Files.list(folder)) {
            images.map(image -> image.getFileName().toString())
                    .filter(name -> NAME.matcher(name).matches())
                    .sorted()
                    .forEach(names::add);
        } catch (IOException e) {
            throw new ComputeException("Images can't be listed: " + e.getMessage(), e);
        }
        return List.copyOf(names);
    }

    @Override
    public boolean exists(String name) {
        return name.equals(HOST) || (NAME.matcher(name).matches() && Files.isDirectory(folder.resolve(name)));
    }

    @Override
    public void load(String name, InputStream tar) throws IOException, InterruptedException {
        if (!NAME.matcher(name).matches() || exists(name)) {
            throw new IllegalArgumentException("The image name " + name + " is malformed or taken");
        }
        Path next = Files.createTempDirectory(folder, ".loading-");
        try {
            unpack(tar, next);
            if (!Files.isDirectory(next.resolve("etc")) || !Files.isDirectory(next.resolve("usr"))) {
                throw new IllegalArgumentException("The stream is no root file system: it has no /etc or no /usr");
            }
            Files.setPosixFilePermissions(next, java.nio.file.attribute.PosixFilePermissions.fromString("rwxr-xr-x"));
            Files.move(next, folder.resolve(name), java.nio.file.StandardCopyOption.ATOMIC_MOVE);
        } finally {
            delete(next);
        }
    }

    private void unpack(InputStream tar, Path target) throws IOException, InterruptedException {
        BufferedInputStream bytes = new BufferedInputStream(tar);
        bytes.mark(2);
        boolean gzip = bytes.read() == 0x1f && bytes.read() == 0x8b;
        bytes.reset();
        Process process = new ProcessBuilder(
                        HostCommand.need("tar", "tar").toString(),
                        "-x",
                        "-p",
                        "--numeric-owner",
                        owners ? "--same-owner" : "--no-same-owner",
                        // Workloads have devices of their own, and only the machine's root could make these.
                        "--exclude=./dev/*",
                        "--exclude=dev/*",
                        "-C",
                        target.toString())
                .redirectErrorStream(true)
                .start();
        String failure = "";
        try (InputStream source = gzip ? new GZIPInputStream(bytes) : bytes;
                var out = process.getOutputStream()) {
            source.transferTo(out);
        } catch (IOException e) {
            failure = String.valueOf(e.getMessage());
        }
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0 || !failure.isEmpty()) {
            throw new IllegalArgumentException("The stream is no tar of a root file system: " + failure + " " + output);
        }
    }

    @Override
    public void remove(String name) throws IOException {
        if (name.equals(HOST) || used.test(name)) {
            throw new IllegalArgumentException("The image " + name + " is in use");
        }
        if (exists(name)) {
            Path gone = folder.resolve(".removing-" + name);
            Files.move(folder.resolve(name), gone, java.nio.file.StandardCopyOption.ATOMIC_MOVE);
            delete(gone);
        }
    }

    private static void delete(Path path) {
        HostCommand.run(List.of(HostCommand.need("rm", "coreutils").toString(), "-rf", "--", path.toString()), "");
    }
}
