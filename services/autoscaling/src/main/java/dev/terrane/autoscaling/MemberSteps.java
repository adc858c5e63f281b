package dev.terrane.autoscaling;

import dev.terrane.kernel.call.Scope;
import dev.terrane.kernel.clock.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import software.amazon.awssdk.services.autoscaling.model.*;
import software.amazon.awssdk.services.ec2.model.InstanceStateName;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.TargetHealthStateEnum;

/** One instance's way through its lifecycle, a step at a time ("Amazon EC2 Auto Scaling instance lifecycle"). */
final class MemberSteps {
    private final ScalingTables tables;
    private final Fleet fleet;
    private final Hooks hooks;
    private final Activities activities;
    private final ScalingEvents events;
    private final Clock clock;

    MemberSteps(
            ScalingTables tables, Fleet fleet, Hooks hooks, Activities activities, ScalingEvents events, Clock clock) {
        this.tables = tables;
        this.fleet = fleet;
        this.hooks = hooks;
        this.activities = activities;
        this.events = events;
        this.clock = clock;
    }

    /** Lets an instance go on.
     *
     * @return whether it did
     */
    boolean advance(Scope scope, GroupRecord group, MemberRecord member, GroupKeeper.View view) {
        if (member.instanceId().isEmpty()) {
            return false;
        }
        return switch (member.state()) {
            case PENDING -> pending(scope, group, member, view);
            case PENDING_WAIT -> launchWait(scope, group, member, view);
            case PENDING_PROCEED -> enterService(scope, group, member, view);
            case IN_SERVICE -> inService(scope, group, member, view);
            case ENTERING_STANDBY ->
                drained(scope, group, member, view)
                        && change(scope, member, now -> now.in(LifecycleState.STANDBY, clock.instant()));
            case DETACHING -> drained(scope, group, member, view) && leave(scope, member);
            case TERMINATING -> terminating(scope, group, member, view);
            case TERMINATING_WAIT -> terminateWait(scope, member, view);
            case TERMINATING_PROCEED -> terminate(scope, group, member, view);
            default -> false;
        };
    }

    /** Changes what is stored of a member, unless its state is another one by now. */
    private boolean change(Scope scope, MemberRecord member, UnaryOperator<MemberRecord> change) {
        boolean[] changed = new boolean[1];
        tables.transact(() -> {
            Optional<MemberRecord> now = tables.member(scope, member.id()).filter(m -> m.is(member.state()));
            changed[0] = now.isPresent();
            now.ifPresent(m -> tables.put(scope, change.apply(m)));
        });
        return changed[0];
    }

    private static boolean dead(InstanceStateName state) {
        return state != InstanceStateName.RUNNING && state != InstanceStateName.PENDING;
    }

    private boolean pending(Scope scope, GroupRecord group, MemberRecord member, GroupKeeper.View view) {
        InstanceStateName state = view.state(member.instanceId());
        if (dead(state)) {
            return failLaunch(
                    scope, group, member, "Instance became unhealthy while waiting for instance to be in service.");
        }
        if (state != InstanceStateName.RUNNING) {
            return false;
        }
        boolean[] changed = new boolean[1];
        tables.transact(() -> {
            Optional<MemberRecord> now = tables.member(scope, member.id()).filter(m -> m.is(LifecycleState.PENDING));
            changed[0] = now.isPresent();
            now.ifPresent(m -> {
                List<MemberRecord.HookWait> waits =
                        m.fromStandby() ? List.of() : hooks.begin(scope, group, m.instanceId(), Hooks.LAUNCHING);
                tables.put(
                        scope,
                        waits.isEmpty()
                                ? m.in(LifecycleState.PENDING_PROCEED, clock.instant())
                                : m.in(LifecycleState.PENDING_WAIT, clock.instant())
                                        .waitingFor(waits));
                if (!waits.isEmpty()) {
                    activities.progress(scope, m.activityId(), ScalingActivityStatusCode.MID_LIFECYCLE_ACTION, 40, "");
                }
            });
        });
        return changed[0];
    }

    /** The activity of a launch ends, and the instance with it. */
    private boolean failLaunch(Scope scope, GroupRecord group, MemberRecord member, String why) {
        tables.transact(() -> tables.member(scope, member.id())
                .filter(now -> now.is(member.state()))
                .ifPresent(now -> {
                    activities
                            .end(scope, now.activityId(), ScalingActivityStatusCode.CANCELLED, why)
                            .ifPresent(activity -> events.ended(group, now.instanceId(), activity, true, false));
                    end(
                            scope,
                            group,
                            now,
                            "At " + Activities.moment(clock.instant())
                                    + " an instance was taken out of service in response to a launch failure.");
                }));
        return true;
    }

