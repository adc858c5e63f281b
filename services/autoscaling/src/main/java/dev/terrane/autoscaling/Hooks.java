package dev.terrane.autoscaling;

import dev.terrane.kernel.call.Call;
import dev.terrane.kernel.call.Scope;
import dev.terrane.kernel.clock.Clock;
import dev.terrane.kernel.id.Ids;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.autoscaling.model.*;

/** Lifecycle hooks: set up, begun, answered ("Amazon EC2 Auto Scaling lifecycle hooks"). */
final class Hooks {
    static final String LAUNCHING = "autoscaling:EC2_INSTANCE_LAUNCHING";
    static final String TERMINATING = "autoscaling:EC2_INSTANCE_TERMINATING";

    private static final String CONTINUE = "CONTINUE";
    private static final String ABANDON = "ABANDON";
    private static final int USUAL_TIMEOUT = 3_600;
    private static final int MOST = 50;
    private static final Duration LONGEST = Duration.ofDays(2);

    /** What a member's hooks have come to. */
    enum Outcome {
        WAITING,
        CONTINUE,
        ABANDON
    }

    private final ScalingTables tables;
    private final ScalingEvents events;
    private final Clock clock;

    Hooks(ScalingTables tables, ScalingEvents events, Clock clock) {
        this.tables = tables;
        this.events = events;
        this.clock = clock;
    }

    /** Begins the actions of all hooks of a transition. Within the transaction that makes the instance wait. */
    List<MemberRecord.HookWait> begin(Scope scope, GroupRecord group, String instanceId, String transition) {
        Instant now = clock.instant();
        return tables.hooks(scope, group.name()).stream()
                .filter(hook -> hook.lifecycleTransition().equals(transition))
                .map(hook -> {
                    String token = Ids.uuid();
                    events.lifecycleAction(group, instanceId, hook, token);
                    return new MemberRecord.HookWait(
                            hook.lifecycleHookName(),
                            token,
                            hook.defaultResult(),
                            now.plusSeconds(hook.heartbeatTimeout()),
                            now.plusSeconds(hook.globalTimeout()),
                            "");
                })
                .toList();
    }

    /** One that abandons decides at once; all must agree to go on. */
    Outcome outcome(MemberRecord member, Instant now) {
        List<String> results =
                member.hooks().stream().map(wait -> result(wait, now)).toList();
        if (results.contains(ABANDON)) {
            return Outcome.ABANDON;
        }
        return results.stream().allMatch(CONTINUE::equals) ? Outcome.CONTINUE : Outcome.WAITING;
    }

    private static String result(MemberRecord.HookWait wait, Instant now) {
        return wait.result().isEmpty() && !now.isBefore(wait.deadline()) ? wait.defaultResult() : wait.result();
    }

    /** The token of the action that was abandoned. */
    String abandoned(MemberRecord member, Instant now) {
        return member.hooks().stream()
                .filter(wait -> result(wait, now).equals(ABANDON))
                .map(MemberRecord.HookWait::token)
                .findFirst()
                .orElse("");
    }

    /** Sets a hook of a group up, also as part of its creation. */
    void put(Scope scope, String group, LifecycleHookSpecification asked) {
        if (asked.notificationTargetARN() != null
                && !asked.notificationTargetARN().isEmpty()) {
            throw Refusals.of(
                    "Notification targets of lifecycle hooks are not supported: a rule of EventBridge sends the event to SNS, SQS or elsewhere.");
        }
        String name = asked.lifecycleHookName();
        Optional<LifecycleHook> before = tables.hook(scope, group, name);
        String transition = asked.lifecycleTransition() == null
                ? before.map(LifecycleHook::lifecycleTransition).orElse("")
                : asked.lifecycleTransition();
        if (!Set.of(LAUNCHING, TERMINATING).contains(transition)) {
            throw Refusals.of("Invalid Lifecycle Transition: " + transition);
        }
        int timeout = asked.heartbeatTimeout() == null
                ? before.map(LifecycleHook::heartbeatTimeout).orElse(USUAL_TIMEOUT)
                : asked.heartbeatTimeout();
        if (timeout < 30 || timeout > 7_200) {
            throw Refusals.of("Heartbeat Timeout must be between 30 and 7200 seconds");
        }
        String result = asked.defaultResult() == null
                ? before.map(LifecycleHook::defaultResult).orElse(ABANDON)
                : asked.defaultResult();
        requireResult(result);
        if (before.isEmpty() && tables.hooks(scope, group).size() >= MOST) {
            throw LimitExceededException.builder()
                    .message("A group has at most " + MOST + " lifecycle hooks.")
                    .build();
        }
        tables.put(
                scope,
                LifecycleHook.builder()
                        .autoScalingGroupName(group)
                        .lifecycleHookName(name)
                        .lifecycleTransition(transition)
                        .heartbeatTimeout(timeout)
                        .globalTimeout((int) Math.min(LONGEST.toSeconds(), timeout * 100L))
                        .defaultResult(result)
                        .notificationMetadata(
                                asked.notificationMetadata() == null
                                        ? before.map(LifecycleHook::notificationMetadata)
                                                .orElse(null)
                                        : asked.notificationMetadata())
                        .build());
    }

