package dev.terrane.kernel.balancer;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Targets that serve the same thing, and how requests are spread over them.
 *
 * @param deregistrationDelay how long requests in flight may go on after their target was taken out
 * @param slowStart how long a target's share grows after it became healthy; zero for the full share at once
 * @param stickiness how long a client stays with its target, by the balancer's own cookie ({@code lb_cookie}); empty for none
 */
public record TargetGroup(
        String id,
        TargetProtocol protocol,
        HealthCheck healthCheck,
        Algorithm algorithm,
        Duration deregistrationDelay,
        Duration slowStart,
        Optional<Duration> stickiness,
        List<Target> targets) {
    /** AWS's default of the deregistration delay. */
    public static final Duration DEFAULT_DEREGISTRATION_DELAY = Duration.ofMinutes(5);

    /** What is spoken to targets. Their certificates are not verified, as with AWS. */
    public enum TargetProtocol {
        HTTP,
        HTTPS
    }

    /** How a target is chosen. */
    public enum Algorithm {
        ROUND_ROBIN,
        LEAST_OUTSTANDING_REQUESTS
    }

    public TargetGroup {
        targets = List.copyOf(targets);
        if (deregistrationDelay.isNegative() || slowStart.isNegative()) {
            throw new IllegalArgumentException("Durations are not negative");
        }
        if (targets.stream().map(Target::key).distinct().count() != targets.size()) {
            throw new IllegalArgumentException("A target is registered twice in " + id);
        }
    }

    /** A group of HTTP targets with AWS's defaults. */
    public static TargetGroup http(String id, HealthCheck healthCheck, List<Target> targets) {
        return new TargetGroup(
                id,
                TargetProtocol.HTTP,
                healthCheck,
                Algorithm.ROUND_ROBIN,
                DEFAULT_DEREGISTRATION_DELAY,
                Duration.ZERO,
                Optional.empty(),
                targets);
    }

    /** The same group with these targets. */
    public TargetGroup withTargets(List<Target> newTargets) {
        return new TargetGroup(
                id, protocol, healthCheck, algorithm, deregistrationDelay, slowStart, stickiness, newTargets);
    }
}
