package dev.terrane.compute.proxy;

import dev.terrane.kernel.balancer.TargetGroup;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;

/** A group's targets as one {@link Routing} sees them, and the choice among them. */
final class TargetPool {
    private final TargetGroup config;
    private final List<RegisteredTarget> targets;
    private final AtomicInteger turns;

    TargetPool(TargetGroup config, List<RegisteredTarget> targets, AtomicInteger turns) {
        this.config = config;
        this.targets = List.copyOf(targets);
        this.turns = turns;
    }

    TargetGroup config() {
        return config;
    }

    boolean isEmpty() {
        return targets.isEmpty();
    }

    Optional<RegisteredTarget> find(String stickyName) {
        return targets.stream()
                .filter(target -> target.stickyName().equals(stickyName) && target.isHealthy())
                .findFirst();
    }

    /**
     * Chooses a healthy target; when none is healthy, any, as AWS does (fail open).
     *
     * @param tried not to be chosen
     */
    Optional<RegisteredTarget> choose(Collection<RegisteredTarget> tried, Instant now) {
        List<RegisteredTarget> candidates = new ArrayList<>(targets.size());
        for (RegisteredTarget target : targets) {
            if (target.isHealthy() && !tried.contains(target)) {
                candidates.add(target);
            }
        }
        if (candidates.isEmpty()) {
            for (RegisteredTarget target : targets) {
                if (!tried.contains(target)) {
                    candidates.add(target);
                }
            }
        }
        if (candidates.size() <= 1) {
            return candidates.stream().findFirst();
        }
        return Optional.of(
                switch (config.algorithm()) {
                    case ROUND_ROBIN -> roundRobin(candidates, now);
                    case LEAST_OUTSTANDING_REQUESTS -> leastOutstanding(candidates);
                });
    }

    private RegisteredTarget roundRobin(List<RegisteredTarget> candidates, Instant now) {
        RegisteredTarget next = candidates.get(Math.floorMod(turns.getAndIncrement(), candidates.size()));
        // A target in slow start gives away the part of its turns that it is not yet due.
        for (int i = 0; i < candidates.size() && isSparedNow(next, now); i++) {
            next = candidates.get(Math.floorMod(turns.getAndIncrement(), candidates.size()));
        }
        return next;
    }

    private boolean isSparedNow(RegisteredTarget target, Instant now) {
        double share = target.share(config.slowStart(), now);
        return share < 1 && ThreadLocalRandom.current().nextDouble() >= share;
    }

    private RegisteredTarget leastOutstanding(List<RegisteredTarget> candidates) {
        int first = Math.floorMod(turns.getAndIncrement(), candidates.size());
        RegisteredTarget least = candidates.get(first);
        for (int i = 1; i < candidates.size(); i++) {
            RegisteredTarget other = candidates.get((first + i) % candidates.size());
            if (other.inFlight() < least.inFlight()) {
                least = other;
            }
        }
        return least;
    }
}
