package dev.terrane.kernel.balancer;

import java.util.List;

/**
 * Counts of one balancer since it was first applied; all but {@code activeConnections} only grow.
 *
 * @param requests all that were answered or forwarded
 * @param answers by the balancer itself: redirects, fixed responses, errors
 * @param redirects answers of redirect actions
 * @param fixedResponses answers of fixed-response actions
 * @param newConnections of clients, and from the balancer to targets
 * @param activeConnections of clients and to targets, now
 * @param processedBytes of bodies and heads, both directions, on the client's side
 * @param tlsNegotiationErrors of clients
 * @see <a href="https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-cloudwatch-metrics.html">Metrics</a>
 */
public record BalancerStats(
        String balancerId,
        long requests,
        ResponseCodes answers,
        long redirects,
        long fixedResponses,
        long newConnections,
        long activeConnections,
        long processedBytes,
        long tlsNegotiationErrors,
        List<TargetGroupStats> targetGroups) {
    public BalancerStats {
        targetGroups = List.copyOf(targetGroups);
    }

    /** How many answers there were of each class; {@code code502} to {@code code504} are counted in {@code class5xx} too. */
    public record ResponseCodes(
            long class2xx, long class3xx, long class4xx, long class5xx, long code502, long code503, long code504) {}

    /**
     * Counts of one group; those of targets that are gone are still in it.
     *
     * @param targets those that are registered or being drained
     */
    public record TargetGroupStats(String targetGroupId, TargetCounts counts, List<TargetStats> targets) {
        public TargetGroupStats {
            targets = List.copyOf(targets);
        }
    }

    /** Counts of one target. */
    public record TargetStats(Target target, TargetCounts counts) {}

    /**
     * What is counted of targets.
     *
     * @param requests that were sent to a target
     * @param inFlight requests without a complete response, now
     * @param answers by targets
     * @param connectionErrors connections that could not be made
     * @param responseTimes from the request's sending to the response's head
     */
    public record TargetCounts(
            long requests, long inFlight, ResponseCodes answers, long connectionErrors, ResponseTimes responseTimes) {}
}
