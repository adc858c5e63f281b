package dev.terrane.compute.sandbox;

import java.nio.file.Path;
import java.util.List;

/** The program {@code ip}, run in the calling thread's network namespace. */
record IpCommand(Path program) {
    IpCommand() {
        this(HostCommand.need("ip", "iproute2"));
    }

    /** Runs lines one after the other, until one fails. */
    void run(String... lines) {
        HostCommand.run(List.of(program.toString(), "-batch", "-"), String.join("\n", lines) + "\n");
    }
}
