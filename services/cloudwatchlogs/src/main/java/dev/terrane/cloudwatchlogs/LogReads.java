package dev.terrane.cloudwatchlogs;

import static dev.terrane.cloudwatchlogs.LogErrors.invalid;
import static dev.terrane.cloudwatchlogs.LogErrors.notFound;

import dev.terrane.kernel.call.Call;
import dev.terrane.kernel.call.Scope;
import dev.terrane.kernel.page.PageTokens;
import dev.terrane.kernel.store.Page;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.cloudwatchlogs.model.FilterLogEventsRequest;
import software.amazon.awssdk.services.cloudwatchlogs.model.FilterLogEventsResponse;
import software.amazon.awssdk.services.cloudwatchlogs.model.FilteredLogEvent;
import software.amazon.awssdk.services.cloudwatchlogs.model.GetLogEventsRequest;
import software.amazon.awssdk.services.cloudwatchlogs.model.GetLogEventsResponse;
import software.amazon.awssdk.services.cloudwatchlogs.model.OutputLogEvent;

/** GetLogEvents and FilterLogEvents. */
final class LogReads {
    private static final int MOST_EVENTS = 10_000;
    private static final long MOST_BYTES = 1_048_576;
    /** How much one call of FilterLogEvents looks through before it answers with what it has and a token. */
    private static final long SCANNED_AT_ONCE = 32L << 20;

    private static final int MOST_STREAMS = 100;
    private static final long END_OF_TIME = 99_999_999_999_998L;

    private final LogTables tables;
    private final LogGroups groups;
    private final PageTokens pages;

    LogReads(LogTables tables, LogGroups groups, PageTokens pages) {
        this.tables = tables;
        this.groups = groups;
        this.pages = pages;
    }

    GetLogEventsResponse get(GetLogEventsRequest request) {
        Scope scope = Call.current().scope();
        GroupRecord group = groups.require(scope, request.logGroupName(), request.logGroupIdentifier());
        StreamRecord stream =
                tables.peekStream(scope, group.id(), request.logStreamName()).orElseThrow(() -> notFound("log stream"));
        Position position = Position.of(request);
        long from = Math.max(group.retainedFrom(), orElse(request.startTime(), 0));
        // GetLogEvents does not give events of the end time itself.
        long to = orElse(request.endTime(), END_OF_TIME + 1) - 1;
        int limit = request.limit() == null ? MOST_EVENTS : request.limit();
        EventMerge merge =
                new EventMerge(tables, scope, position.backward(), position.bound()).stream(stream.id(), from, to);
        List<StoredEvent> events = taken(merge, limit);
        if (position.backward()) {
            Collections.reverse(events);
        }
        return GetLogEventsResponse.builder()
                .events(events.stream()
                        .map(e -> OutputLogEvent.builder()
                                .timestamp(e.timestamp())
                                .ingestionTime(e.ingested())
                                .message(e.message())
                                .build())
                        .toList())
                .nextForwardToken(position.forward(events))
                .nextBackwardToken(position.back(events))
                .build();
    }

    private static List<StoredEvent> taken(EventMerge merge, int limit) {
        List<StoredEvent> events = new ArrayList<>();
        long bytes = 0;
        while (events.size() < limit) {
            Optional<StoredEvent> next = merge.next();
            if (next.isEmpty()) {
                break;
            }
            bytes += next.get().message().length() + LogWrites.EVENT_OVERHEAD;
            if (bytes > MOST_BYTES && !events.isEmpty()) {
                break;
            }
            events.add(next.get());
        }
        return events;
    }

    /**
     * Where GetLogEvents goes on: after an event, or before one where it goes backward. At an end, the token of that direction stays as it is.
     *
     * @param bound an event's id
     */
    private record Position(boolean backward, String bound) {
        static Position of(GetLogEventsRequest request) {
            String token = request.nextToken();
            if (token == null) {
                return Boolean.TRUE.equals(request.startFromHead())
                        ? new Position(false, EventId.LEAST)
                        : new Position(true, EventId.GREATEST);
            }
            boolean formed = token.length() == 60
                    && (token.startsWith("f/") || token.startsWith("b/"))
                    && token.endsWith("/s")
                    && EventId.isId(token.substring(2, 58));
            if (!formed) {
                throw invalid("The specified nextToken is invalid.");
            }
            return new Position(token.startsWith("b/"), token.substring(2, 58));
        }

        String forward(List<StoredEvent> events) {
            String after = events.isEmpty()
                    ? backward ? EventId.LEAST : bound
                    : events.getLast().id();
            return "f/" + after + "/s";
        }

