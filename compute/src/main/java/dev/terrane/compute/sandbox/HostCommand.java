package dev.terrane.compute.sandbox;

import dev.terrane.kernel.compute.ComputeException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Short commands of the host: {@code ip}, {@code nft}, {@code tar}. */
final class HostCommand {
    private static final List<Path> FOLDERS =
            List.of(Path.of("/usr/sbin"), Path.of("/usr/bin"), Path.of("/sbin"), Path.of("/bin"));

    private HostCommand() {}

    static Optional<Path> find(String name) {
        return FOLDERS.stream()
                .map(folder -> folder.resolve(name))
                .filter(Files::isExecutable)
                .findFirst();
    }

    static Path need(String name, String debianPackage) {
        return find(name)
                .orElseThrow(() ->
                        new ComputeException("The command " + name + " is missing: apt-get install " + debianPackage));
    }

    /**
     * Runs a command in the calling thread's network namespace.
     *
     * @throws ComputeException with what it printed when it fails
     */
    static void run(List<String> command, String input) {
        var _ = output(command, input);
    }

    /** What a command prints; nothing where it fails. */
    static String output(List<String> command) {
        try {
            return output(command, "");
        } catch (ComputeException e) {
            return "";
        }
    }

    private static String output(List<String> command, String input) {
        try {
            Process process =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            try (var stdin = process.getOutputStream()) {
                stdin.write(input.getBytes(StandardCharsets.UTF_8));
            }
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
            if (process.waitFor() != 0) {
                throw new ComputeException(String.join(" ", command) + " failed: " + output);
            }
            return output;
        } catch (IOException e) {
            throw new ComputeException(String.join(" ", command) + ": " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ComputeException("Interrupted at " + command.getFirst(), e);
        }
    }
}
