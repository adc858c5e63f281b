package dev.terrane.sns;

import dev.terrane.kernel.call.Scope;
import java.time.Instant;
import java.util.Optional;

/**
 * A message on its way to one subscription: to an HTTP endpoint always, to a queue once it failed.
 *
 * @param type {@code Notification}, {@code SubscriptionConfirmation} or {@code UnsubscribeConfirmation}
 * @param body what is posted where there is no notice: a confirmation
 * @param attempts how often it was tried so far
 * @param due when it is tried next
 */
record DeliveryRecord(
        String key,
        String account,
        String region,
        String topic,
        String subscription,
        String type,
        String messageId,
        Optional<NoticeRecord> notice,
        String body,
        int attempts,
        Instant first,
        Instant due) {
    Scope scope() {
        return new Scope(account, region);
    }

    String dueKey() {
        return dueKey(due);
    }

    static String dueKey(Instant due) {
        return "%019d".formatted(due.toEpochMilli());
    }

    /** The same, out of sight until a time. */
    DeliveryRecord until(Instant lease) {
        return new DeliveryRecord(
                key, account, region, topic, subscription, type, messageId, notice, body, attempts, first, lease);
    }

    /** The same after one more attempt. */
    DeliveryRecord again(Instant next) {
        return new DeliveryRecord(
                key, account, region, topic, subscription, type, messageId, notice, body, attempts + 1, first, next);
    }
}
