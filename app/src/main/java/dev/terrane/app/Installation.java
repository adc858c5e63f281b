package dev.terrane.app;

import dev.terrane.kernel.secret.MasterKey;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Optional;
import tools.jackson.databind.json.JsonMapper;

/**
 * The folder of an installation, which its owner alone can read:
 *
 * <pre>
 *   keys/master.key     what everything else is sealed under; back it up, apart from the data
 *   keys/backed-up      that the operator says that this was done
 *   data/               the store and the blobs, and by which master key they were written
 *   tls/                the certificate authority and the server's certificate
 *   credentials.json    the administrator's access key, made at the first start
 *   server.json         the running server
 * </pre>
 */
final class Installation {
    /** How far the system's word on when a process began may be off. */
    private static final Duration CLOCK_TICKS = Duration.ofSeconds(1);

    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final Path folder;

    Installation(Path folder) {
        this.folder = folder.toAbsolutePath().normalize();
    }

    /** The administrator's access key. */
    record Administrator(String account, String region, String accessKeyId, String secretAccessKey) {
        @Override
        public String toString() {
            return "Administrator[" + account + "]";
        }
    }

    /** A running server. */
    record Running(long pid, String host, int port, String startedAt) {
        String url() {
            return "http://" + host + ":" + port;
        }
    }

    /** Makes the folder where it is absent, and closes it to others. */
    void prepare() {
        try {
            Files.createDirectories(folder);
            Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx------"));
            Files.createDirectories(data());
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot use " + folder, e);
        }
    }

    Path folder() {
        return folder;
    }

    Path data() {
        return folder.resolve("data");
    }

    Path masterKey() {
        return folder.resolve("keys").resolve("master.key");
    }

    /**
     * The master key, made at the first start.
     *
     * @throws IllegalStateException when there are data that were written under a master key that is not here: going on would only add to what nobody can read
     */
    MasterKey key() {
        Path mark = data().resolve("master-key.id");
        try {
            if (!Files.exists(masterKey()) && Files.exists(data().resolve("store"))) {
                throw new IllegalStateException(
                        "The master key " + masterKey() + " is missing, and without it the data in " + data()
                                + " cannot be read: restore it from its backup");
            }
            MasterKey key = MasterKey.load(masterKey());
            String id = keyId(key);
            if (!Files.exists(mark)) {
                Path fresh = mark.resolveSibling(mark.getFileName() + ".new");
                try (FileChannel channel = FileChannel.open(
                        fresh,
                        StandardOpenOption.CREATE,
                        StandardOpenOption.WRITE,
                        StandardOpenOption.TRUNCATE_EXISTING)) {
                    channel.write(ByteBuffer.wrap(id.getBytes(StandardCharsets.US_ASCII)));
                    channel.force(true);
                }
                Files.move(fresh, mark, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            } else if (!Files.readString(mark).equals(id)) {
                throw new IllegalStateException("The data in " + data() + " were written under another master key than "
                        + masterKey() + ": restore theirs from its backup");
            }
            return key;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Whether the operator has said that the master key that is here now is backed up. */
    boolean isBackedUp() {
        try {
            Path mark = backedUp();
            return Files.exists(mark)
                    && Files.exists(masterKey())
                    && Files.readString(mark).equals(keyId(key()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Notes that the operator has backed up the master key. */
    void noteBackup() {
        if (!Files.exists(masterKey())) {
            throw new IllegalStateException("There is no master key " + masterKey() + " to back up yet");
        }
        try {
            Files.writeString(backedUp(), keyId(key()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Path backedUp() {
        return masterKey().resolveSibling("backed-up");
    }

    private static String keyId(MasterKey key) {
        return HexFormat.of().formatHex(key.derive("master-key.id"));
    }

    Path tls() {
        return folder.resolve("tls");
    }

    Path log() {
        return folder.resolve("server.log");
    }

    Optional<Administrator> administrator() {
        return read("credentials.json", Administrator.class);
    }

    void keep(Administrator administrator) {
        write("credentials.json", administrator);
    }

    /** The server that runs on this folder now, if its process is alive. */
    Optional<Running> running() {
        return read("server.json", Running.class)
                .filter(server -> ProcessHandle.of(server.pid())
                        .filter(ProcessHandle::isAlive)
                        .filter(process -> !isZombie(process.pid()))
                        .filter(process -> isOlder(process, Instant.parse(server.startedAt())))
                        .isPresent());
    }

    /** Whether a process was there already at a time: one that began later has only been given the number of one that ended. */
    private static boolean isOlder(ProcessHandle process, Instant than) {
        return process.info()
                .startInstant()
                .map(begin -> begin.isBefore(than.plus(CLOCK_TICKS)))
                .orElse(true);
    }

    /** Whether a process has ended and only its parent has not taken notice yet: such a one counts as alive elsewhere. */
    private static boolean isZombie(long pid) {
        try {
            String stat = Files.readString(Path.of("/proc", String.valueOf(pid), "stat"));
            return stat.substring(stat.lastIndexOf(')') + 2).startsWith("Z");
        } catch (IOException e) {
            // Gone meanwhile, or no Linux: then the process handle's word counts.
            return false;
        }
    }

    void keep(Running server) {
        write("server.json", server);
    }

    /** Forgets the running server. */
    void stopped() {
        try {
            Files.deleteIfExists(folder.resolve("server.json"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private <T> Optional<T> read(String name, Class<T> type) {
        Path file = folder.resolve(name);
        try {
            return Files.exists(file) ? Optional.of(JSON.readValue(Files.readAllBytes(file), type)) : Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void write(String name, Object content) {
        try {
            Path fresh = folder.resolve(name + ".new");
            Files.deleteIfExists(fresh);
            Files.createFile(fresh, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            Files.write(fresh, JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(content));
            Files.move(
                    fresh, folder.resolve(name), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
