package dev.terrane.benchmarks;

import dev.terrane.kernel.clock.Clock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;

/** {@code terrane bench [NAME]}: what is asked most, its rate, the server's CPU for it and its latency, against a limit or a peer in the same run. */
public final class Bench {
    private static final Duration MEASURED = Duration.ofSeconds(6);
    private static final Duration SETTLING = Duration.ofSeconds(5);

    private Bench() {}

    /**
     * Runs the benchmarks.
     *
     * @param arguments the launcher's path, and perhaps parts of the names to run, with commas between
     */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        Path folder = Files.createTempDirectory("terrane-bench");
        Table table = new Table(arguments.length > 1 ? arguments[1] : "");
        long begin = Clock.nanos();
        try (TerraneProcess server = new TerraneProcess(Path.of(arguments[0]), folder.resolve("data"))) {
            double startUp = (Clock.nanos() - begin) / 1e9;
            table.line(String.format(Locale.ROOT, "start-up to first answer %.2f s (a peer: 8 s)", startUp));
            Clock.system().sleep(SETTLING);
            table.line("idle memory " + server.processes().residentMebibytes() + " MiB (a peer: 218 MiB)");
            table.header();
            SignedClient client = new SignedClient(server);
            Load load = new Load(server.processes(), MEASURED);
            new EngineRows(table, MEASURED).run();
            new ServiceRows(client, load, table).run();
            new StackRows(client, load, table).run();
            new BalancerRows(client, server.processes(), table, folder, MEASURED).run();
            new GitRows(client, server, table, folder).run();
        } finally {
            GitRows.delete(folder);
        }
    }
}
