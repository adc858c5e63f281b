package dev.terrane.autoscaling;

import dev.terrane.kernel.call.Scope;
import dev.terrane.kernel.clock.Clock;
import dev.terrane.kernel.error.AwsErrors;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.services.autoscaling.model.*;
import software.amazon.awssdk.services.ec2.model.InstanceStateName;
import software.amazon.awssdk.services.ec2.model.LaunchTemplateVersion;

/** Keeps one group at what is desired: looks at its instances, lets each go one step on, launches what is missing, ends what is too much. */
final class GroupKeeper {
    private static final Duration FIRST_PAUSE = Duration.ofSeconds(10);
    private static final Duration LONGEST_PAUSE = Duration.ofMinutes(5);

    /** Until when nothing is launched after failures. */
    private record Pause(Instant until, Duration length) {}

    private final ScalingTables tables;
    private final Fleet fleet;
    private final MemberSteps steps;
    private final Activities activities;
    private final ScalingEvents events;
    private final TargetTracking tracking;
    private final Clock clock;
    private final Map<String, Pause> pauses = new ConcurrentHashMap<>();

    GroupKeeper(
            ScalingTables tables,
            Fleet fleet,
            MemberSteps steps,
            Activities activities,
            ScalingEvents events,
            TargetTracking tracking,
            Clock clock) {
        this.tables = tables;
        this.fleet = fleet;
        this.steps = steps;
        this.activities = activities;
        this.events = events;
        this.tracking = tracking;
        this.clock = clock;
    }

    /** Looks at a group once.
     *
     * @return whether something changed, so that it is worth looking again at once
     */
    boolean keep(Scope scope, String name) {
        Optional<GroupRecord> found = tables.group(scope, name);
        if (found.isEmpty()) {
            return false;
        }
        GroupRecord group = found.get();
        List<MemberRecord> members = tables.members(scope, name);
        boolean changed = finishLaunches(scope, group, members);
        if (!changed) {
            View view = View.of(fleet, scope, group, members);
            for (MemberRecord member : members) {
                changed |= advance(scope, group, member, view);
            }
        }
        return changed || balance(scope, name);
    }

    /** One that EC2 or the balancer refuses to change now is tried again later, and does not hold up the others. */
    private boolean advance(Scope scope, GroupRecord group, MemberRecord member, View view) {
        try {
            return steps.advance(scope, group, member, view);
        } catch (AwsServiceException e) {
            System.getLogger(GroupKeeper.class.getName())
                    .log(
                            System.Logger.Level.WARNING,
                            "{0} of {1} does not go on: {2}",
                            member.instanceId(),
                            group.name(),
                            AwsErrors.message(e));
            return false;
        }
    }

    /** What was decided and not yet done, because the server ended in between, or because EC2 refused for now. */
    private boolean finishLaunches(Scope scope, GroupRecord group, List<MemberRecord> members) {
        boolean changed = false;
        for (MemberRecord member : members) {
            if (member.instanceId().isEmpty() && member.is(LifecycleState.PENDING)) {
                launch(scope, group, member);
                changed = true;
            }
        }
        return changed;
    }

    private void launch(Scope scope, GroupRecord group, MemberRecord member) {
        try {
            software.amazon.awssdk.services.ec2.model.Instance made = fleet.launch(
                    scope, group, member.activityId(), member.instance().availabilityZone());
            pauses.remove(group.arn());
            tables.transact(() -> tables.member(scope, member.id()).ifPresent(now -> {
                tables.put(
                        scope,
                        now.with(i -> i.instanceId(made.instanceId())
                                .instanceType(made.instanceTypeAsString())
                                .imageId(made.imageId())
                                .availabilityZone(made.placement().availabilityZone())));
                activities.progress(
                        scope,
                        member.activityId(),
                        ScalingActivityStatusCode.PRE_IN_SERVICE,
                        30,
                        "Launching a new EC2 instance: " + made.instanceId());
            }));
        } catch (AwsServiceException e) {
            pause(group);
            tables.transact(() -> {
                tables.member(scope, member.id()).ifPresent(now -> tables.delete(scope, now));
                activities
                        .end(
                                scope,
                                member.activityId(),
                                ScalingActivityStatusCode.FAILED,
                                AwsErrors.message(e) + " Launching EC2 instance failed.")
                        .ifPresent(activity -> events.ended(group, "", activity, true, false));
            });
        }
    }

