package dev.terrane.compute.sandbox;

import dev.terrane.kernel.compute.ComputeException;
import dev.terrane.kernel.compute.WorkloadSpec;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/** The folders of workloads below the server's data: their writable layers, and what is known about them. */
final class Disks {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final Path workloads;

    Disks(Path folder) throws IOException {
        this.workloads = Files.createDirectories(folder.resolve("workloads"));
    }

    /** What is stored of a workload. */
    record Stored(WorkloadSpec spec, @Nullable String address) {
        Optional<InetAddress> inetAddress() {
            return Optional.ofNullable(address).map(InetAddress::ofLiteral);
        }
    }

    Path folder(String id) {
        return workloads.resolve(id);
    }

    Path upper(String id) {
        return folder(id).resolve("upper");
    }

    List<String> ids() {
        try (Stream<Path> folders = Files.list(workloads)) {
            return folders.map(folder -> folder.getFileName().toString())
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new ComputeException("Workloads can't be listed: " + e.getMessage(), e);
        }
    }

    Optional<Stored> read(String id) {
        Path file = folder(id).resolve("workload.json");
        try {
            return Files.exists(file)
                    ? Optional.of(JSON.readValue(Files.readString(file), Stored.class))
                    : Optional.empty();
        } catch (IOException | JacksonException e) {
            throw new ComputeException("What is stored of " + id + " can't be read: " + e.getMessage(), e);
        }
    }

    /** Makes the folders, and for a new disk the files in which a machine knows its name and its users. */
    void prepare(WorkloadSpec spec, Optional<InetAddress> address, boolean hostImage) throws IOException {
        Path folder = folder(spec.id());
        boolean fresh = !Files.exists(folder.resolve("workload.json"));
        if (fresh) {
            delete(spec.id());
        }
        for (String name : List.of("root", "work", "upper")) {
            Files.createDirectories(folder.resolve(name));
        }
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx------"));
        if (fresh) {
            Path etc = Files.createDirectories(upper(spec.id()).resolve("etc"));
            Files.writeString(etc.resolve("hostname"), spec.hostName() + "\n");
            Files.writeString(
                    etc.resolve("hosts"),
                    "127.0.0.1 localhost\n::1 localhost ip6-localhost\n"
                            + address.map(InetAddress::getHostAddress).orElse("127.0.1.1") + " " + spec.hostName()
                            + "\n");
            Files.writeString(etc.resolve("resolv.conf"), nameServers());
            if (hostImage) {
                Path shadow = Files.writeString(etc.resolve("shadow"), lockedPasswords());
                Files.setPosixFilePermissions(shadow, PosixFilePermissions.fromString("rw-------"));
            }
        }
        Stored stored =
                new Stored(spec, address.map(InetAddress::getHostAddress).orElse(null));
        Path next = Files.writeString(folder.resolve("workload.json.next"), JSON.writeValueAsString(stored));
        Files.move(next, folder.resolve("workload.json"), java.nio.file.StandardCopyOption.ATOMIC_MOVE);
    }

    /** Deletes a workload's folder without following links. */
    void delete(String id) {
        Path folder = folder(id);
        if (Files.exists(folder, LinkOption.NOFOLLOW_LINKS)) {
            // rm knows deep trees, odd modes and device nodes, and is several times as quick as a walk from here.
            HostCommand.run(
                    List.of(HostCommand.need("rm", "coreutils").toString(), "-rf", "--", folder.toString()), "");
        }
    }

    /** The machine's name servers; one on its loopback interface is out of a workload's reach, so those behind it are taken. */
    private static String nameServers() throws IOException {
        for (String file : List.of("/etc/resolv.conf", "/run/systemd/resolve/resolv.conf")) {
            Path path = Path.of(file);
            if (Files.isReadable(path)) {
                List<String> lines = Files.readAllLines(path).stream()
                        .filter(line -> !line.startsWith("nameserver 127.") && !line.startsWith("#"))
                        .toList();
                if (lines.stream().anyMatch(line -> line.startsWith("nameserver "))) {
                    return String.join("\n", lines) + "\n";
                }
            }
        }
        return "";
    }

    private static String lockedPasswords() throws IOException {
        return Files.readAllLines(Path.of("/etc/passwd")).stream()
                .map(line -> line.split(":", 2)[0] + ":*:19000:0:99999:7:::\n")
                .collect(Collectors.joining());
    }
}
