package dev.terrane.elasticloadbalancingv2;

import java.util.Map;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.Rule;

/** A rule as DescribeRules gives it; the default rule is not stored, since it is the listener's default actions. */
record RuleRecord(String listenerArn, Rule rule, Map<String, String> tags) {
    RuleRecord {
        tags = Map.copyOf(tags);
    }

    String arn() {
        return rule.ruleArn();
    }
}
