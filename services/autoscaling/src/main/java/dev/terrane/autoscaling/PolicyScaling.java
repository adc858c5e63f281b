package dev.terrane.autoscaling;

import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import software.amazon.awssdk.services.autoscaling.model.ScalingPolicy;
import software.amazon.awssdk.services.autoscaling.model.StepAdjustment;

/**
 * What capacity a policy gives a group. Instances that are warming up do not count when more are asked for, so that the same breach does not add them twice; none are
 * taken away while some warm up, and those that are ending count until they are gone. See "How step scaling policies work" in the user guide.
 *
 * @param group whose capacity it is
 * @param members its instances
 * @param now the time
 */
record PolicyScaling(GroupRecord group, List<MemberRecord> members, Instant now) {
    /** More than any group has, and little enough to be added to. */
    private static final int MOST = 1_000_000;

    PolicyScaling {
        members = List.copyOf(members);
    }

    private int desired() {
        return group.group().desiredCapacity();
    }

    /** The capacity of a simple policy. */
    int simple(ScalingPolicy policy) {
        return bounded(desired() + change(policy, policy.scalingAdjustment(), desired()));
    }

    /**
     * The capacity of a step policy; empty where no step is for the breach.
     *
     * @param breach the metric's value less the alarm's threshold
     */
    OptionalInt steps(ScalingPolicy policy, double breach) {
        Optional<StepAdjustment> step = step(policy.stepAdjustments(), breach);
        if (step.isEmpty()) {
            return OptionalInt.empty();
        }
        int adjustment = step.get().scalingAdjustment();
        int warm = warm(policy);
        int ending = (int) members.stream().filter(MemberRecord::ends).count();
        int more = warm + change(policy, adjustment, warm);
        int fewer = desired() + ending + change(policy, adjustment, desired() + ending);
        if (more > desired()) {
            return OptionalInt.of(bounded(more));
        }
        return fewer < desired() && warm >= desired() ? OptionalInt.of(bounded(fewer)) : OptionalInt.of(desired());
    }

    private static Optional<StepAdjustment> step(List<StepAdjustment> steps, double breach) {
        Optional<StepAdjustment> above = steps.stream()
                .filter(step -> breach >= 0 && breach >= PolicyRules.lower(step) && breach < PolicyRules.upper(step))
                .findFirst();
        return above.isPresent()
                ? above
                : steps.stream()
                        .filter(step ->
                                breach <= 0 && breach > PolicyRules.lower(step) && breach <= PolicyRules.upper(step))
                        .findFirst();
    }

    /**
     * The capacity that brings a metric, which falls as capacity grows, to its target.
     *
     * @param mayShrink whether no other policy wants to keep what there is
     */
    int tracking(ScalingPolicy policy, double value, boolean mayShrink) {
        double ratio = value / policy.targetTrackingConfiguration().targetValue();
        int warm = warm(policy);
        int more = whole(warm * ratio);
        if (more > desired()) {
            return bounded(more);
        }
        int fewer = whole(desired() * ratio);
        return fewer < desired() && warm >= desired() && mayShrink ? bounded(fewer) : desired();
    }

    /** The least whole capacity that is enough, whatever the metric says. */
    private static int whole(double capacity) {
        return (int) Math.max(0, Math.min(MOST, Math.ceil(capacity - 1e-9)));
    }

    private int warm(ScalingPolicy policy) {
        int warmup = Optional.ofNullable(policy.estimatedInstanceWarmup())
                .or(() -> Optional.ofNullable(group.group().defaultInstanceWarmup()))
                .orElseGet(() -> group.group().defaultCooldown());
        return (int) members.stream()
                .filter(member -> member.counts()
                        && !member.inServiceSince().equals(Instant.EPOCH)
                        && !now.isBefore(member.inServiceSince().plusSeconds(warmup)))
                .count();
    }

    private static int change(ScalingPolicy policy, int adjustment, int from) {
        return switch (policy.adjustmentType()) {
            case PolicyRules.EXACT -> adjustment - from;
            case PolicyRules.PERCENT -> percent(policy, adjustment, from);
            default -> adjustment;
        };
    }

    /** Rounded toward zero, but at least one; and no less than the policy's least change. */
    private static int percent(ScalingPolicy policy, int percent, int from) {
        int sign = Integer.signum(percent);
        long product = Math.abs((long) percent * from);
        long whole = product == 0 ? 0 : Math.max(1, product / 100);
        int least = Objects.requireNonNullElse(policy.minAdjustmentMagnitude(), 0);
        return (int) (sign * Math.min(MOST, Math.max(whole, least)));
    }

    private int bounded(int capacity) {
        return Math.max(group.group().minSize(), Math.min(group.group().maxSize(), capacity));
    }
}
