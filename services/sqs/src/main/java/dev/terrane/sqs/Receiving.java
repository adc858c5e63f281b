package dev.terrane.sqs;

import dev.terrane.kernel.clock.Clock;
import dev.terrane.kernel.clock.Threads;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.OverLimitException;
import software.amazon.awssdk.services.sqs.model.ReceiveMessageRequest;
import software.amazon.awssdk.services.sqs.model.ReceiveMessageResponse;

/**
 * ReceiveMessage. Messages are taken out of the backlog, and their receipts committed before they are handed out, so that a message is not
 * visible again after a crash before its time. Those that were received too often go to the dead-letter queue instead.
 */
final class Receiving {
    private static final int MOST_IN_FLIGHT = 120_000;
    private static final int MOST_MESSAGES = 10;
    private static final int LONGEST_WAIT = 20;
    private static final int LONGEST_VISIBILITY = 43_200;
    private static final long ATTEMPT_MILLIS = 300_000;
    private static final int ATTEMPTS_KEPT = 10_000;

    private final SqsTables tables;
    private final Queues queues;
    private final Backlogs backlogs;
    private final Receipts receipts;
    private final Clock clock;
    private final Threads threads;
    private final Map<String, Attempt> attempts = new ConcurrentHashMap<>();

    /** What a receive request attempt got, to be given again to the same attempt. */
    private record Attempt(List<Backlog.Taken> taken, long expires) {}

    Receiving(SqsTables tables, Queues queues, Backlogs backlogs, Receipts receipts, Clock clock, Threads threads) {
        this.tables = tables;
        this.queues = queues;
        this.backlogs = backlogs;
        this.receipts = receipts;
        this.clock = clock;
        this.threads = threads;
    }

    ReceiveMessageResponse receive(ReceiveMessageRequest request) {
        QueueRecord queue = queues.of(request.queueUrl());
        int most = within(request.maxNumberOfMessages(), 1, 1, MOST_MESSAGES, "MaxNumberOfMessages");
        int wait = within(
                request.waitTimeSeconds(), queue.number(QueueAttributes.WAIT), 0, LONGEST_WAIT, "WaitTimeSeconds");
        int visibility = within(
                request.visibilityTimeout(),
                queue.number(QueueAttributes.VISIBILITY),
                0,
                LONGEST_VISIBILITY,
                "VisibilityTimeout");
        Optional<String> attempt = attempt(queue, request);
        Optional<List<Message>> again = attempt.flatMap(id -> repeated(queue, id, request));
        return ReceiveMessageResponse.builder()
                .messages(again.orElseGet(() -> receive(queue, request, attempt, most, wait, visibility)))
                .build();
    }

    private static int within(@Nullable Integer given, int otherwise, int least, int greatest, String parameter) {
        int value = given == null ? otherwise : given;
        if (value < least || value > greatest) {
            throw Errors.parameter("Value " + value + " for parameter " + parameter
                    + " is invalid. Reason: Must be between " + least + " and " + greatest + ", if provided.");
        }
        return value;
    }

    private static Optional<String> attempt(QueueRecord queue, ReceiveMessageRequest request) {
        String id = request.receiveRequestAttemptId();
        if (id != null && !queue.fifo()) {
            throw Errors.parameter("Value " + id
                    + " for parameter ReceiveRequestAttemptId is invalid. Reason: The request include parameter that is not valid for"
                    + " this queue type.");
        }
        return Optional.ofNullable(id)
                .map(given -> queue.id() + "/" + MessageChecks.id("ReceiveRequestAttemptId", given));
    }

    /** The same messages for the same attempt, as long as all of them are still in flight. */
    private Optional<List<Message>> repeated(QueueRecord queue, String attempt, ReceiveMessageRequest request) {
        long now = clock.millis();
        Attempt earlier = attempts.get(attempt);
        if (earlier == null || earlier.expires() < now) {
            return Optional.empty();
        }
        boolean allInFlight = earlier.taken().stream()
                .allMatch(t -> backlogs.of(queue)
                        .inFlight(t.sequence(), t.count(), now)
                        .isPresent());
        return allInFlight ? Optional.of(messages(queue, earlier.taken(), request)) : Optional.empty();
    }

