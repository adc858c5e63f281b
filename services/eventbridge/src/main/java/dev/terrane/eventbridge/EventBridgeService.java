package dev.terrane.eventbridge;

import dev.terrane.kernel.arn.Arn;
import dev.terrane.kernel.clock.Threads;
import dev.terrane.kernel.resource.ResourceType;
import dev.terrane.kernel.service.Platform;
import dev.terrane.kernel.service.Service;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.core.SdkClient;
import software.amazon.awssdk.services.eventbridge.EventBridgeClient;

/** Amazon EventBridge. Events of all services come onto the default bus of their account and region. */
public final class EventBridgeService implements Service {
    private final Threads threads;
    private final Buses buses;
    private final Tags tags;
    private final Schedules schedules;
    private final Deliveries deliveries;
    private final TargetKinds kinds;
    private final EventBridge api;

    public EventBridgeService(Platform platform) {
        threads = platform.threads();
        EventBridgeTables tables = new EventBridgeTables(platform.store());
        RuleIndex index = new RuleIndex(tables);
        index.load();
        deliveries = new Deliveries(tables, platform.clock(), threads);
        Intake intake = new Intake(tables, index, platform.clock(), deliveries);
        schedules = new Schedules(tables, platform.clock(), intake);
        buses = new Buses(tables, platform.clock(), platform.pages());
        kinds = new TargetKinds(platform.clients(), platform.endpoint(), intake, buses);
        tags = new Tags(tables, buses);
        Rules rules = new Rules(tables, buses, index, schedules, platform.pages());
        api = new EventBridge(
                buses,
                rules,
                new Targets(tables, rules, kinds, platform.pages()),
                new Publishing(buses, intake),
                new BusPolicies(tables, buses, platform.clock()),
                tags);
        platform.events().subscribe(intake);
    }

    @Override
    public String name() {
        return "eventbridge";
    }

    @Override
    public Class<? extends SdkClient> api() {
        return EventBridgeClient.class;
    }

    @Override
    public EventBridgeClient implementation() {
        return api;
    }

    @Override
    public Optional<String> resourcePolicy(String resourceArn) {
        return Arn.find(resourceArn)
                .filter(arn -> arn.resource().startsWith("event-bus/"))
                .flatMap(buses::policy);
    }

    @Override
    public Map<String, String> resourceTags(String resourceArn) {
        return Arn.find(resourceArn).map(tags::of).orElse(Map.of());
    }

    @Override
    public List<ResourceType> resourceTypes() {
        return EventsResources.ALL;
    }

    @Override
    public void start() {
        deliveries.start(kinds);
        schedules.start(threads);
    }
}
