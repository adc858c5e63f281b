package dev.terrane.sns;

import dev.terrane.kernel.arn.Arn;
import dev.terrane.kernel.call.Scope;
import java.time.Instant;
import java.util.Map;

/**
 * A subscription of a topic.
 *
 * @param owner the account that subscribed
 * @param confirmed whether its endpoint has agreed to get messages
 * @param authenticated whether it was confirmed by a signed call that asks for signed unsubscribing
 */
record SubscriptionRecord(
        String account,
        String region,
        String topic,
        String id,
        String owner,
        String protocol,
        String endpoint,
        Map<String, String> attributes,
        boolean confirmed,
        boolean authenticated,
        Instant created) {
    /** The subscriptions of a topic stand together. */
    String key() {
        return key(topic, id);
    }

    static String key(String topic, String id) {
        return topic + "/" + id;
    }

    Scope scope() {
        return new Scope(account, region);
    }

    String topicArn() {
        return Arn.of("sns", region, account, topic).toString();
    }

    String arn() {
        return Arn.of("sns", region, account, topic + ":" + id).toString();
    }

    String attribute(String attribute) {
        return attributes.getOrDefault(attribute, "");
    }

    boolean raw() {
        return attribute(SubscriptionAttributes.RAW).equals("true");
    }

    SubscriptionRecord withAttributes(Map<String, String> changed) {
        return new SubscriptionRecord(
                account, region, topic, id, owner, protocol, endpoint, changed, confirmed, authenticated, created);
    }

    SubscriptionRecord confirmedWith(boolean signed) {
        return new SubscriptionRecord(
                account, region, topic, id, owner, protocol, endpoint, attributes, true, signed, created);
    }
}
