package dev.terrane.compute.proxy;

import dev.terrane.kernel.balancer.Target;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/** A target whose every byte a test decides. Health checks pass. */
final class RawOrigin implements AutoCloseable {
    /** What is done with a connection after the head of its first request was read. */
    interface Script {
        void run(Socket socket, String head) throws IOException;
    }

    final AtomicInteger connections = new AtomicInteger();
    private final ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final ExecutorService workers = Executors.newVirtualThreadPerTaskExecutor();

    RawOrigin(Script script) throws IOException {
        workers.execute(() -> {
            while (!server.isClosed()) {
                try {
                    Socket socket = server.accept();
                    workers.execute(() -> serve(socket, script));
                } catch (IOException e) {
                    return;
                }
            }
        });
    }

    private void serve(Socket socket, Script script) {
        try (socket) {
            String head = head(socket);
            if (head.startsWith("GET /health ")) {
                send(socket, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
            } else if (!head.isEmpty()) {
                connections.incrementAndGet();
                script.run(socket, head);
            }
        } catch (IOException e) {
            // The proxy hung up, as some tests want.
        }
    }

    Target target() {
        return new Target("i-raw", "127.0.0.1", server.getLocalPort());
    }

    static void send(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
        socket.getOutputStream().flush();
    }

    /** The next request's head; empty at the end of the connection. */
    static String head(Socket socket) throws IOException {
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            int next = socket.getInputStream().read();
            if (next < 0) {
                return "";
            }
            head.append((char) next);
        }
        return head.toString();
    }

    @Override
    public void close() {
        try {
            server.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        workers.shutdownNow();
    }
}
