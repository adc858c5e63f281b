package dev.terrane.cloudformation;

import dev.terrane.kernel.resource.Properties;
import dev.terrane.kernel.resource.ResourceSchema;
import dev.terrane.kernel.resource.ResourceType;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What a stack adds to a resource beside what the template says of it: the stack's tags, and what other resources of the stack attach, such as an inline policy to a
 * role. Both are no drift.
 */
final class Attachments {
    private Attachments() {}

    /**
     * What was read of a resource, without what its stack added. Lists that have the same items as in the template have them in the same order.
     *
     * @param others the resources of the stack
     */
    static ObjectNode without(
            ResourceType type,
            ResourceRecord resource,
            ObjectNode expected,
            Properties actual,
            List<ResourceRecord> others) {
        String tags = ResourceSchema.of(resource.type()).orElseThrow().tagProperty();
        Properties.Builder own = Properties.builder();
        actual.node().properties().forEach(e -> {
            String name = e.getKey();
            JsonNode value = e.getValue();
            if (expected.get(name) instanceof ArrayNode wanted && value instanceof ArrayNode found) {
                ArrayNode kept = JsonMapper.shared().createArrayNode();
                found.valueStream()
                        .filter(item -> isWanted(item, wanted)
                                || !(name.equals(tags)
                                        ? isOfStack(item, wanted, resource)
                                        : isAttached(type, name, item, others)))
                        .forEach(kept::add);
                own.put(name, kept);
            } else {
                own.put(name, value);
            }
        });
        return own.inOrderOf(Properties.of(expected), expected.propertyNames().toArray(String[]::new))
                .build()
                .node();
    }

    private static boolean isWanted(JsonNode item, ArrayNode wanted) {
        return wanted.valueStream().anyMatch(one -> Differences.of(one, item).isEmpty());
    }

    private static boolean isOfStack(JsonNode tag, ArrayNode wanted, ResourceRecord resource) {
        String key = tag.path("Key").asString("");
        return tag.path("Value").asString("").equals(resource.physical().tags().get(key))
                && wanted.valueStream()
                        .noneMatch(own -> own.path("Key").asString("").equals(key));
    }

    private static boolean isAttached(ResourceType type, String property, JsonNode item, List<ResourceRecord> others) {
        return others.stream()
                .filter(ResourceRecord::exists)
                .anyMatch(other -> type.isAttachedBy(
                        property,
                        item,
                        other.type(),
                        other.physical().id(),
                        Properties.parse(other.physical().properties())));
    }
}
