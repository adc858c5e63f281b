package dev.terrane.sqs;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.MessageAttributeValue;
import software.amazon.awssdk.services.sqs.model.ReceiveMessageRequest;

/** A message as it is handed out, with the attributes that were asked for. */
final class ReceivedMessage {
    private static final String EVERYTHING = "All";

    private ReceivedMessage() {}

    static Message of(MessageRecord message, Backlog.Taken taken, String handle, ReceiveMessageRequest request) {
        Message.Builder shown = Message.builder()
                .messageId(message.id())
                .receiptHandle(handle)
                .body(message.body())
                .md5OfBody(message.bodyMd5());
        Map<String, MessageAttributeValue> attributes = asked(message.attributes(), request.messageAttributeNames());
        if (!attributes.isEmpty()) {
            shown.messageAttributes(attributes).md5OfMessageAttributes(MessageDigests.ofAttributes(attributes));
        }
        Map<String, String> system = asked(systemAttributes(message, taken), request);
        if (!system.isEmpty()) {
            shown.attributesWithStrings(system);
        }
        return shown.build();
    }

    private static Map<String, MessageAttributeValue> asked(
            Map<String, MessageAttributeValue> attributes, List<String> names) {
        Map<String, MessageAttributeValue> shown = new LinkedHashMap<>();
        attributes.forEach((name, value) -> {
            if (names.stream().anyMatch(asked -> fits(name, asked))) {
                shown.put(name, value);
            }
        });
        return shown;
    }

    /** Names are asked for one by one, all together, or by a prefix: {@code bar.*}. */
    private static boolean fits(String name, String asked) {
        return asked.equals(EVERYTHING)
                || asked.equals(".*")
                || asked.equals(name)
                || (asked.endsWith(".*") && name.startsWith(asked.substring(0, asked.length() - 2)));
    }

    private static Map<String, String> systemAttributes(MessageRecord message, Backlog.Taken taken) {
        Map<String, String> all = new LinkedHashMap<>();
        all.put("SenderId", message.sender());
        all.put("SentTimestamp", Long.toString(message.sent()));
        all.put("ApproximateReceiveCount", Integer.toString(taken.count()));
        all.put("ApproximateFirstReceiveTimestamp", Long.toString(taken.first()));
        message.group().ifPresent(group -> all.put("MessageGroupId", group));
        message.deduplication().ifPresent(id -> {
            all.put("MessageDeduplicationId", id);
            all.put("SequenceNumber", "%020d".formatted(message.sequence()));
        });
        message.trace().ifPresent(trace -> all.put("AWSTraceHeader", trace));
        message.movedFrom().ifPresent(arn -> all.put("DeadLetterQueueSourceArn", arn));
        return all;
    }

    @SuppressWarnings("deprecation") // older clients ask by the old name of the parameter
    private static Map<String, String> asked(Map<String, String> all, ReceiveMessageRequest request) {
        List<String> names = new ArrayList<>(request.messageSystemAttributeNamesAsStrings());
        names.addAll(request.attributeNamesAsStrings());
        if (names.contains(EVERYTHING)) {
            return all;
        }
        Map<String, String> shown = new LinkedHashMap<>(all);
        shown.keySet().retainAll(names);
        return shown;
    }
}
