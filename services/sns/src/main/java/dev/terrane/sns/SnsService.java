package dev.terrane.sns;

import dev.terrane.kernel.arn.Arn;
import dev.terrane.kernel.clock.Clock;
import dev.terrane.kernel.clock.Threads;
import dev.terrane.kernel.resource.ResourceType;
import dev.terrane.kernel.service.HttpEndpoint;
import dev.terrane.kernel.service.Platform;
import dev.terrane.kernel.service.Service;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.core.SdkClient;
import software.amazon.awssdk.services.sns.SnsClient;

/** Amazon SNS. */
public final class SnsService implements Service {
    private final Threads threads;
    private final Topics topics;
    private final Deliveries deliveries;
    private final Upkeep upkeep;
    private final SnsPages pages;
    private final Sns api;

    public SnsService(Platform platform) {
        Clock clock = platform.clock();
        threads = platform.threads();
        SnsTables tables = new SnsTables(platform.store());
        Tokens tokens = new Tokens(platform.masterKey());
        Signer signer = new Signer(tables, clock);
        Envelopes envelopes = new Envelopes(platform.endpoint(), tokens, signer);
        deliveries = new Deliveries(
                tables,
                clock,
                threads,
                envelopes,
                new Endpoints(platform.clients(), platform.endpoint(), envelopes, new HttpPosts(platform.endpoint())));
        topics = new Topics(tables, clock, platform.pages());
        Subscriptions subscriptions = new Subscriptions(tables, topics, clock, tokens, deliveries);
        pages = new SnsPages(tables, subscriptions, signer);
        upkeep = new Upkeep(tables, clock);
        api = new Sns(
                topics,
                subscriptions,
                new Publishing(tables, topics, clock, deliveries),
                new TopicPermissions(tables, topics),
                new TopicTags(tables, topics));
    }

    @Override
    public String name() {
        return "sns";
    }

    @Override
    public Class<? extends SdkClient> api() {
        return SnsClient.class;
    }

    @Override
    public SnsClient implementation() {
        return api;
    }

    private Optional<TopicRecord> topic(String resourceArn) {
        return Arn.find(resourceArn).isPresent() ? topics.find(resourceArn) : Optional.empty();
    }

    @Override
    public Optional<String> resourcePolicy(String resourceArn) {
        return topic(resourceArn).map(TopicAttributes::policy);
    }

    @Override
    public Map<String, String> resourceTags(String resourceArn) {
        return topic(resourceArn).map(TopicRecord::tags).orElse(Map.of());
    }

    @Override
    public List<HttpEndpoint> httpEndpoints() {
        return List.of(pages);
    }

    @Override
    public List<ResourceType> resourceTypes() {
        return SnsResources.ALL;
    }

    @Override
    public void start() {
        deliveries.start();
        upkeep.start(threads);
    }
}
