package dev.terrane.compute.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.terrane.kernel.balancer.Action;
import dev.terrane.kernel.balancer.BalancerConfig;
import dev.terrane.kernel.balancer.BalancerSettings;
import dev.terrane.kernel.balancer.Condition;
import dev.terrane.kernel.balancer.Listener;
import dev.terrane.kernel.balancer.ListenerBindException;
import dev.terrane.kernel.balancer.Rule;
import dev.terrane.kernel.balancer.Target;
import dev.terrane.kernel.balancer.TargetGroup;
import dev.terrane.kernel.balancer.TargetHealth;
import dev.terrane.kernel.balancer.TargetState;
import java.io.IOException;
import java.net.Socket;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The promise of the balancer: no change costs a request. */
class ChangeUnderLoadTest {
    private final Fixture fixture = new Fixture();

    @AfterEach
    void close() {
        fixture.close();
    }

    /** Clients that send GET and POST requests one after another, and write down all that is not answered 200. */
    private final class Traffic implements AutoCloseable {
        private static final int CLIENTS = 8;

        final AtomicInteger answered = new AtomicInteger();
        final Queue<String> failures = new ConcurrentLinkedQueue<>();
        private final CountDownLatch ended = new CountDownLatch(CLIENTS);
        private volatile boolean stopped;

        Traffic() {
            for (int i = 0; i < CLIENTS; i++) {
                boolean posts = i % 2 == 0;
                fixture.threads.start("traffic", () -> run(posts));
            }
        }

        private void run(boolean posts) throws InterruptedException {
            try {
                while (!stopped) {
                    HttpRequest.Builder request = HttpRequest.newBuilder(fixture.uri("/"));
                    if (posts) {
                        request.POST(HttpRequest.BodyPublishers.ofString("order"));
                    }
                    HttpResponse<String> answer =
                            fixture.client.send(request.build(), HttpResponse.BodyHandlers.ofString());
                    if (answer.statusCode() != 200) {
                        failures.add(answer.statusCode() + " " + answer.body());
                    }
                    answered.incrementAndGet();
                }
            } catch (IOException e) {
                failures.add(e.toString());
            } finally {
                ended.countDown();
            }
        }

        void more(int requests) {
            int goal = answered.get() + requests;
            Fixture.await(() -> answered.get() >= goal || !failures.isEmpty());
        }

        @Override
        public void close() throws InterruptedException {
            stopped = true;
            ended.await();
            assertThat(failures).isEmpty();
        }
    }

    @Test
    void replacesTargetsOneByOne() throws Exception {
        try (Origin first = new Origin("a");
                Origin second = new Origin("b")) {
            fixture.serve(first.target(), second.target());
            try (Traffic traffic = new Traffic()) {
                for (int round = 0; round < 5; round++) {
                    for (Origin origin : List.of(first, second)) {
                        Target other = (origin.name.equals("a") ? second : first).target();
                        traffic.more(50);
                        fixture.apply(Action.Forward.to(Fixture.GROUP), Fixture.group(other));
                        Fixture.await(
                                () -> fixture.proxy.targetHealth(Fixture.GROUP).size() == 1);
                        origin.stop();
                        traffic.more(50);
                        origin.restart();
                        fixture.serve(first.target(), second.target());
                    }
                }
                traffic.more(50);
            }
        }
    }

    @Test
    void movesWeightsRulesAndListeners() throws Exception {
        try (Origin first = new Origin("a");
                Origin second = new Origin("b")) {
            TargetGroup blue = Fixture.group(first.target());
            TargetGroup green = TargetGroup.http("green", Fixture.check(), List.of(second.target()));
            fixture.apply(Action.Forward.to(Fixture.GROUP), blue, green);
            fixture.awaitHealthy(Fixture.GROUP, 1);
            try (Traffic traffic = new Traffic()) {
                for (int weight = 0; weight <= 100; weight += 10) {
                    Action split = Action.Forward.to(
                            new Action.WeightedTargetGroup(Fixture.GROUP, 100 - weight),
                            new Action.WeightedTargetGroup("green", weight));
                    Listener listener = Listener.http("http", Fixture.PORT, new Action.FixedResponse(404, "", ""))
                            .withRules(List.of(new Rule(
                                    "all", 1 + weight, List.of(new Condition.PathPattern(List.of("/*"))), split)));
                    Listener beside = Listener.http("beside", 8081 + weight, split);
                    fixture.proxy.apply(new BalancerConfig(
                            "balancer",
                            fixture.address,
                            BalancerSettings.DEFAULT,
                            List.of(listener, beside),
                            List.of(blue, green)));
                    fixture.awaitHealthy("green", 1);
                    traffic.more(60);
                }
            }
            assertThat(fixture.get("/").body()).isEqualTo("b");
        }
    }

