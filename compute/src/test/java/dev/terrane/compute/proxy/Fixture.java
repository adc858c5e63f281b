package dev.terrane.compute.proxy;

import dev.terrane.kernel.balancer.Action;
import dev.terrane.kernel.balancer.BalancerConfig;
import dev.terrane.kernel.balancer.BalancerSettings;
import dev.terrane.kernel.balancer.HealthCheck;
import dev.terrane.kernel.balancer.Listener;
import dev.terrane.kernel.balancer.Target;
import dev.terrane.kernel.balancer.TargetGroup;
import dev.terrane.kernel.balancer.TargetState;
import dev.terrane.kernel.clock.Clock;
import dev.terrane.kernel.clock.MovableClock;
import dev.terrane.kernel.clock.Threads;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;

/** A proxy with one balancer on a loopback address of its own, a clock to move, and clients. */
final class Fixture implements AutoCloseable {
    static final int PORT = 8080;
    static final String GROUP = "blue";
    private static final AtomicInteger ADDRESSES = new AtomicInteger();

    final MovableClock clock = new MovableClock(Instant.parse("2026-11-22T10:00:00Z"));
    final List<Throwable> failures = new ArrayList<>();
    final Threads threads = new Threads(clock, failures::add);
    final HttpTrafficProxy proxy = new HttpTrafficProxy(clock, threads, "a secret".getBytes(StandardCharsets.UTF_8));
    final String address = "127.81." + ProcessHandle.current().pid() % 250 + "." + ADDRESSES.incrementAndGet();
    final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    static HealthCheck check() {
        return HealthCheck.DEFAULT.with("/health", Duration.ofSeconds(10), 2, 2);
    }

    static TargetGroup group(Target... targets) {
        return TargetGroup.http(GROUP, check(), List.of(targets));
    }

    void apply(Action action, TargetGroup... groups) {
        apply(Listener.http("http", PORT, action), groups);
    }

    void apply(Listener listener, TargetGroup... groups) {
        apply(BalancerSettings.DEFAULT, listener, groups);
    }

    void apply(BalancerSettings settings, Listener listener, TargetGroup... groups) {
        proxy.apply(new BalancerConfig("balancer", address, settings, List.of(listener), List.of(groups)));
    }

    /** Forwards everything to one group, and waits until its targets are healthy. */
    void serve(Target... targets) {
        apply(Action.Forward.to(GROUP), group(targets));
        awaitHealthy(GROUP, targets.length);
    }

    void awaitHealthy(String group, int count) {
        await(() -> proxy.targetHealth(group).stream()
                        .filter(health -> health.state() == TargetState.HEALTHY)
                        .count()
                == count);
    }

    static void await(BooleanSupplier condition) {
        for (int i = 0; i < 2000; i++) {
            if (condition.getAsBoolean()) {
                return;
            }
            pause();
        }
        throw new AssertionError("It did not come about within ten seconds");
    }

    static void pause() {
        try {
            Clock.system().sleep(Duration.ofMillis(5));
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    URI uri(String path) {
        return URI.create("http://" + address + ":" + PORT + path);
    }

    HttpResponse<String> get(String path, String... headers) throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(uri(path));
        if (headers.length > 0) {
            request.headers(headers);
        }
        return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    /** Sends these bytes, with line ends written as such, and returns everything until the balancer closes. */
    String raw(String request) throws IOException {
        try (Socket socket = connect()) {
            socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
        }
    }

    /** A head: these lines, and the empty one. */
    static String head(String... lines) {
        return String.join("\r\n", lines) + "\r\n\r\n";
    }

    Socket connect() throws IOException {
        Socket socket = new Socket(address, PORT);
        socket.setSoTimeout(10_000);
        return socket;
    }

    @Override
    public void close() {
        proxy.close();
        threads.close();
        client.close();
        if (!failures.isEmpty()) {
            throw new AssertionError("A thread of the proxy failed", failures.getFirst());
        }
    }
}
