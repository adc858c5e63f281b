package dev.terrane.kernel.event;

import dev.terrane.kernel.call.Call;
import dev.terrane.kernel.call.Scope;
import dev.terrane.kernel.clock.Clock;
import dev.terrane.kernel.clock.Threads;
import dev.terrane.kernel.id.Ids;
import dev.terrane.kernel.store.Page;
import dev.terrane.kernel.store.Query;
import dev.terrane.kernel.store.RecordCodec;
import dev.terrane.kernel.store.Rows;
import dev.terrane.kernel.store.Store;
import dev.terrane.kernel.store.Table;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Events by way of an outbox: a row written with the state, delivered after the commit, deleted when all listeners took it. Each
 * listener has a thread of its own and takes events in the order of their emission, except those that it failed at.
 */
public final class OutboxEvents implements Events {
    private static final System.Logger LOG = System.getLogger(OutboxEvents.class.getName());
    private static final Scope SCOPE = Scope.INSTALLATION;
    private static final int BATCH = 500;
    /** Events held in memory at the most; more stay in the outbox until these are delivered. */
    private static final int IN_MEMORY = 10_000;

    private static final Duration FIRST_RETRY = Duration.ofSeconds(1);
    private static final Duration LONGEST_RETRY = Duration.ofMinutes(5);
    /** How long an event is tried, as long as EventBridge tries by itself. */
    private static final Duration TRIED = Duration.ofHours(24);

    /** An event not delivered yet. */
    record OutboxRecord(
            String key,
            String id,
            String source,
            String detailType,
            String account,
            String region,
            Instant time,
            List<String> resources,
            String detail) {
        Event event() {
            return new Event(id, source, detailType, account, region, time, resources, detail);
        }
    }

    /** An event on its way. */
    private record Delivery(String key, Event event, AtomicInteger listenersLeft) {}

    private final Store store;
    private final Clock clock;
    private final Threads threads;
    private final Rows<OutboxRecord> outbox;
    private final AtomicLong sequence;
    private final List<Subscription> subscriptions = new CopyOnWriteArrayList<>();
    private final LinkedBlockingQueue<Delivery> delivered = new LinkedBlockingQueue<>();
    private final Map<String, Delivery> underWay = new ConcurrentHashMap<>();
    private final Object order = new Object();
    /** Whether events are in the outbox that are not in memory; new ones then wait there too, for the order's sake. */
    private boolean more = true;

    private boolean started;

    public OutboxEvents(Store store, Clock clock, Threads threads) {
        this.store = store;
        this.clock = clock;
        this.threads = threads;
        this.outbox = store.rows(Table.of("event.outbox", OutboxRecord.class, OutboxRecord::key));
        this.sequence = new AtomicLong(clock.instant().toEpochMilli() * 1_000_000);
    }

    /** Begins to deliver, first what an earlier server left. Called once, when all listeners are there. */
    public void start() {
        synchronized (order) {
            started = true;
            subscriptions.forEach(Subscription::start);
            refill();
        }
        threads.start("events-delivered", this::removeDelivered);
    }

    @Override
    public void subscribe(Listener listener) {
        synchronized (order) {
            Subscription subscription = new Subscription(listener);
            subscriptions.add(subscription);
            if (started) {
                subscription.start();
            }
        }
    }

    @Override
    public void emit(String source, String detailType, List<String> resources, Object detail) {
        Call call = Call.current();
        OutboxRecord event = new OutboxRecord(
                "%019d-%s".formatted(sequence.incrementAndGet(), Ids.hex(8)),
                Ids.uuid(),
                source,
                detailType,
                call.account(),
                call.region(),
                clock.instant(),
                List.copyOf(resources),
                RecordCodec.json().writeValueAsString(detail));
        store.transact(() -> {
            outbox.put(SCOPE, event);
            store.afterCommit(() -> committed(event));
        });
    }

    private void committed(OutboxRecord event) {
        synchronized (order) {
            if (underWay.size() >= IN_MEMORY) {
                more = true;
            }
            if (started && !more) {
                dispatch(event);
            }
        }
    }

