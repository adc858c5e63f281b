package dev.terrane.app;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code terrane down}. */
@Command(
        name = "down",
        description = "Stops the server. What runs goes on at the next start.",
        mixinStandardHelpOptions = true)
final class DownCommand implements Callable<Integer> {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @Mixin
    private DataOption data = new DataOption();

    @Override
    public Integer call() throws InterruptedException, ExecutionException {
        Installation installation = data.installation();
        Optional<Installation.Running> running = installation.running();
        if (running.isEmpty()) {
            System.out.println("No server runs on " + installation.folder());
            return 0;
        }
        Optional<ProcessHandle> process = ProcessHandle.of(running.get().pid());
        if (process.isPresent()) {
            process.get().destroy();
            try {
                process.get().onExit().get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            } catch (TimeoutException e) {
                process.get().destroyForcibly();
                System.err.println(
                        "terrane: the server did not end within " + PATIENCE.toSeconds() + " s and was killed");
            }
        }
        installation.stopped();
        System.out.println("Stopped");
        return 0;
    }
}
