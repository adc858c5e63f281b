package dev.terrane.eventbridge;

import dev.terrane.eventbridge.TargetKind.Delivery;
import dev.terrane.kernel.arn.Arn;
import dev.terrane.kernel.call.Actor;
import dev.terrane.kernel.clock.Clock;
import dev.terrane.kernel.clock.Threads;
import dev.terrane.kernel.error.AwsErrors;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.services.eventbridge.model.RetryPolicy;
import software.amazon.awssdk.services.eventbridge.model.Target;
import software.amazon.awssdk.services.sqs.model.MessageAttributeValue;
import software.amazon.awssdk.services.sqs.model.SendMessageRequest;

/**
 * Brings accepted events to the targets of the rules that they matched, at least once. What fails for a passing reason is tried again, later
 * and later; what can't succeed, or was tried long enough, goes to the target's dead-letter queue ("How EventBridge retries delivering
 * events" and "Using dead-letter queues" in the EventBridge user guide).
 */
final class Deliveries {
    private static final System.Logger LOG = System.getLogger(Deliveries.class.getName());
    private static final int AT_ONCE = 32;
    private static final Duration LOOK = Duration.ofSeconds(1);
    private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
    private static final Duration LONGEST_PAUSE = Duration.ofMinutes(8);
    private static final int DOUBLINGS = 9;
    private static final int DEFAULT_ATTEMPTS = 185;
    private static final Duration DEFAULT_AGE = Duration.ofHours(24);

    private final EventBridgeTables tables;
    private final Clock clock;
    private final Threads threads;
    private final AtomicReference<@Nullable TargetKinds> kinds = new AtomicReference<>();
    private final Set<String> underWay = ConcurrentHashMap.newKeySet();
    private final Semaphore permits = new Semaphore(AT_ONCE);
    private final AtomicReference<Instant> earliest = new AtomicReference<>(Instant.MIN);

    Deliveries(EventBridgeTables tables, Clock clock, Threads threads) {
        this.tables = tables;
        this.clock = clock;
        this.threads = threads;
    }

    /** What went wrong with a delivery. */
    private record Failure(String code, String message, boolean passing) {}

    /** Begins, first with what an earlier server left. */
    void start(TargetKinds known) {
        kinds.set(known);
        tables.eachAccepted(event -> accepted(event.key()));
        threads.every("events-retries", LOOK, this::retryDue);
    }

    /** Delivers an event that is stored. */
    void accepted(String key) {
        if (kinds.get() != null && !threads.isEnding() && underWay.add(key)) {
            threads.start("events-delivery", () -> {
                permits.acquire();
                try {
                    deliver(key);
                } finally {
                    permits.release();
                    underWay.remove(key);
                }
            });
        }
    }

    private void deliver(String key) throws InterruptedException {
        Optional<AcceptedRecord> accepted = tables.accepted(key);
        if (accepted.isEmpty()) {
            return;
        }
        AcceptedRecord event = accepted.get();
        List<DeliveryRecord> again = new ArrayList<>();
        for (String rule : event.rules()) {
            for (TargetRecord target : tables.targets(event.scope(), event.bus(), rule)) {
                Optional<Failure> failure = attempt(event, rule, target.target());
                failure.flatMap(f -> afterFailure(event, rule, target.target(), 0, f))
                        .ifPresent(again::add);
            }
        }
        tables.transact(() -> {
            again.forEach(this::put);
            tables.deleteAccepted(key);
        });
    }

    private void put(DeliveryRecord delivery) {
        tables.put(delivery);
        tables.afterCommit(() -> earliest.accumulateAndGet(delivery.due(), (a, b) -> a.isBefore(b) ? a : b));
    }

    private Optional<Failure> attempt(AcceptedRecord event, String rule, Target target) throws InterruptedException {
        Optional<Failure> failure = failureOf(event, rule, target);
        if (failure.isPresent() && threads.isEnding()) {
            // Whether the target failed or only this server ended is not known: it is done again at the next start.
            throw new InterruptedException("The server ends");
        }
        return failure;
    }

