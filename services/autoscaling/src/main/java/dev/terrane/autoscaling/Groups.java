package dev.terrane.autoscaling;

import dev.terrane.kernel.arn.Arn;
import dev.terrane.kernel.call.Actor;
import dev.terrane.kernel.call.Call;
import dev.terrane.kernel.call.Clients;
import dev.terrane.kernel.call.Scope;
import dev.terrane.kernel.clock.Clock;
import dev.terrane.kernel.error.AwsErrors;
import dev.terrane.kernel.id.Ids;
import dev.terrane.kernel.page.PageTokens;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.services.autoscaling.model.*;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.ec2.model.LaunchTemplateVersion;
import software.amazon.awssdk.services.iam.IamClient;
import software.amazon.awssdk.services.iam.model.NoSuchEntityException;

/** Auto Scaling groups: made, changed, described, deleted. */
final class Groups {
    private static final String SERVICE = "autoscaling.amazonaws.com";
    private static final String ROLE = "AWSServiceRoleForAutoScaling";
    private static final int USUAL_COOLDOWN = 300;
    private static final Set<String> PROCESSES = Set.of(
            "Launch",
            "Terminate",
            "AddToLoadBalancer",
            "AlarmNotification",
            "AZRebalance",
            "HealthCheck",
            "InstanceRefresh",
            "ReplaceUnhealthy",
            "ScheduledActions");
    private static final Set<String> CHANGEABLE = Set.of(
            "AutoScalingGroupName",
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
    private final Clients clients;
    private final Clock clock;
    private final PageTokens pages;
    private final Fleet fleet;
    private final Hooks hooks;
    private final Reconciler reconciler;

    Groups(
            ScalingTables tables,
            Clients clients,
            Clock clock,
            PageTokens pages,
            Fleet fleet,
            Hooks hooks,
            Reconciler reconciler) {
        this.tables = tables;
        this.clients = clients;
        this.clock = clock;
        this.pages = pages;
        this.fleet = fleet;
        this.hooks = hooks;
        this.reconciler = reconciler;
    }

    private static Scope scope() {
        return Call.current().scope();
    }

    GroupRecord require(String name) {
        return tables.group(scope(), name).orElseThrow(() -> Refusals.noGroup(name));
    }

    /** Stores a changed group, and looks at it at once. */
    void change(GroupRecord group) {
        tables.put(scope(), group);
        reconciler.nudge(scope(), group.name());
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
        Scope scope = scope();
        AutoScalingGroup group = AutoScalingGroup.builder()
                .autoScalingGroupName(name)
                .autoScalingGroupARN(Arn.of(
                                "autoscaling",
                                scope.region(),
                                scope.account(),
                                "autoScalingGroup:" + Ids.uuid() + ":autoScalingGroupName/" + name)
                        .toString())
                .launchTemplate(template(request.launchTemplate()))
                .minSize(request.minSize())
                .maxSize(request.maxSize())
                .desiredCapacity(desired)
                .defaultCooldown(request.defaultCooldown() == null ? USUAL_COOLDOWN : request.defaultCooldown())
                .healthCheckType(healthCheck(request.healthCheckType(), "EC2"))
                .healthCheckGracePeriod(
                        request.healthCheckGracePeriod() == null
                                ? Integer.valueOf(0)
                                : request.healthCheckGracePeriod())
                .targetGroupARNs(targetGroups)
                .trafficSources(TargetGroups.sources(targetGroups))
                .createdTime(clock.instant())
                .terminationPolicies(terminationPolicies(request.terminationPolicies()))
                .newInstancesProtectedFromScaleIn(Boolean.TRUE.equals(request.newInstancesProtectedFromScaleIn()))
                .serviceLinkedRoleARN(serviceLinkedRole(request.serviceLinkedRoleARN()))
                .defaultInstanceWarmup(request.defaultInstanceWarmup())
                .context(request.context())
                .tags(ScalingTags.described(name, request.tags()))
                .applyMutation(g -> place(g, request.vpcZoneIdentifier(), request.availabilityZones()))
                .build();
        checkSizes(group);
        GroupRecord made = new GroupRecord(group, false, "")
                .because(at() + "a user request created an AutoScalingGroup changing the desired capacity from 0 to "
                        + desired + ".");
        change(made);
        request.lifecycleHookSpecificationList().forEach(hook -> hooks.put(scope, name, hook));
        return CreateAutoScalingGroupResponse.builder().build();
    }

    private static List<String> terminationPolicies(List<String> asked) {
        asked.stream()
                .filter(policy -> !policy.equals("Default") && !policy.equals("OldestInstance"))
                .findFirst()
                .ifPresent(policy -> {
                    throw Refusals.of("The termination policy " + policy
                            + " is not supported; instances are ended by the policy Default.");
                });
        return asked.isEmpty() ? List.of("Default") : asked;
    }

    private static String healthCheck(@Nullable String asked, String otherwise) {
        if (asked == null) {
            return otherwise;
        }
        if (!Set.of("EC2", "ELB", "EC2,ELB", "ELB,EC2").contains(asked)) {
            throw Refusals.of("Invalid HealthCheckType " + asked + ": it is EC2 or ELB");
        }
        return asked;
    }

    /** Where instances go: subnets, or zones with their default subnets. */
    private void place(AutoScalingGroup.Builder group, @Nullable String subnets, List<String> zones) {
        if ((subnets == null || subnets.isEmpty()) && zones.isEmpty()) {
            throw Refusals.of("At least one Availability Zone or VPC Subnet is required.");
        }
        try {
            if (subnets != null && !subnets.isEmpty()) {
                Set<String> found = fleet.subnetsByZone(scope(), List.of(subnets.split("\\s*,\\s*")))
                        .keySet();
                if (!zones.isEmpty() && !found.containsAll(zones)) {
                    throw Refusals.of(
                            "The availability zones of the specified subnets and the Auto Scaling group do not match");
                }
                group.vpcZoneIdentifier(subnets).availabilityZones(found);
            } else {
                clients.client(Ec2Client.class, new Actor.Platform(scope()))
                        .describeAvailabilityZones(r -> r.zoneNames(zones));
                group.availabilityZones(zones).vpcZoneIdentifier("");
            }
        } catch (AwsServiceException e) {
            throw Refusals.of(AwsErrors.message(e));
        }
    }

    private static void checkSizes(AutoScalingGroup group) {
        if (group.minSize() > group.maxSize()) {
            throw Refusals.of("Max bound, " + group.maxSize() + ", must be greater than or equal to min bound, "
                    + group.minSize());
        }
        if (group.desiredCapacity() < group.minSize() || group.desiredCapacity() > group.maxSize()) {
            throw Refusals.of("Desired capacity:" + group.desiredCapacity()
                    + " must be between the specified min size:" + group.minSize() + " and max size:"
                    + group.maxSize());
        }
    }

    /** A template as it is kept, by its id, once the caller has shown that it may launch from it. */
    private LaunchTemplateSpecification template(LaunchTemplateSpecification asked) {
        if ((asked.launchTemplateId() == null) == (asked.launchTemplateName() == null)) {
            throw Refusals.of("Valid requests must contain either launchTemplateId or LaunchTemplateName");
        }
        try {
            LaunchTemplateVersion found = clients.client(Ec2Client.class, new Actor.Platform(scope()))
                    .describeLaunchTemplateVersions(r -> r.launchTemplateId(asked.launchTemplateId())
                            .launchTemplateName(asked.launchTemplateName())
                            .versions(asked.version() == null ? "$Default" : asked.version()))
                    .launchTemplateVersions()
                    .getFirst();
            requireLaunch(asked);
            return LaunchTemplateSpecification.builder()
                    .launchTemplateId(found.launchTemplateId())
                    .launchTemplateName(found.launchTemplateName())
                    .version(asked.version())
                    .build();
        } catch (AwsServiceException e) {
            throw Refusals.of("Invalid launch template: " + AwsErrors.message(e));
        }
    }

    /** The caller must be allowed to launch such instances, with their role, or the group would lend it the service's rights. */
    private void requireLaunch(LaunchTemplateSpecification template) {
        try {
            clients.client(Ec2Client.class, new Actor.Forwarded(SERVICE))
                    .runInstances(r -> r.dryRun(true)
                            .minCount(1)
                            .maxCount(1)
                            .launchTemplate(t -> t.launchTemplateId(template.launchTemplateId())
                                    .launchTemplateName(template.launchTemplateName())
                                    .version(template.version())));
        } catch (AwsServiceException e) {
            String code = e.awsErrorDetails() == null ? "" : e.awsErrorDetails().errorCode();
            if (code.equals("UnauthorizedOperation")) {
                throw AwsErrors.of(
                        "AccessDenied", 403, "You are not authorized to use launch template: " + AwsErrors.message(e));
            }
            // That nothing can run just now is for the group's activities to tell.
            if (!code.equals("DryRunOperation") && !code.equals("Unsupported")) {
                throw e;
            }
        }
    }

    /** The role by which the service acts in the account; made at the first group, by the caller's right. */
    private String serviceLinkedRole(@Nullable String asked) {
        if (asked != null) {
            return asked;
        }
        try {
            return clients.client(IamClient.class, new Actor.Platform(scope()))
                    .getRole(r -> r.roleName(ROLE))
                    .role()
                    .arn();
        } catch (NoSuchEntityException e) {
            try {
                return clients.client(IamClient.class, new Actor.Forwarded(SERVICE))
                        .createServiceLinkedRole(r -> r.awsServiceName(SERVICE))
                        .role()
                        .arn();
            } catch (AwsServiceException refused) {
                throw ServiceLinkedRoleFailureException.builder()
                        .message("The service-linked role cannot be created: " + AwsErrors.message(refused))
                        .build();
            }
        }
    }

    UpdateAutoScalingGroupResponse update(UpdateAutoScalingGroupRequest request) {
        Refusals.unlessOnly(request, CHANGEABLE);
        GroupRecord before = require(request.autoScalingGroupName());
        requireLasting(before);
        int least = request.minSize() == null ? before.group().minSize() : request.minSize();
        int most = request.maxSize() == null ? before.group().maxSize() : request.maxSize();
        int desired = request.desiredCapacity() == null
                ? Math.max(least, Math.min(most, before.group().desiredCapacity()))
                : request.desiredCapacity();
        GroupRecord after = before.with(g -> {
            g.minSize(least).maxSize(most).desiredCapacity(desired);
            if (request.launchTemplate() != null) {
                g.launchTemplate(template(request.launchTemplate()));
            }
            if (request.defaultCooldown() != null) {
                g.defaultCooldown(request.defaultCooldown());
            }
            if (request.healthCheckGracePeriod() != null) {
                g.healthCheckGracePeriod(request.healthCheckGracePeriod());
            }
            if (request.vpcZoneIdentifier() != null
                    || !request.availabilityZones().isEmpty()) {
                place(g, request.vpcZoneIdentifier(), request.availabilityZones());
            }
            if (!request.terminationPolicies().isEmpty()) {
                g.terminationPolicies(terminationPolicies(request.terminationPolicies()));
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
            g.healthCheckType(
                    healthCheck(request.healthCheckType(), before.group().healthCheckType()));
        });
        checkSizes(after.group());
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
        GroupRecord group = require(request.autoScalingGroupName());
        requireLasting(group);
        int desired = request.desiredCapacity();
        if (desired > group.group().maxSize()) {
            throw Refusals.of("New SetDesiredCapacity value " + desired + " is above max value "
                    + group.group().maxSize() + " for the AutoScalingGroup.");
        }
        if (desired < group.group().minSize()) {
            throw Refusals.of("New SetDesiredCapacity value " + desired + " is below min value "
                    + group.group().minSize() + " for the AutoScalingGroup.");
        }
        int before = group.group().desiredCapacity();
        if (desired != before) {
            change(group.with(g -> g.desiredCapacity(desired))
                    .because(at()
                            + "a user request explicitly set group desired capacity changing the desired capacity from "
                            + before + " to " + desired + "."));
        }
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

    SuspendProcessesResponse suspend(SuspendProcessesRequest request) {
        GroupRecord group = require(request.autoScalingGroupName());
        List<SuspendedProcess> suspended = new ArrayList<>(group.group().suspendedProcesses());
        for (String process : processes(request.scalingProcesses())) {
            if (group.runs(process)) {
                suspended.add(SuspendedProcess.builder()
                        .processName(process)
                        .suspensionReason("User suspended at " + Activities.moment(clock.instant()))
                        .build());
            }
        }
        change(group.with(g -> g.suspendedProcesses(suspended)));
        return SuspendProcessesResponse.builder().build();
    }

    ResumeProcessesResponse resume(ResumeProcessesRequest request) {
        GroupRecord group = require(request.autoScalingGroupName());
        Set<String> resumed = processes(request.scalingProcesses());
        change(group.with(g -> g.suspendedProcesses(group.group().suspendedProcesses().stream()
                .filter(process -> !resumed.contains(process.processName()))
                .toList())));
        return ResumeProcessesResponse.builder().build();
    }

    private static Set<String> processes(List<String> asked) {
        asked.stream()
                .filter(process -> !PROCESSES.contains(process))
                .findFirst()
                .ifPresent(process -> {
                    throw Refusals.of("Process type " + process + " is invalid");
                });
        return asked.isEmpty() ? PROCESSES : new LinkedHashSet<>(asked);
    }

    DescribeScalingProcessTypesResponse processTypes() {
        return DescribeScalingProcessTypesResponse.builder()
                .processes(PROCESSES.stream()
                        .sorted()
                        .map(name -> ProcessType.builder().processName(name).build())
                        .toList())
                .build();
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

    /** The tags of a group by its ARN. */
    Map<String, String> tags(Arn arn) {
        Map<String, String> tags = new java.util.HashMap<>();
        tables.group(new Scope(arn.account(), arn.region()), arn.name())
                .ifPresent(group -> group.group().tags().forEach(tag -> tags.put(tag.key(), tag.value())));
        return tags;
    }
}
