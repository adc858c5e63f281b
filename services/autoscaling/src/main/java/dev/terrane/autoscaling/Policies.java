package dev.terrane.autoscaling;

import dev.terrane.kernel.arn.Arn;
import dev.terrane.kernel.call.Call;
import dev.terrane.kernel.call.Principal;
import dev.terrane.kernel.call.Scope;
import dev.terrane.kernel.clock.Clock;
import dev.terrane.kernel.id.Ids;
import dev.terrane.kernel.page.PageTokens;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.autoscaling.model.*;
import software.amazon.awssdk.services.cloudwatch.model.MetricAlarm;

/** Scaling policies: put, described, deleted, and carried out, by a user or by an alarm. */
final class Policies {
    private static final Pattern ARN =
            Pattern.compile(".*:autoScalingGroupName/(?<group>[^:]+):policyName/(?<name>.+)");
    private static final Set<String> TYPES =
            Set.of(PolicyRecord.SIMPLE, PolicyRecord.STEP, PolicyRecord.TARGET_TRACKING, "PredictiveScaling");
    private static final int MOST = 50;

    private final ScalingTables tables;
    private final Groups groups;
    private final TargetTracking tracking;
    private final Clock clock;
    private final PageTokens pages;

    Policies(ScalingTables tables, Groups groups, TargetTracking tracking, Clock clock, PageTokens pages) {
        this.tables = tables;
        this.groups = groups;
        this.tracking = tracking;
        this.clock = clock;
        this.pages = pages;
    }

    private static Scope scope() {
        return Call.current().scope();
    }

    PutScalingPolicyResponse put(PutScalingPolicyRequest request) {
        GroupRecord group = groups.requireLasting(request.autoScalingGroupName());
        PolicyRules.check(request);
        String name = request.policyName();
        Optional<ScalingPolicy> before =
                tables.policy(scope(), group.name(), name).map(PolicyRecord::policy);
        if (before.isEmpty() && tables.policies(scope(), group.name()).size() >= MOST) {
            throw LimitExceededException.builder()
                    .message("A group has at most " + MOST + " scaling policies.")
                    .build();
        }
        ScalingPolicy policy =
                policy(request, before.map(ScalingPolicy::policyARN).orElseGet(() -> arn(group, name)));
        tables.put(scope(), new PolicyRecord(policy));
        boolean tracks = policy.policyType().equals(PolicyRecord.TARGET_TRACKING);
        if (tracks) {
            tracking.put(scope(), group, policy);
        } else {
            before.ifPresent(old -> tracking.delete(scope(), group, old));
        }
        return PutScalingPolicyResponse.builder()
                .policyARN(policy.policyARN())
                .alarms(tracks ? alarms(policy) : List.of())
                .build();
    }

    private List<Alarm> alarms(ScalingPolicy policy) {
        return TargetTracking.of(policy.policyARN(), tracking.alarms(scope(), policy.policyARN()));
    }

    private static String arn(GroupRecord group, String policy) {
        return Arn.of(
                        "autoscaling",
                        scope().region(),
                        scope().account(),
                        "scalingPolicy:" + Ids.uuid() + ":autoScalingGroupName/" + group.name() + ":policyName/"
                                + policy)
                .toString();
    }

    private static ScalingPolicy policy(PutScalingPolicyRequest request, String arn) {
        String type = PolicyRules.type(request);
        ScalingPolicy.Builder policy = ScalingPolicy.builder()
                .autoScalingGroupName(request.autoScalingGroupName())
                .policyName(request.policyName())
                .policyARN(arn)
                .policyType(type)
                .adjustmentType(request.adjustmentType())
                .minAdjustmentMagnitude(request.minAdjustmentMagnitude())
                .scalingAdjustment(request.scalingAdjustment())
                .cooldown(request.cooldown())
                .estimatedInstanceWarmup(request.estimatedInstanceWarmup())
                .targetTrackingConfiguration(request.targetTrackingConfiguration())
                .enabled(!Boolean.FALSE.equals(request.enabled()));
        if (type.equals(PolicyRecord.STEP)) {
            policy.stepAdjustments(request.stepAdjustments())
                    .metricAggregationType(Objects.requireNonNullElse(request.metricAggregationType(), "Average"));
        }
        if (type.equals(PolicyRecord.TARGET_TRACKING)) {
            policy.targetTrackingConfiguration(request.targetTrackingConfiguration().toBuilder()
                    .disableScaleIn(Boolean.TRUE.equals(
                            request.targetTrackingConfiguration().disableScaleIn()))
                    .build());
        }
        return policy.build();
    }

