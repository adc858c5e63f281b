package dev.terrane.elasticloadbalancingv2;

import dev.terrane.kernel.arn.Arn;
import dev.terrane.kernel.call.Scope;
import dev.terrane.kernel.resource.ResourceType;
import dev.terrane.kernel.service.Platform;
import dev.terrane.kernel.service.Service;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import software.amazon.awssdk.services.elasticloadbalancingv2.ElasticLoadBalancingV2Client;

/** Elastic Load Balancing: application load balancers, served by the proxy in this process. */
public final class ElasticLoadBalancingService implements Service {
    private static final Duration METRICS = Duration.ofSeconds(10);
    private static final Duration REAPPLY = Duration.ofSeconds(15);

    private final Platform platform;
    private final Live live;
    private final Tagging tagging;
    private final Metrics metrics;
    private final ElasticLoadBalancing api;

    public ElasticLoadBalancingService(Platform platform) {
        this.platform = platform;
        BalancingTables tables = new BalancingTables(platform.store());
        live = new Live(
                platform.store(),
                tables,
                new ProxyConfiguration(tables, platform.compute()),
                platform.proxy(),
                platform.compute());
        tagging = new Tagging(tables);
        metrics = new Metrics(tables, platform.proxy(), platform.clients(), platform.clock());
        api = new ElasticLoadBalancing(platform, tables, live, tagging);
        platform.events().subscribe(event -> {
            if (event.detailType().equals("EC2 Instance State-change Notification")) {
                live.applyAll();
            }
        });
    }

    @Override
    public String name() {
        return "elasticloadbalancingv2";
    }

    @Override
    public Class<ElasticLoadBalancingV2Client> api() {
        return ElasticLoadBalancingV2Client.class;
    }

    @Override
    public ElasticLoadBalancingV2Client implementation() {
        return api;
    }

    @Override
    public Map<String, String> resourceTags(String resourceArn) {
        return Arn.find(resourceArn)
                .flatMap(arn -> tagging.of(new Scope(arn.account(), arn.region()), resourceArn))
                .orElse(Map.of());
    }

    @Override
    @SuppressWarnings("FutureReturnValueIgnored")
    public void start() {
        live.applyAll();
        platform.threads().every("balancers", REAPPLY, live::applyAll);
        platform.threads().every("balancer-metrics", METRICS, metrics::publish);
    }

    @Override
    public List<ResourceType> resourceTypes() {
        return ElasticLoadBalancingResources.ALL;
    }
}
