package dev.terrane.autoscaling;

import dev.terrane.kernel.arn.Arn;
import dev.terrane.kernel.call.Call;
import dev.terrane.kernel.call.Scope;
import dev.terrane.kernel.clock.Clock;
import dev.terrane.kernel.id.Ids;
import dev.terrane.kernel.page.PageTokens;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import software.amazon.awssdk.services.autoscaling.model.*;

/** Auto Scaling groups: made, changed, described, deleted. */
final class Groups {
    private static final int USUAL_COOLDOWN = 300;
    private static final Set<String> CHANGEABLE = Set.of(
            "AutoScalingGroupName",
            "AvailabilityZoneDistribution",
            "LaunchTemplate",
            "MinSize",
            "MaxSize",
            "DesiredCapacity",
            "DefaultCooldown",
            "AvailabilityZones",
            "HealthCheckType",
            "HealthCheckGracePeriod",
            "VPCZoneIdentifier",
            "TerminationPolicies",
            "NewInstancesProtectedFromScaleIn",
            "ServiceLinkedRoleARN",
            "DefaultInstanceWarmup",
            "Context");

    private final ScalingTables tables;
    private final Clock clock;
    private final PageTokens pages;
    private final GroupSettings settings;
    private final Hooks hooks;
    private final TargetTracking tracking;
    private final Reconciler reconciler;

    Groups(
            ScalingTables tables,
            GroupSettings settings,
            Clock clock,
            PageTokens pages,
            Hooks hooks,
            TargetTracking tracking,
            Reconciler reconciler) {
        this.tables = tables;
        this.settings = settings;
        this.clock = clock;
        this.pages = pages;
        this.hooks = hooks;
        this.tracking = tracking;
        this.reconciler = reconciler;
    }

    private static Scope scope() {
        return Call.current().scope();
    }

    GroupRecord require(String name) {
        return tables.group(scope(), name).orElseThrow(() -> Refusals.noGroup(name));
    }

    /** Refuses target groups that are not there. */
    void requireTargetGroups(List<String> arns) {
        arns.forEach(TargetGroups::requireTargetGroup);
        settings.requireTargetGroups(arns);
    }

    /** Stores a changed group, and looks at it at once. */
    void change(GroupRecord group) {
        tables.put(scope(), group);
        reconciler.nudge(scope(), group.name());
    }

    /** A group that is not on its way out. */
    GroupRecord requireLasting(String name) {
        GroupRecord group = require(name);
        requireLasting(group);
        return group;
    }

    /**
     * Gives a group another desired capacity, if it is another one.
     *
     * @param cause who did that, as activities tell it
     */
    void scale(GroupRecord group, int desired, String cause) {
        int before = group.group().desiredCapacity();
        if (desired != before) {
            change(group.with(g -> g.desiredCapacity(desired))
                    .because(at() + cause + " changing the desired capacity from " + before + " to " + desired + "."));
        }
    }

    private String at() {
        return "At " + Activities.moment(clock.instant()) + " ";
    }

    CreateAutoScalingGroupResponse create(CreateAutoScalingGroupRequest request) {
        Set<String> members = new LinkedHashSet<>(CHANGEABLE);
        members.addAll(Set.of("TargetGroupARNs", "TrafficSources", "LifecycleHookSpecificationList", "Tags"));
        Refusals.unlessOnly(request, members);
        String name = request.autoScalingGroupName();
        if (tables.group(scope(), name).isPresent()) {
            throw AlreadyExistsException.builder()
                    .message("AutoScalingGroup by this name already exists - A group with the name " + name
                            + " already exists")
                    .build();
        }
        if (request.launchTemplate() == null) {
            throw Refusals.of("Valid requests must contain a LaunchTemplate.");
        }
        int desired = request.desiredCapacity() == null ? request.minSize() : request.desiredCapacity();
        List<String> targetGroups = new ArrayList<>(request.targetGroupARNs());
        targetGroups.addAll(TargetGroups.identifiers(request.trafficSources()));
        requireTargetGroups(targetGroups);
        Scope scope = scope();
        AutoScalingGroup group = AutoScalingGroup.builder()
                .autoScalingGroupName(name)
                .autoScalingGroupARN(Arn.of(
                                "autoscaling",
                                scope.region(),
                                scope.account(),
                                "autoScalingGroup:" + Ids.uuid() + ":autoScalingGroupName/" + name)
                        .toString())
                .launchTemplate(settings.template(request.launchTemplate(), request.vpcZoneIdentifier()))
                .minSize(request.minSize())
                .maxSize(request.maxSize())
                .desiredCapacity(desired)
                .defaultCooldown(request.defaultCooldown() == null ? USUAL_COOLDOWN : request.defaultCooldown())
                .healthCheckType(GroupSettings.healthCheck(request.healthCheckType(), "EC2"))
                .healthCheckGracePeriod(
                        request.healthCheckGracePeriod() == null
                                ? Integer.valueOf(0)
                                : request.healthCheckGracePeriod())
                .targetGroupARNs(targetGroups)
                .trafficSources(TargetGroups.sources(targetGroups))
                .createdTime(clock.instant())
                .terminationPolicies(GroupSettings.terminationPolicies(request.terminationPolicies()))
                .newInstancesProtectedFromScaleIn(Boolean.TRUE.equals(request.newInstancesProtectedFromScaleIn()))
                .serviceLinkedRoleARN(settings.serviceLinkedRole(request.serviceLinkedRoleARN()))
                .defaultInstanceWarmup(request.defaultInstanceWarmup())
                .context(request.context())
                .availabilityZoneDistribution(GroupSettings.distribution(request.availabilityZoneDistribution()))
                .tags(ScalingTags.described(name, request.tags()))
                .applyMutation(g -> settings.place(g, request.vpcZoneIdentifier(), request.availabilityZones()))
                .build();
        GroupSettings.checkSizes(group);
        GroupRecord made = new GroupRecord(group, false, "")
                .because(at() + "a user request created an AutoScalingGroup changing the desired capacity from 0 to "
                        + desired + ".");
        change(made);
        request.lifecycleHookSpecificationList().forEach(hook -> hooks.put(scope, name, hook));
        return CreateAutoScalingGroupResponse.builder().build();
    }

