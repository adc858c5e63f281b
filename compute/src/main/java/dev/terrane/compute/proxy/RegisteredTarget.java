package dev.terrane.compute.proxy;

import dev.terrane.kernel.balancer.BalancerStats;
import dev.terrane.kernel.balancer.HealthCheck;
import dev.terrane.kernel.balancer.Target;
import dev.terrane.kernel.balancer.TargetGroup;
import dev.terrane.kernel.balancer.TargetHealth;
import dev.terrane.kernel.balancer.TargetHealth.Reason;
import dev.terrane.kernel.balancer.TargetState;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/** A target from its registration to the end of its drain: its health, its connections, its requests. */
final class RegisteredTarget {
    /**
     * How long a resting connection may be used for a request that can't be sent twice. Servers close resting connections, and one that closes in
     * the moment of sending would cost the request; none closes this early.
     */
    private static final Duration SURELY_OPEN = Duration.ofSeconds(1);

    private static final Duration LONGEST_REST = Duration.ofSeconds(30);
    private static final int MOST_RESTING = 256;

    final Target target;
    private final String groupId;
    private final TargetGroup.TargetProtocol protocol;
    private final TargetCounter groupCounter;
    private final TargetCounter counter = new TargetCounter();
    private final String stickyName;
    private final Consumer<TargetHealth> changes;
    private final ConcurrentLinkedDeque<TargetConnection> resting = new ConcurrentLinkedDeque<>();
    private final Set<TargetConnection> working = ConcurrentHashMap.newKeySet();
    private final AtomicInteger inFlight = new AtomicInteger();
    private final AtomicBoolean gone = new AtomicBoolean();
    private volatile TargetHealth health;
    private volatile boolean draining;
    private volatile Runnable onGone = () -> {};
    private volatile Instant healthySince = Instant.MIN;
    private int successes;
    private int failures;

    RegisteredTarget(TargetGroup group, Target target, TargetCounter groupCounter, Consumer<TargetHealth> changes) {
        this.target = target;
        this.groupId = group.id();
        this.protocol = group.protocol();
        this.groupCounter = groupCounter;
        this.changes = changes;
        this.stickyName = StickyCookies.name(group.id(), target.id() + ":" + target.port());
        this.health = TargetHealth.of(
                groupId,
                target,
                TargetState.UNUSED,
                Reason.NOT_IN_USE,
                "Target group is not configured to receive traffic from the load balancer");
    }

    String stickyName() {
        return stickyName;
    }

    TargetHealth health() {
        return health;
    }

    boolean isHealthy() {
        TargetState state = health.state();
        return state == TargetState.HEALTHY || state == TargetState.UNAVAILABLE;
    }

    int inFlight() {
        return inFlight.get();
    }

    BalancerStats.TargetStats stats() {
        return new BalancerStats.TargetStats(target, counter.read());
    }

    TargetCounter counter() {
        return counter;
    }

    TargetCounter groupCounter() {
        return groupCounter;
    }

    /** The part of its full share that a target is due now: 1 except within the slow start. */
    double share(Duration slowStart, Instant now) {
        Instant since = healthySince;
        if (slowStart.isZero() || since.equals(Instant.MIN) || !now.isBefore(since.plus(slowStart))) {
            return 1;
        }
        double passed = Duration.between(since, now).toMillis() / (double) slowStart.toMillis();
        return Math.max(0.05, passed);
    }

    // Requests

    /** Enters a request, unless the target is being drained. Each that is entered must be {@link #end ended}. */
    boolean begin() {
        inFlight.incrementAndGet();
        counter.began();
        groupCounter.began();
        // Entered first and looked then: whoever sets the flag afterwards sees the request and waits for it.
        if (draining) {
            end();
            return false;
        }
        return true;
    }

    void end() {
        counter.ended();
        groupCounter.ended();
        if (inFlight.decrementAndGet() == 0 && draining) {
            leave();
        }
    }

    /**
     * A connection to the target.
     *
     * @param repeatable whether the request can be sent again when the connection turns out to be closed
     * @param anew whether only a new connection will do
     */
    TargetConnection connect(boolean repeatable, boolean anew) throws IOException {
        while (!anew) {
            TargetConnection rested = resting.pollFirst();
            if (rested == null) {
                break;
            }
            if ((repeatable || rested.idle().compareTo(SURELY_OPEN) < 0) && rested.isFresh()) {
                working.add(rested);
                return rested;
            }
            rested.close();
        }
        TargetConnection connection;
        try {
            connection = TargetConnection.open(target.host(), target.connectPort(), protocol);
        } catch (IOException e) {
            counter.connectionFailed();
            groupCounter.connectionFailed();
            throw e;
        }
        working.add(connection);
        return connection;
    }