    /** Begins to launch or to end instances until as many count as are desired; deletes a group that is to be deleted and empty. */
    private boolean balance(Scope scope, String name) {
        boolean[] changed = new boolean[1];
        try {
            tables.transact(() -> {
                changed[0] = false;
                Optional<GroupRecord> group = tables.group(scope, name);
                if (group.isPresent()) {
                    changed[0] = balanceNow(scope, group.get());
                }
            });
        } catch (AwsServiceException e) {
            tables.transact(() -> tables.group(scope, name).ifPresent(group -> noteFailure(scope, group, e)));
            return false;
        }
        return changed[0];
    }

    /** Not even begun: the launch template is gone, for one. */
    private void noteFailure(Scope scope, GroupRecord group, AwsServiceException e) {
        pause(group);
        String id = Activities.newId();
        activities.begin(
                scope,
                group,
                id,
                "Launching a new EC2 instance.  Status Reason: " + AwsErrors.message(e),
                "At " + Activities.moment(clock.instant())
                        + " an instance was started in response to a difference between desired and actual capacity.",
                Map.of());
        activities.end(
                scope, id, ScalingActivityStatusCode.FAILED, AwsErrors.message(e) + " Launching EC2 instance failed.");
    }

    private void pause(GroupRecord group) {
        Duration length = Optional.ofNullable(pauses.get(group.arn()))
                .map(pause -> pause.length().multipliedBy(2))
                .map(longer -> longer.compareTo(LONGEST_PAUSE) < 0 ? longer : LONGEST_PAUSE)
                .orElse(FIRST_PAUSE);
        pauses.put(group.arn(), new Pause(clock.instant().plus(length), length));
    }

    private boolean balanceNow(Scope scope, GroupRecord group) {
        List<MemberRecord> members = tables.members(scope, group.name());
        if (group.deleting()) {
            if (members.isEmpty()) {
                tracking.deleteAll(scope, group, tables.policies(scope, group.name()));
                tables.delete(scope, group);
                return false;
            }
            return endAll(scope, group, members);
        }
        List<MemberRecord> counted =
                members.stream().filter(MemberRecord::counts).toList();
        int missing = group.desired() - counted.size();
        if (missing > 0 && group.runs("Launch") && mayLaunch(group)) {
            begin(scope, group, counted, missing);
            return true;
        }
        return missing < 0 && group.runs("Terminate") && shrink(scope, group, counted, -missing);
    }

    private boolean mayLaunch(GroupRecord group) {
        Pause pause = pauses.get(group.arn());
        return pause == null || !clock.instant().isBefore(pause.until());
    }

    private boolean endAll(Scope scope, GroupRecord group, List<MemberRecord> members) {
        boolean changed = false;
        for (MemberRecord member : members) {
            if (!member.ends() && !member.instanceId().isEmpty()) {
                steps.end(
                        scope,
                        group,
                        member,
                        "At " + Activities.moment(clock.instant())
                                + " an instance was taken out of service in response to a user request to delete the AutoScalingGroup.");
                changed = true;
            }
        }
        return changed;
    }

    private void begin(Scope scope, GroupRecord group, List<MemberRecord> counted, int missing) {
        Instant now = clock.instant();
        String cause = (group.cause().isEmpty() ? "" : group.cause() + "  ") + "At " + Activities.moment(now)
                + " an instance was started in response to a difference between desired and actual capacity, increasing the capacity from "
                + counted.size() + " to " + group.desired() + ".";
        LaunchTemplateVersion template = fleet.template(scope, group.group().launchTemplate());
        List<MemberRecord> all = new ArrayList<>(counted);
        for (int i = 0; i < missing; i++) {
            String zone = emptiestZone(group, all);
            String activity = Activities.newId();
            MemberRecord member = new MemberRecord(
                    activity,
                    group.name(),
                    Instance.builder()
                            .instanceId("")
                            .availabilityZone(zone)
                            .lifecycleState(LifecycleState.PENDING)
                            .healthStatus("Healthy")
                            .launchTemplate(t -> t.launchTemplateId(template.launchTemplateId())
                                    .launchTemplateName(template.launchTemplateName())
                                    .version(String.valueOf(template.versionNumber())))
                            .protectedFromScaleIn(
                                    Boolean.TRUE.equals(group.group().newInstancesProtectedFromScaleIn()))
                            .build(),
                    activity,
                    now,
                    Instant.EPOCH,
                    List.of(),
                    List.of(),
                    false);
            tables.put(scope, member);
            all.add(member);
            activities.begin(scope, group, activity, "Launching a new EC2 instance", cause, details(zone));
        }
        tables.put(scope, group.withoutCause());
    }

