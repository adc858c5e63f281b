package dev.terrane.elasticloadbalancingv2;

import dev.terrane.kernel.arn.Arn;
import dev.terrane.kernel.call.Call;
import dev.terrane.kernel.call.Scope;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.AddTagsRequest;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.AddTagsResponse;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.DescribeTagsRequest;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.DescribeTagsResponse;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.ListenerNotFoundException;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.LoadBalancerNotFoundException;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.RemoveTagsRequest;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.RemoveTagsResponse;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.RuleNotFoundException;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.TagDescription;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.TargetGroupNotFoundException;

/** Tags of balancers, target groups, listeners and rules. */
final class Tagging {
    private final BalancingTables tables;

    Tagging(BalancingTables tables) {
        this.tables = tables;
    }

    AddTagsResponse add(AddTagsRequest request) {
        Map<String, String> more = Tags.of(request.tags());
        request.resourceArns()
                .forEach(arn -> change(arn, old -> {
                    Map<String, String> next = new TreeMap<>(old);
                    next.putAll(more);
                    return Tags.bounded(next);
                }));
        return AddTagsResponse.builder().build();
    }

    RemoveTagsResponse remove(RemoveTagsRequest request) {
        Tags.refuse(request.tagKeys());
        request.resourceArns()
                .forEach(arn -> change(arn, old -> {
                    Map<String, String> next = new TreeMap<>(old);
                    request.tagKeys().forEach(next::remove);
                    return next;
                }));
        return RemoveTagsResponse.builder().build();
    }

    DescribeTagsResponse describe(DescribeTagsRequest request) {
        Scope scope = Call.current().scope();
        return DescribeTagsResponse.builder()
                .tagDescriptions(request.resourceArns().stream()
                        .map(arn -> TagDescription.builder()
                                .resourceArn(arn)
                                .tags(Tags.list(of(scope, arn).orElseThrow(() -> notFound(arn))))
                                .build())
                        .toList())
                .build();
    }

    /** The tags of a resource, if it is there. */
    Optional<Map<String, String>> of(Scope scope, String arn) {
        return switch (type(arn)) {
            case "loadbalancer" -> tables.balancers.peek(scope, arn).map(BalancerRecord::tags);
            case "targetgroup" -> tables.groups.peek(scope, arn).map(TargetGroupRecord::tags);
            case "listener" -> tables.listeners.peek(scope, arn).map(ListenerRecord::tags);
            case "listener-rule" -> tables.rules.peek(scope, arn).map(RuleRecord::tags);
            default -> Optional.empty();
        };
    }

    private void change(String arn, UnaryOperator<Map<String, String>> change) {
        Scope scope = Call.current().scope();
        switch (type(arn)) {
            case "loadbalancer" -> {
                BalancerRecord old = tables.balancers.get(scope, arn).orElseThrow(() -> notFound(arn));
                tables.balancers.put(
                        scope,
                        new BalancerRecord(
                                old.balancer(), old.bindAddress(), old.attributes(), change.apply(old.tags())));
            }
            case "targetgroup" -> {
                TargetGroupRecord old = tables.groups.get(scope, arn).orElseThrow(() -> notFound(arn));
                tables.groups.put(
                        scope,
                        new TargetGroupRecord(old.group(), old.targets(), old.attributes(), change.apply(old.tags())));
            }
            case "listener" -> {
                ListenerRecord old = tables.listeners.get(scope, arn).orElseThrow(() -> notFound(arn));
                tables.listeners.put(scope, new ListenerRecord(old.listener(), change.apply(old.tags())));
            }
            case "listener-rule" -> {
                RuleRecord old = tables.rules.get(scope, arn).orElseThrow(() -> notFound(arn));
                tables.rules.put(scope, new RuleRecord(old.listenerArn(), old.rule(), change.apply(old.tags())));
            }
            default -> throw notFound(arn);
        }
    }

    private static String type(String arn) {
        return Arn.find(arn).map(Arn::type).orElse("");
    }

    private static RuntimeException notFound(String arn) {
        return switch (type(arn)) {
            case "loadbalancer" ->
                LoadBalancerNotFoundException.builder()
                        .message("Load balancer '" + arn + "' not found")
                        .build();
            case "targetgroup" ->
                TargetGroupNotFoundException.builder()
                        .message("Target groups '" + arn + "' not found")
                        .build();
            case "listener" ->
                ListenerNotFoundException.builder()
                        .message("Listener '" + arn + "' not found")
                        .build();
            case "listener-rule" ->
                RuleNotFoundException.builder()
                        .message("Rule '" + arn + "' not found")
                        .build();
            default -> Attributes.validation("'" + arn + "' is not a valid load balancing ARN");
        };
    }
}