    DescribePoliciesResponse describe(DescribePoliciesRequest request) {
        if (request.autoScalingGroupName() != null) {
            groups.require(request.autoScalingGroupName());
        }
        request.policyTypes().stream()
                .filter(type -> !TYPES.contains(type))
                .findFirst()
                .ifPresent(type -> {
                    throw Refusals.of("Unsupported policy type: " + type);
                });
        List<PolicyRecord> all = request.autoScalingGroupName() == null
                ? tables.policies(scope())
                : tables.policies(scope(), request.autoScalingGroupName());
        Paged<PolicyRecord> page = Paged.of(
                pages,
                "DescribePolicies" + request.autoScalingGroupName() + request.policyNames() + request.policyTypes(),
                all.stream()
                        .filter(record -> request.policyTypes().isEmpty()
                                || request.policyTypes()
                                        .contains(record.policy().policyType()))
                        .filter(record -> request.policyNames().isEmpty()
                                || request.policyNames()
                                        .contains(record.policy().policyName())
                                || request.policyNames()
                                        .contains(record.policy().policyARN()))
                        .toList(),
                PolicyRecord::key,
                request.maxRecords(),
                request.nextToken());
        List<MetricAlarm> alarms = page.items().isEmpty()
                ? List.of()
                : tracking.alarms(
                        scope(),
                        Arn.of("autoscaling", scope().region(), scope().account(), "scalingPolicy:")
                                .toString());
        return DescribePoliciesResponse.builder()
                .scalingPolicies(page.items().stream()
                        .map(record -> record.policy().toBuilder()
                                .alarms(TargetTracking.of(record.policy().policyARN(), alarms))
                                .build())
                        .toList())
                .nextToken(page.next())
                .build();
    }

    static DescribeAdjustmentTypesResponse adjustmentTypes() {
        return DescribeAdjustmentTypesResponse.builder()
                .adjustmentTypes(PolicyRules.ADJUSTMENTS.stream()
                        .map(type ->
                                AdjustmentType.builder().adjustmentType(type).build())
                        .toList())
                .build();
    }

    DeletePolicyResponse delete(DeletePolicyRequest request) {
        PolicyRecord found = find(request.autoScalingGroupName(), request.policyName());
        tracking.delete(scope(), groups.require(found.group()), found.policy());
        tables.delete(scope(), found);
        return DeletePolicyResponse.builder().build();
    }

    /** The policy of a name in a group, or of an ARN. */
    private PolicyRecord find(@Nullable String group, String nameOrArn) {
        Matcher arn = ARN.matcher(nameOrArn);
        if (arn.matches()) {
            return tables.policy(scope(), arn.group("group"), arn.group("name"))
                    .filter(record -> record.policy().policyARN().equals(nameOrArn)
                            && (group == null || group.equals(record.group())))
                    .orElseThrow(() -> notFound(nameOrArn));
        }
        if (group == null) {
            throw Refusals.of("AutoScalingGroupName must be specified when PolicyName is not an ARN");
        }
        groups.require(group);
        return tables.policy(scope(), group, nameOrArn).orElseThrow(() -> notFound(nameOrArn));
    }

    private static RuntimeException notFound(String policy) {
        return Refusals.of("Policy not found - no such policy: " + policy);
    }

    ExecutePolicyResponse execute(ExecutePolicyRequest request) {
        PolicyRecord found = find(request.autoScalingGroupName(), request.policyName());
        GroupRecord group = groups.requireLasting(found.group());
        boolean byAlarm = Call.current().principal() instanceof Principal.Service;
        if (!byAlarm) {
            check(request, found);
        }
        if (!byAlarm || (found.enabled() && group.runs("AlarmNotification"))) {
            execute(request, found.policy(), group, byAlarm);
        }
        return ExecutePolicyResponse.builder().build();
    }