    private static Map<String, String> details(String zone) {
        return zone.isEmpty() ? Map.of() : Map.of("Availability Zone", zone);
    }

    /** Instances are spread over the zones as evenly as can be. */
    private static String emptiestZone(GroupRecord group, List<MemberRecord> members) {
        return group.group().availabilityZones().stream()
                .min(Comparator.comparingLong(zone -> inZone(members, zone)))
                .orElse("");
    }

    private static long inZone(List<MemberRecord> members, String zone) {
        return members.stream()
                .filter(member -> zone.equals(member.instance().availabilityZone()))
                .count();
    }

    /** The default termination policy: from the fullest zone, the oldest template version first, then the oldest instance. */
    private boolean shrink(Scope scope, GroupRecord group, List<MemberRecord> counted, int surplus) {
        List<MemberRecord> left = new ArrayList<>(counted);
        int ended = 0;
        while (ended < surplus) {
            Optional<MemberRecord> chosen = left.stream()
                    .filter(member -> !Boolean.TRUE.equals(member.instance().protectedFromScaleIn()))
                    .filter(member -> !member.instanceId().isEmpty())
                    .min(Comparator.comparingLong((MemberRecord member) ->
                                    -inZone(left, member.instance().availabilityZone()))
                            .thenComparing(MemberRecord::healthy)
                            .thenComparingLong(GroupKeeper::templateVersion)
                            .thenComparing(MemberRecord::since));
            if (chosen.isEmpty()) {
                break;
            }
            MemberRecord member = chosen.get();
            left.remove(member);
            ended++;
            steps.end(
                    scope,
                    group,
                    member,
                    (group.cause().isEmpty() ? "" : group.cause() + "  ") + "At "
                            + Activities.moment(clock.instant())
                            + " an instance was taken out of service in response to a difference between desired and actual capacity, shrinking the capacity from "
                            + counted.size() + " to " + group.desired() + ".  At "
                            + Activities.moment(clock.instant()) + " instance " + member.instanceId()
                            + " was selected for termination.");
        }
        if (ended > 0) {
            tables.put(scope, group.withoutCause());
        }
        return ended > 0;
    }

    private static long templateVersion(MemberRecord member) {
        LaunchTemplateSpecification template = member.instance().launchTemplate();
        return template == null || template.version() == null ? 0 : Long.parseLong(template.version());
    }

    /** What is seen of a group's instances in one look. */
    record View(
            Map<String, software.amazon.awssdk.services.ec2.model.Instance> instances,
            Map<String, Map<String, software.amazon.awssdk.services.elasticloadbalancingv2.model.TargetHealthStateEnum>>
                    targets) {
        static View of(Fleet fleet, Scope scope, GroupRecord group, List<MemberRecord> members) {
            List<String> ids = members.stream()
                    .map(MemberRecord::instanceId)
                    .filter(id -> !id.isEmpty())
                    .toList();
            Map<String, Map<String, software.amazon.awssdk.services.elasticloadbalancingv2.model.TargetHealthStateEnum>>
                    targets = new LinkedHashMap<>();
            members.stream()
                    .flatMap(member -> member.targets().stream())
                    .distinct()
                    .forEach(targetGroup -> targets.put(targetGroup, fleet.health(scope, targetGroup)));
            return new View(fleet.look(scope, ids), targets);
        }

        /** The state of an instance; terminated where it is no longer known. */
        InstanceStateName state(String instanceId) {
            software.amazon.awssdk.services.ec2.model.Instance instance = instances.get(instanceId);
            return instance == null
                    ? InstanceStateName.TERMINATED
                    : instance.state().name();
        }
    }
}
