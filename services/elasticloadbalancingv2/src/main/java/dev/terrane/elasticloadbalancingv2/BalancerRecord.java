package dev.terrane.elasticloadbalancingv2;

import java.util.Map;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.LoadBalancer;

/**
 * A load balancer.
 *
 * @param balancer as DescribeLoadBalancers gives it
 * @param bindAddress the loopback address that its listeners listen on
 */
record BalancerRecord(
        LoadBalancer balancer, String bindAddress, Map<String, String> attributes, Map<String, String> tags) {
    BalancerRecord {
        attributes = Map.copyOf(attributes);
        tags = Map.copyOf(tags);
    }

    String arn() {
        return balancer.loadBalancerArn();
    }
}