    /** Gives back a connection on which nothing more is due. */
    void release(TargetConnection connection) {
        working.remove(connection);
        connection.rest();
        if (draining || resting.size() >= MOST_RESTING) {
            connection.close();
            return;
        }
        resting.addFirst(connection);
        if (draining) {
            closeResting();
        }
    }

    void discard(TargetConnection connection) {
        working.remove(connection);
        connection.close();
    }

    /** Closes connections that rested long or were closed by the target. */
    void sweep() {
        for (TargetConnection connection : resting) {
            if (connection.idle().compareTo(LONGEST_REST) > 0 && resting.remove(connection)) {
                connection.close();
            }
        }
    }

    int connections() {
        return resting.size() + working.size();
    }

    // Draining

    /**
     * Takes no new request from now on.
     *
     * @param whenGone called once, when the last request has ended
     */
    void drain(Runnable whenGone) {
        onGone = whenGone;
        draining = true;
        change(TargetHealth.of(
                groupId,
                target,
                TargetState.DRAINING,
                Reason.DEREGISTRATION_IN_PROGRESS,
                "Target deregistration is in progress"));
        closeResting();
        if (inFlight.get() == 0) {
            leave();
        }
    }

    boolean isGone() {
        return gone.get();
    }

    /** Ends the requests that outlived the deregistration delay, or the proxy. */
    void cut() {
        working.forEach(TargetConnection::close);
        closeResting();
        if (draining) {
            leave();
        }
    }

    private void leave() {
        if (gone.compareAndSet(false, true)) {
            change(TargetHealth.of(
                    groupId,
                    target,
                    TargetState.UNUSED,
                    Reason.NOT_REGISTERED,
                    "Target is not registered to the target group"));
            onGone.run();
        }
    }

    private void closeResting() {
        for (TargetConnection c = resting.pollFirst(); c != null; c = resting.pollFirst()) {
            c.close();
        }
    }

    // Health

    /** Begins anew: the group came into use, or its checks were turned off or on. */
    synchronized void beginChecks(boolean enabled) {
        successes = 0;
        failures = 0;
        change(
                enabled
                        ? TargetHealth.of(
                                groupId,
                                target,
                                TargetState.INITIAL,
                                Reason.REGISTRATION_IN_PROGRESS,
                                "Target registration is in progress")
                        : TargetHealth.of(
                                groupId,
                                target,
                                TargetState.UNAVAILABLE,
                                Reason.HEALTH_CHECK_DISABLED,
                                "Health checks are not enabled for this target"));
    }

    synchronized void unused() {
        if (health.state() != TargetState.UNUSED) {
            change(TargetHealth.of(
                    groupId,
                    target,
                    TargetState.UNUSED,
                    Reason.NOT_IN_USE,
                    "Target group is not configured to receive traffic from the load balancer"));
        }
    }

    synchronized void checkSucceeded(HealthCheck check, Instant now) {
        failures = 0;
        successes++;
        switch (health.state()) {
            case INITIAL -> becomeHealthy(now);
            case UNHEALTHY -> {
                if (successes >= check.healthyThreshold()) {
                    becomeHealthy(now);
                }
            }
            case HEALTHY, UNUSED, DRAINING, UNAVAILABLE -> {}
        }
    }

    synchronized void checkFailed(HealthCheck check, Reason reason, String description) {
        successes = 0;
        failures++;
        boolean enough = failures >= check.unhealthyThreshold();
        Optional<TargetHealth> next = switch (health.state()) {
            case INITIAL ->
                Optional.of(
                        enough
                                ? TargetHealth.of(groupId, target, TargetState.UNHEALTHY, reason, description)
                                : TargetHealth.of(
                                        groupId,
                                        target,
                                        TargetState.INITIAL,
                                        Reason.INITIAL_HEALTH_CHECKING,
                                        "Initial health checks in progress"));
            case HEALTHY ->
                enough
                        ? Optional.of(TargetHealth.of(groupId, target, TargetState.UNHEALTHY, reason, description))
                        : Optional.empty();
            case UNHEALTHY -> Optional.of(TargetHealth.of(groupId, target, TargetState.UNHEALTHY, reason, description));
            case UNUSED, DRAINING, UNAVAILABLE -> Optional.empty();
        };
        next.ifPresent(this::change);
    }

    private void becomeHealthy(Instant now) {
        healthySince = now;
        change(TargetHealth.healthy(groupId, target));
    }

    private synchronized void change(TargetHealth next) {
        boolean late = draining && next.state() != TargetState.DRAINING && !gone.get();
        if (!late && !next.equals(health)) {
            health = next;
            changes.accept(next);
        }
    }
}
