package dev.terrane.sns;

import dev.terrane.kernel.arn.Arn;
import dev.terrane.kernel.store.RecordCodec;
import java.util.LinkedHashMap;
import java.util.Map;
import tools.jackson.core.JacksonException;

/** The attributes that a subscription can be given. */
final class SubscriptionAttributes {
    static final String RAW = "RawMessageDelivery";
    static final String FILTER = "FilterPolicy";
    static final String FILTER_SCOPE = "FilterPolicyScope";
    static final String DELIVERY_POLICY = "DeliveryPolicy";
    static final String REDRIVE_POLICY = "RedrivePolicy";
    static final String BODY = "MessageBody";
    private static final String ATTRIBUTES = "MessageAttributes";

    private SubscriptionAttributes() {}

    /** Attributes with others set over them, checked. An empty text takes one away. */
    static Map<String, String> changed(Map<String, String> present, Map<String, String> given, String protocol) {
        Map<String, String> all = new LinkedHashMap<>(present);
        given.forEach((name, value) -> {
            if (value.isEmpty() || (name.equals(FILTER) && value.strip().equals("{}"))) {
                all.remove(name);
            } else {
                all.put(name, value);
            }
        });
        all.forEach((name, value) -> check(name, value, protocol, all));
        return all;
    }

    private static void check(String name, String value, String protocol, Map<String, String> all) {
        switch (name) {
            case RAW -> {
                if (!value.equals("true") && !value.equals("false")) {
                    throw Errors.invalid("Attributes Reason: RawMessageDelivery: Invalid value [" + value
                            + "]. Must be true or false.");
                }
            }
            case FILTER -> FilterPolicy.check(value, all.getOrDefault(FILTER_SCOPE, ATTRIBUTES));
            case FILTER_SCOPE -> {
                if (!value.equals(BODY) && !value.equals(ATTRIBUTES)) {
                    throw Errors.invalid("FilterPolicyScope: Invalid value [" + value
                            + "]. Please use either MessageBody or MessageAttributes");
                }
            }
            case DELIVERY_POLICY -> {
                if (!protocol.startsWith("http")) {
                    throw Errors.invalid("Attributes Reason: Delivery policy cannot be set for protocol " + protocol);
                }
                DeliveryPolicy.read(value);
            }
            case REDRIVE_POLICY -> deadLetters(value);
            default -> throw Errors.invalid("AttributeName");
        }
    }

    /** The queue for what can't be delivered. */
    static Arn deadLetters(String json) {
        try {
            return Arn.find(RecordCodec.json()
                            .readTree(json)
                            .path("deadLetterTargetArn")
                            .asString(""))
                    .filter(arn -> arn.service().equals("sqs"))
                    .orElseThrow(() -> Errors.invalid("RedrivePolicy: deadLetterTargetArn must be an SQS queue"));
        } catch (JacksonException e) {
            throw Errors.invalid("RedrivePolicy: failed to parse JSON");
        }
    }
}
