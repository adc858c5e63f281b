package dev.terrane.kernel.balancer;

/**
 * Something that serves requests. Within its group its id and port name it, as with AWS.
 *
 * @param id an instance's id, or an address
 * @param port the port it is registered with
 * @param host the host name or address to connect to
 * @param connectPort the port to connect to: {@code port} unless the compute driver gives the instance's port out elsewhere
 */
public record Target(String id, int port, String host, int connectPort) {
    public Target(String id, String host, int port) {
        this(id, port, host, port);
    }

    public Target {
        if (port < 1 || port > 65_535 || connectPort < 1 || connectPort > 65_535) {
            throw new IllegalArgumentException("Not a port: " + port + ", " + connectPort);
        }
    }

    /** What names the target in its group. */
    public Key key() {
        return new Key(id, port);
    }

    /** A target's name within its group. */
    public record Key(String id, int port) {}
}
