package dev.terrane.compute.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.terrane.kernel.clock.Clock;
import dev.terrane.kernel.clock.Threads;
import dev.terrane.kernel.compute.Compute;
import dev.terrane.kernel.compute.Workload;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is left of a server that was killed. */
class SandboxOrphansTest {
    /** A number that no other sleep on the machine has. */
    private static final String SLEEP =
            "8" + Long.toString(ProcessHandle.current().pid()) + "71";

    @Test
    void everyProcessEndsWithAKilledServerAndKeptDisksStay(@TempDir Path data) throws Exception {
        assumeTrue("root".equals(System.getProperty("user.name")), "The sandbox driver needs root");
        Process server = new ProcessBuilder(
                        ProcessHandle.current().info().command().orElseThrow(),
                        "--enable-native-access=ALL-UNNAMED",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        KilledServer.class.getName(),
                        data.toString(),
                        SLEEP)
                .redirectError(data.resolve("error").toFile())
                .start();
        try (BufferedReader output = server.inputReader()) {
            assumeTrue(
                    "started".equals(output.readLine()),
                    () -> "Sandboxes are not permitted here: " + text(data.resolve("error")));
        }
        await(() -> processes() == 3);
        server.destroyForcibly().waitFor();
        await(() -> processes() == 0);

        Threads threads = new Threads(Clock.system(), Throwable::printStackTrace);
        try (Compute compute = SandboxCompute.open(data, threads)) {
            assertThat(compute.list()).extracting(Workload::id).containsExactly("kept");
            Workload kept = compute.find("kept").orElseThrow();
            assertThat(kept.running()).isFalse();
            assertThat(compute.start(kept.spec()).address()).isEqualTo(kept.address());
            assertThat(compute.read("kept", "/mark", 100)).isEqualTo("kept\n".getBytes(StandardCharsets.UTF_8));
            compute.remove("kept");
            assertThat(compute.list()).isEmpty();
        } finally {
            threads.close();
        }
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            return String.valueOf(e.getMessage());
        }
    }

    private static long processes() {
        try (Stream<ProcessHandle> all = ProcessHandle.allProcesses()) {
            return all.filter(process -> process.info()
                            .arguments()
                            .map(List::of)
                            .orElse(List.of())
                            .equals(List.of(SLEEP)))
                    .count();
        }
    }

    private static void await(BooleanSupplier condition) throws InterruptedException {
        Instant end = Clock.system().instant().plusSeconds(10);
        while (!condition.getAsBoolean()) {
            assertThat(Clock.system().instant()).isBefore(end);
            // Another process makes it true; it can't tell, so it is asked, without keeping it from running.
            Clock.system().sleep(Duration.ofMillis(20));
        }
    }
}
