package dev.terrane.benchmarks;

import dev.terrane.kernel.clock.Clock;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Programs of the machine that are measured against, or measure. */
final class Tool implements AutoCloseable {
    private static final int PATIENCE = 200;

    private final Process process;

    private Tool(Process process) {
        this.process = process;
    }

    /** Where a program is, if it is installed. */
    static Optional<Path> find(String name) {
        return Stream.of("/usr/sbin", "/usr/bin", "/usr/local/sbin", "/usr/local/bin")
                .map(folder -> Path.of(folder, name))
                .filter(Files::isExecutable)
                .findFirst();
    }

    /** A port that is free on all addresses. */
    static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    /** Starts a server in the foreground, and waits until it listens. */
    static Tool serve(String address, int port, Path log, List<String> command)
            throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        for (int attempt = 0; attempt < PATIENCE; attempt++) {
            try (Socket socket = new Socket()) {
                socket.connect(new InetSocketAddress(address, port));
                return new Tool(process);
            } catch (IOException e) {
                if (!process.isAlive()) {
                    throw new IOException(command + " ended: " + Files.readString(log), e);
                }
                Clock.system().sleep(Duration.ofMillis(50));
            }
        }
        throw new IOException(command + " does not listen: " + Files.readString(log));
    }

    /** Starts a program that listens on no port. */
    static Tool start(Path log, List<String> command) throws IOException {
        return new Tool(new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start());
    }

    /** Runs a program to its end.
     *
     * @return what it printed
     * @throws IOException with what it printed, when it fails
     */
    static String run(Path folder, Map<String, String> environment, String... command)
            throws IOException, InterruptedException {
        ProcessBuilder builder =
                new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true);
        builder.environment().putAll(environment);
        Process process = builder.start();
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IOException(String.join(" ", command) + " failed: " + output);
        }
        return output;
    }

    Processes processes() {
        return new Processes(process.toHandle());
    }

    @Override
    public void close() throws IOException, InterruptedException {
        List<ProcessHandle> below = process.descendants().toList();
        process.destroy();
        process.waitFor();
        below.forEach(ProcessHandle::destroy);
    }
}
