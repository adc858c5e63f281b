package dev.terrane.kernel.compute;

import java.nio.file.Path;

/**
 * A folder or file of the server's machine that a workload sees.
 *
 * @param source on the server's machine; only ever chosen by the server, never taken from a request
 * @param target the absolute path inside
 */
public record Bind(Path source, String target, boolean writable) {
    public Bind {
        if (!source.isAbsolute() || !target.startsWith("/")) {
            throw new IllegalArgumentException("A bind needs absolute paths: " + source + " " + target);
        }
    }
}
