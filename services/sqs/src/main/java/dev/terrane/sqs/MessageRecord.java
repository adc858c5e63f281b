package dev.terrane.sqs;

import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.services.sqs.model.MessageAttributeValue;

/**
 * A message as it was sent; it is never changed.
 *
 * @param sequence rises with every message of the installation
 * @param sent when it was sent, in milliseconds since 1970: what counts for its retention
 * @param visible from when it may be received, likewise
 * @param movedFrom the ARN of the queue that it was moved from when it was dead
 */
record MessageRecord(
        String queue,
        long sequence,
        String id,
        String body,
        String bodyMd5,
        Map<String, MessageAttributeValue> attributes,
        Optional<String> trace,
        String sender,
        long sent,
        long visible,
        Optional<String> group,
        Optional<String> deduplication,
        Optional<String> movedFrom) {
    /** Messages of a queue stand together in the order of their sequence. */
    String key() {
        return key(queue, sequence);
    }

    static String key(String queue, long sequence) {
        return queue + "/" + "%020d".formatted(sequence);
    }

    /** The same message as it stands in another queue. */
    MessageRecord movedTo(String other, long newSequence, long sentAt, long visibleFrom, Optional<String> from) {
        return new MessageRecord(
                other,
                newSequence,
                id,
                body,
                bodyMd5,
                attributes,
                trace,
                sender,
                sentAt,
                visibleFrom,
                group,
                deduplication,
                from);
    }
}
