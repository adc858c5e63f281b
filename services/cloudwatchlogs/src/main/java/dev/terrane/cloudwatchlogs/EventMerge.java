package dev.terrane.cloudwatchlogs;

import dev.terrane.kernel.call.Scope;
import dev.terrane.kernel.store.Page;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.PriorityQueue;

/**
 * Events of one or several sources in the order of their ids, or in the opposite one. Chunks are read as they are needed: what is held is those
 * that overlap the present place.
 */
final class EventMerge {
    private static final int CHUNKS_AT_ONCE = 16;

    private final LogTables tables;
    private final Scope scope;
    private final boolean backward;
    private final Comparator<String> order;
    private final String bound;
    private final List<Source> sources = new ArrayList<>();
    private final PriorityQueue<Opened> opened;
    private long bytesRead;

    /**
     * Events strictly beyond a place.
     *
     * @param bound the id after which it begins, or before which where it goes backward
     */
    EventMerge(LogTables tables, Scope scope, boolean backward, String bound) {
        this.tables = tables;
        this.scope = scope;
        this.backward = backward;
        this.bound = bound;
        order = backward ? Comparator.reverseOrder() : Comparator.naturalOrder();
        opened = new PriorityQueue<>(
                (a, b) -> order.compare(a.head().id(), b.head().id()));
    }

    /** Adds a stream.
     *
     * @param from the first millisecond
     * @param to the last millisecond, inclusive */
    EventMerge stream(String streamId, long from, long to) {
        return source(backward ? LogTables.STREAM_LAST : LogTables.STREAM_FIRST, streamId, from, to);
    }

    /** Adds all streams of a group; not backward. */
    EventMerge group(String groupId, long from, long to) {
        return source(LogTables.GROUP_FIRST, groupId, from, to);
    }

    private EventMerge source(String index, String owner, long from, long to) {
        sources.add(new Source(index, owner, from, to));
        return this;
    }

    /** The next event, or empty at the end. */
    Optional<StoredEvent> next() {
        while (true) {
            Source nearest = null;
            for (Source source : sources) {
                Optional<String> place = source.place();
                if (place.isPresent()
                        && (nearest == null
                                || order.compare(place.get(), nearest.place().orElseThrow()) < 0)) {
                    nearest = source;
                }
            }
            Opened head = opened.peek();
            if (nearest != null
                    && (head == null
                            || order.compare(
                                            nearest.place().orElseThrow(),
                                            head.head().id())
                                    <= 0)) {
                open(nearest);
                continue;
            }
            if (head == null) {
                return Optional.empty();
            }
            opened.poll();
            StoredEvent event = head.head();
            if (head.advance()) {
                opened.add(head);
            }
            return Optional.of(event);
        }
    }

    /** How many bytes of events were looked at. */
    long bytesRead() {
        return bytesRead;
    }

    private void open(Source source) {
        ChunkRecord chunk = source.take();
        bytesRead += chunk.bytes();
        List<PackedEvents.Event> events = PackedEvents.unpack(chunk);
        List<StoredEvent> wanted = new ArrayList<>(events.size());
        for (int i = 0; i < events.size(); i++) {
            PackedEvents.Event event = events.get(i);
            String id = EventId.of(event.timestamp(), chunk.sequence(), i);
            if (event.timestamp() >= source.from && event.timestamp() <= source.to && order.compare(id, bound) > 0) {
                wanted.add(new StoredEvent(id, chunk.stream(), event.timestamp(), chunk.ingested(), event.message()));
            }
        }
        if (!wanted.isEmpty()) {
            opened.add(new Opened(backward ? wanted.reversed() : wanted));
        }
    }

    /** A chunk in memory. */
    private static final class Opened {
        private final List<StoredEvent> events;
        private int at;

        Opened(List<StoredEvent> events) {
            this.events = events;
        }

        StoredEvent head() {
            return events.get(at);
        }

        boolean advance() {
            return ++at < events.size();
        }
    }

    /** Chunks by the time of the event that comes first in the order of reading. */
    private final class Source {
        private final String index;
        private final String owner;
        private final long from;
        private final long to;
        private final Deque<ChunkRecord> waiting = new ArrayDeque<>();
        private Optional<String> cursor = Optional.empty();
        private Optional<String> place = Optional.empty();
        private boolean ended;

        Source(String index, String owner, long from, long to) {
            this.index = index;
            this.owner = owner;
            this.from = from;
            this.to = to;
        }

        /** No event of the next chunk comes before this. */
        Optional<String> place() {
            while (waiting.isEmpty() && !ended) {
                read();
            }
            if (waiting.isEmpty()) {
                return Optional.empty();
            }
            if (place.isEmpty()) {
                place = Optional.of(EventId.before(
                        backward ? waiting.peek().last() + 1 : waiting.peek().first()));
            }
            return place;
        }

        ChunkRecord take() {
            place = Optional.empty();
            return waiting.remove();
        }

        /** A chunk that holds events of the wanted time begins, or ends, at most its longest duration beyond it. */
        private void read() {
            long beyond = bound.equals(EventId.GREATEST) ? Long.MAX_VALUE : EventId.timestamp(bound);
            long low = backward ? from : Math.max(from, beyond) - ChunkRecord.LONGEST;
            long high = backward ? saturated(Math.min(to, beyond), ChunkRecord.LONGEST + 1) : saturated(to, 1);
            Page<ChunkRecord> page = tables.chunks(scope, index, owner, low, high, backward, cursor, CHUNKS_AT_ONCE);
            page.values().stream()
                    .filter(chunk -> chunk.last() >= from && chunk.first() <= to)
                    .forEach(waiting::add);
            cursor = page.next();
            ended = cursor.isEmpty();
        }
    }

    /** No time that fits the fourteen digits of an index is beyond this. */
    private static long saturated(long time, long more) {
        return Math.min(99_999_999_999_998L, time) + (time >= 99_999_999_999_998L ? 0 : more);
    }
}
