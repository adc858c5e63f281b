package dev.terrane.sqs;

import dev.terrane.kernel.call.Call;
import dev.terrane.kernel.clock.Clock;
import dev.terrane.kernel.fifo.DeduplicationIds.DeduplicationRecord;
import dev.terrane.kernel.id.Ids;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.services.sqs.model.BatchRequestTooLongException;
import software.amazon.awssdk.services.sqs.model.BatchResultErrorEntry;
import software.amazon.awssdk.services.sqs.model.MessageAttributeValue;
import software.amazon.awssdk.services.sqs.model.SendMessageBatchRequest;
import software.amazon.awssdk.services.sqs.model.SendMessageBatchRequestEntry;
import software.amazon.awssdk.services.sqs.model.SendMessageBatchResponse;
import software.amazon.awssdk.services.sqs.model.SendMessageBatchResultEntry;
import software.amazon.awssdk.services.sqs.model.SendMessageRequest;
import software.amazon.awssdk.services.sqs.model.SendMessageResponse;

/** SendMessage and its batch: a message is one row in the commit of the call. */
final class Sending {
    private static final int LARGEST_BATCH = 1_048_576;
    private static final int LONGEST_DELAY = 900;
    private static final String NOT_FOR_THIS_TYPE =
            " is invalid. Reason: The request include parameter that is not valid for this queue type.";

    private final SqsTables tables;
    private final Queues queues;
    private final Backlogs backlogs;
    private final Clock clock;

    Sending(SqsTables tables, Queues queues, Backlogs backlogs, Clock clock) {
        this.tables = tables;
        this.queues = queues;
        this.backlogs = backlogs;
        this.clock = clock;
    }

    /** A message that is to be sent. */
    private record Draft(
            String body,
            Map<String, MessageAttributeValue> attributes,
            Optional<String> trace,
            @Nullable Integer delay,
            @Nullable String group,
            @Nullable String deduplication) {}

    /** A message that was stored, now or, as a duplicate shows, before. */
    private record Sent(
            String id, long sequence, String bodyMd5, Optional<String> attributesMd5, Optional<String> traceMd5) {
        @Nullable
        String sequenceNumber(QueueRecord queue) {
            return queue.fifo() ? "%020d".formatted(sequence) : null;
        }
    }

    SendMessageResponse send(SendMessageRequest request) {
        QueueRecord queue = queues.of(request.queueUrl());
        Sent sent = store(
                queue,
                new Draft(
                        request.messageBody(),
                        request.messageAttributes(),
                        MessageChecks.trace(request.messageSystemAttributes()),
                        request.delaySeconds(),
                        request.messageGroupId(),
                        request.messageDeduplicationId()));
        return SendMessageResponse.builder()
                .messageId(sent.id())
                .md5OfMessageBody(sent.bodyMd5())
                .md5OfMessageAttributes(sent.attributesMd5().orElse(null))
                .md5OfMessageSystemAttributes(sent.traceMd5().orElse(null))
                .sequenceNumber(sent.sequenceNumber(queue))
                .build();
    }

    SendMessageBatchResponse sendBatch(SendMessageBatchRequest request) {
        QueueRecord queue = queues.of(request.queueUrl());
        Batches.check(
                request.entries().stream().map(SendMessageBatchRequestEntry::id).toList());
        List<SendMessageBatchResultEntry> sent = new ArrayList<>();
        List<BatchResultErrorEntry> failed = new ArrayList<>();
        long total = 0;
        for (SendMessageBatchRequestEntry entry : request.entries()) {
            try {
                total += MessageChecks.size(entry.messageBody(), entry.messageAttributes());
            } catch (AwsServiceException e) {
                failed.add(Batches.failed(entry.id(), e));
            }
        }
        if (total > LARGEST_BATCH) {
            throw BatchRequestTooLongException.builder()
                    .message("Batch requests cannot be longer than " + LARGEST_BATCH + " bytes. You have sent " + total
                            + " bytes.")
                    .build();
        }
        failed.clear();
        for (SendMessageBatchRequestEntry entry : request.entries()) {
            try {
                sent.add(send(queue, entry));
            } catch (AwsServiceException e) {
                failed.add(Batches.failed(entry.id(), e));
            }
        }
        return SendMessageBatchResponse.builder()
                .successful(sent)
                .failed(failed)
                .build();
    }

