package dev.terrane.app;

import dev.terrane.kernel.clock.Clock;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code terrane up}. */
@Command(name = "up", description = "Starts the server.", mixinStandardHelpOptions = true)
final class UpCommand implements Callable<Integer> {
    private static final Duration START_UP = Duration.ofSeconds(60);

    @Mixin
    private DataOption data = new DataOption();

    @Option(
            names = "--port",
            paramLabel = "PORT",
            defaultValue = "4566",
            description = "The port for HTTP and HTTPS (default: ${DEFAULT-VALUE}).")
    private int port = 4566;

    @Option(
            names = "--bind",
            paramLabel = "ADDRESS",
            defaultValue = "127.0.0.1",
            description = "The address to listen on (default: ${DEFAULT-VALUE}, reachable from this machine only).")
    private String bind = "127.0.0.1";

    @Option(
            names = "--region",
            paramLabel = "REGION",
            defaultValue = "us-east-1",
            description = "The region of the first account (default: ${DEFAULT-VALUE}).")
    private String region = "us-east-1";

    @Option(names = "--detach", description = "Returns when the server answers; its log goes to DIR/server.log.")
    private boolean detach;

    @Option(names = "--log-json", description = "Logs as JSON, one object a line.")
    private boolean json;

    @Override
    public Integer call() throws IOException, InterruptedException {
        Installation installation = data.installation();
        Optional<Installation.Running> running = installation.running();
        if (running.isPresent()) {
            System.err.printf(
                    "terrane: already running on %s (process %d). Stop it with: terrane down --data %s%n",
                    running.get().url(), running.get().pid(), installation.folder());
            return 1;
        }
        return detach ? inBackground(installation) : inForeground(installation);
    }

    private int inForeground(Installation installation) throws InterruptedException {
        Clock clock = Clock.system();
        Server server = new Server(installation, bind, port, region, new Log(clock, System.out, json));
        CountDownLatch end = new CountDownLatch(1);
        Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().unstarted(() -> {
            server.close();
            end.countDown();
        }));
        end.await();
        return 0;
    }

    /** Starts this same program again, in a session of its own. */
    private int inBackground(Installation installation) throws IOException, InterruptedException {
        installation.prepare();
        List<String> command = new ArrayList<>();
        command.add("setsid");
        command.add(ProcessHandle.current().info().command().orElse("java"));
        command.addAll(java.lang.management.ManagementFactory.getRuntimeMXBean().getInputArguments());
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), Main.class.getName(), "up"));
        command.addAll(List.of("--data", installation.folder().toString(), "--port", String.valueOf(port)));
        command.addAll(List.of("--bind", bind, "--region", region));
        if (json) {
            command.add("--log-json");
        }
        File log = installation.log().toFile();
        Process process = new ProcessBuilder(command)
                .redirectInput(new File("/dev/null"))
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log))
                .redirectErrorStream(true)
                .start();
        Instant limit = Clock.system().instant().plus(START_UP);
        while (Clock.system().instant().isBefore(limit)) {
            Optional<Installation.Running> running = installation.running();
            if (running.isPresent()) {
                System.out.printf(
                        "Terrane runs on %s (process %d, log %s)%n",
                        running.get().url(), running.get().pid(), log);
                System.out.printf("To use it:  eval \"$(terrane env --data %s)\"%n", installation.folder());
                return 0;
            }
            if (!process.isAlive()) {
                System.err.println("terrane: the server did not start; the end of its log:");
                List<String> lines = Files.readAllLines(log.toPath());
                lines.subList(Math.max(0, lines.size() - 20), lines.size()).forEach(System.err::println);
                return 1;
            }
            Clock.system().sleep(Duration.ofMillis(20));
        }
        System.err.println("terrane: the server did not answer within " + START_UP.toSeconds() + " s; see " + log);
        return 1;
    }
}
