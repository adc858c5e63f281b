package dev.terrane.sns;

import dev.terrane.kernel.call.Scope;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.services.sns.model.MessageAttributeValue;

/**
 * A message that was published, until every subscription has it or a {@link DeliveryRecord}.
 *
 * @param sequence rises with every message of the installation
 * @param structured whether the message is JSON with a text for each protocol
 */
record NoticeRecord(
        String account,
        String region,
        String topic,
        long sequence,
        String id,
        String message,
        Optional<String> subject,
        boolean structured,
        Map<String, MessageAttributeValue> attributes,
        Optional<String> group,
        Optional<String> deduplication,
        Instant time) {
    /** The messages of a topic stand together in the order of their publication. */
    String key() {
        return topicKey() + "%020d".formatted(sequence);
    }

    String topicKey() {
        return topicKey(scope(), topic);
    }

    static String topicKey(Scope scope, String topic) {
        return scope.account() + "/" + scope.region() + "/" + topic + "/";
    }

    Scope scope() {
        return new Scope(account, region);
    }
}