    private boolean launchWait(Scope scope, GroupRecord group, MemberRecord member, GroupKeeper.View view) {
        if (dead(view.state(member.instanceId()))) {
            return failLaunch(
                    scope, group, member, "Instance became unhealthy while waiting for instance to be in service.");
        }
        return decided(scope, member, now -> launchDecided(scope, group, now));
    }

    private boolean launchDecided(Scope scope, GroupRecord group, MemberRecord member) {
        return switch (hooks.outcome(member, clock.instant())) {
            case WAITING -> false;
            case CONTINUE -> change(scope, member, now -> now.in(LifecycleState.PENDING_PROCEED, clock.instant()));
            case ABANDON ->
                failLaunch(
                        scope,
                        group,
                        member,
                        "Instance failed to complete user's Lifecycle Action: Lifecycle Action with token "
                                + hooks.abandoned(member, clock.instant())
                                + " was abandoned: Lifecycle Action Completed with ABANDON Result");
        };
    }

    /** Decides of a member as it is stored now: a heartbeat or an answer may have come since it was read. */
    private boolean decided(Scope scope, MemberRecord member, Predicate<MemberRecord> step) {
        boolean[] decided = new boolean[1];
        tables.transact(() -> decided[0] = tables.member(scope, member.id())
                .filter(now -> now.is(member.state()))
                .filter(step)
                .isPresent());
        return decided[0];
    }

    private boolean enterService(Scope scope, GroupRecord group, MemberRecord member, GroupKeeper.View view) {
        if (dead(view.state(member.instanceId()))) {
            return failLaunch(
                    scope, group, member, "Instance became unhealthy while waiting for instance to be in service.");
        }
        List<String> registered = register(scope, group, member);
        tables.transact(() -> tables.member(scope, member.id())
                .filter(now -> now.is(LifecycleState.PENDING_PROCEED))
                .ifPresent(now -> {
                    tables.put(scope, now.registeredIn(registered).in(LifecycleState.IN_SERVICE, clock.instant()));
                    boolean launched = !now.fromStandby();
                    activities
                            .end(scope, now.activityId(), ScalingActivityStatusCode.SUCCESSFUL, "")
                            .filter(activity -> launched)
                            .ifPresent(activity -> events.ended(group, now.instanceId(), activity, true, true));
                }));
        return true;
    }

    /** Registers a member in all target groups of its group; gives those that it is in. */
    private List<String> register(Scope scope, GroupRecord group, MemberRecord member) {
        List<String> registered = new ArrayList<>(member.targets());
        if (group.runs("AddToLoadBalancer")) {
            for (String targetGroup : group.targetGroups()) {
                if (!registered.contains(targetGroup)) {
                    fleet.register(scope, group, targetGroup, member.instanceId());
                    registered.add(targetGroup);
                }
            }
        }
        return registered;
    }

    private boolean inService(Scope scope, GroupRecord group, MemberRecord member, GroupKeeper.View view) {
        if (follow(scope, group, member)) {
            return true;
        }
        if (!group.runs("HealthCheck") && member.healthy()) {
            return false;
        }
        String ill = member.healthy() ? illness(group, member, view) : "user";
        if (ill.isEmpty()) {
            return false;
        }
        if (member.healthy()) {
            change(scope, member, now -> now.with(i -> i.healthStatus("Unhealthy")));
        }
        if (!group.runs("ReplaceUnhealthy") || !group.runs("Terminate")) {
            return false;
        }
        tables.transact(() -> tables.member(scope, member.id())
                .filter(now -> now.is(LifecycleState.IN_SERVICE))
                .ifPresent(now -> end(
                        scope,
                        group,
                        now,
                        "At " + Activities.moment(clock.instant())
                                + " an instance was taken out of service in response to a"
                                + switch (ill) {
                                    case "EC2" -> "n EC2 health check indicating it has been terminated or stopped.";
                                    case "ELB" -> "n ELB system health check failure.";
                                    default -> " user health-check.";
                                })));
        return true;
    }

    /** Target groups that were attached or detached since it came into service. */
    private boolean follow(Scope scope, GroupRecord group, MemberRecord member) {
        List<String> wanted = group.targetGroups();
        List<String> gone = member.targets().stream()
                .filter(targetGroup -> !wanted.contains(targetGroup))
                .toList();
        List<String> registered = new ArrayList<>(register(scope, group, member));
        for (String targetGroup : gone) {
            fleet.deregister(scope, group, targetGroup, member.instanceId());
            registered.remove(targetGroup);
        }
        return !registered.equals(member.targets()) && change(scope, member, now -> now.registeredIn(registered));
    }

