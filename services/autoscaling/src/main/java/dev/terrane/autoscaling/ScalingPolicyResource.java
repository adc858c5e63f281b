package dev.terrane.autoscaling;

import dev.terrane.kernel.resource.Properties;
import dev.terrane.kernel.resource.ResourceSchema;
import dev.terrane.kernel.resource.ResourceType;
import dev.terrane.kernel.resource.ResourceWork;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import software.amazon.awssdk.services.autoscaling.AutoScalingClient;
import software.amazon.awssdk.services.autoscaling.model.PutScalingPolicyRequest;
import software.amazon.awssdk.services.autoscaling.model.ScalingPolicy;

/** {@code AWS::AutoScaling::ScalingPolicy}. */
final class ScalingPolicyResource implements ResourceType {
    @Override
    public String name() {
        return "AWS::AutoScaling::ScalingPolicy";
    }

    @Override
    public Set<String> supported() {
        return Set.of(
                "AdjustmentType",
                "AutoScalingGroupName",
                "Cooldown",
                "EstimatedInstanceWarmup",
                "MetricAggregationType",
                "MinAdjustmentMagnitude",
                "PolicyType",
                "ScalingAdjustment",
                "StepAdjustments",
                "TargetTrackingConfiguration");
    }

    @Override
    public String create(ResourceWork work) {
        String arn = put(work, work.name(255));
        work.made(arn);
        return arn;
    }

    private static String put(ResourceWork work, String name) {
        return work.client(AutoScalingClient.class)
                .putScalingPolicy(work.desired().as(PutScalingPolicyRequest.builder()).toBuilder()
                        .policyName(name)
                        .build())
                .policyARN();
    }

    /** A policy is put whole. */
    @Override
    public void update(ResourceWork work, String id) {
        put(work, id.substring(id.lastIndexOf(":policyName/") + ":policyName/".length()));
    }

    @Override
    public void delete(ResourceWork work, String id) {
        if (find(work, id).isPresent()) {
            work.client(AutoScalingClient.class).deletePolicy(r -> r.policyName(id));
        }
    }

    private static Optional<ScalingPolicy> find(ResourceWork work, String id) {
        return work.client(AutoScalingClient.class).describePolicies(r -> r.policyNames(id)).scalingPolicies().stream()
                .filter(policy -> policy.policyARN().equals(id))
                .findFirst();
    }

    @Override
    public Optional<Properties> read(ResourceWork work, String id) {
        return find(work, id)
                .map(policy -> Properties.builder()
                        .put("Arn", policy.policyARN())
                        .put("Cooldown", Optional.ofNullable(policy.cooldown()).map(String::valueOf))
                        .model(ResourceSchema.of(name()).orElseThrow(), policy)
                        .build());
    }

    @Override
    public List<String> list(ResourceWork work) {
        return work.client(AutoScalingClient.class).describePoliciesPaginator().scalingPolicies().stream()
                .map(ScalingPolicy::policyARN)
                .toList();
    }
}