    UpdateAutoScalingGroupResponse update(UpdateAutoScalingGroupRequest request) {
        Refusals.unlessOnly(request, CHANGEABLE);
        GroupRecord before = requireLasting(request.autoScalingGroupName());
        int least = request.minSize() == null ? before.group().minSize() : request.minSize();
        int most = request.maxSize() == null ? before.group().maxSize() : request.maxSize();
        int desired = request.desiredCapacity() == null
                ? Math.max(least, Math.min(most, before.group().desiredCapacity()))
                : request.desiredCapacity();
        GroupRecord after = before.with(g -> {
            g.minSize(least).maxSize(most).desiredCapacity(desired);
            if (request.launchTemplate() != null) {
                g.launchTemplate(settings.template(
                        request.launchTemplate(),
                        request.vpcZoneIdentifier() == null
                                ? before.group().vpcZoneIdentifier()
                                : request.vpcZoneIdentifier()));
            }
            if (request.availabilityZoneDistribution() != null) {
                g.availabilityZoneDistribution(GroupSettings.distribution(request.availabilityZoneDistribution()));
            }
            if (request.defaultCooldown() != null) {
                g.defaultCooldown(request.defaultCooldown());
            }
            if (request.healthCheckGracePeriod() != null) {
                g.healthCheckGracePeriod(request.healthCheckGracePeriod());
            }
            if (request.vpcZoneIdentifier() != null
                    || !request.availabilityZones().isEmpty()) {
                settings.place(g, request.vpcZoneIdentifier(), request.availabilityZones());
            }
            if (!request.terminationPolicies().isEmpty()) {
                g.terminationPolicies(GroupSettings.terminationPolicies(request.terminationPolicies()));
            }
            if (request.newInstancesProtectedFromScaleIn() != null) {
                g.newInstancesProtectedFromScaleIn(request.newInstancesProtectedFromScaleIn());
            }
            if (request.serviceLinkedRoleARN() != null) {
                g.serviceLinkedRoleARN(request.serviceLinkedRoleARN());
            }
            if (request.defaultInstanceWarmup() != null) {
                g.defaultInstanceWarmup(request.defaultInstanceWarmup());
            }
            if (request.context() != null) {
                g.context(request.context());
            }
            g.healthCheckType(GroupSettings.healthCheck(
                    request.healthCheckType(), before.group().healthCheckType()));
        });
        GroupSettings.checkSizes(after.group());
        if (desired != before.group().desiredCapacity()) {
            after = after.because(at() + "a user request update of AutoScalingGroup constraints to min: " + least
                    + ", max: " + most + ", desired: " + desired + " changing the desired capacity from "
                    + before.group().desiredCapacity() + " to " + desired + ".");
        }
        change(after);
        return UpdateAutoScalingGroupResponse.builder().build();
    }

    private static void requireLasting(GroupRecord group) {
        if (group.deleting()) {
            throw ScalingActivityInProgressException.builder()
                    .message("AutoScalingGroup " + group.name() + " is being deleted")
                    .build();
        }
    }

