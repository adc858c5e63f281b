package dev.terrane.elasticloadbalancingv2;

import java.util.List;
import java.util.Map;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.TargetDescription;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.TargetGroup;

/**
 * A target group.
 *
 * @param group as DescribeTargetGroups gives it, without the balancers that use it
 * @param targets those that are registered, each with its port
 */
record TargetGroupRecord(
        TargetGroup group, List<TargetDescription> targets, Map<String, String> attributes, Map<String, String> tags) {
    TargetGroupRecord {
        targets = List.copyOf(targets);
        attributes = Map.copyOf(attributes);
        tags = Map.copyOf(tags);
    }

    String arn() {
        return group.targetGroupArn();
    }

    TargetGroupRecord with(List<TargetDescription> newTargets) {
        return new TargetGroupRecord(group, newTargets, attributes, tags);
    }
}
