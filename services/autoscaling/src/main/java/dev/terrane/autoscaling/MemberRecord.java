package dev.terrane.autoscaling;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import software.amazon.awssdk.services.autoscaling.model.Instance;
import software.amazon.awssdk.services.autoscaling.model.LifecycleState;

/**
 * An instance of a group, from the decision to launch it until it is gone.
 *
 * @param id of the membership, known before the instance is
 * @param instance as it is described; its id is empty until EC2 gave one
 * @param activityId of the activity that is going on with it, or the last one
 * @param since when it entered its lifecycle state
 * @param inServiceSince when it last came into service; the epoch before that
 * @param targets the target groups that it is registered in
 * @param hooks the lifecycle hooks that it waits for
 * @param fromStandby whether it is on its way back from standby
 */
record MemberRecord(
        String id,
        String groupName,
        Instance instance,
        String activityId,
        Instant since,
        Instant inServiceSince,
        List<String> targets,
        List<HookWait> hooks,
        boolean fromStandby) {
    private static final Set<LifecycleState> COUNTED = Set.of(
            LifecycleState.PENDING,
            LifecycleState.PENDING_WAIT,
            LifecycleState.PENDING_PROCEED,
            LifecycleState.IN_SERVICE);
    private static final Set<LifecycleState> ENDING =
            Set.of(LifecycleState.TERMINATING, LifecycleState.TERMINATING_WAIT, LifecycleState.TERMINATING_PROCEED);

    /**
     * One hook that is waited for.
     *
     * @param deadline when its default result is taken
     * @param latest when heartbeats no longer put that off
     * @param result {@code CONTINUE} or {@code ABANDON} once it is known, or empty
     */
    record HookWait(
            String hookName, String token, String defaultResult, Instant deadline, Instant latest, String result) {
        HookWait resulting(String known) {
            return new HookWait(hookName, token, defaultResult, deadline, latest, known);
        }

        HookWait until(Instant later) {
            return new HookWait(hookName, token, defaultResult, later.isAfter(latest) ? latest : later, latest, result);
        }
    }

    MemberRecord {
        targets = List.copyOf(targets);
        hooks = List.copyOf(hooks);
    }

    String instanceId() {
        return instance.instanceId();
    }

    LifecycleState state() {
        return instance.lifecycleState();
    }

    boolean is(LifecycleState state) {
        return state() == state;
    }

    /** Whether it is held against the desired capacity. */
    boolean counts() {
        return COUNTED.contains(state());
    }

    boolean ends() {
        return ENDING.contains(state());
    }

    boolean healthy() {
        return instance.healthStatus().equals("Healthy");
    }

    MemberRecord in(LifecycleState state, Instant now) {
        return new MemberRecord(
                id,
                groupName,
                instance.toBuilder().lifecycleState(state).build(),
                activityId,
                now,
                state == LifecycleState.IN_SERVICE ? now : inServiceSince,
                targets,
                List.of(),
                fromStandby && state != LifecycleState.IN_SERVICE);
    }

    MemberRecord with(Consumer<Instance.Builder> change) {
        Instance.Builder builder = instance.toBuilder();
        change.accept(builder);
        return new MemberRecord(
                id, groupName, builder.build(), activityId, since, inServiceSince, targets, hooks, fromStandby);
    }

    MemberRecord within(String activity) {
        return new MemberRecord(id, groupName, instance, activity, since, inServiceSince, targets, hooks, fromStandby);
    }

    MemberRecord registeredIn(List<String> groups) {
        return new MemberRecord(id, groupName, instance, activityId, since, inServiceSince, groups, hooks, fromStandby);
    }

    MemberRecord waitingFor(List<HookWait> waits) {
        return new MemberRecord(
                id, groupName, instance, activityId, since, inServiceSince, targets, waits, fromStandby);
    }

    /** With one wait changed. */
    MemberRecord withWait(HookWait changed) {
        List<HookWait> all = new ArrayList<>();
        hooks.forEach(wait -> all.add(wait.token().equals(changed.token()) ? changed : wait));
        return waitingFor(all);
    }

    MemberRecord returning() {
        return new MemberRecord(id, groupName, instance, activityId, since, inServiceSince, targets, hooks, true);
    }
}