    SetDesiredCapacityResponse setDesired(SetDesiredCapacityRequest request) {
        GroupRecord group = requireLasting(request.autoScalingGroupName());
        int desired = request.desiredCapacity();
        if (desired > group.group().maxSize()) {
            throw Refusals.of("New SetDesiredCapacity value " + desired + " is above max value "
                    + group.group().maxSize() + " for the AutoScalingGroup.");
        }
        if (desired < group.group().minSize()) {
            throw Refusals.of("New SetDesiredCapacity value " + desired + " is below min value "
                    + group.group().minSize() + " for the AutoScalingGroup.");
        }
        scale(group, desired, "a user request explicitly set group desired capacity");
        return SetDesiredCapacityResponse.builder().build();
    }

    DeleteAutoScalingGroupResponse delete(DeleteAutoScalingGroupRequest request) {
        GroupRecord group = require(request.autoScalingGroupName());
        boolean forced = Boolean.TRUE.equals(request.forceDelete());
        List<MemberRecord> members = tables.members(scope(), group.name());
        if (!forced && !members.isEmpty()) {
            throw ResourceInUseException.builder()
                    .message(
                            "You cannot delete an AutoScalingGroup while there are instances or pending Spot instance request(s) still in the group.")
                    .build();
        }
        if (members.isEmpty()) {
            tracking.deleteAll(scope(), group, tables.policies(scope(), group.name()));
            tables.delete(scope(), group);
        } else {
            change(group.asDeleting());
        }
        return DeleteAutoScalingGroupResponse.builder().build();
    }

    DescribeAutoScalingGroupsResponse describe(DescribeAutoScalingGroupsRequest request) {
        Predicate<AutoScalingGroup> wanted =
                group -> request.filters().stream().allMatch(filter -> passes(group, filter));
        Paged<AutoScalingGroup> page = Paged.of(
                pages,
                "DescribeAutoScalingGroups" + request.filters() + request.autoScalingGroupNames(),
                tables.groups(scope()).stream()
                        .filter(group -> request.autoScalingGroupNames().isEmpty()
                                || request.autoScalingGroupNames().contains(group.name()))
                        .map(GroupRecord::group)
                        .filter(wanted)
                        .toList(),
                AutoScalingGroup::autoScalingGroupName,
                request.maxRecords(),
                request.nextToken());
        return DescribeAutoScalingGroupsResponse.builder()
                .autoScalingGroups(page.items().stream()
                        .map(group -> Boolean.FALSE.equals(request.includeInstances())
                                ? group
                                : group.toBuilder()
                                        .instances(instances(group.autoScalingGroupName()))
                                        .build())
                        .toList())
                .nextToken(page.next())
                .build();
    }

    private List<Instance> instances(String group) {
        return tables.members(scope(), group).stream()
                .map(MemberRecord::instance)
                .filter(instance -> !instance.instanceId().isEmpty())
                .toList();
    }

    private static boolean passes(AutoScalingGroup group, Filter filter) {
        return switch (filter.name()) {
            case "tag-key" ->
                group.tags().stream().anyMatch(tag -> filter.values().contains(tag.key()));
            case "tag-value" ->
                group.tags().stream().anyMatch(tag -> filter.values().contains(tag.value()));
            case String name
            when name.startsWith("tag:") ->
                group.tags().stream()
                        .anyMatch(tag -> tag.key().equals(name.substring(4))
                                && filter.values().contains(tag.value()));
            case null, default -> throw Refusals.of("Filter type " + filter.name() + " is not correct.");
        };
    }

    DescribeAccountLimitsResponse limits() {
        return DescribeAccountLimitsResponse.builder()
                .maxNumberOfAutoScalingGroups(500)
                .maxNumberOfLaunchConfigurations(0)
                .numberOfAutoScalingGroups(tables.groups(scope()).size())
                .numberOfLaunchConfigurations(0)
                .build();
    }

    /** The ARN of a group, or of the group of an instance, as authorization needs it. */
    Optional<String> arn(Scope scope, String type, String name) {
        Optional<String> group =
                type.equals("instance") ? tables.memberOf(scope, name).map(MemberRecord::groupName) : Optional.of(name);
        return group.flatMap(g -> tables.group(scope, g)).map(GroupRecord::arn);
    }

    /** Whether an ARN is a group's. */
    boolean isThere(Arn arn) {
        return tables.group(new Scope(arn.account(), arn.region()), arn.name())
                .filter(group -> group.arn().equals(arn.toString()))
                .isPresent();
    }

    /** The tags of a group by its ARN. */
    Map<String, String> tags(Arn arn) {
        Map<String, String> tags = new java.util.HashMap<>();
        tables.group(new Scope(arn.account(), arn.region()), arn.name())
                .ifPresent(group -> group.group().tags().forEach(tag -> tags.put(tag.key(), tag.value())));
        return tags;
    }
}
