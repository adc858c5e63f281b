package dev.terrane.storage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.terrane.kernel.clock.Clock;
import dev.terrane.kernel.clock.MovableClock;
import dev.terrane.kernel.secret.MasterKey;
import dev.terrane.kernel.store.Query;
import dev.terrane.kernel.store.Rows;
import dev.terrane.kernel.store.Store;
import dev.terrane.storage.files.FileBlobs;
import dev.terrane.storage.sqlite.SqliteBackend;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What was acknowledged before a SIGKILL is there after it, and nothing is there by half. */
class KillTest {
    @TempDir
    Path folder;

    @Test
    void nothingAcknowledgedIsLostWhenTheServerIsKilled() throws Exception {
        killAndCheck(1);
    }

    @Test
    @Tag("slow")
    void nothingAcknowledgedIsLostWhenTheServerIsKilledAgainAndAgain() throws Exception {
        killAndCheck(20);
    }

    private void killAndCheck(int rounds) throws Exception {
        List<String> acknowledged = new ArrayList<>();
        Random random = new Random(rounds);
        for (int round = 0; round < rounds; round++) {
            acknowledged.addAll(killAfter(50 + random.nextInt(2_000), round));
            check(acknowledged);
        }
        letProcessesEnd(acknowledged);
    }

    /** Starts a server, kills it once it has acknowledged so much, and gives what it has. */
    private List<String> killAfter(int lines, int round) throws IOException, InterruptedException {
        Process server = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "--enable-native-access=ALL-UNNAMED",
                        "-cp",
                        System.getProperty("java.class.path"),
                        KilledServer.class.getName(),
                        folder.toString(),
                        "r" + round)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        List<String> said = new ArrayList<>();
        try (BufferedReader out = server.inputReader(StandardCharsets.UTF_8)) {
            for (String line = out.readLine(); line != null; line = out.readLine()) {
                said.add(line);
                if (said.size() == lines) {
                    // By its handle, which leaves the stream open: what it said until then is still to be read.
                    server.toHandle().destroyForcibly();
                }
            }
        } finally {
            server.destroyForcibly();
        }
        server.waitFor();
        assertThat(said).as("the server ended by itself").hasSizeGreaterThanOrEqualTo(lines);
        return said.subList(0, said.size() - 1);
    }

    private void check(List<String> acknowledged) throws IOException {
        MasterKey key = MasterKey.load(folder.resolve("key"));
        try (SqliteBackend backend = SqliteBackend.open(folder);
                Store store = new Store(backend, key)) {
            FileBlobs blobs = new FileBlobs(folder.resolve("blobs"), key, backend);
            Rows<KilledServer.Line> rows = store.rows(KilledServer.LINES);
            Rows<KilledServer.Pair> pairs = store.rows(KilledServer.PAIRS);
            for (String line : acknowledged) {
                String[] words = line.split(" ");
                switch (words[0]) {
                    case "row" ->
                        assertThat(rows.get(KilledServer.HERE, words[1]))
                                .as(line)
                                .hasValueSatisfying(row -> assertThat(rows.list(
                                                        KilledServer.HERE,
                                                        Query.equal("thread", row.thread())
                                                                .limit(1))
                                                .values())
                                        .isNotEmpty());
                    case "blob" -> {
                        try (InputStream in = blobs.open(words[1])) {
                            int size = Integer.parseInt(words[2]);
                            assertThat(in.readAllBytes()).as(line).hasSize(size).containsOnly((byte) (size % 127));
                        }
                    }
                    default ->
                        assertThat(pairs.get(KilledServer.HERE, words[1] + "-a").map(KilledServer.Pair::count))
                                .isEqualTo(pairs.get(KilledServer.HERE, words[1] + "-b")
                                        .map(KilledServer.Pair::count));
                }
            }
            try (Stream<Path> unfinished = Files.list(folder.resolve("blobs/unfinished"))) {
                assertThat(unfinished).isEmpty();
            }
        }
    }

    /** All processes of all killed servers go on and end, each step done exactly once. */
    private void letProcessesEnd(List<String> acknowledged) {
        MasterKey key = MasterKey.load(folder.resolve("key"));
        MovableClock clock = new MovableClock(Clock.system().instant());
        try (TestServer server = new TestServer(folder, key, clock)) {
            Rows<KilledServer.Pair> pairs = server.store.rows(KilledServer.PAIRS);
            KilledServer.Counting counting = new KilledServer.Counting(pairs);
            server.workflows.register(counting);
            server.workflows.resume();
            for (String line : acknowledged) {
                if (line.startsWith("process ")) {
                    String id = line.substring("process ".length());
                    Await.until(() -> {
                        clock.advance(Duration.ofMillis(1));
                        return !server.workflows.isRunning(counting, id);
                    });
                    assertThat(pairs.get(KilledServer.HERE, id + "-a"))
                            .map(KilledServer.Pair::count)
                            .contains(KilledServer.STEPS);
                    assertThat(pairs.get(KilledServer.HERE, id + "-b"))
                            .map(KilledServer.Pair::count)
                            .contains(KilledServer.STEPS);
                }
            }
        }
    }
}
