package dev.terrane.sqs;

import dev.terrane.kernel.clock.Clock;
import dev.terrane.sqs.Receipts.Receipt;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.services.sqs.model.BatchResultErrorEntry;
import software.amazon.awssdk.services.sqs.model.ChangeMessageVisibilityBatchRequest;
import software.amazon.awssdk.services.sqs.model.ChangeMessageVisibilityBatchRequestEntry;
import software.amazon.awssdk.services.sqs.model.ChangeMessageVisibilityBatchResponse;
import software.amazon.awssdk.services.sqs.model.ChangeMessageVisibilityBatchResultEntry;
import software.amazon.awssdk.services.sqs.model.ChangeMessageVisibilityRequest;
import software.amazon.awssdk.services.sqs.model.ChangeMessageVisibilityResponse;
import software.amazon.awssdk.services.sqs.model.DeleteMessageBatchRequest;
import software.amazon.awssdk.services.sqs.model.DeleteMessageBatchRequestEntry;
import software.amazon.awssdk.services.sqs.model.DeleteMessageBatchResponse;
import software.amazon.awssdk.services.sqs.model.DeleteMessageBatchResultEntry;
import software.amazon.awssdk.services.sqs.model.DeleteMessageRequest;
import software.amazon.awssdk.services.sqs.model.DeleteMessageResponse;
import software.amazon.awssdk.services.sqs.model.MessageNotInflightException;

/** What a receiver does with a message: deletes it, or changes how long it stays hidden. */
final class Acknowledging {
    private static final int LONGEST_VISIBILITY = 43_200;

    private final SqsTables tables;
    private final Queues queues;
    private final Backlogs backlogs;
    private final Receipts receipts;
    private final Clock clock;

    Acknowledging(SqsTables tables, Queues queues, Backlogs backlogs, Receipts receipts, Clock clock) {
        this.tables = tables;
        this.queues = queues;
        this.backlogs = backlogs;
        this.receipts = receipts;
        this.clock = clock;
    }

    DeleteMessageResponse delete(DeleteMessageRequest request) {
        delete(queues.of(request.queueUrl()), request.receiptHandle());
        return DeleteMessageResponse.builder().build();
    }

    DeleteMessageBatchResponse deleteBatch(DeleteMessageBatchRequest request) {
        QueueRecord queue = queues.of(request.queueUrl());
        Batches.check(request.entries().stream()
                .map(DeleteMessageBatchRequestEntry::id)
                .toList());
        List<DeleteMessageBatchResultEntry> deleted = new ArrayList<>();
        List<BatchResultErrorEntry> failed = new ArrayList<>();
        for (DeleteMessageBatchRequestEntry entry : request.entries()) {
            try {
                delete(queue, entry.receiptHandle());
                deleted.add(
                        DeleteMessageBatchResultEntry.builder().id(entry.id()).build());
            } catch (AwsServiceException e) {
                failed.add(Batches.failed(entry.id(), e));
            }
        }
        return DeleteMessageBatchResponse.builder()
                .successful(deleted)
                .failed(failed)
                .build();
    }

    /**
     * Deletes a message by its last receipt. An earlier receipt deletes nothing and is no error, as AWS documents it; on a FIFO queue a
     * receipt whose time is over is refused.
     */
    private void delete(QueueRecord queue, String handle) {
        Receipt receipt = receipts.open(queue.id(), handle);
        Optional<Backlog.Taken> message =
                backlogs.of(queue).find(receipt.sequence()).filter(found -> found.count() == receipt.count());
        if (message.isEmpty()) {
            return;
        }
        if (queue.fifo()
                && backlogs.of(queue)
                        .inFlight(receipt.sequence(), receipt.count(), clock.millis())
                        .isEmpty()) {
            throw Errors.parameter("Value " + handle
                    + " for parameter ReceiptHandle is invalid. Reason: The receipt handle has expired.");
        }
        backlogs.delete(queue.id(), List.of(message.get()));
    }

    ChangeMessageVisibilityResponse hide(ChangeMessageVisibilityRequest request) {
        hide(queues.of(request.queueUrl()), request.receiptHandle(), request.visibilityTimeout());
        return ChangeMessageVisibilityResponse.builder().build();
    }

    ChangeMessageVisibilityBatchResponse hideBatch(ChangeMessageVisibilityBatchRequest request) {
        QueueRecord queue = queues.of(request.queueUrl());
        Batches.check(request.entries().stream()
                .map(ChangeMessageVisibilityBatchRequestEntry::id)
                .toList());
        List<ChangeMessageVisibilityBatchResultEntry> changed = new ArrayList<>();
        List<BatchResultErrorEntry> failed = new ArrayList<>();
        for (ChangeMessageVisibilityBatchRequestEntry entry : request.entries()) {
            try {
                hide(
                        queue,
                        entry.receiptHandle(),
                        Optional.ofNullable(entry.visibilityTimeout()).orElse(0));
                changed.add(ChangeMessageVisibilityBatchResultEntry.builder()
                        .id(entry.id())
                        .build());
            } catch (AwsServiceException e) {
                failed.add(Batches.failed(entry.id(), e));
            }
        }
        return ChangeMessageVisibilityBatchResponse.builder()
                .successful(changed)
                .failed(failed)
                .build();
    }

    private void hide(QueueRecord queue, String handle, int seconds) {
        if (seconds < 0 || seconds > LONGEST_VISIBILITY) {
            throw Errors.parameter("Value " + seconds
                    + " for parameter VisibilityTimeout is invalid. Reason: VisibilityTimeout must be an integer between 0 and "
                    + LONGEST_VISIBILITY + ".");
        }
        Receipt receipt = receipts.open(queue.id(), handle);
        long now = clock.millis();
        Backlog backlog = backlogs.of(queue);
        if (backlog.find(receipt.sequence()).isEmpty()) {
            throw Errors.parameter("Value " + handle
                    + " for parameter ReceiptHandle is invalid. Reason: Message does not exist or is not available for visibility"
                    + " timeout change.");
        }
        Backlog.Taken message = backlog.inFlight(receipt.sequence(), receipt.count(), now)
                .orElseThrow(() -> MessageNotInflightException.builder()
                        .message("The specified message isn't in flight.")
                        .build());
        long visible = now + seconds * 1000L;
        if (visible > message.first() + LONGEST_VISIBILITY * 1000L) {
            throw Errors.parameter("Value " + seconds
                    + " for parameter VisibilityTimeout is invalid. Reason: Total VisibilityTimeout for the message is beyond the limit ["
                    + LONGEST_VISIBILITY + " seconds].");
        }
        tables.put(new ReceiptRecord(queue.id(), message.sequence(), visible, message.count(), message.first()));
        tables.afterCommit(() -> backlog.reschedule(message.sequence(), message.count(), visible, clock.millis()));
    }
}
