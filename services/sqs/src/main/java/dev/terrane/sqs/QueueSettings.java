package dev.terrane.sqs;

import dev.terrane.kernel.clock.Clock;
import java.util.LinkedHashMap;
import java.util.Map;
import software.amazon.awssdk.services.sqs.model.GetQueueAttributesRequest;
import software.amazon.awssdk.services.sqs.model.GetQueueAttributesResponse;
import software.amazon.awssdk.services.sqs.model.SetQueueAttributesRequest;
import software.amazon.awssdk.services.sqs.model.SetQueueAttributesResponse;

/** GetQueueAttributes and SetQueueAttributes. */
final class QueueSettings {
    private static final String EVERYTHING = "All";

    private final SqsTables tables;
    private final Queues queues;
    private final Backlogs backlogs;
    private final Clock clock;

    QueueSettings(SqsTables tables, Queues queues, Backlogs backlogs, Clock clock) {
        this.tables = tables;
        this.queues = queues;
        this.backlogs = backlogs;
        this.clock = clock;
    }

    /** An attribute as GetQueueAttributes shows it; empty where the queue has none such. */
    static String effective(QueueRecord queue, String attribute) {
        String value = queue.attribute(attribute);
        return value.isEmpty() && queue.fifo() ? QueueAttributes.FIFO_DEFAULTS.getOrDefault(attribute, "") : value;
    }

    GetQueueAttributesResponse get(GetQueueAttributesRequest request) {
        QueueRecord queue = queues.of(request.queueUrl());
        Map<String, String> all = all(queue);
        Map<String, String> shown = new LinkedHashMap<>();
        for (String name : request.attributeNamesAsStrings()) {
            if (name.equals(EVERYTHING)) {
                shown.putAll(all);
            } else if (all.containsKey(name)) {
                shown.put(name, all.get(name));
            } else if (!isKnown(name)) {
                throw Errors.attributeName(name);
            }
        }
        return GetQueueAttributesResponse.builder().attributesWithStrings(shown).build();
    }

    private static boolean isKnown(String name) {
        return switch (name) {
            case QueueAttributes.POLICY,
                    QueueAttributes.REDRIVE_POLICY,
                    QueueAttributes.REDRIVE_ALLOW_POLICY,
                    QueueAttributes.KMS_KEY,
                    QueueAttributes.KMS_REUSE -> true;
            default -> QueueAttributes.FIFO_DEFAULTS.containsKey(name);
        };
    }

    private Map<String, String> all(QueueRecord queue) {
        Backlog.Counts counts = backlogs.of(queue).counts(clock.millis());
        Map<String, String> all = new LinkedHashMap<>();
        all.put("QueueArn", queue.arn());
        all.put("ApproximateNumberOfMessages", Integer.toString(counts.ready()));
        all.put("ApproximateNumberOfMessagesNotVisible", Integer.toString(counts.inFlight()));
        all.put("ApproximateNumberOfMessagesDelayed", Integer.toString(counts.delayed()));
        all.put("CreatedTimestamp", Long.toString(queue.created().getEpochSecond()));
        all.put("LastModifiedTimestamp", Long.toString(queue.modified().getEpochSecond()));
        all.putAll(QueueAttributes.DEFAULTS);
        if (queue.fifo()) {
            all.putAll(QueueAttributes.FIFO_DEFAULTS);
        }
        all.putAll(queue.attributes());
        return all;
    }

    SetQueueAttributesResponse set(SetQueueAttributesRequest request) {
        QueueRecord queue = queues.forChange(request.queueUrl());
        if (request.attributesAsStrings().containsKey(QueueAttributes.FIFO)) {
            throw Errors.attributeName(QueueAttributes.FIFO);
        }
        QueueRecord changed = queue.withAttributes(
                QueueAttributes.changed(queue.attributes(), request.attributesAsStrings(), queue.fifo()),
                clock.instant());
        if (request.attributesAsStrings().containsKey(QueueAttributes.REDRIVE_POLICY)) {
            queues.checkDeadLetters(changed);
        }
        tables.put(changed);
        return SetQueueAttributesResponse.builder().build();
    }
}
