package dev.terrane.kernel.balancer;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What a balancer does with a request.
 *
 * @see <a href="https://docs.aws.amazon.com/elasticloadbalancing/latest/application/rule-action-types.html">Action types</a>
 */
public sealed interface Action {
    /**
     * Sends the request to a target of one of the groups, chosen by weight.
     *
     * @param stickiness how long a client stays with the group that was chosen for it first; empty for a new choice at each request
     */
    record Forward(List<WeightedTargetGroup> targetGroups, Optional<Duration> stickiness) implements Action {
        public Forward {
            targetGroups = List.copyOf(targetGroups);
            if (targetGroups.isEmpty()) {
                throw new IllegalArgumentException("A forward action names a target group");
            }
        }

        /** Forwards everything to one group. */
        public static Forward to(String targetGroupId) {
            return new Forward(List.of(new WeightedTargetGroup(targetGroupId, 1)), Optional.empty());
        }

        /** Forwards to groups by weight, without stickiness. */
        public static Forward to(WeightedTargetGroup... targetGroups) {
            return new Forward(List.of(targetGroups), Optional.empty());
        }
    }

    /**
     * A group's share of a forward action.
     *
     * @param weight 0 to 999; a group's share is its weight over the sum of all. When all are 0, requests are answered 503.
     */
    record WeightedTargetGroup(String targetGroupId, int weight) {
        public WeightedTargetGroup {
            if (weight < 0 || weight > 999) {
                throw new IllegalArgumentException("Not a weight: " + weight);
            }
        }
    }

    /**
     * Answers with a redirection. In each part {@code #{protocol}}, {@code #{host}}, {@code #{port}}, {@code #{path}} (without its leading slash) and
     * {@code #{query}} stand for those of the request.
     *
     * @param query without the leading question mark; may be empty
     * @param statusCode 301 or 302
     */
    record Redirect(String protocol, String host, String port, String path, String query, int statusCode)
            implements Action {
        public Redirect {
            if (statusCode != 301 && statusCode != 302) {
                throw new IllegalArgumentException("Not a redirection's status: " + statusCode);
            }
        }
    }

    /**
     * Answers with a fixed text.
     *
     * @param contentType empty for none
     */
    record FixedResponse(int statusCode, String contentType, String messageBody) implements Action {
        public FixedResponse {
            if (statusCode < 200 || statusCode > 599) {
                throw new IllegalArgumentException("Not a status: " + statusCode);
            }
        }
    }
}