    /** What says that a member is ill, or empty. */
    private String illness(GroupRecord group, MemberRecord member, GroupKeeper.View view) {
        if (dead(view.state(member.instanceId()))) {
            return "EC2";
        }
        int grace = group.group().healthCheckGracePeriod() == null
                ? 0
                : group.group().healthCheckGracePeriod();
        Instant now = clock.instant();
        if (!group.group().healthCheckType().contains("ELB")
                || now.isBefore(member.inServiceSince().plusSeconds(grace))) {
            return "";
        }
        return member.targets().stream()
                        .map(targetGroup -> view.targets()
                                .getOrDefault(targetGroup, Map.of())
                                .get(member.instanceId()))
                        .anyMatch(state -> state == TargetHealthStateEnum.UNHEALTHY)
                ? "ELB"
                : "";
    }

    /** Takes a member out of its target groups; whether all have drained it. */
    private boolean drained(Scope scope, GroupRecord group, MemberRecord member, GroupKeeper.View view) {
        if (member.targets().isEmpty()) {
            return true;
        }
        boolean dead = dead(view.state(member.instanceId()));
        List<String> left = new ArrayList<>();
        for (String targetGroup : member.targets()) {
            TargetHealthStateEnum state =
                    view.targets().getOrDefault(targetGroup, Map.of()).get(member.instanceId());
            if (state == null) {
                continue;
            }
            if (state != TargetHealthStateEnum.DRAINING) {
                fleet.deregister(scope, group, targetGroup, member.instanceId());
            }
            // Where no balancer sends requests to the group, there is nothing to wait for.
            if (!dead && state != TargetHealthStateEnum.UNUSED) {
                left.add(targetGroup);
            }
        }
        if (!left.equals(member.targets())) {
            change(scope, member, now -> now.registeredIn(left));
        }
        return left.isEmpty();
    }

    private boolean leave(Scope scope, MemberRecord member) {
        tables.transact(() -> tables.member(scope, member.id()).ifPresent(now -> {
            activities.end(scope, now.activityId(), ScalingActivityStatusCode.SUCCESSFUL, "");
            tables.delete(scope, now);
        }));
        return true;
    }

    /** Begins to end a member. Within a transaction. */
    Activity end(Scope scope, GroupRecord group, MemberRecord member, String cause) {
        // A launch that is still going on ends with it.
        activities.end(scope, member.activityId(), ScalingActivityStatusCode.CANCELLED, "");
        String id = Activities.newId();
        String zone = member.instance().availabilityZone();
        Activity activity = activities.begin(
                scope,
                group,
                id,
                "Terminating EC2 instance: " + member.instanceId(),
                cause,
                zone == null ? Map.of() : Map.of("Availability Zone", zone));
        tables.put(scope, member.within(id).in(LifecycleState.TERMINATING, clock.instant()));
        return activity;
    }

    private boolean terminating(Scope scope, GroupRecord group, MemberRecord member, GroupKeeper.View view) {
        if (!drained(scope, group, member, view)) {
            return false;
        }
        boolean dead = dead(view.state(member.instanceId()));
        boolean[] changed = new boolean[1];
        tables.transact(() -> {
            Optional<MemberRecord> now =
                    tables.member(scope, member.id()).filter(m -> m.is(LifecycleState.TERMINATING));
            changed[0] = now.isPresent();
            now.ifPresent(m -> {
                List<MemberRecord.HookWait> waits =
                        dead ? List.of() : hooks.begin(scope, group, m.instanceId(), Hooks.TERMINATING);
                tables.put(
                        scope,
                        waits.isEmpty()
                                ? m.in(LifecycleState.TERMINATING_PROCEED, clock.instant())
                                : m.in(LifecycleState.TERMINATING_WAIT, clock.instant())
                                        .waitingFor(waits));
                if (!waits.isEmpty()) {
                    activities.progress(scope, m.activityId(), ScalingActivityStatusCode.MID_LIFECYCLE_ACTION, 60, "");
                }
            });
        });
        return changed[0];
    }

    /** Whatever the result, the instance goes: ABANDON only skips what other hooks would still do. */
    private boolean terminateWait(Scope scope, MemberRecord member, GroupKeeper.View view) {
        boolean dead = dead(view.state(member.instanceId()));
        return decided(
                scope,
                member,
                now -> (dead || hooks.outcome(now, clock.instant()) != Hooks.Outcome.WAITING)
                        && change(scope, now, m -> m.in(LifecycleState.TERMINATING_PROCEED, clock.instant())));
    }

    private boolean terminate(Scope scope, GroupRecord group, MemberRecord member, GroupKeeper.View view) {
        InstanceStateName state = view.state(member.instanceId());
        if (state != InstanceStateName.TERMINATED) {
            if (state != InstanceStateName.SHUTTING_DOWN) {
                fleet.terminate(scope, group, member.instanceId());
            }
            return false;
        }
        tables.transact(() -> tables.member(scope, member.id()).ifPresent(now -> {
            tables.delete(scope, now);
            activities
                    .end(scope, now.activityId(), ScalingActivityStatusCode.SUCCESSFUL, "")
                    .ifPresent(activity -> events.ended(group, now.instanceId(), activity, false, true));
        }));
        return true;
    }
}
