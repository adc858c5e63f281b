package dev.terrane.sqs;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;

/**
 * What a queue holds, in memory: which messages may be received now, which are delayed or in flight and until when. Bodies stay in the store;
 * all of this is rebuilt from its rows at start-up. Safe for concurrent use. Times are in milliseconds since 1970.
 */
final class Backlog {
    /** A message as its queue knows it. All but the first four is guarded by the backlog. */
    static final class Entry {
        final long sequence;
        final long sent;
        final String group;
        final boolean ordered;
        private long visible;
        private int count;
        private long first;
        private boolean inFlight;

        Entry(MessageRecord message, boolean ordered) {
            this.sequence = message.sequence();
            this.sent = message.sent();
            this.group = message.group().orElse("");
            this.ordered = ordered;
            this.visible = message.visible();
        }

        /** Takes over what happened to it before a restart. */
        void received(ReceiptRecord receipt) {
            visible = receipt.visible();
            count = receipt.count();
            first = receipt.first();
            inFlight = true;
        }
    }

    /** A message that was taken out to be received, as it is now. */
    record Taken(long sequence, int count, long first, long visible) {}

    /** One who waits for a message. */
    static final class Waiter {
        private final CompletableFuture<Boolean> woken = new CompletableFuture<>();

        /** Completed when a message may have come. */
        CompletableFuture<Boolean> woken() {
            return woken;
        }

        void wake() {
            woken.complete(true);
        }
    }

    /** How many messages there are of each kind. */
    record Counts(int ready, int inFlight, int delayed) {}

    /** A message group of a FIFO queue: nothing of it is received while one of its messages is in flight. */
    private static final class Group {
        private final TreeMap<Long, Entry> entries = new TreeMap<>();
        private int inFlight;
    }

    private final TreeMap<Long, Entry> all = new TreeMap<>();
    /** Standard queues: messages that may be received, the oldest first. FIFO queues: the first message of each group that may be received from. */
    private final TreeMap<Long, Entry> ready = new TreeMap<>();
    /** Delayed and in flight, by the time when that ends. */
    private final TreeSet<Entry> waiting =
            new TreeSet<>(Comparator.<Entry>comparingLong(e -> e.visible).thenComparingLong(e -> e.sequence));

    private final Map<String, Group> groups = new HashMap<>();
    private final Deque<Waiter> waiters = new ArrayDeque<>();
    private int inFlight;

    /** Puts a message in that is durable now. */
    synchronized void add(Entry entry, long now) {
        if (all.putIfAbsent(entry.sequence, entry) != null) {
            return;
        }
        if (entry.ordered) {
            groups.computeIfAbsent(entry.group, g -> new Group()).entries.put(entry.sequence, entry);
        }
        if (entry.inFlight) {
            began(entry);
        }
        if (entry.visible > now || entry.inFlight) {
            waiting.add(entry);
        } else {
            offer(entry);
            wake(1);
        }
    }

    private void began(Entry entry) {
        entry.inFlight = true;
        inFlight++;
        if (entry.ordered) {
            Group group = groups.get(entry.group);
            if (group != null) {
                group.inFlight++;
                // Of a group only the first message is ever ready.
                ready.remove(group.entries.firstKey());
            }
        }
    }

    private void ended(Entry entry) {
        if (!entry.inFlight) {
            return;
        }
        entry.inFlight = false;
        inFlight--;
        if (entry.ordered) {
            Group group = groups.get(entry.group);
            if (group != null) {
                group.inFlight--;
            }
        }
    }

    /** Lets a message, or the first one of its group, be received if nothing stands in the way. */
    private void offer(Entry entry) {
        if (!entry.ordered) {
            ready.put(entry.sequence, entry);
            return;
        }
        Group group = groups.get(entry.group);
        if (group != null && group.inFlight == 0 && !group.entries.isEmpty()) {
            Entry head = group.entries.firstEntry().getValue();
            if (!waiting.contains(head)) {
                ready.put(head.sequence, head);
            }
        }
    }

    /** Makes those visible whose time has come. */
    private void settle(long now) {
        while (!waiting.isEmpty() && waiting.first().visible <= now) {
            Entry entry = waiting.pollFirst();
            ended(entry);
            offer(entry);
        }
    }

