package dev.terrane.kernel.balancer;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * How a group's targets are checked.
 *
 * @param enabled when not, targets count as healthy ({@code HealthCheckEnabled}; only Lambda targets may turn it off with AWS)
 * @param port empty for the port that the target is registered with ({@code traffic-port})
 * @param path with the leading slash
 * @param healthyThreshold successes in a row after which an unhealthy target is healthy; a new target needs only one
 * @param unhealthyThreshold failures in a row after which a target is unhealthy
 * @see <a href="https://docs.aws.amazon.com/elasticloadbalancing/latest/application/target-group-health-checks.html">Health checks</a>
 */
public record HealthCheck(
        boolean enabled,
        Optional<TargetGroup.TargetProtocol> protocol,
        OptionalInt port,
        String path,
        Duration interval,
        Duration timeout,
        int healthyThreshold,
        int unhealthyThreshold,
        StatusMatcher matcher) {
    /** AWS's defaults: {@code GET /} each 30 seconds, answered 200 within 5. */
    public static final HealthCheck DEFAULT = new HealthCheck(
            true,
            Optional.empty(),
            OptionalInt.empty(),
            "/",
            Duration.ofSeconds(30),
            Duration.ofSeconds(5),
            5,
            2,
            StatusMatcher.parse("200"));

    public HealthCheck {
        if (!path.startsWith("/")) {
            throw new IllegalArgumentException("Not a path: " + path);
        }
        if (path.chars().anyMatch(character -> character <= ' ' || character > '~')) {
            throw new IllegalArgumentException("A path is of visible ASCII characters");
        }
        if (!interval.isPositive() || !timeout.isPositive() || healthyThreshold < 1 || unhealthyThreshold < 1) {
            throw new IllegalArgumentException("Interval, timeout and thresholds are positive");
        }
    }

    /** The same check of another path at another interval, with these thresholds. */
    public HealthCheck with(String newPath, Duration newInterval, int newHealthy, int newUnhealthy) {
        return new HealthCheck(
                enabled, protocol, port, newPath, newInterval, timeout, newHealthy, newUnhealthy, matcher);
    }
}
