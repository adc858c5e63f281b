package dev.terrane.app;

import dev.terrane.kernel.clock.Clock;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;

/**
 * Starts a server and ends: what the launcher records the JVM's ahead-of-time cache from. Calls are left out on purpose: what they load more would be
 * mapped into every server's memory.
 */
@Command(name = "train", hidden = true, description = "Used by the launcher.", mixinStandardHelpOptions = true)
final class TrainCommand implements Callable<Integer> {
    @Override
    public Integer call() throws IOException {
        Path folder = Files.createTempDirectory("terrane-train");
        Installation installation = new Installation(folder);
        PrintStream nowhere = new PrintStream(OutputStream.nullOutputStream());
        new Server(installation, "127.0.0.1", 0, "us-east-1", new Log(Clock.system(), nowhere, false)).close();
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : (Iterable<Path>) files.sorted(Comparator.reverseOrder())::iterator) {
                Files.deleteIfExists(file);
            }
        }
        return 0;
    }
}
