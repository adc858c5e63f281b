package dev.terrane.compute.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.terrane.kernel.balancer.Action;
import dev.terrane.kernel.balancer.Target;
import dev.terrane.kernel.balancer.TargetGroup;
import dev.terrane.kernel.balancer.TargetHealth;
import dev.terrane.kernel.balancer.TargetHealth.Reason;
import dev.terrane.kernel.balancer.TargetState;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** States and reasons as AWS documents them, with the clock moved from check to check. */
class HealthCheckTest {
    private final Fixture fixture = new Fixture();

    @AfterEach
    void close() {
        fixture.close();
    }

    private TargetHealth health() {
        return fixture.proxy.targetHealth(Fixture.GROUP).getFirst();
    }

    private void awaitState(TargetState state) {
        Fixture.await(() -> {
            if (health().state() != state) {
                fixture.clock.advance(Duration.ofSeconds(10));
            }
            return health().state() == state;
        });
    }

    @Test
    void followsATargetThroughItsStates() throws Exception {
        try (Origin origin = new Origin("a");
                Origin other = new Origin("b")) {
            Queue<TargetState> states = new ConcurrentLinkedQueue<>();
            try (var subscription = fixture.proxy.onHealthChange(health -> {
                if (health.target().equals(origin.target())) {
                    states.add(health.state());
                }
            })) {
                fixture.serve(origin.target(), other.target());
                assertThat(health().reason()).isEmpty();
                origin.health = 500;
                awaitState(TargetState.UNHEALTHY);
                assertThat(health().reason()).contains(Reason.RESPONSE_CODE_MISMATCH);
                assertThat(health().description()).contains("Health checks failed with these codes: [500]");
                for (int i = 0; i < 10; i++) {
                    assertThat(fixture.get("/").body()).isEqualTo("b");
                }
                origin.health = 200;
                awaitState(TargetState.HEALTHY);
                Fixture.await(() -> states.size() == 4);
            }
            assertThat(states)
                    .containsExactly(
                            TargetState.INITIAL, TargetState.HEALTHY, TargetState.UNHEALTHY, TargetState.HEALTHY);
        }
    }

    @Test
    void oneFailureIsForgiven() throws Exception {
        try (Origin origin = new Origin("a")) {
            fixture.serve(origin.target());
            origin.health = 503;
            int before = origin.checks.get();
            Fixture.await(() -> {
                fixture.clock.advance(Duration.ofSeconds(10));
                return origin.checks.get() > before;
            });
            assertThat(health().state()).isEqualTo(TargetState.HEALTHY);
        }
    }

    @Test
    void aTargetThatNobodyIsBehindNeverBecomesHealthy() throws Exception {
        int nobody;
        try (ServerSocket free = new ServerSocket(0)) {
            nobody = free.getLocalPort();
        }
        fixture.apply(Action.Forward.to(Fixture.GROUP), Fixture.group(new Target("i-1", "127.0.0.1", nobody)));
        Fixture.await(() -> health().reason().equals(Optional.of(Reason.INITIAL_HEALTH_CHECKING)));
        assertThat(health().state()).isEqualTo(TargetState.INITIAL);
        awaitState(TargetState.UNHEALTHY);
        assertThat(health().reason()).contains(Reason.FAILED_HEALTH_CHECKS);
    }

    @Test
    void aSilentTargetTimesOut() throws Exception {
        try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            Target target = new Target("i-1", "127.0.0.1", silent.getLocalPort());
            fixture.apply(Action.Forward.to(Fixture.GROUP), Fixture.group(target));
            awaitState(TargetState.UNHEALTHY);
            assertThat(health().reason()).contains(Reason.TIMEOUT);
            assertThat(health().description()).contains("Request timed out");
        }
    }

    @Test
    void whatIsNotForwardedToIsUnused() throws Exception {
        try (Origin origin = new Origin("a")) {
            fixture.apply(new Action.FixedResponse(200, "text/plain", "fixed"), Fixture.group(origin.target()));
            assertThat(health().state()).isEqualTo(TargetState.UNUSED);
            assertThat(health().reason()).contains(Reason.NOT_IN_USE);
            assertThat(fixture.proxy.targetHealth("unknown")).isEmpty();
            fixture.serve(origin.target());
            fixture.apply(new Action.FixedResponse(200, "text/plain", "fixed"), Fixture.group(origin.target()));
            assertThat(health().state()).isEqualTo(TargetState.UNUSED);
        }
    }

    @Test
    void sendsRequestsToAllWhenNoneIsHealthy() throws Exception {
        try (Origin origin = new Origin("a")) {
            origin.health = 500;
            fixture.apply(Action.Forward.to(Fixture.GROUP), Fixture.group(origin.target()));
            awaitState(TargetState.UNHEALTHY);
            assertThat(fixture.get("/").statusCode()).isEqualTo(200);
        }
    }

    @Test
    void startsSlowly() throws Exception {
        try (Origin first = new Origin("a");
                Origin second = new Origin("b")) {
            var slow = new TargetGroup(
                    Fixture.GROUP,
                    TargetGroup.TargetProtocol.HTTP,
                    Fixture.check(),
                    TargetGroup.Algorithm.ROUND_ROBIN,
                    Duration.ofSeconds(1),
                    Duration.ofSeconds(100),
                    Optional.empty(),
                    List.of(first.target()));
            fixture.apply(Action.Forward.to(Fixture.GROUP), slow);
            fixture.awaitHealthy(Fixture.GROUP, 1);
            fixture.clock.advance(Duration.ofSeconds(100));
            fixture.apply(Action.Forward.to(Fixture.GROUP), slow.withTargets(List.of(first.target(), second.target())));
            fixture.awaitHealthy(Fixture.GROUP, 2);
            for (int i = 0; i < 100; i++) {
                fixture.get("/");
            }
            assertThat(second.served.get()).isBetween(0, 25);
            fixture.clock.advance(Duration.ofSeconds(100));
            int before = second.served.get();
            for (int i = 0; i < 100; i++) {
                fixture.get("/");
            }
            assertThat(second.served.get() - before).isEqualTo(50);
        }
    }
}
