package dev.terrane.elasticloadbalancingv2;

import dev.terrane.kernel.arn.Arn;
import dev.terrane.kernel.balancer.BalancerStats;
import dev.terrane.kernel.balancer.BalancerStats.ResponseCodes;
import dev.terrane.kernel.balancer.BalancerStats.TargetCounts;
import dev.terrane.kernel.balancer.ResponseTimes;
import dev.terrane.kernel.balancer.TargetState;
import dev.terrane.kernel.balancer.TrafficProxy;
import dev.terrane.kernel.call.Actor;
import dev.terrane.kernel.call.Clients;
import dev.terrane.kernel.call.Scope;
import dev.terrane.kernel.clock.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import software.amazon.awssdk.services.cloudwatch.CloudWatchClient;
import software.amazon.awssdk.services.cloudwatch.model.Dimension;
import software.amazon.awssdk.services.cloudwatch.model.MetricDatum;
import software.amazon.awssdk.services.cloudwatch.model.StandardUnit;

/**
 * What balancers count, as metrics of the name space AWS/ApplicationELB. Counts are published when there are some, as AWS does, and
 * every ten seconds, where AWS takes a minute.
 */
final class Metrics {
    private static final int BATCH = 500;

    private final BalancingTables tables;
    private final TrafficProxy proxy;
    private final Clients clients;
    private final Clock clock;
    private final Map<String, BalancerStats> last = new HashMap<>();

    Metrics(BalancingTables tables, TrafficProxy proxy, Clients clients, Clock clock) {
        this.tables = tables;
        this.proxy = proxy;
        this.clients = clients;
        this.clock = clock;
    }

    void publish() {
        Map<Scope, List<MetricDatum>> data = new HashMap<>();
        tables.balancers.everywhere((scope, balancer) -> proxy.stats(balancer.arn())
                .ifPresent(stats -> collect(stats, data.computeIfAbsent(scope, s -> new ArrayList<>()))));
        data.forEach((scope, all) -> {
            CloudWatchClient cloudWatch = clients.client(CloudWatchClient.class, new Actor.Platform(scope));
            for (int from = 0; from < all.size(); from += BATCH) {
                List<MetricDatum> part = all.subList(from, Math.min(all.size(), from + BATCH));
                cloudWatch.putMetricData(r -> r.namespace("AWS/ApplicationELB").metricData(part));
            }
        });
    }

    private void collect(BalancerStats now, List<MetricDatum> into) {
        BalancerStats before = last.put(now.balancerId(), now);
        Datums datums = new Datums(into, clock.instant());
        Dimension balancer = dimension("LoadBalancer", now.balancerId(), "loadbalancer/");
        List<Dimension> whole = List.of(balancer);
        datums.count(whole, "RequestCount", now.requests(), before == null ? 0 : before.requests());
        datums.count(whole, "NewConnectionCount", now.newConnections(), before == null ? 0 : before.newConnections());
        datums.count(whole, "ProcessedBytes", now.processedBytes(), before == null ? 0 : before.processedBytes());
        datums.count(whole, "HTTP_Redirect_Count", now.redirects(), before == null ? 0 : before.redirects());
        datums.count(
                whole, "HTTP_Fixed_Response_Count", now.fixedResponses(), before == null ? 0 : before.fixedResponses());
        codes(datums, whole, "HTTPCode_ELB_", now.answers(), before == null ? null : before.answers());
        for (BalancerStats.TargetGroupStats group : now.targetGroups()) {
            TargetCounts earlier = before == null
                    ? null
                    : before.targetGroups().stream()
                            .filter(g -> g.targetGroupId().equals(group.targetGroupId()))
                            .map(BalancerStats.TargetGroupStats::counts)
                            .findFirst()
                            .orElse(null);
            Dimension name = dimension("TargetGroup", group.targetGroupId(), "");
            for (List<Dimension> dimensions : List.of(whole, List.of(balancer, name))) {
                codes(
                        datums,
                        dimensions,
                        "HTTPCode_Target_",
                        group.counts().answers(),
                        earlier == null ? null : earlier.answers());
                datums.count(
                        dimensions,
                        "TargetConnectionErrorCount",
                        group.counts().connectionErrors(),
                        earlier == null ? 0 : earlier.connectionErrors());
                datums.times(
                        dimensions,
                        group.counts()
                                .responseTimes()
                                .minus(earlier == null ? ResponseTimes.NONE : earlier.responseTimes()));
            }
            List<Dimension> both = List.of(balancer, name);
            datums.count(both, "RequestCount", group.counts().requests(), earlier == null ? 0 : earlier.requests());
            var health = proxy.targetHealth(group.targetGroupId());
            long healthy = health.stream()
                    .filter(h -> h.state() == TargetState.HEALTHY)
                    .count();
            datums.gauge(both, "HealthyHostCount", healthy);
            for (List<Dimension> dimensions : List.of(List.of(name), both)) {
                datums.perTarget(
                        dimensions,
                        group.counts().requests() - (earlier == null ? 0 : earlier.requests()),
                        Math.max(1, healthy));
            }
            datums.gauge(
                    both,
                    "UnHealthyHostCount",
                    health.stream()
                            .filter(h -> h.state() == TargetState.UNHEALTHY)
                            .count());
        }
    }

