package dev.terrane.kernel.balancer;

import java.time.Duration;

/**
 * Attributes of a balancer that change how it treats every request.
 *
 * @param idleTimeout how long a connection may pass no byte before it is closed ({@code idle_timeout.timeout_seconds})
 * @param clientKeepAlive how long a client's connection may live at most ({@code client_keep_alive.seconds})
 * @param forwardedFor what happens to X-Forwarded-For ({@code routing.http.xff_header_processing.mode})
 * @param dropInvalidHeaderFields whether header fields whose names have other characters than letters, digits and hyphens are left out
 *     ({@code routing.http.drop_invalid_header_fields.enabled})
 */
public record BalancerSettings(
        Duration idleTimeout, Duration clientKeepAlive, ForwardedFor forwardedFor, boolean dropInvalidHeaderFields) {
    /** AWS's defaults. */
    public static final BalancerSettings DEFAULT =
            new BalancerSettings(Duration.ofMinutes(1), Duration.ofHours(1), ForwardedFor.APPEND, false);

    /** What the balancer does with X-Forwarded-For. */
    public enum ForwardedFor {
        APPEND,
        PRESERVE,
        REMOVE
    }

    public BalancerSettings {
        if (!idleTimeout.isPositive() || !clientKeepAlive.isPositive()) {
            throw new IllegalArgumentException("Timeouts are positive");
        }
    }
}
