package dev.terrane.app;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The option that names the installation. */
final class DataOption {
    @Option(
            names = "--data",
            paramLabel = "DIR",
            description = "The installation's folder (default: $TERRANE_DATA, or ~/.terrane).")
    private @Nullable Path folder;

    Installation installation() {
        if (folder != null) {
            return new Installation(folder);
        }
        String given = System.getenv("TERRANE_DATA");
        return new Installation(
                given != null && !given.isEmpty()
                        ? Path.of(given)
                        : Path.of(System.getProperty("user.home"), ".terrane"));
    }
}
