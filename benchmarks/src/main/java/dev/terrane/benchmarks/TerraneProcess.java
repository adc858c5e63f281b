package dev.terrane.benchmarks;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A server started by the launcher, as a user would. */
final class TerraneProcess implements AutoCloseable {
    private static final Pattern EXPORT = Pattern.compile("export (\\w+)='(.*)'");
    private static final Pattern PROCESS = Pattern.compile("process (\\d+)");

    private final Path launcher;
    private final Path data;
    private final Processes processes;
    private final Map<String, String> environment = new HashMap<>();

    TerraneProcess(Path launcher, Path data) throws IOException, InterruptedException {
        this.launcher = launcher;
        this.data = data;
        String said = run("up", "--detach", "--port", "0");
        Matcher process = PROCESS.matcher(said);
        if (!process.find()) {
            throw new IOException("The server did not start: " + said);
        }
        processes =
                new Processes(ProcessHandle.of(Long.parseLong(process.group(1))).orElseThrow());
        run("env")
                .lines()
                .map(EXPORT::matcher)
                .filter(Matcher::matches)
                .forEach(m -> environment.put(m.group(1), m.group(2)));
    }

    private String run(String... arguments) throws IOException, InterruptedException {
        List<String> command = new java.util.ArrayList<>(List.of(launcher.toString()));
        command.addAll(List.of(arguments));
        command.addAll(List.of("--data", data.toString()));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IOException(String.join(" ", command) + ": " + output);
        }
        return output;
    }

    String variable(String name) {
        return environment.getOrDefault(name, "");
    }

    /** The server, to be measured. */
    Processes processes() {
        return processes;
    }

    @Override
    public void close() throws IOException, InterruptedException {
        run("down");
    }
}