    private Optional<Failure> failureOf(AcceptedRecord event, String rule, Target target) {
        try {
            String ruleArn = Names.ruleArn(event.scope(), event.bus(), rule);
            Arn arn = Arn.parse(target.arn());
            TargetKinds known = kinds.get();
            if (known == null) {
                throw new IllegalStateException("Nothing is delivered before the start");
            }
            known.of(arn)
                    .orElseThrow(() -> Errors.invalid("No target of this kind"))
                    .deliver(new Delivery(
                            event.scope(),
                            rule,
                            ruleArn,
                            target,
                            arn,
                            event,
                            TargetInput.of(target, event, rule, ruleArn)));
            return Optional.empty();
        } catch (AwsServiceException e) {
            return Optional.of(failure(e));
        } catch (RuntimeException e) {
            LOG.log(System.Logger.Level.WARNING, "Event " + event.id() + " did not reach " + target.arn(), e);
            return Optional.of(new Failure("INTERNAL_ERROR", String.valueOf(e.getMessage()), true));
        }
    }

    /** Why a target refused, in the words of the dead-letter queue's attributes. */
    private static Failure failure(AwsServiceException e) {
        String code = e.awsErrorDetails() == null || e.awsErrorDetails().errorCode() == null
                ? e.getClass().getSimpleName()
                : e.awsErrorDetails().errorCode();
        String lower = code.toLowerCase(Locale.ROOT);
        boolean throttled = lower.contains("throttl") || e.statusCode() == 429;
        String kind;
        if (throttled) {
            kind = "THROTTLING";
        } else if (lower.contains("accessdenied") || e.statusCode() == 403) {
            kind = "NO_PERMISSIONS";
        } else if (lower.contains("notfound") || lower.contains("nonexistent") || lower.contains("doesnotexist")) {
            kind = "NO_RESOURCE";
        } else {
            kind = e.statusCode() >= 500 ? "SERVICE_UNAVAILABLE" : "SDK_CLIENT_ERROR";
        }
        boolean passing = throttled || (e.statusCode() >= 500 && e.statusCode() != 501);
        return new Failure(kind, AwsErrors.message(e), passing);
    }

    /** What is to be tried again, or empty when the dead-letter queue got it or nobody wants it. */
    private Optional<DeliveryRecord> afterFailure(
            AcceptedRecord event, String rule, Target target, int retries, Failure failure) {
        Optional<RetryPolicy> policy = Optional.ofNullable(target.retryPolicy());
        int most = policy.map(RetryPolicy::maximumRetryAttempts).orElse(DEFAULT_ATTEMPTS);
        Duration oldest = policy.map(RetryPolicy::maximumEventAgeInSeconds)
                .map(seconds -> Duration.ofSeconds(seconds))
                .orElse(DEFAULT_AGE);
        Instant due = clock.instant().plus(pause(retries));
        boolean aged = due.isAfter(event.accepted().plus(oldest));
        if (!failure.passing() || retries >= most || aged) {
            Optional<String> exhausted = failure.passing()
                    ? Optional.of(retries >= most ? "MaximumRetryAttempts" : "MaximumEventAgeInSeconds")
                    : Optional.empty();
            giveUp(event, rule, target, retries, failure, exhausted);
            return Optional.empty();
        }
        return Optional.of(new DeliveryRecord(
                event.key() + "/" + rule + "/" + target.id(),
                event,
                rule,
                target.id(),
                retries + 1,
                due,
                failure.code(),
                failure.message()));
    }

    /** Twice as long each time up to a limit, and a little uneven, so that what failed together does not come back together. */
    private static Duration pause(int retries) {
        Duration pause = FIRST_PAUSE.multipliedBy(1L << Math.min(retries, DOUBLINGS));
        Duration bounded = pause.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : pause;
        return bounded.plusMillis(ThreadLocalRandom.current().nextLong(bounded.toMillis() / 10 + 1));
    }

