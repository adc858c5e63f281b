package dev.terrane.compute.proxy;

import java.io.IOException;

/** Bytes both ways after an upgrade, until both sides have ended or one has failed. */
final class Tunnel {
    private Tunnel() {}

    static void join(ClientConnection client, TargetConnection connection) {
        client.threads().start("balancer-tunnel", () -> {
            try {
                while (client.in().awaitSome()) {
                    connection.out.write(client.in().bytes, client.in().start, client.in().end - client.in().start);
                    client.in().start = client.in().end;
                    connection.out.flush();
                }
                connection.wire.endOutput();
            } catch (IOException e) {
                connection.close();
                client.abort();
            }
        });
        try {
            while (connection.in.awaitSome()) {
                client.write(connection.in.bytes, connection.in.start, connection.in.end - connection.in.start);
                connection.in.start = connection.in.end;
                client.flush();
            }
        } catch (IOException e) {
            // The other direction sees the closed connection.
        }
        // A target that has ended says no more, and the close tells the client so.
        connection.close();
    }
}
