package dev.terrane.gateway.protocol;

import java.util.Map;

/**
 * Bounds on what a request may make the server hold.
 *
 * @param body the greatest body, in bytes, of an operation whose input does not stream
 * @param bodies exceptions from {@code body}, by "service:Operation"
 * @param depth the deepest nesting of values
 * @param headers the greatest number of header fields
 * @param parameters the greatest number of form or query parameters
 */
public record WireLimits(int body, Map<String, Integer> bodies, int depth, int headers, int parameters) {

    /** 16 MiB, 100 levels, 200 headers, 20,000 parameters. */
    public static final WireLimits DEFAULT = new WireLimits(16 << 20, Map.of(), 100, 200, 20_000);

    public WireLimits {
        bodies = Map.copyOf(bodies);
    }

    /** The greatest body of an operation, in bytes. */
    public int body(String service, String operation) {
        return bodies.isEmpty() ? body : bodies.getOrDefault(service + ":" + operation, body);
    }
}