    private SendMessageBatchResultEntry send(QueueRecord queue, SendMessageBatchRequestEntry entry) {
        Sent sent = store(
                queue,
                new Draft(
                        entry.messageBody(),
                        entry.messageAttributes(),
                        MessageChecks.trace(entry.messageSystemAttributes()),
                        entry.delaySeconds(),
                        entry.messageGroupId(),
                        entry.messageDeduplicationId()));
        return SendMessageBatchResultEntry.builder()
                .id(entry.id())
                .messageId(sent.id())
                .md5OfMessageBody(sent.bodyMd5())
                .md5OfMessageAttributes(sent.attributesMd5().orElse(null))
                .md5OfMessageSystemAttributes(sent.traceMd5().orElse(null))
                .sequenceNumber(sent.sequenceNumber(queue))
                .build();
    }

    private Sent store(QueueRecord queue, Draft draft) {
        int most = queue.number(QueueAttributes.MAXIMUM_SIZE);
        if (MessageChecks.size(draft.body(), draft.attributes()) > most) {
            throw Errors.parameter(
                    "One or more parameters are invalid. Reason: Message must be shorter than " + most + " bytes.");
        }
        int delay = delay(queue, draft);
        Optional<String> group = Optional.ofNullable(draft.group()).map(id -> MessageChecks.id("MessageGroupId", id));
        if (queue.fifo() && group.isEmpty()) {
            throw Errors.missing("MessageGroupId");
        }
        Optional<String> deduplication = deduplication(queue, draft);
        String bodyMd5 = MessageDigests.ofText(draft.body());
        long now = clock.millis();
        MessageRecord message = new MessageRecord(
                queue.id(),
                backlogs.nextSequence(),
                Ids.uuid(),
                draft.body(),
                bodyMd5,
                draft.attributes(),
                draft.trace(),
                Call.current().principal().userId(),
                now,
                now + delay * 1000L,
                group,
                deduplication,
                Optional.empty());
        Optional<DeduplicationRecord> earlier = deduplication.flatMap(id -> duplicate(queue, message, id, now));
        if (earlier.isEmpty()) {
            backlogs.add(queue, message);
        }
        return new Sent(
                earlier.map(DeduplicationRecord::messageId).orElse(message.id()),
                earlier.map(DeduplicationRecord::sequence).orElse(message.sequence()),
                bodyMd5,
                draft.attributes().isEmpty()
                        ? Optional.empty()
                        : Optional.of(MessageDigests.ofAttributes(draft.attributes())),
                draft.trace()
                        .map(trace -> MessageDigests.ofAttributes(Map.of(
                                "AWSTraceHeader",
                                MessageAttributeValue.builder()
                                        .dataType("String")
                                        .stringValue(trace)
                                        .build()))));
    }

    private static int delay(QueueRecord queue, Draft draft) {
        if (draft.delay() == null) {
            return queue.number(QueueAttributes.DELAY);
        }
        if (queue.fifo() && draft.delay() != 0) {
            throw Errors.parameter("Value " + draft.delay() + " for parameter DelaySeconds" + NOT_FOR_THIS_TYPE);
        }
        if (draft.delay() < 0 || draft.delay() > LONGEST_DELAY) {
            throw Errors.parameter("Value " + draft.delay()
                    + " for parameter DelaySeconds is invalid. Reason: DelaySeconds must be >= 0 and <= "
                    + LONGEST_DELAY
                    + ".");
        }
        return queue.fifo() ? queue.number(QueueAttributes.DELAY) : draft.delay();
    }

    private static Optional<String> deduplication(QueueRecord queue, Draft draft) {
        if (draft.deduplication() != null) {
            if (!queue.fifo()) {
                throw Errors.parameter(
                        "Value " + draft.deduplication() + " for parameter MessageDeduplicationId" + NOT_FOR_THIS_TYPE);
            }
            return Optional.of(MessageChecks.id("MessageDeduplicationId", draft.deduplication()));
        }
        if (!queue.fifo()) {
            return Optional.empty();
        }
        if (!queue.isTrue(QueueAttributes.CONTENT_DEDUPLICATION)) {
            throw Errors.parameter("The queue should either have ContentBasedDeduplication enabled or"
                    + " MessageDeduplicationId provided explicitly");
        }
        return Optional.of(MessageDigests.sha256(draft.body()));
    }

    /** The message that was sent under the same id within five minutes; where there is none, this one is kept in mind. */
    private Optional<DeduplicationRecord> duplicate(QueueRecord queue, MessageRecord message, String id, long now) {
        String scope = queue.attribute(QueueAttributes.DEDUPLICATION_SCOPE).equals("messageGroup")
                ? queue.id() + "/" + message.group().orElse("")
                : queue.id();
        return tables.deduplications().duplicate(scope, id, message.id(), message.sequence(), now);
    }
}
