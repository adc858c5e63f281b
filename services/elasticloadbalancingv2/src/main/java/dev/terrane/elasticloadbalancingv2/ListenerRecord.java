package dev.terrane.elasticloadbalancingv2;

import java.util.Map;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.Listener;

/** A listener as DescribeListeners gives it. */
record ListenerRecord(Listener listener, Map<String, String> tags) {
    ListenerRecord {
        tags = Map.copyOf(tags);
    }

    String arn() {
        return listener.listenerArn();
    }
}