    private void giveUp(
            AcceptedRecord event,
            String rule,
            Target target,
            int retries,
            Failure failure,
            Optional<String> exhausted) {
        LOG.log(
                System.Logger.Level.INFO,
                "Event {0} of rule {1} was not delivered to {2}: {3} {4}",
                event.id(),
                rule,
                target.arn(),
                failure.code(),
                failure.message());
        if (target.deadLetterConfig() == null || target.deadLetterConfig().arn() == null) {
            return;
        }
        String ruleArn = Names.ruleArn(event.scope(), event.bus(), rule);
        Map<String, MessageAttributeValue> attributes = new java.util.LinkedHashMap<>();
        attributes.put("RULE_ARN", text(ruleArn));
        attributes.put("TARGET_ARN", text(target.arn()));
        attributes.put("ERROR_CODE", text(failure.code()));
        attributes.put("ERROR_MESSAGE", text(failure.message().isEmpty() ? failure.code() : failure.message()));
        attributes.put("RETRY_ATTEMPTS", text(Integer.toString(retries)));
        exhausted.ifPresent(condition -> attributes.put("EXHAUSTED_RETRY_CONDITION", text(condition)));
        try {
            TargetKinds known = kinds.get();
            if (known != null) {
                known.send(
                        new Actor.Service(TargetKinds.PRINCIPAL, event.scope(), ruleArn),
                        Arn.parse(target.deadLetterConfig().arn()),
                        SendMessageRequest.builder().messageBody(event.event()).messageAttributes(attributes));
            }
        } catch (RuntimeException e) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "Event {0} was lost: the dead-letter queue {1} did not take it: {2}",
                    event.id(),
                    target.deadLetterConfig().arn(),
                    e.getMessage());
        }
    }

    private static MessageAttributeValue text(String value) {
        return MessageAttributeValue.builder()
                .dataType("String")
                .stringValue(value)
                .build();
    }

    private void retryDue() {
        if (clock.instant().isBefore(earliest.get())) {
            return;
        }
        earliest.set(Instant.MAX);
        List<DeliveryRecord> due = tables.dueDeliveries(clock.instant(), AT_ONCE);
        while (!due.isEmpty() && !threads.isEnding()) {
            retry(due);
            List<DeliveryRecord> left = tables.dueDeliveries(clock.instant(), AT_ONCE);
            // The same again means that not even the failure could be stored: wait for the next look.
            due = left.equals(due) ? List.of() : left;
        }
        earliest.accumulateAndGet(tables.nextDue().getLast(), (a, b) -> a.isBefore(b) ? a : b);
    }

    /** Tries deliveries side by side, so that a slow target keeps no other waiting for long. */
    private void retry(List<DeliveryRecord> due) {
        CountDownLatch left = new CountDownLatch(due.size());
        for (DeliveryRecord delivery : due) {
            threads.start("events-retry", () -> {
                try {
                    retry(delivery);
                } finally {
                    left.countDown();
                }
            });
        }
        try {
            left.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void retry(DeliveryRecord delivery) throws InterruptedException {
        AcceptedRecord event = delivery.event();
        Optional<Target> target = tables.targets(event.scope(), event.bus(), delivery.rule()).stream()
                .map(TargetRecord::target)
                .filter(t -> t.id().equals(delivery.target()))
                .findFirst();
        Optional<DeliveryRecord> again = Optional.empty();
        if (target.isPresent()) {
            Optional<Failure> failure = attempt(event, delivery.rule(), target.get());
            again = failure.flatMap(f -> afterFailure(event, delivery.rule(), target.get(), delivery.attempts(), f));
        }
        again.ifPresentOrElse(next -> tables.transact(() -> put(next)), () -> tables.deleteDelivery(delivery.key()));
    }
}
