package dev.terrane.autoscaling;

import dev.terrane.kernel.call.Call;
import dev.terrane.kernel.call.Scope;
import dev.terrane.kernel.clock.Clock;
import dev.terrane.kernel.page.PageTokens;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.services.autoscaling.model.*;
import software.amazon.awssdk.services.ec2.model.InstanceStateName;

/** Instances of groups, as users handle them: attached, detached, set aside, protected, declared ill, terminated. */
final class Members {
    private final ScalingTables tables;
    private final Groups groups;
    private final MemberSteps steps;
    private final Activities activities;
    private final Fleet fleet;
    private final Reconciler reconciler;
    private final Clock clock;
    private final PageTokens pages;

    Members(
            ScalingTables tables,
            Groups groups,
            MemberSteps steps,
            Activities activities,
            Fleet fleet,
            Reconciler reconciler,
            Clock clock,
            PageTokens pages) {
        this.tables = tables;
        this.groups = groups;
        this.steps = steps;
        this.activities = activities;
        this.fleet = fleet;
        this.reconciler = reconciler;
        this.clock = clock;
        this.pages = pages;
    }

    private static Scope scope() {
        return Call.current().scope();
    }

    private String at() {
        return "At " + Activities.moment(clock.instant()) + " ";
    }

    private MemberRecord require(String instanceId) {
        return tables.memberOf(scope(), instanceId).orElseThrow(() -> Refusals.noInstance(instanceId));
    }

    private MemberRecord requireIn(GroupRecord group, String instanceId) {
        return tables.memberOf(scope(), instanceId)
                .filter(member -> member.groupName().equals(group.name()))
                .orElseThrow(() -> Refusals.of(
                        "The instance " + instanceId + " is not part of Auto Scaling group " + group.name() + "."));
    }

    DescribeAutoScalingInstancesResponse describe(DescribeAutoScalingInstancesRequest request) {
        Paged<AutoScalingInstanceDetails> page = Paged.of(
                pages,
                "DescribeAutoScalingInstances" + request.instanceIds(),
                tables.members(scope()).stream()
                        .filter(member -> !member.instanceId().isEmpty())
                        .filter(member -> request.instanceIds().isEmpty()
                                || request.instanceIds().contains(member.instanceId()))
                        .map(Members::details)
                        .toList(),
                AutoScalingInstanceDetails::instanceId,
                request.maxRecords(),
                request.nextToken());
        return DescribeAutoScalingInstancesResponse.builder()
                .autoScalingInstances(page.items())
                .nextToken(page.next())
                .build();
    }

    private static AutoScalingInstanceDetails details(MemberRecord member) {
        Instance instance = member.instance();
        return AutoScalingInstanceDetails.builder()
                .instanceId(instance.instanceId())
                .instanceType(instance.instanceType())
                .autoScalingGroupName(member.groupName())
                .availabilityZone(instance.availabilityZone())
                .lifecycleState(instance.lifecycleStateAsString())
                .healthStatus(instance.healthStatus().toUpperCase(java.util.Locale.ROOT))
                .launchTemplate(instance.launchTemplate())
                .imageId(instance.imageId())
                .protectedFromScaleIn(instance.protectedFromScaleIn())
                .build();
    }

    TerminateInstanceInAutoScalingGroupResponse terminate(TerminateInstanceInAutoScalingGroupRequest request) {
        MemberRecord member = require(request.instanceId());
        GroupRecord group = groups.require(member.groupName());
        boolean decrement = Boolean.TRUE.equals(request.shouldDecrementDesiredCapacity());
        int desired = group.group().desiredCapacity();
        if (member.ends()) {
            throw ScalingActivityInProgressException.builder()
                    .message("Instance " + request.instanceId() + " is already being terminated.")
                    .build();
        }
        if (decrement) {
            requireRoom(group, 1);
            groups.change(group.with(g -> g.desiredCapacity(desired - 1)));
        }
        Activity activity = steps.end(
                scope(),
                group,
                member,
                at() + "instance " + request.instanceId()
                        + " was taken out of service in response to a user request"
                        + (decrement
                                ? ", shrinking the capacity from " + desired + " to " + (desired - 1) + "."
                                : "."));
        reconciler.nudge(scope(), group.name());
        return TerminateInstanceInAutoScalingGroupResponse.builder()
                .activity(activity)
                .build();
    }