    private List<Message> receive(
            QueueRecord queue,
            ReceiveMessageRequest request,
            Optional<String> attempt,
            int most,
            int wait,
            int visibility) {
        Instant deadline = clock.instant().plusSeconds(wait);
        while (true) {
            boolean last = !clock.instant().isBefore(deadline) || threads.isEnding();
            Outcome outcome = take(queue, most, visibility);
            List<Message> messages = messages(queue, outcome.received(), request);
            if (!messages.isEmpty()) {
                attempt.ifPresent(id -> remember(id, outcome.received()));
                return messages;
            }
            if (outcome.others()) {
                continue;
            }
            if (last) {
                return List.of();
            }
            await(backlogs.of(queue), deadline);
        }
    }

    private void remember(String attempt, List<Backlog.Taken> taken) {
        long now = clock.millis();
        if (attempts.size() >= ATTEMPTS_KEPT) {
            attempts.values().removeIf(a -> a.expires() < now);
        }
        attempts.put(attempt, new Attempt(taken, now + ATTEMPT_MILLIS));
    }

    /**
     * What taking gave.
     *
     * @param others whether messages were taken that went elsewhere, so that looking again may give more
     */
    private record Outcome(List<Backlog.Taken> received, boolean others) {}

    private Outcome take(QueueRecord queue, int most, int visibility) {
        Backlog backlog = backlogs.of(queue);
        long now = clock.millis();
        List<Backlog.Taken> taken = backlog.take(most, now, now + visibility * 1000L, MOST_IN_FLIGHT);
        if (taken.isEmpty()) {
            if (backlog.counts(now).inFlight() >= MOST_IN_FLIGHT) {
                throw OverLimitException.builder()
                        .message("The maximum number of in flight messages is reached.")
                        .build();
            }
            return new Outcome(List.of(), false);
        }
        try {
            return tables.commitNow(() -> settle(queue, taken, now));
        } catch (RuntimeException e) {
            backlog.giveBack(taken, now);
            throw e;
        }
    }

    /** Commits what becomes of messages that were taken: received, dead, or too old. */
    private Outcome settle(QueueRecord queue, List<Backlog.Taken> taken, long now) {
        Optional<RedrivePolicy> redrive = RedrivePolicy.of(queue);
        Optional<QueueRecord> deadLetters = redrive.flatMap(policy -> queues.find(policy.deadLetterTargetArn()))
                .filter(dead -> dead.fifo() == queue.fifo() && dead.scope().equals(queue.scope()));
        long oldest = now - queue.number(QueueAttributes.RETENTION) * 1000L;
        List<Backlog.Taken> received = new ArrayList<>();
        for (Backlog.Taken one : taken) {
            Optional<MessageRecord> message = tables.message(queue.id(), one.sequence());
            if (message.isEmpty() || message.get().sent() <= oldest) {
                backlogs.delete(queue.id(), List.of(one));
            } else if (deadLetters.isPresent()
                    && one.count() > redrive.orElseThrow().maxReceiveCount()) {
                bury(queue, one, message.get(), deadLetters.get(), now);
            } else {
                tables.put(new ReceiptRecord(queue.id(), one.sequence(), one.visible(), one.count(), one.first()));
                received.add(one);
            }
        }
        return new Outcome(received, received.size() < taken.size());
    }

    /** On a standard queue a dead message keeps the time at which it was sent, on a FIFO queue it begins anew. */
    private void bury(QueueRecord queue, Backlog.Taken one, MessageRecord message, QueueRecord deadLetters, long now) {
        backlogs.delete(queue.id(), List.of(one));
        backlogs.add(
                deadLetters,
                message.movedTo(
                        deadLetters.id(),
                        backlogs.nextSequence(),
                        queue.fifo() ? now : message.sent(),
                        now,
                        Optional.of(queue.arn())));
    }

    private List<Message> messages(QueueRecord queue, List<Backlog.Taken> taken, ReceiveMessageRequest request) {
        return taken.stream()
                .flatMap(one -> tables.message(queue.id(), one.sequence()).stream()
                        .map(message -> ReceivedMessage.of(
                                message,
                                one,
                                receipts.handle(queue.id(), new Receipts.Receipt(one.sequence(), one.count())),
                                request)))
                .toList();
    }

    /** Waits until a message may have come, at the longest until the deadline. */
    private void await(Backlog backlog, Instant deadline) {
        Backlog.Waiter waiter = backlog.await();
        Instant until = backlog.nextVisible()
                .map(Instant::ofEpochMilli)
                .filter(next -> next.isBefore(deadline))
                .orElse(deadline);
        Thread alarm = threads.start("sqs-wait", () -> {
            try {
                clock.sleepUntil(until);
            } finally {
                waiter.wake();
            }
        });
        try {
            waiter.woken().get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted while waiting for messages", e);
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        } finally {
            alarm.interrupt();
            backlog.leave(waiter);
        }
    }
}
