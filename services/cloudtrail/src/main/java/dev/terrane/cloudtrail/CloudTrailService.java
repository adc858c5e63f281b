package dev.terrane.cloudtrail;

import dev.terrane.kernel.arn.Arn;
import dev.terrane.kernel.audit.AuditFollower;
import dev.terrane.kernel.audit.AuditRecord;
import dev.terrane.kernel.call.Scope;
import dev.terrane.kernel.resource.ResourceType;
import dev.terrane.kernel.service.Platform;
import dev.terrane.kernel.service.Service;
import dev.terrane.kernel.workflow.Workflow;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.core.SdkClient;
import software.amazon.awssdk.services.cloudtrail.CloudTrailClient;

/** AWS CloudTrail: the history of what was asked of the services, and trails that deliver it. */
public final class CloudTrailService implements Service, AuditFollower {
    private final CloudTrail api;
    private final Retention retention;
    private final TrailTables tables;
    private final TrailFollower follower;
    private final Delivery delivery;

    public CloudTrailService(Platform platform) {
        tables = new TrailTables(platform.store());
        follower = new TrailFollower(tables, platform.store());
        Destinations destinations = new Destinations(platform.clients());
        DigestTables digestTables = new DigestTables(platform.store());
        SigningKeys keys = new SigningKeys(platform.store(), platform.clock());
        delivery = new Delivery(
                tables,
                new PendingEvents(platform.store(), platform.clock()),
                destinations,
                new Digests(tables, digestTables, keys, destinations, platform.clock()),
                platform.workflows(),
                platform.clock());
        TrailNames names = new TrailNames(tables);
        api = new CloudTrail(
                new EventHistory(platform.store(), platform.clock(), platform.pages()),
                new Trails(
                        tables,
                        names,
                        new DestinationChecks(platform.clients(), platform.authorizer(), destinations),
                        delivery,
                        digestTables,
                        platform.clock(),
                        platform.pages()),
                new Logging(tables, names, delivery, platform.clock()),
                new EventSelectors(tables, names),
                new TrailTags(tables),
                keys);
        retention = new Retention(platform.store(), platform.clock(), platform.threads());
    }

    @Override
    public String name() {
        return "cloudtrail";
    }

    @Override
    public Class<? extends SdkClient> api() {
        return CloudTrailClient.class;
    }

    @Override
    public CloudTrailClient implementation() {
        return api;
    }

    @Override
    public List<Workflow<?>> workflows() {
        return List.of(delivery);
    }

    /** A trail of all regions goes by its name in each. */
    @Override
    public Optional<String> resourceArn(Scope scope, String type, String name) {
        return type.equals("trail")
                ? tables.visible(scope, name).map(trail -> trail.arn().toString())
                : Optional.empty();
    }

    @Override
    public Map<String, String> resourceTags(String resourceArn) {
        return Arn.find(resourceArn)
                .filter(arn -> arn.type().equals("trail"))
                .flatMap(arn -> tables.trail(new Scope(arn.account(), arn.region()), arn.name()))
                .map(TrailRecord::tags)
                .orElse(Map.of());
    }

    @Override
    public List<ResourceType> resourceTypes() {
        return CloudTrailResources.ALL;
    }

    @Override
    public boolean followsData(String account) {
        return follower.followsData(account);
    }

    @Override
    public void follow(AuditRecord event, boolean data) {
        follower.follow(event, data);
    }

    @Override
    public void start() {
        retention.start();
    }
}