    private static void requireRoom(GroupRecord group, int fewer) {
        int desired = group.group().desiredCapacity() - fewer;
        if (desired < group.group().minSize()) {
            throw Refusals.of(
                    "Currently, desiredSize equals minSize (" + group.group().minSize()
                            + "). Terminating, detaching or setting instances aside without replacement will violate group's min size constraint. Either set shouldDecrementDesiredCapacity flag to false or lower group's min size.");
        }
    }

    AttachInstancesResponse attach(AttachInstancesRequest request) {
        GroupRecord group = groups.require(request.autoScalingGroupName());
        int desired = group.group().desiredCapacity() + request.instanceIds().size();
        if (desired > group.group().maxSize()) {
            throw Refusals.of("The new desired capacity " + desired + " is above the group's max size "
                    + group.group().maxSize() + ".");
        }
        Map<String, software.amazon.awssdk.services.ec2.model.Instance> found =
                fleet.look(scope(), request.instanceIds());
        for (String id : request.instanceIds()) {
            software.amazon.awssdk.services.ec2.model.Instance instance = found.get(id);
            if (instance == null || instance.state().name() != InstanceStateName.RUNNING) {
                throw Refusals.of("Invalid Instance ID(s): [" + id + "]. It must exist and be running.");
            }
            if (tables.memberOf(scope(), id).isPresent()) {
                throw Refusals.of("Instance " + id + " is already part of an AutoScalingGroup.");
            }
            String activity = Activities.newId();
            activities.begin(
                    scope(),
                    group,
                    activity,
                    "Attaching an existing EC2 instance: " + id,
                    at() + "an instance was attached in response to user request.",
                    Map.of("Availability Zone", instance.placement().availabilityZone()));
            tables.put(
                    scope(),
                    new MemberRecord(
                            activity,
                            group.name(),
                            Instance.builder()
                                    .instanceId(id)
                                    .instanceType(instance.instanceTypeAsString())
                                    .imageId(instance.imageId())
                                    .availabilityZone(instance.placement().availabilityZone())
                                    .lifecycleState(LifecycleState.PENDING)
                                    .healthStatus("Healthy")
                                    .protectedFromScaleIn(
                                            Boolean.TRUE.equals(group.group().newInstancesProtectedFromScaleIn()))
                                    .build(),
                            activity,
                            clock.instant(),
                            java.time.Instant.EPOCH,
                            List.of(),
                            List.of(),
                            true));
        }
        groups.change(group.with(g -> g.desiredCapacity(desired)));
        return AttachInstancesResponse.builder().build();
    }

    DetachInstancesResponse detach(DetachInstancesRequest request) {
        return DetachInstancesResponse.builder()
                .activities(aside(
                        request.autoScalingGroupName(),
                        request.instanceIds(),
                        Boolean.TRUE.equals(request.shouldDecrementDesiredCapacity()),
                        LifecycleState.DETACHING,
                        "Detaching EC2 instance: ",
                        "was detached in response to a user request"))
                .build();
    }

    EnterStandbyResponse enterStandby(EnterStandbyRequest request) {
        return EnterStandbyResponse.builder()
                .activities(aside(
                        request.autoScalingGroupName(),
                        request.instanceIds(),
                        Boolean.TRUE.equals(request.shouldDecrementDesiredCapacity()),
                        LifecycleState.ENTERING_STANDBY,
                        "Moving EC2 instance to Standby: ",
                        "was moved to standby in response to a user request"))
                .build();
    }

