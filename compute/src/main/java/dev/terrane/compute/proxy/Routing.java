package dev.terrane.compute.proxy;

import dev.terrane.kernel.balancer.Action;
import dev.terrane.kernel.balancer.BalancerSettings;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A balancer's configuration as requests see it: immutable, exchanged as a whole.
 *
 * @param listeners by port
 */
record Routing(BalancerSettings settings, Map<Integer, ListenerRoutes> listeners) {
    /** A listener's rules in the order of their priority, and what is done when none matches. */
    record ListenerRoutes(List<RouteRule> rules, Route otherwise) {
        Route choose(RequestHead request, InetAddress client) {
            for (RouteRule rule : rules) {
                if (rule.matcher().matches(request, client)) {
                    return rule.route();
                }
            }
            return otherwise;
        }
    }

    record RouteRule(RuleMatcher matcher, Route route) {}

    /** An action, made ready. */
    sealed interface Route {}

    record RedirectRoute(Action.Redirect action) implements Route {}

    record FixedRoute(Action.FixedResponse action) implements Route {}

    /** Groups by weight. */
    static final class ForwardRoute implements Route {
        private static final double GOLDEN_RATIO = 0.6180339887498949;

        private final List<Share> shares;
        private final long sum;
        private final Optional<Duration> stickiness;
        private final AtomicLong turns =
                new AtomicLong(ThreadLocalRandom.current().nextInt(1 << 20));

        ForwardRoute(List<Share> shares, Optional<Duration> stickiness) {
            this.shares = List.copyOf(shares);
            this.sum = shares.stream().mapToLong(Share::weight).sum();
            this.stickiness = stickiness;
        }

        List<Share> shares() {
            return shares;
        }

        Optional<Duration> stickiness() {
            return stickiness;
        }

        /**
         * The next group by weight; empty when all weights are zero. Multiples of the golden ratio fall evenly into any shares, so that a split is met
         * after few requests, where chance would take many.
         */
        Optional<TargetPool> next() {
            if (sum == 0) {
                return Optional.empty();
            }
            if (shares.size() == 1) {
                return Optional.of(shares.getFirst().pool());
            }
            double turn = turns.incrementAndGet() * GOLDEN_RATIO;
            double point = (turn - Math.floor(turn)) * sum;
            for (Share share : shares) {
                point -= share.weight();
                if (point < 0) {
                    return Optional.of(share.pool());
                }
            }
            return Optional.of(shares.getLast().pool());
        }
    }

    record Share(TargetPool pool, int weight) {}
}
