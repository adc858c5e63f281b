package dev.terrane.elasticloadbalancingv2;

import dev.terrane.kernel.arn.Arn;
import dev.terrane.kernel.resource.Properties;
import dev.terrane.kernel.resource.ResourceType;
import dev.terrane.kernel.resource.ResourceWork;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.elasticloadbalancingv2.ElasticLoadBalancingV2Client;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.Tag;

/** Elastic Load Balancing's CloudFormation types, and what they have in common. */
final class ElasticLoadBalancingResources {
    static final List<ResourceType> ALL = List.of(
            new LoadBalancerResource(), new TargetGroupResource(), new ListenerResource(), new ListenerRuleResource());

    private ElasticLoadBalancingResources() {}

    /** The tags of a request that makes something: none at all where there are none, for an empty list is refused. */
    static @Nullable List<Tag> tags(ResourceWork work) {
        return work.tags().isEmpty() ? null : Tags.list(work.tags());
    }

    static Map<String, String> tags(ResourceWork work, String arn) {
        return client(work).describeTags(r -> r.resourceArns(arn)).tagDescriptions().stream()
                .flatMap(description -> description.tags().stream())
                .collect(Collectors.toMap(
                        Tag::key, tag -> Optional.ofNullable(tag.value()).orElse("")));
    }

    static void changeTags(ResourceWork work, String arn) {
        work.tagChanges(
                tags -> client(work).addTags(r -> r.resourceArns(arn).tags(Tags.list(tags))),
                keys -> client(work).removeTags(r -> r.resourceArns(arn).tagKeys(keys)));
    }

    static ElasticLoadBalancingV2Client client(ResourceWork work) {
        return work.client(ElasticLoadBalancingV2Client.class);
    }

    /** The full name that metrics have as a dimension: an ARN from its type or name on. */
    static String fullName(String arn, String prefix) {
        return Arn.parse(arn).resource().substring(prefix.length());
    }

    /** The attributes to be set: those that are desired, and the defaults of those that were and are no more. */
    static Map<String, String> attributes(ResourceWork work, String property, Map<String, String> defaults) {
        Map<String, String> changes = new TreeMap<>();
        given(work.previous(), property).keySet().forEach(key -> {
            if (defaults.containsKey(key)) {
                changes.put(key, defaults.get(key));
            }
        });
        changes.putAll(given(work.desired(), property));
        return changes;
    }

    private static Map<String, String> given(Properties properties, String property) {
        return properties.tags(property);
    }

    /** The attributes as a template has them: those that it names, and those that are not as they are by default. */
    static List<Properties> attributes(
            ResourceWork work, String property, Map<String, String> defaults, Map<String, String> found) {
        Map<String, String> desired = given(work.desired(), property);
        return found.entrySet().stream()
                .filter(e -> desired.containsKey(e.getKey()) || !e.getValue().equals(defaults.get(e.getKey())))
                .map(e -> Properties.builder()
                        .put("Key", e.getKey())
                        .put("Value", e.getValue())
                        .build())
                .toList();
    }
}
