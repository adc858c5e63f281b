package dev.terrane.cloudwatchlogs;

import dev.terrane.kernel.call.Call;
import dev.terrane.kernel.call.Scope;
import dev.terrane.kernel.clock.Clock;
import dev.terrane.kernel.id.Ids;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;
import software.amazon.awssdk.services.cloudwatchlogs.model.InputLogEvent;
import software.amazon.awssdk.services.cloudwatchlogs.model.LiveTailSessionLogEvent;
import software.amazon.awssdk.services.cloudwatchlogs.model.SessionStreamingException;
import software.amazon.awssdk.services.cloudwatchlogs.model.SessionTimeoutException;
import software.amazon.awssdk.services.cloudwatchlogs.model.StartLiveTailRequest;
import software.amazon.awssdk.services.cloudwatchlogs.model.StartLiveTailResponseStream;

/**
 * One session: its start, and then an update a second with what came in meanwhile. Its subscriber gets them on the thread on which it asks
 * for them, which waits. Of more than an update can hold, a sample is kept, and likewise for a subscriber that is slow.
 */
final class LiveTailSession implements Publisher<StartLiveTailResponseStream> {
    private static final Duration PERIOD = Duration.ofSeconds(1);
    private static final Duration LONGEST = Duration.ofHours(3);
    private static final int MOST_EVENTS = 500;
    /** Of messages in an update, so that it remains a message that clients read. */
    private static final int MOST_CHARACTERS = 4 << 20;

    private final Scope scope;
    private final Map<String, String> groups;
    private final StartLiveTailRequest request;
    private final FilterPattern pattern;
    private final Clock clock;
    private final String requestId = Call.current().requestId();
    private final Instant end;
    private List<LiveTailSessionLogEvent> sample = new ArrayList<>();
    private int matched;
    private int characters;
    private boolean sampled;

    /** @param groups the names that events carry, by the ids of their groups */
    LiveTailSession(Scope scope, Map<String, String> groups, StartLiveTailRequest request, Clock clock) {
        this.scope = scope;
        this.groups = groups;
        this.request = request;
        this.pattern =
                FilterPattern.parse(request.logEventFilterPattern() == null ? "" : request.logEventFilterPattern());
        this.clock = clock;
        end = clock.instant().plus(LONGEST);
    }

    Scope scope() {
        return scope;
    }

    void offer(String groupId, String stream, List<InputLogEvent> events, long ingested) {
        String group = groups.get(groupId);
        if (group == null || !wants(stream)) {
            return;
        }
        for (InputLogEvent event : events) {
            if (pattern.matches(event.message())) {
                keep(LiveTailSessionLogEvent.builder()
                        .logGroupIdentifier(group)
                        .logStreamName(stream)
                        .message(event.message())
                        .timestamp(event.timestamp())
                        .ingestionTime(ingested)
                        .build());
            }
        }
    }

    private boolean wants(String stream) {
        if (!request.logStreamNames().isEmpty()) {
            return request.logStreamNames().contains(stream);
        }
        return request.logStreamNamePrefixes().isEmpty()
                || request.logStreamNamePrefixes().stream().anyMatch(stream::startsWith);
    }

    /** Each that matched is kept with the same probability (Vitter's algorithm R), as long as its message fits. */
    private synchronized void keep(LiveTailSessionLogEvent event) {
        matched++;
        int length = event.message().length();
        if (sample.size() < MOST_EVENTS && characters + length <= MOST_CHARACTERS) {
            characters += length;
            sample.add(event);
            return;
        }
        sampled = true;
        int place = ThreadLocalRandom.current().nextInt(matched);
        if (place < sample.size()) {
            int others = characters - sample.get(place).message().length();
            if (others + length <= MOST_CHARACTERS) {
                characters = others + length;
                sample.set(place, event);
            }
        }
    }

    private synchronized StartLiveTailResponseStream update() {
        boolean some = sampled;
        List<LiveTailSessionLogEvent> events = sample;
        events.sort(Comparator.comparing(LiveTailSessionLogEvent::timestamp));
        sample = new ArrayList<>();
        matched = 0;
        characters = 0;
        sampled = false;
        return StartLiveTailResponseStream.sessionUpdateBuilder()
                .sessionMetadata(m -> m.sampled(some))
                .sessionResults(events)
                .build();
    }

    private StartLiveTailResponseStream begun() {
        return StartLiveTailResponseStream.sessionStartBuilder()
                .requestId(requestId)
                .sessionId(Ids.uuid())
                .logGroupIdentifiers(request.logGroupIdentifiers())
                .logStreamNames(request.logStreamNames())
                .logStreamNamePrefixes(request.logStreamNamePrefixes())
                .logEventFilterPattern(request.logEventFilterPattern())
                .build();
    }

    @Override
    public void subscribe(Subscriber<? super StartLiveTailResponseStream> subscriber) {
        subscriber.onSubscribe(new Feed(subscriber));
    }

    /** What one subscriber asks for. */
    private final class Feed implements Subscription {
        private final Subscriber<? super StartLiveTailResponseStream> subscriber;
        private long wanted;
        private boolean feeding;
        private boolean begun;
        private volatile boolean ended;

        Feed(Subscriber<? super StartLiveTailResponseStream> subscriber) {
            this.subscriber = subscriber;
        }

        @Override
        public void request(long count) {
            wanted = wanted + count < 0 ? Long.MAX_VALUE : wanted + count;
            // A subscriber may ask for more while it is given something.
            if (!feeding) {
                feeding = true;
                for (; wanted > 0 && !ended; wanted--) {
                    feed();
                }
                feeding = false;
            }
        }

        private void feed() {
            if (!begun) {
                begun = true;
                subscriber.onNext(begun());
                return;
            }
            try {
                clock.sleepUntil(clock.instant().plus(PERIOD));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                fail(SessionStreamingException.builder()
                        .message("The session ended because the server ends.")
                        .build());
                return;
            }
            if (clock.instant().isBefore(end)) {
                subscriber.onNext(update());
            } else {
                fail(SessionTimeoutException.builder()
                        .message("The session has timed out after three hours.")
                        .build());
            }
        }

        private void fail(Exception reason) {
            ended = true;
            subscriber.onError(reason);
        }

        @Override
        public void cancel() {
            ended = true;
        }
    }
}
