package dev.terrane.compute.sandbox;

import dev.terrane.kernel.compute.ComputeException;
import dev.terrane.kernel.compute.Images;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;

/** How {@code sandbox.pl} is run. */
final class SandboxProgram {
    private static final Map<String, String> PLAIN =
            Map.of("PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "LANG", "C.UTF-8");

    private final Path perl = HostCommand.need("perl", "perl-base");
    private final Path script;
    private final HostTools tools;

    SandboxProgram(Path folder, HostTools tools) throws IOException {
        this.tools = tools;
        this.script = folder.resolve("sandbox.pl");
        try (InputStream in = SandboxProgram.class.getResourceAsStream("sandbox.pl")) {
            if (in == null) {
                throw new ComputeException("sandbox.pl is missing in this build");
            }
            Files.copy(in, script, StandardCopyOption.REPLACE_EXISTING);
        }
    }

    HostTools tools() {
        return tools;
    }

    ProcessBuilder builder(String mode, Path plan) {
        ProcessBuilder builder = new ProcessBuilder(perl.toString(), script.toString(), mode, plan.toString());
        builder.directory(Path.of("/").toFile());
        builder.environment().clear();
        if (System.getenv(UserNamespace.MARK) != null) {
            builder.environment().put(UserNamespace.MARK, "1");
        }
        return builder;
    }

    /**
     * A program of the machine that ends with the thread that starts it.
     *
     * @param file under which it finds a namespace, which it might not be allowed to open itself
     */
    ProcessBuilder attached(Path namespace, Path file, String... command) {
        ProcessBuilder builder = new ProcessBuilder(
                perl.toString(), script.toString(), "attached", namespace.toString(), file.toString());
        builder.command().addAll(List.of(command));
        builder.directory(Path.of("/").toFile());
        return builder;
    }

    /** Gives the variables for a command inside, later maps over earlier; see {@code workload_environment} in the script. */
    @SafeVarargs
    final void environment(ProcessBuilder builder, String image, Map<String, String>... variables) {
        (image.equals(Images.HOST) ? tools.environment() : PLAIN)
                .forEach((name, value) -> builder.environment().put("T_" + name, value));
        for (Map<String, String> some : variables) {
            some.forEach((name, value) -> builder.environment().put("T_" + name, value));
        }
    }
}
