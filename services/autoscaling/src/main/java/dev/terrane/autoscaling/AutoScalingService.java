package dev.terrane.autoscaling;

import dev.terrane.kernel.arn.Arn;
import dev.terrane.kernel.call.Scope;
import dev.terrane.kernel.event.Event;
import dev.terrane.kernel.resource.ResourceType;
import dev.terrane.kernel.service.Platform;
import dev.terrane.kernel.service.Service;
import dev.terrane.kernel.store.RecordCodec;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.core.SdkClient;
import software.amazon.awssdk.services.autoscaling.AutoScalingClient;

/** Amazon EC2 Auto Scaling: groups of instances that keep their number. */
public final class AutoScalingService implements Service {
    private final ScalingTables tables;
    private final Reconciler reconciler;
    private final Groups groups;
    private final AutoScaling api;

    public AutoScalingService(Platform platform) {
        tables = new ScalingTables(platform.store());
        ScalingEvents events = new ScalingEvents(platform.events());
        Fleet fleet = new Fleet(platform.clients());
        Hooks hooks = new Hooks(tables, events, platform.clock());
        Activities activities = new Activities(tables, platform.clock(), platform.pages());
        MemberSteps steps = new MemberSteps(tables, fleet, hooks, activities, events, platform.clock());
        GroupKeeper keeper = new GroupKeeper(tables, fleet, steps, activities, events, platform.clock());
        reconciler = new Reconciler(platform, tables, activities, keeper);
        groups = new Groups(
                tables,
                new GroupSettings(platform.clients(), fleet),
                platform.clock(),
                platform.pages(),
                hooks,
                reconciler);
        Members members =
                new Members(tables, groups, steps, activities, fleet, reconciler, platform.clock(), platform.pages());
        api = new AutoScaling(
                groups,
                new ScalingProcesses(groups, platform.clock()),
                members,
                hooks,
                activities,
                new TargetGroups(tables, groups, platform.pages()),
                new ScalingTags(tables, groups, platform.pages()),
                reconciler);
        platform.events().subscribe(this::received);
    }

    /** An instance that changes its state makes its group look at once. */
    private void received(Event event) {
        if (event.source().equals("aws.ec2") && event.detailType().equals("EC2 Instance State-change Notification")) {
            Scope scope = new Scope(event.account(), event.region());
            String id = RecordCodec.json()
                    .readTree(event.detail())
                    .path("instance-id")
                    .asString("");
            tables.memberOf(scope, id).ifPresent(member -> reconciler.nudge(scope, member.groupName()));
        }
    }

    @Override
    public String name() {
        return "autoscaling";
    }

    @Override
    public Class<? extends SdkClient> api() {
        return AutoScalingClient.class;
    }

    @Override
    public AutoScalingClient implementation() {
        return api;
    }

    @Override
    public Optional<String> resourceArn(Scope scope, String type, String name) {
        return groups.arn(scope, type, name);
    }

    @Override
    public Map<String, String> resourceTags(String resourceArn) {
        return Arn.find(resourceArn).map(groups::tags).orElse(Map.of());
    }

    @Override
    public void start() {
        reconciler.start();
    }

    @Override
    public List<ResourceType> resourceTypes() {
        return AutoScalingResources.ALL;
    }
}
