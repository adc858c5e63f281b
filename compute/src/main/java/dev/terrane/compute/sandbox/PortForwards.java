package dev.terrane.compute.sandbox;

import dev.terrane.kernel.clock.Threads;
import dev.terrane.kernel.compute.ComputeException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.nio.channels.SocketChannel;
import java.util.HashMap;
import java.util.Map;

/**
 * Ports of the machine's loopback interface that lead to ports of workloads, where the machine itself has no route to these:
 * each connection goes on by a socket of the router's.
 */
final class PortForwards {
    private static final int BACKLOG = 1024;

    private final NamespaceThread router;
    private final Threads threads;
    private final Map<InetAddress, Map<Integer, ServerSocket>> open = new HashMap<>();

    PortForwards(NamespaceThread router, Threads threads) {
        this.router = router;
        this.threads = threads;
    }

    /** Where the port is reached from the machine; the same as long as the workload has its address. */
    synchronized InetSocketAddress to(InetAddress workload, int port) {
        ServerSocket server = open.computeIfAbsent(workload, key -> new HashMap<>())
                .computeIfAbsent(port, key -> {
                    try {
                        ServerSocket opened = new ServerSocket(0, BACKLOG, InetAddress.getLoopbackAddress());
                        threads.start("compute-forward", () -> accept(opened, new InetSocketAddress(workload, port)));
                        return opened;
                    } catch (IOException e) {
                        throw new ComputeException("No port is free for port " + port + " of a workload", e);
                    }
                });
        return new InetSocketAddress(server.getInetAddress(), server.getLocalPort());
    }

    synchronized void close(InetAddress workload) {
        Map<Integer, ServerSocket> servers = open.remove(workload);
        if (servers != null) {
            servers.values().forEach(server -> {
                try {
                    server.close();
                } catch (IOException e) {
                    throw new ComputeException("Closing a port of " + workload, e);
                }
            });
        }
    }

    private void accept(ServerSocket server, InetSocketAddress target) {
        while (!server.isClosed()) {
            try {
                Socket client = server.accept();
                threads.start("compute-forward", () -> forward(client, target));
            } catch (IOException e) {
                // Closed, or one connection less.
            }
        }
    }

    private void forward(Socket client, InetSocketAddress target) throws InterruptedException {
        try (client;
                SocketChannel channel = router.call(() -> SocketChannel.open(StandardProtocolFamily.INET))) {
            client.setTcpNoDelay(true);
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
            if (!connected(channel, target)) {
                // The client sees a reset, as it would see from the port itself.
                client.setSoLinger(true, 0);
                return;
            }
            Relay.between(client, channel.socket(), threads);
        } catch (IOException e) {
            // One side went away; the other one sees that.
        }
    }

    private static boolean connected(SocketChannel channel, InetSocketAddress target) {
        try {
            channel.socket().connect(target, 10_000);
            return true;
        } catch (IOException e) {
            return false;
        }
    }
}
