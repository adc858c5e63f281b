package dev.terrane.compute.proxy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.terrane.kernel.balancer.Target;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/** A real HTTP server to be a target: answers with its name, a health of choice, an echo, and what was stored. */
final class Origin implements AutoCloseable {
    final String name;
    final AtomicInteger served = new AtomicInteger();
    final AtomicInteger checks = new AtomicInteger();
    volatile int health = 200;
    private final int port;
    private final ExecutorService workers = Executors.newVirtualThreadPerTaskExecutor();
    private volatile byte[] stored = {};
    private HttpServer server;

    Origin(String name) throws IOException {
        this.name = name;
        server = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
        port = server.getAddress().getPort();
        begin();
    }

    Target target() {
        return new Target("i-" + name, "127.0.0.1", port);
    }

    void stop() {
        server.stop(0);
    }

    void restart() throws IOException {
        server = HttpServer.create(new InetSocketAddress("127.0.0.1", port), 0);
        begin();
    }

    private void begin() {
        server.setExecutor(workers);
        server.createContext("/", exchange -> {
            served.incrementAndGet();
            answer(exchange, 200, name);
        });
        server.createContext("/health", exchange -> {
            answer(exchange, health, "health");
            checks.incrementAndGet();
        });
        server.createContext("/headers", exchange -> {
            StringBuilder all = new StringBuilder();
            exchange.getRequestHeaders()
                    .forEach((key, values) -> values.forEach(
                            value -> all.append(key).append(": ").append(value).append('\n')));
            answer(exchange, 200, all.toString());
        });
        server.createContext("/stored", exchange -> {
            try (exchange) {
                if (exchange.getRequestMethod().equals("PUT")) {
                    stored = exchange.getRequestBody().readAllBytes();
                    exchange.sendResponseHeaders(204, -1);
                } else {
                    exchange.sendResponseHeaders(200, exchange.getRequestURI().getQuery() == null ? stored.length : 0);
                    exchange.getResponseBody().write(stored);
                }
            }
        });
        server.createContext("/echo", exchange -> {
            exchange.sendResponseHeaders(200, 0);
            try (exchange) {
                exchange.getRequestBody().transferTo(exchange.getResponseBody());
            }
        });
        server.start();
    }

    private static void answer(HttpExchange exchange, int status, String text) throws IOException {
        byte[] body = text.getBytes(StandardCharsets.UTF_8);
        try (exchange) {
            exchange.getRequestBody().readAllBytes();
            exchange.sendResponseHeaders(status, body.length);
            exchange.getResponseBody().write(body);
        }
    }

    @Override
    public void close() {
        server.stop(0);
        workers.close();
    }
}
