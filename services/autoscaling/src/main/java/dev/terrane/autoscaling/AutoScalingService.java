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
    private final ScheduleClock scheduleClock;
    private final AutoScaling api;

    public AutoScalingService(Platform platform) {
        tables = new ScalingTables(platform.store());
        ScalingEvents events = new ScalingEvents(platform.events());
        TargetTracking tracking = new TargetTracking(platform.clients());
        Fleet fleet = new Fleet(platform.clients());
        Hooks hooks = new Hooks(tables, events, platform.clock());
        Activities activities = new Activities(tables, platform.clock(), platform.pages());
        MemberSteps steps = new MemberSteps(tables, fleet, hooks, activities, events, platform.clock());
        GroupKeeper keeper = new GroupKeeper(tables, fleet, steps, activities, events, tracking, platform.clock());
        reconciler = new Reconciler(platform, tables, activities, keeper);
        groups = new Groups(
                tables,
                new GroupSettings(platform.clients(), fleet),
                platform.clock(),
                platform.pages(),
                hooks,
                tracking,
                reconciler);
        Members members =
                new Members(tables, groups, steps, activities, fleet, reconciler, platform.clock(), platform.pages());
        Schedules schedules = new Schedules(tables, groups, platform.clock(), platform.pages());
        scheduleClock = new ScheduleClock(platform, tables, schedules);
        api = new AutoScaling(
                groups,
                new ScalingProcesses(groups, platform.clock()),
                members,
                hooks,
                activities,
                new TargetGroups(tables, groups, platform.pages()),
                new ScalingTags(tables, groups, platform.pages()),
                new Policies(tables, groups, tracking, platform.clock(), platform.pages()),
                schedules,
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

    /** {@inheritDoc} Users have no policies on groups; this one is the service's own: alarms may carry out scaling policies of their account. */
    @Override
    public Optional<String> resourcePolicy(String resourceArn) {
        return Arn.find(resourceArn).filter(groups::isThere).map(arn -> """
                {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": {"Service": "cloudwatch.amazonaws.com"},
                "Action": "autoscaling:ExecutePolicy", "Resource": "*", "Condition": {"StringEquals": {"aws:SourceAccount": "%s"}}}]}
                """.formatted(arn.account()));
    }

    @Override
    public void start() {
        reconciler.start();
        scheduleClock.start();
    }

    @Override
    public List<ResourceType> resourceTypes() {
        return AutoScalingResources.ALL;
    }
}
