package dev.terrane.sns;

import dev.terrane.kernel.store.RecordCodec;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import software.amazon.awssdk.services.sns.model.MessageAttributeValue;
import software.amazon.event.ruler.JsonRuleCompiler;
import software.amazon.event.ruler.Machine;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Filter policies ("Amazon SNS message filtering"): patterns on a message's attributes or, where its scope says so, on its body. AWS's
 * event-ruler reads them.
 */
final class FilterPolicy {
    private static final JsonMapper JSON = RecordCodec.json();
    private static final int MOST_KEYS = 5;
    private static final int MOST_KEPT = 10_000;
    private final Map<String, Machine> machines = new ConcurrentHashMap<>();

    /** Refuses what is no policy. */
    static void check(String policy, String scope) {
        JsonNode root;
        try {
            root = JSON.readTree(policy);
        } catch (JacksonException e) {
            throw Errors.invalid("FilterPolicy: failed to parse JSON");
        }
        if (!root.isObject()) {
            throw Errors.invalid("FilterPolicy: Filter policy must be a JSON object");
        }
        if (root.size() > MOST_KEYS) {
            throw Errors.invalid("FilterPolicy: Filter policy can not have more than " + MOST_KEYS + " keys");
        }
        if (!scope.equals(SubscriptionAttributes.BODY)) {
            root.properties().forEach(entry -> {
                if (!entry.getValue().isArray()) {
                    throw Errors.invalid(
                            "FilterPolicy: Filter policy scope MessageAttributes does not support nested filter policy");
                }
            });
        }
        String wrong = JsonRuleCompiler.check(policy);
        if (wrong != null) {
            throw Errors.invalid("FilterPolicy: " + wrong);
        }
    }

    /** Whether a subscription wants a message. */
    boolean wants(SubscriptionRecord subscription, NoticeRecord notice) {
        String policy = subscription.attribute(SubscriptionAttributes.FILTER);
        if (policy.isEmpty()) {
            return true;
        }
        boolean body =
                subscription.attribute(SubscriptionAttributes.FILTER_SCOPE).equals(SubscriptionAttributes.BODY);
        Optional<String> event = body ? object(notice.message()) : Optional.of(attributes(notice.attributes()));
        return event.isPresent() && matches(policy, event.get());
    }

    private boolean matches(String policy, String event) {
        if (machines.size() > MOST_KEPT) {
            machines.clear();
        }
        try {
            return !machines.computeIfAbsent(policy, FilterPolicy::compiled)
                    .rulesForJSONEvent(event)
                    .isEmpty();
        } catch (Exception e) {
            throw new IllegalStateException("event-ruler failed at a checked filter policy", e);
        }
    }

    private static Machine compiled(String policy) {
        Machine machine = Machine.builder().build();
        try {
            machine.addRule("wanted", policy);
        } catch (IOException e) {
            throw new IllegalStateException("A checked filter policy does not compile", e);
        }
        return machine;
    }

    /** A body that is no JSON object matches no policy. */
    private static Optional<String> object(String message) {
        try {
            return JSON.readTree(message).isObject() ? Optional.of(message) : Optional.empty();
        } catch (JacksonException e) {
            return Optional.empty();
        }
    }

    private static String attributes(Map<String, MessageAttributeValue> attributes) {
        ObjectNode event = JSON.createObjectNode();
        attributes.forEach((name, value) -> {
            String text = value.stringValue();
            if (text == null) {
                return;
            }
            switch (value.dataType()) {
                case "Number", "String.Array" -> event.set(name, json(text));
                default -> event.put(name, text);
            }
        });
        return event.toString();
    }

    private static JsonNode json(String text) {
        try {
            return JSON.readTree(text);
        } catch (JacksonException e) {
            return JSON.getNodeFactory().stringNode(text);
        }
    }
}
