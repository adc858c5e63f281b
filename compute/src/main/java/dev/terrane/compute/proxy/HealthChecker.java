package dev.terrane.compute.proxy;

import dev.terrane.kernel.balancer.HealthCheck;
import dev.terrane.kernel.balancer.TargetGroup;
import dev.terrane.kernel.balancer.TargetHealth.Reason;
import dev.terrane.kernel.clock.Clock;
import dev.terrane.kernel.clock.Threads;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;

/** Checks one target, at once and then at each interval, until stopped. */
final class HealthChecker {
    /**
     * Real time that a check has at least. A clock that is moved by hand passes a check's timeout in no time, in which no target can answer.
     */
    private static final Duration LEAST_TIME = Duration.ofMillis(200);

    private final RegisteredTarget target;
    private final HealthCheck check;
    private final TargetGroup.TargetProtocol protocol;
    private final Clock clock;
    private final Threads threads;
    private volatile boolean stopped;

    HealthChecker(RegisteredTarget target, TargetGroup group, Clock clock, Threads threads) {
        this.target = target;
        this.check = group.healthCheck();
        this.protocol = check.protocol().orElse(group.protocol());
        this.clock = clock;
        this.threads = threads;
    }

    void start() {
        threads.start("balancer-health-check", () -> {
            while (!stopped) {
                run();
                clock.sleep(check.interval());
            }
        });
    }

    void stop() {
        stopped = true;
    }

    private void run() {
        AtomicBoolean finished = new AtomicBoolean();
        AtomicBoolean late = new AtomicBoolean();
        int port = check.port().orElse(target.target.connectPort());
        try (TargetConnection connection = TargetConnection.open(target.target.host(), port, protocol)) {
            threads.start("balancer-health-timeout", () -> {
                clock.sleep(check.timeout());
                Clock.system().sleep(LEAST_TIME);
                if (finished.compareAndSet(false, true)) {
                    late.set(true);
                    connection.close();
                }
            });
            int status = ask(connection, port);
            if (finished.compareAndSet(false, true)) {
                report(status);
                return;
            }
        } catch (IOException | MalformedMessageException e) {
            if (!late.get()) {
                finished.set(true);
                failed(Reason.FAILED_HEALTH_CHECKS, "Health checks failed");
                return;
            }
        }
        failed(Reason.TIMEOUT, "Request timed out");
    }

    private int ask(TargetConnection connection, int port) throws IOException, MalformedMessageException {
        String request = "GET " + check.path() + " HTTP/1.1\r\nHost: " + target.target.host() + ":" + port
                + "\r\nConnection: close\r\nUser-Agent: ELB-HealthChecker/2.0\r\n\r\n";
        byte[] head = request.getBytes(StandardCharsets.US_ASCII);
        connection.wire.write(head, 0, head.length);
        while (true) {
            int end = connection.in.awaitHead();
            ResponseHead response = HeadParser.response(connection.in.bytes, connection.in.start, end, "GET");
            connection.in.start = end;
            if (response.status() >= 200) {
                return response.status();
            }
        }
    }

    private void report(int status) {
        if (check.matcher().matches(status)) {
            if (!stopped) {
                target.checkSucceeded(check, clock.instant());
            }
        } else {
            failed(Reason.RESPONSE_CODE_MISMATCH, "Health checks failed with these codes: [" + status + "]");
        }
    }

    private void failed(Reason reason, String description) {
        if (!stopped) {
            target.checkFailed(check, reason, description);
        }
    }
}
