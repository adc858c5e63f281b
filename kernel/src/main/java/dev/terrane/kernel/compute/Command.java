package dev.terrane.kernel.compute;

import java.io.InputStream;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A command to run inside a workload.
 *
 * @param arguments the program, looked up on the workload's PATH, and its arguments
 * @param environment variables on top of the workload's
 * @param user a user name or number of the workload's own
 * @param folder the working folder, absolute; the user's home by default
 * @param timeout after it the command and all it started are killed; real time
 * @param input what it reads; empty by default. Not closed.
 * @param mergeOutput whether standard error is handed on as standard output, in the order of writing
 */
public record Command(
        List<String> arguments,
        Map<String, String> environment,
        String user,
        Optional<String> folder,
        Optional<Duration> timeout,
        Optional<InputStream> input,
        boolean mergeOutput) {
    public Command {
        arguments = List.copyOf(arguments);
        environment = Map.copyOf(environment);
        if (arguments.isEmpty() || user.isEmpty()) {
            throw new IllegalArgumentException("A command needs a program and a user");
        }
        if (!folder.orElse("/").startsWith("/")) {
            throw new IllegalArgumentException("A working folder is absolute: " + folder.get());
        }
    }

    /** A command of root, with standard error apart. */
    public static Command of(String... arguments) {
        return new Command(
                List.of(arguments), Map.of(), "root", Optional.empty(), Optional.empty(), Optional.empty(), false);
    }

    /** A script for {@code /bin/sh}, as root. */
    public static Command shell(String script) {
        return of("/bin/sh", "-c", script);
    }

    public Command withEnvironment(Map<String, String> variables) {
        return new Command(arguments, variables, user, folder, timeout, input, mergeOutput);
    }

    public Command as(String name) {
        return new Command(arguments, environment, name, folder, timeout, input, mergeOutput);
    }

    public Command in(String workingFolder) {
        return new Command(arguments, environment, user, Optional.of(workingFolder), timeout, input, mergeOutput);
    }

    public Command within(Duration time) {
        return new Command(arguments, environment, user, folder, Optional.of(time), input, mergeOutput);
    }

    public Command reading(InputStream stream) {
        return new Command(arguments, environment, user, folder, timeout, Optional.of(stream), mergeOutput);
    }

    public Command mergingOutput() {
        return new Command(arguments, environment, user, folder, timeout, input, true);
    }
}
