package dev.terrane.sns;

import dev.terrane.kernel.clock.Clock;
import dev.terrane.kernel.clock.Threads;
import dev.terrane.kernel.id.Ids;
import dev.terrane.sns.Endpoints.Failure;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Brings messages to subscriptions, at least once: to queues at once, to HTTP endpoints by a row of their own that is tried again as the delivery
 * policy says. Messages of a FIFO topic go out one after another ("Amazon SNS message delivery retries").
 */
final class Deliveries {
    private static final int AT_ONCE = 32;
    private static final Duration LOOK = Duration.ofSeconds(1);
    private static final Duration LONGEST_QUEUE_PAUSE = Duration.ofSeconds(20);
    private static final Duration QUEUE_RETRIES = Duration.ofDays(23);
    /** Longer than a post may take: within it nobody else tries the same delivery. */
    private static final Duration LEASE = Duration.ofSeconds(60);

    private final SnsTables tables;
    private final Clock clock;
    private final Threads threads;
    private final Envelopes envelopes;
    private final Endpoints endpoints;
    private final FilterPolicy filters = new FilterPolicy();
    private final Semaphore permits = new Semaphore(AT_ONCE);
    /** Apart from the others, so that slow endpoints don't hold up queues. */
    private final Semaphore posting = new Semaphore(AT_ONCE);

    private final Set<String> orderedTopics = ConcurrentHashMap.newKeySet();
    private final AtomicReference<Instant> earliest = new AtomicReference<>(Instant.MIN);
    private volatile boolean started;

    Deliveries(SnsTables tables, Clock clock, Threads threads, Envelopes envelopes, Endpoints endpoints) {
        this.tables = tables;
        this.clock = clock;
        this.threads = threads;
        this.envelopes = envelopes;
        this.endpoints = endpoints;
    }

    void start() {
        started = true;
        List<NoticeRecord> left = new ArrayList<>();
        tables.eachNotice(left::add);
        left.forEach(this::published);
        threads.every("sns-deliveries", LOOK, this::deliverDue);
    }

    /** A message is stored: it goes out. */
    void published(NoticeRecord notice) {
        if (!started || threads.isEnding()) {
            return;
        }
        if (notice.topic().endsWith(TopicRecord.FIFO_SUFFIX)) {
            if (orderedTopics.add(notice.topicKey())) {
                threads.start("sns-ordered", () -> deliverInOrder(notice.topicKey()));
            }
            return;
        }
        threads.start("sns-publish", () -> {
            permits.acquire();
            try {
                deliver(notice, false);
            } finally {
                permits.release();
            }
        });
    }

    private void deliverInOrder(String topicKey) throws InterruptedException {
        while (true) {
            List<NoticeRecord> batch = tables.notices(topicKey, AT_ONCE);
            if (batch.isEmpty()) {
                orderedTopics.remove(topicKey);
                // One may have come between the look and the removal.
                if (tables.notices(topicKey, 1).isEmpty() || !orderedTopics.add(topicKey)) {
                    return;
                }
                continue;
            }
            for (NoticeRecord notice : batch) {
                deliver(notice, true);
            }
        }
    }

    /** Brings a message to all who want it, or leaves a row for those that are to be tried later. */
    private void deliver(NoticeRecord notice, boolean ordered) throws InterruptedException {
        Optional<TopicRecord> topic = tables.peekTopic(notice.scope(), notice.topic());
        List<DeliveryRecord> later = new ArrayList<>();
        for (SubscriptionRecord subscription : topic.map(tables::subscriptions).orElse(List.of())) {
            if (!subscription.confirmed() || !filters.wants(subscription, notice)) {
                continue;
            }
            if (subscription.protocol().equals("sqs")) {
                sendOrKeep(topic.orElseThrow(), subscription, notice, ordered).ifPresent(later::add);
            } else {
                later.add(row(subscription, notice, 0, clock.instant()));
            }
        }
        tables.transact(() -> {
            later.forEach(this::put);
            tables.deleteNotice(notice.key());
        });
    }

    private Optional<DeliveryRecord> sendOrKeep(
            TopicRecord topic, SubscriptionRecord subscription, NoticeRecord notice, boolean ordered)
            throws InterruptedException {
        for (int attempt = 0; ; attempt++) {
            Optional<Failure> failure = endpoints.send(topic, subscription, notice);
            if (failure.isEmpty()) {
                return Optional.empty();
            }
            if (threads.isEnding()) {
                throw new InterruptedException("The server ends");
            }
            if (!failure.get().passing()) {
                endpoints.bury(topic, subscription, notice, failure.get());
                return Optional.empty();
            }
            if (!ordered) {
                return Optional.of(row(subscription, notice, 1, clock.instant().plus(queuePause(0))));
            }
            // What comes after waits too, or the order would be lost.
            clock.sleep(queuePause(attempt));
        }
    }

    private static Duration queuePause(int retry) {
        Duration pause = Duration.ofSeconds(1L << Math.min(retry, 5));
        return pause.compareTo(LONGEST_QUEUE_PAUSE) > 0 ? LONGEST_QUEUE_PAUSE : pause;
    }

