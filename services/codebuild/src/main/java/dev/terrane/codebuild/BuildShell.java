package dev.terrane.codebuild;

import dev.terrane.kernel.compute.Command;
import dev.terrane.kernel.compute.Compute;
import dev.terrane.kernel.compute.ComputeException;
import dev.terrane.kernel.compute.Exit;
import dev.terrane.kernel.compute.OutputSink;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * The shell of a build. Each command is a process of its own that begins where the one before ended: with its variables and its working
 * folder, as if one shell ran them all, and without a command that calls {@code exit} ending the others.
 */
final class BuildShell {
    static final String STATE = "/codebuild/state";
    private static final int LONGEST_ANSWER = 1 << 20;

    private final Compute compute;
    private final String workload;
    private final Map<String, String> environment;
    private final BuildLog log;
    private final BooleanSupplier stopped;
    private String program = "/bin/sh";

    BuildShell(
            Compute compute, String workload, Map<String, String> environment, BuildLog log, BooleanSupplier stopped) {
        this.stopped = stopped;
        this.compute = compute;
        this.workload = workload;
        this.environment = new HashMap<>(environment);
        this.log = log;
    }

    String workload() {
        return workload;
    }

    Compute compute() {
        return compute;
    }

    /** From now on commands run in this shell, with these variables too. */
    void use(String shell, Map<String, String> more) {
        program = shell;
        environment.putAll(more);
    }

    Map<String, String> environment() {
        return Map.copyOf(environment);
    }

    /** Makes the place where state is kept between commands. */
    void prepare(String folder) throws InterruptedException, IOException {
        call(Command.of("mkdir", "-p", STATE, folder), OutputSink.DISCARD);
        call(Command.of("chmod", "777", STATE), OutputSink.DISCARD);
        write(STATE + "/folder", folder + "\n", 0644);
    }

    void write(String path, String content, int mode) throws InterruptedException, IOException {
        compute.write(workload, path, content.getBytes(StandardCharsets.UTF_8), "root:root", mode);
    }

    /** Runs a command of the build specification.
     *
     * @return its exit status */
    int run(String command, Optional<String> user, boolean succeeding) throws InterruptedException, IOException {
        write(STATE + "/command", command + "\n", 0755);
        Map<String, String> variables = new HashMap<>(environment);
        Exit exit = call(
                Command.of(program, "-c", script(succeeding))
                        .withEnvironment(variables)
                        .as(user.orElse("root"))
                        .mergingOutput(),
                log.output());
        log.endOutput();
        return exit.code();
    }

    private String script(boolean succeeding) {
        boolean bash = program.endsWith("bash");
        String save = bash ? "{ declare -p; declare -f; }" : "{ set; export -p; }";
        return "[ -f " + STATE + "/variables ] && . " + STATE + "/variables 2>/dev/null\n"
                + "cd \"$(cat " + STATE + "/folder)\" 2>/dev/null\n"
                + "export CODEBUILD_BUILD_SUCCEEDING=" + (succeeding ? 1 : 0) + "\n"
                + "trap 'terrane_status=$?; trap - EXIT; " + save + " >" + STATE + "/variables.$$ 2>/dev/null && mv -f "
                + STATE + "/variables.$$ " + STATE + "/variables; pwd >" + STATE + "/folder.$$ && mv -f " + STATE
                + "/folder.$$ " + STATE + "/folder; exit $terrane_status' EXIT\n"
                + ". " + STATE + "/command\n";
    }

    /** The value that a text with variables has now, or what a variable holds. */
    String evaluate(String text) throws InterruptedException, IOException {
        write(STATE + "/text", "printf '%s' \"" + text.replace("\\", "\\\\").replace("\"", "\\\"") + "\"\n", 0644);
        return ask(Command.of(
                        program,
                        "-c",
                        "[ -f " + STATE + "/variables ] && . " + STATE + "/variables 2>/dev/null\n" + "cd \"$(cat "
                                + STATE + "/folder)\" 2>/dev/null\n. " + STATE + "/text")
                .withEnvironment(environment));
    }

    /** What a command writes to its standard output; its errors go to the log.
     *
     * @throws BuildFailure when it fails */
    String ask(Command command) throws InterruptedException, IOException {
        ByteArrayOutputStream answer = new ByteArrayOutputStream();
        OutputSink errors = log.output();
        Exit exit = call(command, (stream, bytes, length) -> {
            if (stream == OutputSink.Stream.ERROR) {
                errors.accept(stream, bytes, length);
            } else if (answer.size() < LONGEST_ANSWER) {
                answer.write(bytes, 0, length);
            }
        });
        log.endOutput();
        if (!exit.succeeded()) {
            throw BuildFailure.client(
                    String.join(" ", command.arguments().subList(0, 1)) + " ended with exit status " + exit.code());
        }
        return answer.toString(StandardCharsets.UTF_8);
    }

    Exit call(Command command, OutputSink output) throws InterruptedException {
        if (stopped.getAsBoolean()) {
            throw new InterruptedException("The build is stopped");
        }
        try {
            return compute.exec(workload, command, output);
        } catch (ComputeException e) {
            throw BuildFailure.client("The build environment ended: " + e.getMessage());
        }
    }
}