        String back(List<StoredEvent> events) {
            String before = events.isEmpty()
                    ? backward ? bound : EventId.GREATEST
                    : events.getFirst().id();
            return "b/" + before + "/s";
        }
    }

    FilterLogEventsResponse filter(FilterLogEventsRequest request) {
        Scope scope = Call.current().scope();
        GroupRecord group = groups.require(scope, request.logGroupName(), request.logGroupIdentifier());
        FilterPattern pattern = FilterPattern.parse(request.filterPattern() == null ? "" : request.filterPattern());
        if (request.hasLogStreamNames() && request.logStreamNamePrefix() != null) {
            throw invalid("logStreamNames and logStreamNamePrefix cannot be specified together.");
        }
        String listing = "FilterLogEvents " + scope + group.id() + request.logStreamNames()
                + request.logStreamNamePrefix() + request.startTime() + request.endTime() + request.filterPattern();
        String after = request.nextToken() == null
                ? EventId.LEAST
                : pages.decode(listing, request.nextToken())
                        .orElseThrow(() -> invalid("The specified nextToken is invalid."));
        Scan scan = new Scan(scope, group, request, after);
        int limit = request.limit() == null ? MOST_EVENTS : request.limit();
        List<FilteredLogEvent> found = new ArrayList<>();
        boolean more = scan.run(pattern, limit, found);
        FilterLogEventsResponse.Builder response =
                FilterLogEventsResponse.builder().events(found).searchedLogStreams(List.of());
        return (more ? response.nextToken(pages.encode(listing, scan.last)) : response).build();
    }

    /** One call's walk over a group's events. */
    private final class Scan {
        private final EventMerge merge;
        private final Set<String> names = new HashSet<>();
        private boolean chosen;
        private String last;

        Scan(Scope scope, GroupRecord group, FilterLogEventsRequest request, String after) {
            last = after;
            merge = new EventMerge(tables, scope, false, after);
            long from = Math.max(group.retainedFrom(), orElse(request.startTime(), 0));
            long to = orElse(request.endTime(), END_OF_TIME);
            Optional<List<StreamRecord>> streams = streams(scope, group, request);
            if (streams.isEmpty()) {
                merge.group(group.id(), from, to);
            } else {
                streams.get().forEach(stream -> merge.stream(stream.id(), from, to));
            }
        }

        /** The streams to read one by one, or empty for the whole group. */
        private Optional<List<StreamRecord>> streams(Scope scope, GroupRecord group, FilterLogEventsRequest request) {
            if (request.hasLogStreamNames()) {
                return Optional.of(request.logStreamNames().stream()
                        .distinct()
                        .map(name ->
                                tables.peekStream(scope, group.id(), name).orElseThrow(() -> notFound("log stream")))
                        .toList());
            }
            String prefix = request.logStreamNamePrefix();
            if (prefix == null) {
                return Optional.empty();
            }
            List<StreamRecord> all = new ArrayList<>();
            Optional<String> after = Optional.empty();
            do {
                Page<StreamRecord> page = tables.streams(scope, group.id(), prefix, false, after, 1_000);
                all.addAll(page.values());
                after = page.next();
            } while (after.isPresent());
            if (all.size() <= MOST_STREAMS) {
                return Optional.of(all);
            }
            chosen = true;
            all.forEach(stream -> names.add(stream.name()));
            return Optional.empty();
        }

        /** @return whether there may be more */
        boolean run(FilterPattern pattern, int limit, List<FilteredLogEvent> found) {
            long bytes = 0;
            while (true) {
                Optional<StoredEvent> next = merge.next();
                if (next.isEmpty()) {
                    return false;
                }
                StoredEvent event = next.get();
                if ((!chosen || names.contains(event.stream())) && pattern.matches(event.message())) {
                    bytes += event.message().length() + LogWrites.EVENT_OVERHEAD;
                    if (found.size() == limit || (bytes > MOST_BYTES && !found.isEmpty())) {
                        return true;
                    }
                    found.add(FilteredLogEvent.builder()
                            .logStreamName(event.stream())
                            .timestamp(event.timestamp())
                            .ingestionTime(event.ingested())
                            .message(event.message())
                            .eventId(event.id())
                            .build());
                }
                last = event.id();
                if (merge.bytesRead() > SCANNED_AT_ONCE) {
                    return true;
                }
            }
        }
    }

    private static long orElse(@Nullable Long value, long absent) {
        return value == null ? absent : Math.min(value, END_OF_TIME + 1);
    }
}