    /**
     * Takes messages out that may be received, and hides them.
     *
     * @param until when they become visible again
     */
    synchronized List<Taken> take(int most, long now, long until, int mostInFlight) {
        settle(now);
        List<Taken> taken = new ArrayList<>();
        while (taken.size() < most && !ready.isEmpty() && inFlight < mostInFlight) {
            Entry entry = ready.pollFirstEntry().getValue();
            if (entry.ordered) {
                takeGroup(entry.group, most, now, until, taken);
            } else {
                taken.add(hide(entry, now, until));
            }
        }
        return taken;
    }

    private void takeGroup(String name, int most, long now, long until, List<Taken> taken) {
        Group group = groups.get(name);
        if (group == null) {
            return;
        }
        for (Entry entry : group.entries.values()) {
            if (taken.size() == most || waiting.contains(entry)) {
                return;
            }
            taken.add(hide(entry, now, until));
        }
    }

    private Taken hide(Entry entry, long now, long until) {
        entry.visible = until;
        entry.count++;
        if (entry.count == 1) {
            entry.first = now;
        }
        began(entry);
        waiting.add(entry);
        return taken(entry);
    }

    private static Taken taken(Entry entry) {
        return new Taken(entry.sequence, entry.count, entry.first, entry.visible);
    }

    /** Undoes a taking that could not be made durable. */
    synchronized void giveBack(List<Taken> messages, long now) {
        for (Taken message : messages) {
            Entry entry = all.get(message.sequence());
            if (entry != null && entry.count == message.count()) {
                waiting.remove(entry);
                ended(entry);
                entry.count--;
                entry.visible = now;
                offer(entry);
            }
        }
        wake(messages.size());
    }

    /** A message in flight under the number of its last receipt; empty when it is gone, visible again or was received since. */
    synchronized Optional<Taken> inFlight(long sequence, int count, long now) {
        settle(now);
        Entry entry = all.get(sequence);
        return entry != null && entry.inFlight && entry.count == count ? Optional.of(taken(entry)) : Optional.empty();
    }

    /** A message's last receipt, whether it is in flight or visible again. */
    synchronized Optional<Taken> find(long sequence) {
        return Optional.ofNullable(all.get(sequence)).map(Backlog::taken);
    }

    /** Changes when a message in flight becomes visible again. */
    synchronized void reschedule(long sequence, int count, long visible, long now) {
        Entry entry = all.get(sequence);
        if (entry != null && entry.inFlight && entry.count == count) {
            waiting.remove(entry);
            entry.visible = visible;
            waiting.add(entry);
            settle(now);
            wake(1);
        }
    }

    /** Takes a message out for good. */
    synchronized void remove(long sequence) {
        Entry entry = all.remove(sequence);
        if (entry == null) {
            return;
        }
        ready.remove(sequence);
        waiting.remove(entry);
        ended(entry);
        if (entry.ordered) {
            Group group = groups.get(entry.group);
            if (group != null) {
                group.entries.remove(sequence);
                if (group.entries.isEmpty()) {
                    groups.remove(entry.group);
                } else {
                    offer(group.entries.firstEntry().getValue());
                    wake(1);
                }
            }
        }
    }

    /** Messages sent up to a time, the oldest first: those whose retention is over. */
    synchronized List<Taken> sentUpTo(long time, int most) {
        return all.values().stream()
                .filter(entry -> entry.sent <= time)
                .limit(most)
                .map(Backlog::taken)
                .toList();
    }

    /** Messages with a lower sequence. */
    synchronized List<Taken> below(long sequence, int most) {
        return all.headMap(sequence).values().stream()
                .limit(most)
                .map(Backlog::taken)
                .toList();
    }

    synchronized Counts counts(long now) {
        settle(now);
        return new Counts(all.size() - waiting.size(), inFlight, waiting.size() - inFlight);
    }

    /** When the next message that waits becomes visible. */
    synchronized Optional<Long> nextVisible() {
        return waiting.isEmpty() ? Optional.empty() : Optional.of(waiting.first().visible);
    }

    /** Begins to wait for a message. One message wakes one who waits. */
    synchronized Waiter await() {
        Waiter waiter = new Waiter();
        if (ready.isEmpty()) {
            waiters.add(waiter);
        } else {
            waiter.wake();
        }
        return waiter;
    }

    synchronized void leave(Waiter waiter) {
        if (!waiters.remove(waiter) && !ready.isEmpty()) {
            // It was woken for a message that it may not have taken.
            wake(1);
        }
    }

    private void wake(int messages) {
        for (int i = 0; i < messages && !waiters.isEmpty(); i++) {
            waiters.poll().wake();
        }
    }
}