    private static void requireResult(@Nullable String result) {
        if (!CONTINUE.equals(result) && !ABANDON.equals(result)) {
            throw Refusals.of("The result of a lifecycle action is CONTINUE or ABANDON, not " + result);
        }
    }

    PutLifecycleHookResponse put(PutLifecycleHookRequest request) {
        put(
                Call.current().scope(),
                request.autoScalingGroupName(),
                LifecycleHookSpecification.builder()
                        .lifecycleHookName(request.lifecycleHookName())
                        .lifecycleTransition(request.lifecycleTransition())
                        .heartbeatTimeout(request.heartbeatTimeout())
                        .defaultResult(request.defaultResult())
                        .notificationMetadata(request.notificationMetadata())
                        .notificationTargetARN(request.notificationTargetARN())
                        .build());
        return PutLifecycleHookResponse.builder().build();
    }

    DescribeLifecycleHooksResponse describe(DescribeLifecycleHooksRequest request) {
        return DescribeLifecycleHooksResponse.builder()
                .lifecycleHooks(tables.hooks(Call.current().scope(), request.autoScalingGroupName()).stream()
                        .filter(hook -> request.lifecycleHookNames().isEmpty()
                                || request.lifecycleHookNames().contains(hook.lifecycleHookName()))
                        .toList())
                .build();
    }

    /** Deletes a hook; what waits for it is completed: ABANDON for launching instances, CONTINUE for terminating ones. */
    DeleteLifecycleHookResponse delete(DeleteLifecycleHookRequest request) {
        Scope scope = Call.current().scope();
        String group = request.autoScalingGroupName();
        LifecycleHook hook = tables.hook(scope, group, request.lifecycleHookName())
                .orElseThrow(() -> Refusals.of("No Lifecycle Hook found with name " + request.lifecycleHookName()
                        + " for Auto Scaling group " + group));
        String result = hook.lifecycleTransition().equals(LAUNCHING) ? ABANDON : CONTINUE;
        tables.members(scope, group)
                .forEach(member -> member.hooks().stream()
                        .filter(wait -> wait.hookName().equals(hook.lifecycleHookName()))
                        .filter(wait -> wait.result().isEmpty())
                        .findFirst()
                        .ifPresent(wait -> tables.put(scope, member.withWait(wait.resulting(result)))));
        tables.deleteHook(scope, group, hook.lifecycleHookName());
        return DeleteLifecycleHookResponse.builder().build();
    }

    CompleteLifecycleActionResponse complete(CompleteLifecycleActionRequest request) {
        requireResult(request.lifecycleActionResult());
        Scope scope = Call.current().scope();
        MemberRecord member = waiting(
                scope,
                request.autoScalingGroupName(),
                request.lifecycleHookName(),
                request.lifecycleActionToken(),
                request.instanceId());
        MemberRecord.HookWait wait = find(member, request.lifecycleHookName(), request.lifecycleActionToken());
        tables.put(scope, member.withWait(wait.resulting(request.lifecycleActionResult())));
        return CompleteLifecycleActionResponse.builder().build();
    }

    RecordLifecycleActionHeartbeatResponse heartbeat(RecordLifecycleActionHeartbeatRequest request) {
        Scope scope = Call.current().scope();
        LifecycleHook hook = tables.hook(scope, request.autoScalingGroupName(), request.lifecycleHookName())
                .orElseThrow(() -> Refusals.of("No Lifecycle Hook found with name " + request.lifecycleHookName()
                        + " for Auto Scaling group " + request.autoScalingGroupName()));
        MemberRecord member = waiting(
                scope,
                request.autoScalingGroupName(),
                request.lifecycleHookName(),
                request.lifecycleActionToken(),
                request.instanceId());
        MemberRecord.HookWait wait = find(member, request.lifecycleHookName(), request.lifecycleActionToken());
        tables.put(scope, member.withWait(wait.until(clock.instant().plusSeconds(hook.heartbeatTimeout()))));
        return RecordLifecycleActionHeartbeatResponse.builder().build();
    }

    /** The member that waits for a hook, by its action's token or the instance's id. */
    private MemberRecord waiting(
            Scope scope, String group, String hook, @Nullable String token, @Nullable String instanceId) {
        if (token == null && instanceId == null) {
            throw Refusals.of("Either the lifecycle action token or the instance ID must be given.");
        }
        return tables.members(scope, group).stream()
                .filter(member -> token != null || member.instanceId().equals(instanceId))
                .filter(member -> member.hooks().stream().anyMatch(wait -> open(wait, hook, token)))
                .findFirst()
                .flatMap(member -> tables.member(scope, member.id()))
                .orElseThrow(() -> Refusals.of(
                        token != null
                                ? "No active Lifecycle Action found with token " + token
                                : "No active Lifecycle Action found with instance ID " + instanceId));
    }

    private static boolean open(MemberRecord.HookWait wait, String hook, @Nullable String token) {
        return wait.hookName().equals(hook)
                && wait.result().isEmpty()
                && (token == null || Objects.equals(wait.token(), token));
    }

    private static MemberRecord.HookWait find(MemberRecord member, String hook, @Nullable String token) {
        return member.hooks().stream()
                .filter(wait -> open(wait, hook, token))
                .findFirst()
                .orElseThrow(() -> Refusals.of("No active Lifecycle Action found with hook " + hook));
    }
}
