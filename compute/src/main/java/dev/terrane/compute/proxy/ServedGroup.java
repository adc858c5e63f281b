package dev.terrane.compute.proxy;

import dev.terrane.kernel.balancer.BalancerStats;
import dev.terrane.kernel.balancer.Target;
import dev.terrane.kernel.balancer.TargetGroup;
import dev.terrane.kernel.balancer.TargetHealth;
import dev.terrane.kernel.balancer.TargetHealth.Reason;
import dev.terrane.kernel.clock.Clock;
import dev.terrane.kernel.clock.Threads;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/** A target group through all its configurations: which targets are registered, checked, or being drained. */
final class ServedGroup {
    /** Real time that requests in flight have at least, however fast a clock is moved by hand. */
    private static final Duration LEAST_DRAIN = Duration.ofMillis(500);

    private final Clock clock;
    private final Threads threads;
    private final Consumer<TargetHealth> changes;
    private final TargetCounter counter = new TargetCounter();
    private final AtomicInteger turns = new AtomicInteger();
    private final Map<Target, RegisteredTarget> registered = new LinkedHashMap<>();
    private final Map<Target, HealthChecker> checkers = new LinkedHashMap<>();
    private final List<RegisteredTarget> draining = new ArrayList<>();
    /** Of the registered targets; read without the lock, for a target that changes holds its own. */
    private volatile Set<Target.Key> keys = Set.of();

    private TargetGroup config;
    private boolean used;

    ServedGroup(TargetGroup config, Clock clock, Threads threads, Consumer<TargetHealth> changes) {
        this.config = config.withTargets(List.of());
        this.clock = clock;
        this.threads = threads;
        this.changes = changes;
    }

    /** Registers new targets, without checking them yet, and gives what requests will choose from. Those left out go on until {@link #settle}. */
    synchronized TargetPool prepare(TargetGroup next) {
        List<RegisteredTarget> targets = new ArrayList<>();
        for (Target target : next.targets()) {
            targets.add(registered.computeIfAbsent(
                    target, added -> new RegisteredTarget(next, added, counter, this::changed)));
        }
        return new TargetPool(next, targets, turns);
    }

    /** After requests choose from what {@link #prepare} gave: drains the targets left out, and begins or ends checks. */
    synchronized void settle(TargetGroup next, boolean nextUsed) {
        boolean sameChecks = config.healthCheck().equals(next.healthCheck()) && used == nextUsed;
        boolean restart = used != nextUsed
                || config.healthCheck().enabled() != next.healthCheck().enabled();
        config = next;
        used = nextUsed;
        keys = next.targets().stream().map(Target::key).collect(Collectors.toUnmodifiableSet());
        draining.removeIf(RegisteredTarget::isGone);
        for (Target target : List.copyOf(registered.keySet())) {
            if (!next.targets().contains(target)) {
                drain(target);
            } else if (!sameChecks || !checkers.containsKey(target)) {
                check(target, restart || !checkers.containsKey(target));
            }
        }
    }

    /** Drains all targets: the group, or the balancer, is gone. */
    synchronized void leave() {
        settle(config.withTargets(List.of()), false);
    }

    private void check(Target target, boolean anew) {
        RegisteredTarget checked = registered.get(target);
        HealthChecker former = checkers.remove(target);
        if (former != null) {
            former.stop();
        }
        if (checked == null) {
            return;
        }
        if (!used) {
            checked.unused();
            return;
        }
        if (anew) {
            checked.beginChecks(config.healthCheck().enabled());
        }
        HealthChecker checker = new HealthChecker(checked, config, clock, threads);
        checkers.put(target, checker);
        if (config.healthCheck().enabled()) {
            checker.start();
        }
    }

    private void drain(Target target) {
        HealthChecker checker = checkers.remove(target);
        if (checker != null) {
            checker.stop();
        }
        RegisteredTarget left = registered.remove(target);
        if (left == null) {
            return;
        }
        draining.add(left);
        left.drain(() -> {});
        if (!left.isGone()) {
            Duration delay = config.deregistrationDelay();
            threads.start("balancer-drain", () -> {
                clock.sleep(delay);
                Clock.system().sleep(LEAST_DRAIN);
                left.cut();
            });
        }
    }

    /** A former registration of a target that is registered again is nobody's concern. */
    private void changed(TargetHealth health) {
        boolean ending = health.reason()
                .filter(reason -> reason == Reason.NOT_REGISTERED || reason == Reason.DEREGISTRATION_IN_PROGRESS)
                .isPresent();
        if (!ending || !isRegistered(health.target().key())) {
            changes.accept(health);
        }
    }

    private boolean isRegistered(Target.Key key) {
        return keys.contains(key);
    }

    synchronized List<TargetHealth> health() {
        List<TargetHealth> all = new ArrayList<>();
        registered.values().forEach(target -> all.add(target.health()));
        for (RegisteredTarget target : draining) {
            if (!target.isGone() && !isRegistered(target.target.key())) {
                all.add(target.health());
            }
        }
        return all;
    }

    synchronized boolean isEmpty() {
        return registered.isEmpty() && draining.stream().allMatch(RegisteredTarget::isGone);
    }

    synchronized BalancerStats.TargetGroupStats stats() {
        List<BalancerStats.TargetStats> targets = new ArrayList<>();
        everyTarget().forEach(target -> targets.add(target.stats()));
        return new BalancerStats.TargetGroupStats(config.id(), counter.read(), targets);
    }

    synchronized int connections() {
        return everyTarget().stream().mapToInt(RegisteredTarget::connections).sum();
    }

    synchronized void sweep() {
        registered.values().forEach(RegisteredTarget::sweep);
    }

    /** Ends everything at once. */
    synchronized void close() {
        checkers.values().forEach(HealthChecker::stop);
        everyTarget().forEach(RegisteredTarget::cut);
    }

    private List<RegisteredTarget> everyTarget() {
        List<RegisteredTarget> all = new ArrayList<>(registered.values());
        draining.stream().filter(target -> !target.isGone()).forEach(all::add);
        return all;
    }
}