    private static void check(ExecutePolicyRequest request, PolicyRecord found) {
        if (found.is(PolicyRecord.TARGET_TRACKING)) {
            throw Refusals.of("ExecutePolicy is not supported for policy type: TargetTrackingScaling");
        }
        if (!found.enabled()) {
            throw Refusals.of("The policy " + found.policy().policyName() + " is disabled");
        }
        boolean measured = request.metricValue() != null || request.breachThreshold() != null;
        if (found.is(PolicyRecord.STEP)) {
            if (request.metricValue() == null || request.breachThreshold() == null) {
                throw Refusals.of("MetricValue and BreachThreshold must be specified for policy type: StepScaling");
            }
            if (Boolean.TRUE.equals(request.honorCooldown())) {
                throw Refusals.of("HonorCooldown is not supported for policy type: StepScaling");
            }
        } else if (measured) {
            throw Refusals.of("MetricValue and BreachThreshold are not supported for policy type: SimpleScaling");
        }
    }

    private void execute(ExecutePolicyRequest request, ScalingPolicy policy, GroupRecord group, boolean byAlarm) {
        List<MemberRecord> members = tables.members(scope(), group.name());
        PolicyScaling scaling = new PolicyScaling(group, members, clock.instant());
        OptionalInt capacity = switch (policy.policyType()) {
            case PolicyRecord.STEP -> scaling.steps(policy, breach(request));
            case PolicyRecord.TARGET_TRACKING -> tracked(request, policy, group, scaling);
            default -> simple(request, policy, group, scaling, byAlarm);
        };
        capacity.ifPresent(desired -> groups.scale(group, desired, cause(policy, byAlarm)));
    }

    /** Nothing where an alarm tells no values, as after SetAlarmState: then the threshold has just been reached. */
    private static double breach(ExecutePolicyRequest request) {
        return request.metricValue() == null || request.breachThreshold() == null
                ? 0
                : request.metricValue() - request.breachThreshold();
    }

    private OptionalInt tracked(
            ExecutePolicyRequest request, ScalingPolicy policy, GroupRecord group, PolicyScaling scaling) {
        if (request.metricValue() == null) {
            return OptionalInt.empty();
        }
        boolean low =
                request.metricValue() < policy.targetTrackingConfiguration().targetValue();
        boolean mayShrink = low
                && tracking.wantFewer(
                        scope(),
                        tables.policies(scope(), group.name()).stream()
                                .map(PolicyRecord::policy)
                                .filter(other -> !other.policyName().equals(policy.policyName()))
                                .toList());
        return OptionalInt.of(scaling.tracking(policy, request.metricValue(), mayShrink));
    }

    private OptionalInt simple(
            ExecutePolicyRequest request,
            ScalingPolicy policy,
            GroupRecord group,
            PolicyScaling scaling,
            boolean byAlarm) {
        if ((byAlarm || Boolean.TRUE.equals(request.honorCooldown())) && cools(group, scaling)) {
            if (byAlarm) {
                return OptionalInt.empty();
            }
            throw ScalingActivityInProgressException.builder()
                    .message("Scaling activities are in progress for AutoScalingGroup " + group.name()
                            + ", or its cooldown has not passed")
                    .build();
        }
        int cooldown = Optional.ofNullable(policy.cooldown())
                .orElseGet(() -> group.group().defaultCooldown());
        int capacity = scaling.simple(policy);
        if (capacity != group.group().desiredCapacity()) {
            tables.put(scope(), new CooldownRecord(group.name(), clock.instant(), cooldown));
        }
        return OptionalInt.of(capacity);
    }

    /** Whether a simple policy's change is still being made, or was made too short a time ago. */
    private boolean cools(GroupRecord group, PolicyScaling scaling) {
        Optional<CooldownRecord> last = tables.cooldown(scope(), group.name());
        if (last.isEmpty()) {
            return false;
        }
        boolean going = group.desired()
                        != scaling.members().stream()
                                .filter(member -> member.is(LifecycleState.IN_SERVICE))
                                .count()
                || scaling.members().stream().anyMatch(MemberRecord::ends);
        Instant ended = scaling.members().stream()
                .map(MemberRecord::inServiceSince)
                .filter(since -> since.isAfter(last.get().begun()))
                .max(Instant::compareTo)
                .orElse(last.get().begun());
        return going || clock.instant().isBefore(ended.plusSeconds(last.get().seconds()));
    }

    private String cause(ScalingPolicy policy, boolean byAlarm) {
        String alarm = Arn.find(Call.current().sourceArn())
                .map(Arn::resource)
                .map(resource -> resource.substring(resource.indexOf(':') + 1))
                .orElse("");
        return byAlarm
                ? "a monitor alarm " + alarm + " in state " + tracking.state(scope(), alarm) + " triggered policy "
                        + policy.policyName()
                : "a user request executed policy " + policy.policyName();
    }
}