    private DeliveryRecord row(SubscriptionRecord subscription, NoticeRecord notice, int attempts, Instant due) {
        return new DeliveryRecord(
                notice.key() + "/" + subscription.id(),
                subscription.account(),
                subscription.region(),
                subscription.topic(),
                subscription.id(),
                Envelopes.NOTIFICATION,
                notice.id(),
                Optional.of(notice),
                "",
                attempts,
                clock.instant(),
                due);
    }

    /** Asks an endpoint to confirm its subscription, once the current transaction is durable. */
    void askToConfirm(SubscriptionRecord subscription) {
        Instant now = clock.instant();
        String id = Ids.uuid();
        put(new DeliveryRecord(
                "confirm/" + id,
                subscription.account(),
                subscription.region(),
                subscription.topic(),
                subscription.id(),
                Envelopes.CONFIRMATION,
                id,
                Optional.empty(),
                envelopes.confirmation(subscription, id, now, "1"),
                0,
                now,
                now));
    }

    private void put(DeliveryRecord delivery) {
        tables.put(delivery);
        tables.afterCommit(() -> {
            if (started && !delivery.due().isAfter(clock.instant()) && !threads.isEnding()) {
                threads.start("sns-delivery", () -> {
                    posting.acquire();
                    try {
                        attempt(delivery);
                    } finally {
                        posting.release();
                    }
                });
            } else {
                earliest.accumulateAndGet(delivery.due(), (a, b) -> a.isBefore(b) ? a : b);
            }
        });
    }

    private void deliverDue() {
        if (clock.instant().isBefore(earliest.get())) {
            return;
        }
        earliest.set(Instant.MAX);
        List<DeliveryRecord> due = tables.dueDeliveries(clock.instant(), AT_ONCE);
        CountDownLatch left = new CountDownLatch(due.size());
        for (DeliveryRecord delivery : due) {
            threads.start("sns-retry", () -> {
                try {
                    attempt(delivery);
                } finally {
                    left.countDown();
                }
            });
        }
        try {
            left.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return;
        }
        tables.nextDue().ifPresent(next -> earliest.accumulateAndGet(next, (a, b) -> a.isBefore(b) ? a : b));
    }

    /** Whether this thread alone tries a delivery now: its row is moved out of the others' sight for a while. */
    private boolean take(DeliveryRecord delivery) {
        return tables.transact(() -> {
            boolean mine = tables.delivery(delivery.key())
                    .filter(row -> row.due().equals(delivery.due()) && row.attempts() == delivery.attempts())
                    .isPresent();
            if (mine) {
                tables.put(delivery.until(clock.instant().plus(LEASE)));
            }
            return mine;
        });
    }

    private void attempt(DeliveryRecord delivery) throws InterruptedException {
        if (!take(delivery)) {
            return;
        }
        Optional<SubscriptionRecord> subscription =
                tables.peekSubscription(delivery.scope(), delivery.topic(), delivery.subscription());
        Optional<TopicRecord> topic = tables.peekTopic(delivery.scope(), delivery.topic());
        if (subscription.isEmpty() || topic.isEmpty()) {
            tables.deleteDelivery(delivery.key());
            return;
        }
        Optional<Failure> failure = endpoints.deliver(topic.get(), subscription.get(), delivery);
        if (failure.isEmpty()) {
            tables.deleteDelivery(delivery.key());
        } else if (threads.isEnding()) {
            throw new InterruptedException("The server ends");
        } else {
            failed(topic.get(), subscription.get(), delivery, failure.get());
        }
    }

    private void failed(TopicRecord topic, SubscriptionRecord subscription, DeliveryRecord delivery, Failure failure) {
        Duration pause;
        boolean over;
        if (subscription.protocol().equals("sqs")) {
            pause = queuePause(delivery.attempts());
            over = delivery.first().plus(QUEUE_RETRIES).isBefore(clock.instant());
        } else {
            DeliveryPolicy policy = policy(topic, subscription);
            pause = policy.pause(delivery.attempts());
            over = delivery.attempts() >= policy.retries();
        }
        if (!failure.passing() || over) {
            delivery.notice().ifPresent(notice -> endpoints.bury(topic, subscription, notice, failure));
            tables.deleteDelivery(delivery.key());
        } else {
            tables.transact(() -> {
                DeliveryRecord again = delivery.again(clock.instant().plus(pause));
                tables.put(again);
                tables.afterCommit(() -> earliest.accumulateAndGet(again.due(), (a, b) -> a.isBefore(b) ? a : b));
            });
        }
    }

    private static DeliveryPolicy policy(TopicRecord topic, SubscriptionRecord subscription) {
        String own = subscription.attribute(SubscriptionAttributes.DELIVERY_POLICY);
        String general = own.isEmpty() ? topic.attribute(TopicAttributes.DELIVERY_POLICY) : own;
        return general.isEmpty() ? DeliveryPolicy.DEFAULT : DeliveryPolicy.read(general);
    }
}