    @Test
    void triesAnotherTargetWhenOneVanishesBeforeItsCheckFails() throws Exception {
        try (Origin first = new Origin("a");
                Origin second = new Origin("b")) {
            fixture.serve(first.target(), second.target());
            first.stop();
            for (int i = 0; i < 20; i++) {
                assertThat(fixture.get("/").body()).isEqualTo("b");
            }
        }
    }

    @Test
    void letsRequestsInFlightFinishWhileTheirTargetDrains() throws Exception {
        CountDownLatch drained = new CountDownLatch(1);
        try (RawOrigin slow = new RawOrigin((socket, head) -> {
                    RawOrigin.send(socket, "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nsl");
                    try {
                        drained.await();
                    } catch (InterruptedException e) {
                        return;
                    }
                    RawOrigin.send(socket, "ow");
                });
                Origin other = new Origin("b")) {
            fixture.serve(slow.target());
            Queue<TargetState> states = new ConcurrentLinkedQueue<>();
            fixture.proxy.onHealthChange(health -> {
                if (health.target().equals(slow.target())) {
                    states.add(health.state());
                }
            });
            try (Socket client = fixture.connect()) {
                RawOrigin.send(client, "GET / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n");
                Fixture.await(() -> slow.connections.get() == 1);
                fixture.serve(other.target());
                assertThat(fixture.get("/").body()).isEqualTo("b");
                assertThat(fixture.proxy.targetHealth(Fixture.GROUP))
                        .filteredOn(health -> health.target().equals(slow.target()))
                        .singleElement()
                        .satisfies(health -> {
                            assertThat(health.state()).isEqualTo(TargetState.DRAINING);
                            assertThat(health.reason()).contains(TargetHealth.Reason.DEREGISTRATION_IN_PROGRESS);
                        });
                drained.countDown();
                assertThat(new String(client.getInputStream().readAllBytes(), StandardCharsets.US_ASCII))
                        .endsWith("\r\n\r\nslow");
            }
            Fixture.await(() -> states.contains(TargetState.UNUSED));
            assertThat(states).containsExactly(TargetState.DRAINING, TargetState.UNUSED);
            assertThat(fixture.proxy.targetHealth(Fixture.GROUP)).hasSize(1);
        }
    }

    @Test
    void cutsRequestsThatOutliveTheDeregistrationDelay() throws Exception {
        try (RawOrigin silent =
                new RawOrigin((socket, head) -> socket.getInputStream().readAllBytes())) {
            fixture.serve(silent.target());
            try (Socket client = fixture.connect()) {
                RawOrigin.send(client, "GET / HTTP/1.1\r\nHost: h\r\n\r\n");
                Fixture.await(() -> silent.connections.get() == 1);
                fixture.apply(Action.Forward.to(Fixture.GROUP), Fixture.group());
                Fixture.await(() -> {
                    fixture.clock.advance(Duration.ofSeconds(301));
                    return fixture.proxy.targetHealth(Fixture.GROUP).isEmpty();
                });
                assertThat(RawOrigin.head(client)).startsWith("HTTP/1.1 502 ");
            }
        }
    }

    @Test
    void refusesAPortThatIsTakenAndStaysAsItWas() throws Exception {
        try (Origin origin = new Origin("a")) {
            fixture.serve(origin.target());
            BalancerConfig other = new BalancerConfig(
                    "other",
                    fixture.address,
                    BalancerSettings.DEFAULT,
                    List.of(Listener.http("http", Fixture.PORT, Action.Forward.to(Fixture.GROUP))),
                    List.of(Fixture.group(origin.target())));
            assertThatThrownBy(() -> fixture.proxy.apply(other)).isInstanceOf(ListenerBindException.class);
            assertThat(fixture.proxy.stats("other")).isEmpty();
            assertThat(fixture.get("/").statusCode()).isEqualTo(200);
        }
    }

    @Test
    void endsARemovedBalancerAfterItsLastRequest() throws Exception {
        CountDownLatch removed = new CountDownLatch(1);
        try (RawOrigin slow = new RawOrigin((socket, head) -> {
            try {
                removed.await();
            } catch (InterruptedException e) {
                return;
            }
            RawOrigin.send(socket, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
        })) {
            fixture.serve(slow.target());
            try (Socket client = fixture.connect();
                    Socket resting = fixture.connect()) {
                RawOrigin.send(client, "GET / HTTP/1.1\r\nHost: h\r\n\r\n");
                Fixture.await(() -> slow.connections.get() == 1);
                fixture.proxy.remove("balancer");
                assertThat(resting.getInputStream().read()).isEqualTo(-1);
                removed.countDown();
                assertThat(RawOrigin.head(client)).startsWith("HTTP/1.1 200 ").contains("Connection: close");
            }
            assertThat(fixture.proxy.stats("balancer")).isEmpty();
        }
    }
}
