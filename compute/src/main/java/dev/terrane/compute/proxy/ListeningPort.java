package dev.terrane.compute.proxy;

import dev.terrane.kernel.balancer.ListenerBindException;
import dev.terrane.kernel.clock.Clock;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Optional;

/** A port that is listened on. Its protocol and certificates may change; connections that are open keep theirs. */
final class ListeningPort {
    private static final int BACKLOG = 1024;
    /** How long to leave off accepting when the system gives no more sockets. */
    private static final Duration BREATH = Duration.ofMillis(50);

    private final int port;
    private final ServerSocketChannel server;
    private volatile Optional<ServerTls> tls;

    private ListeningPort(int port, ServerSocketChannel server, Optional<ServerTls> tls) {
        this.port = port;
        this.server = server;
        this.tls = tls;
    }

    static ListeningPort bind(String address, int port, Optional<ServerTls> tls) {
        try {
            ServerSocketChannel server = ServerSocketChannel.open();
            try {
                server.bind(new InetSocketAddress(InetAddress.ofLiteral(address), port), BACKLOG);
                return new ListeningPort(port, server, tls);
            } catch (IOException | RuntimeException e) {
                server.close();
                throw e;
            }
        } catch (IOException | IllegalArgumentException e) {
            throw new ListenerBindException("Can't listen on " + address + " port " + port + ": " + e.getMessage(), e);
        }
    }

    int port() {
        return port;
    }

    Optional<ServerTls> tls() {
        return tls;
    }

    void tls(Optional<ServerTls> next) {
        tls = next;
    }

    boolean isClosed() {
        return !server.isOpen();
    }

    /** Accepts connections until closed. */
    void accept(Balancer balancer) throws InterruptedException {
        while (server.isOpen()) {
            try {
                SocketChannel channel = server.accept();
                try {
                    channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
                    balancer.accepted(new ClientConnection(balancer, this, channel));
                } catch (IOException | RuntimeException e) {
                    channel.close();
                }
            } catch (ClosedChannelException e) {
                return;
            } catch (IOException e) {
                Clock.system().sleep(BREATH);
            }
        }
    }

    void close() {
        try {
            server.close();
        } catch (IOException e) {
            // It accepts no more, which is what was wanted.
        }
    }
}