    private List<Activity> aside(
            String name, List<String> ids, boolean decrement, LifecycleState state, String description, String what) {
        GroupRecord group = groups.require(name);
        int desired = group.group().desiredCapacity();
        if (decrement) {
            requireRoom(group, ids.size());
        }
        List<Activity> begun = new ArrayList<>();
        for (String id : ids) {
            MemberRecord member = requireIn(group, id);
            boolean standby = member.is(LifecycleState.STANDBY) && state == LifecycleState.DETACHING;
            if (!member.is(LifecycleState.IN_SERVICE) && !standby) {
                throw Refusals.of("The instance " + id + " is not in InService or Standby.");
            }
            String activity = Activities.newId();
            begun.add(activities.begin(
                    scope(),
                    group,
                    activity,
                    description + id,
                    at() + "instance " + id + " " + what
                            + (decrement
                                    ? ", shrinking the capacity from " + desired + " to " + (desired - ids.size()) + "."
                                    : "."),
                    Map.of("Availability Zone", member.instance().availabilityZone())));
            tables.put(scope(), member.within(activity).in(state, clock.instant()));
            if (state == LifecycleState.ENTERING_STANDBY) {
                activities.end(scope(), activity, ScalingActivityStatusCode.SUCCESSFUL, "");
            }
        }
        groups.change(decrement ? group.with(g -> g.desiredCapacity(desired - ids.size())) : group);
        return begun;
    }

    ExitStandbyResponse exitStandby(ExitStandbyRequest request) {
        GroupRecord group = groups.require(request.autoScalingGroupName());
        int desired = group.group().desiredCapacity() + request.instanceIds().size();
        if (desired > group.group().maxSize()) {
            throw Refusals.of("The new desired capacity " + desired + " is above the group's max size "
                    + group.group().maxSize() + ".");
        }
        List<Activity> begun = new ArrayList<>();
        for (String id : request.instanceIds()) {
            MemberRecord member = requireIn(group, id);
            if (!member.is(LifecycleState.STANDBY)) {
                throw Refusals.of("The instance " + id + " is not in Standby.");
            }
            String activity = Activities.newId();
            begun.add(activities.begin(
                    scope(),
                    group,
                    activity,
                    "Moving EC2 instance out of Standby: " + id,
                    at() + "instance " + id
                            + " was moved out of standby in response to a user request, increasing the capacity from "
                            + group.group().desiredCapacity() + " to " + desired + ".",
                    Map.of("Availability Zone", member.instance().availabilityZone())));
            tables.put(scope(), member.within(activity).returning().in(LifecycleState.PENDING, clock.instant()));
        }
        groups.change(group.with(g -> g.desiredCapacity(desired)));
        return ExitStandbyResponse.builder().activities(begun).build();
    }

    SetInstanceHealthResponse setHealth(SetInstanceHealthRequest request) {
        MemberRecord member = require(request.instanceId());
        String status = request.healthStatus();
        if (!status.equals("Healthy") && !status.equals("Unhealthy")) {
            throw Refusals.of("Invalid HealthStatus: " + status);
        }
        GroupRecord group = groups.require(member.groupName());
        int grace = Optional.ofNullable(group.group().healthCheckGracePeriod()).orElse(0);
        boolean early = !Boolean.FALSE.equals(request.shouldRespectGracePeriod())
                && clock.instant().isBefore(member.inServiceSince().plusSeconds(grace));
        if (!early || status.equals("Healthy")) {
            tables.put(scope(), member.with(i -> i.healthStatus(status)));
            reconciler.nudge(scope(), group.name());
        }
        return SetInstanceHealthResponse.builder().build();
    }

    SetInstanceProtectionResponse protect(SetInstanceProtectionRequest request) {
        GroupRecord group = groups.require(request.autoScalingGroupName());
        for (String id : request.instanceIds()) {
            MemberRecord member = requireIn(group, id);
            tables.put(scope(), member.with(i -> i.protectedFromScaleIn(request.protectedFromScaleIn())));
        }
        return SetInstanceProtectionResponse.builder().build();
    }
}