    private static void codes(
            Datums datums,
            List<Dimension> dimensions,
            String prefix,
            ResponseCodes now,
            @org.jspecify.annotations.Nullable ResponseCodes before) {
        ResponseCodes old = before == null ? new ResponseCodes(0, 0, 0, 0, 0, 0, 0) : before;
        datums.count(dimensions, prefix + "2XX_Count", now.class2xx(), old.class2xx());
        datums.count(dimensions, prefix + "3XX_Count", now.class3xx(), old.class3xx());
        datums.count(dimensions, prefix + "4XX_Count", now.class4xx(), old.class4xx());
        datums.count(dimensions, prefix + "5XX_Count", now.class5xx(), old.class5xx());
    }

    private static Dimension dimension(String name, String arn, String without) {
        String resource = Arn.parse(arn).resource();
        return Dimension.builder()
                .name(name)
                .value(resource.substring(without.length()))
                .build();
    }

    private record Datums(List<MetricDatum> into, Instant time) {
        void count(List<Dimension> dimensions, String name, long now, long before) {
            if (now > before) {
                into.add(datum(dimensions, name, StandardUnit.COUNT)
                        .value((double) (now - before))
                        .build());
            }
        }

        void gauge(List<Dimension> dimensions, String name, long value) {
            into.add(datum(dimensions, name, StandardUnit.COUNT)
                    .value((double) value)
                    .build());
        }

        /** The mean of requests to each healthy target; its sum over time is what scaling goes by. */
        void perTarget(List<Dimension> dimensions, long requests, long targets) {
            if (requests > 0) {
                into.add(datum(dimensions, "RequestCountPerTarget", StandardUnit.COUNT)
                        .value((double) requests / targets)
                        .build());
            }
        }

        void times(List<Dimension> dimensions, ResponseTimes times) {
            if (times.count() > 0) {
                List<ResponseTimes.Bucket> buckets = times.buckets();
                // PutMetricData takes 150 distinct values; the histogram's finest buckets are the many small ones.
                List<ResponseTimes.Bucket> sent =
                        buckets.size() <= 150 ? buckets : buckets.subList(buckets.size() - 150, buckets.size());
                into.add(datum(dimensions, "TargetResponseTime", StandardUnit.SECONDS)
                        .values(sent.stream().map(ResponseTimes.Bucket::seconds).toList())
                        .counts(sent.stream().map(b -> (double) b.count()).toList())
                        .build());
            }
        }

        private MetricDatum.Builder datum(List<Dimension> dimensions, String name, StandardUnit unit) {
            return MetricDatum.builder()
                    .metricName(name)
                    .dimensions(dimensions)
                    .timestamp(time)
                    .unit(unit);
        }
    }
}