    /** Reads on in the outbox. What is under way already is left out. */
    private void refill() {
        synchronized (order) {
            // A deletion between the two looks would let an event be seen as new, so the outbox is looked at while none
            // goes on.
            Page<OutboxRecord> page = outbox.list(SCOPE, Query.all().limit(2 * IN_MEMORY));
            page.values().forEach(this::dispatch);
            more = page.next().isPresent();
        }
    }

    private void dispatch(OutboxRecord row) {
        Delivery delivery = new Delivery(row.key(), row.event(), new AtomicInteger(subscriptions.size()));
        if (underWay.putIfAbsent(row.key(), delivery) != null) {
            return;
        }
        if (subscriptions.isEmpty()) {
            delivered.add(delivery);
        }
        subscriptions.forEach(subscription -> subscription.queue.add(delivery));
    }

    private void taken(Delivery delivery) {
        if (delivery.listenersLeft().decrementAndGet() == 0) {
            delivered.add(delivery);
        }
    }

    private void removeDelivered() throws InterruptedException {
        List<Delivery> batch = new ArrayList<>();
        while (true) {
            batch.clear();
            batch.add(delivered.take());
            delivered.drainTo(batch, BATCH - 1);
            try {
                store.transact(() -> batch.forEach(delivery -> outbox.delete(SCOPE, delivery.key())));
            } catch (RuntimeException e) {
                LOG.log(System.Logger.Level.ERROR, "Delivered events stay in the outbox, and will come again", e);
            }
            batch.forEach(delivery -> underWay.remove(delivery.key()));
            synchronized (order) {
                if (more && underWay.size() < IN_MEMORY / 2) {
                    refill();
                }
            }
        }
    }

    /** A listener with what it has still to take. */
    private final class Subscription {
        private final Listener listener;
        private final LinkedBlockingQueue<Delivery> queue = new LinkedBlockingQueue<>();

        Subscription(Listener listener) {
            this.listener = listener;
        }

        void start() {
            threads.start("events-to-" + listener.getClass().getSimpleName(), this::deliver);
        }

        private void deliver() throws InterruptedException {
            List<Delivery> batch = new ArrayList<>();
            while (true) {
                batch.clear();
                batch.add(queue.take());
                queue.drainTo(batch, BATCH - 1);
                retryLater(give(List.copyOf(batch)), FIRST_RETRY);
            }
        }

        /** @return those that were not taken */
        private List<Delivery> give(List<Delivery> batch) throws InterruptedException {
            List<Delivery> failed = batch;
            try {
                List<Event> left =
                        listener.receiveAll(batch.stream().map(Delivery::event).toList());
                failed = left.isEmpty()
                        ? List.of()
                        : batch.stream().filter(d -> left.contains(d.event())).toList();
            } catch (RuntimeException | Error e) {
                LOG.log(System.Logger.Level.WARNING, batch.size() + " events are delivered again later", e);
            }
            if (threads.isEnding()) {
                // Whether a listener that was interrupted took them is not known: they come again at the next start.
                throw new InterruptedException("The server ends");
            }
            List<Delivery> kept = failed;
            batch.stream().filter(d -> !kept.contains(d)).forEach(OutboxEvents.this::taken);
            return failed;
        }

        private void retryLater(List<Delivery> failed, Duration pause) {
            if (failed.isEmpty()) {
                return;
            }
            threads.start("events-again", () -> {
                List<Delivery> left = failed;
                Duration next = pause;
                while (!left.isEmpty()) {
                    clock.sleep(next);
                    left = give(withoutExpired(left));
                    next = next.multipliedBy(2).compareTo(LONGEST_RETRY) < 0 ? next.multipliedBy(2) : LONGEST_RETRY;
                }
            });
        }

        private List<Delivery> withoutExpired(List<Delivery> failed) {
            Instant oldest = clock.instant().minus(TRIED);
            List<Delivery> left = new ArrayList<>(failed);
            left.removeIf(delivery -> {
                boolean expired = delivery.event().time().isBefore(oldest);
                if (expired) {
                    LOG.log(System.Logger.Level.ERROR, "Given up after {0}: {1}", TRIED, delivery.event());
                    taken(delivery);
                }
                return expired;
            });
            return left;
        }
    }
}
