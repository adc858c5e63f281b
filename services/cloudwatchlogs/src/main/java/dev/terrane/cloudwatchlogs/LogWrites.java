package dev.terrane.cloudwatchlogs;

import static dev.terrane.cloudwatchlogs.LogErrors.invalid;
import static dev.terrane.cloudwatchlogs.LogErrors.notFound;

import dev.terrane.kernel.call.Call;
import dev.terrane.kernel.call.Scope;
import dev.terrane.kernel.service.Platform;
import dev.terrane.kernel.store.Store;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;
import software.amazon.awssdk.services.cloudwatchlogs.model.InputLogEvent;
import software.amazon.awssdk.services.cloudwatchlogs.model.PutLogEventsRequest;
import software.amazon.awssdk.services.cloudwatchlogs.model.PutLogEventsResponse;
import software.amazon.awssdk.services.cloudwatchlogs.model.RejectedLogEventsInfo;

/**
 * PutLogEvents: a batch is checked, and stored as one row, or as several where it spans much time.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutLogEvents.html">The rules</a>
 */
final class LogWrites {
    static final int EVENT_OVERHEAD = 26;
    private static final long BATCH_BYTES = 1_048_576;
    private static final long BATCH_SPAN = Duration.ofHours(24).toMillis();
    private static final long OLDEST = Duration.ofDays(14).toMillis();
    private static final long NEWEST = Duration.ofHours(2).toMillis();
    /** Tokens are taken and not looked at, as AWS does now. */
    private static final String SEQUENCE_TOKEN = "49".repeat(28);

    private final LogTables tables;
    private final Usage usage;
    private final MetricFilters metricFilters;
    private final SubscriptionFilters subscriptions;
    private final LiveTails tails;
    private final Store store;
    private final AtomicLong sequence;

    LogWrites(
            Platform platform,
            LogTables tables,
            Usage usage,
            MetricFilters metricFilters,
            SubscriptionFilters subscriptions,
            LiveTails tails) {
        this.tables = tables;
        this.subscriptions = subscriptions;
        this.tails = tails;
        store = platform.store();
        this.usage = usage;
        this.metricFilters = metricFilters;
        // Rises over restarts, since no server stores a million batches a second; apart even if the clock stands still.
        sequence = new AtomicLong(platform.clock().millis() * 1_000_000
                + ThreadLocalRandom.current().nextLong(500_000));
    }

    PutLogEventsResponse put(PutLogEventsRequest request) {
        Scope scope = Call.current().scope();
        GroupRecord group = tables.peekGroup(scope, request.logGroupName()).orElseThrow(() -> notFound("log group"));
        StreamRecord stream =
                tables.peekStream(scope, group.id(), request.logStreamName()).orElseThrow(() -> notFound("log stream"));
        List<InputLogEvent> events = request.logEvents();
        check(events);
        long now = Call.current().time().toEpochMilli();
        Accepted accepted = Accepted.of(events, now, group);
        List<InputLogEvent> kept = events.subList(accepted.from(), accepted.to());
        List<ChunkRecord> chunks = store(scope, group, stream, kept, now);
        metricFilters.observe(scope, group, kept);
        subscriptions.observe(scope, group, kept, chunks);
        store.afterCommit(() -> tails.observe(group, stream, kept, now));
        PutLogEventsResponse.Builder response = PutLogEventsResponse.builder().nextSequenceToken(SEQUENCE_TOKEN);
        return (kept.size() < events.size() ? response.rejectedLogEventsInfo(accepted.rejected()) : response).build();
    }

    private static void check(List<InputLogEvent> events) {
        long bytes = 0;
        long before = Long.MIN_VALUE;
        for (InputLogEvent event : events) {
            bytes += size(event);
            if (event.timestamp() < before) {
                throw invalid("Log events in a single PutLogEvents request must be in chronological order.");
            }
            before = event.timestamp();
        }
        if (bytes > BATCH_BYTES) {
            throw invalid("Upload too large: " + bytes + " bytes exceeds limit of " + BATCH_BYTES);
        }
        if (events.getLast().timestamp() - events.getFirst().timestamp() > BATCH_SPAN) {
            throw invalid("The batch of log events in a single PutLogEvents request cannot span more than 24 hours.");
        }
    }

    private static int size(InputLogEvent event) {
        return utf8Length(event.message()) + EVENT_OVERHEAD;
    }

    private static int utf8Length(String text) {
        int length = text.length();
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) > 127) {
                return text.getBytes(StandardCharsets.UTF_8).length;
            }
        }
        return length;
    }

    /**
     * Which events of a batch are taken: those in the middle.
     *
     * @param from the first
     * @param to after the last
     */
    private record Accepted(int from, int to, RejectedLogEventsInfo rejected) {
        static Accepted of(List<InputLogEvent> events, long now, GroupRecord group) {
            long expired = group.retentionDays()
                    .map(days -> now - Duration.ofDays(days).toMillis())
                    .orElse(Long.MIN_VALUE);
            int tooOld = firstFrom(events, now - OLDEST);
            int old = firstFrom(events, expired);
            int tooNew = firstFrom(events, now + NEWEST + 1);
            RejectedLogEventsInfo.Builder rejected = RejectedLogEventsInfo.builder();
            if (tooOld > 0) {
                rejected.tooOldLogEventEndIndex(tooOld);
            }
            if (old > tooOld) {
                rejected.expiredLogEventEndIndex(old);
            }
            if (tooNew < events.size()) {
                rejected.tooNewLogEventStartIndex(tooNew);
            }
            int from = Math.max(tooOld, old);
            return new Accepted(from, Math.max(from, tooNew), rejected.build());
        }

        private static int firstFrom(List<InputLogEvent> events, long time) {
            int i = 0;
            while (i < events.size() && events.get(i).timestamp() < time) {
                i++;
            }
            return i;
        }
    }

    private List<ChunkRecord> store(
            Scope scope, GroupRecord group, StreamRecord stream, List<InputLogEvent> events, long now) {
        List<ChunkRecord> chunks = new ArrayList<>(1);
        int from = 0;
        while (from < events.size()) {
            long first = events.get(from).timestamp();
            int to = from;
            long bytes = 0;
            while (to < events.size() && events.get(to).timestamp() - first <= ChunkRecord.LONGEST) {
                bytes += size(events.get(to));
                to++;
            }
            List<InputLogEvent> some = events.subList(from, to);
            ChunkRecord chunk = new ChunkRecord(
                    group.id(),
                    stream.id(),
                    stream.name(),
                    sequence.incrementAndGet(),
                    now,
                    first,
                    some.getLast().timestamp(),
                    some.size(),
                    bytes,
                    PackedEvents.pack(some, first));
            tables.put(scope, chunk);
            chunks.add(chunk);
            usage.add(scope, group.id(), bytes);
            from = to;
        }
        return chunks;
    }
}
