package dev.terrane.cloudwatchlogs;

import static dev.terrane.cloudwatchlogs.LogErrors.exists;
import static dev.terrane.cloudwatchlogs.LogErrors.invalid;
import static dev.terrane.cloudwatchlogs.LogErrors.notFound;

import dev.terrane.kernel.call.Call;
import dev.terrane.kernel.call.Scope;
import dev.terrane.kernel.id.Ids;
import dev.terrane.kernel.page.PageTokens;
import dev.terrane.kernel.store.Page;
import dev.terrane.kernel.store.Query;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import software.amazon.awssdk.services.cloudwatchlogs.model.*;

/** Log streams. */
final class LogStreams {
    private static final int DEFAULT_LIMIT = 50;

    private final LogTables tables;
    private final LogGroups groups;
    private final PageTokens pages;

    LogStreams(LogTables tables, LogGroups groups, PageTokens pages) {
        this.tables = tables;
        this.groups = groups;
        this.pages = pages;
    }

    CreateLogStreamResponse create(CreateLogStreamRequest request) {
        Scope scope = Call.current().scope();
        GroupRecord group = groups.require(scope, request.logGroupName());
        if (tables.stream(scope, group.id(), request.logStreamName()).isPresent()) {
            throw exists("log stream");
        }
        tables.put(
                scope,
                new StreamRecord(
                        group.id(),
                        request.logStreamName(),
                        Ids.hex(16),
                        Call.current().time()));
        return CreateLogStreamResponse.builder().build();
    }

    DeleteLogStreamResponse delete(DeleteLogStreamRequest request) {
        Scope scope = Call.current().scope();
        GroupRecord group = groups.require(scope, request.logGroupName());
        tables.delete(
                scope,
                tables.stream(scope, group.id(), request.logStreamName()).orElseThrow(() -> notFound("log stream")));
        return DeleteLogStreamResponse.builder().build();
    }

    DescribeLogStreamsResponse describe(DescribeLogStreamsRequest request) {
        Scope scope = Call.current().scope();
        GroupRecord group = groups.require(scope, request.logGroupName(), request.logGroupIdentifier());
        boolean byTime = "LastEventTime".equals(request.orderByAsString());
        String prefix = request.logStreamNamePrefix() == null ? "" : request.logStreamNamePrefix();
        if (byTime && !prefix.isEmpty()) {
            throw invalid("Cannot order by LastEventTime with a logStreamNamePrefix.");
        }
        boolean descending = Boolean.TRUE.equals(request.descending());
        String listing = "DescribeLogStreams " + scope + group.id() + byTime + descending + prefix;
        Optional<String> after = LogGroups.cursor(pages, listing, request.nextToken());
        int limit = request.limit() == null ? DEFAULT_LIMIT : request.limit();
        Page<LogStream> page = byTime
                ? byTime(scope, group, descending, after, limit)
                : byName(scope, group, prefix, descending, after, limit);
        DescribeLogStreamsResponse.Builder response =
                DescribeLogStreamsResponse.builder().logStreams(page.values());
        page.next().ifPresent(next -> response.nextToken(pages.encode(listing, next)));
        return response.build();
    }

    private Page<LogStream> byName(
            Scope scope, GroupRecord group, String prefix, boolean descending, Optional<String> after, int limit) {
        Page<StreamRecord> page = tables.streams(scope, group.id(), prefix, descending, after, limit);
        return new Page<>(
                page.values().stream().map(s -> shown(scope, group, s)).toList(), page.next());
    }

    private Page<LogStream> byTime(
            Scope scope, GroupRecord group, boolean descending, Optional<String> after, int limit) {
        List<LogStream> all = new ArrayList<>();
        Optional<String> next = Optional.empty();
        do {
            Page<StreamRecord> page = tables.streams(scope, group.id(), "", false, next, Query.DEFAULT_LIMIT);
            page.values().forEach(stream -> all.add(shown(scope, group, stream)));
            next = page.next();
        } while (next.isPresent());
        Comparator<LogStream> order = Comparator.comparing(LogStreams::place);
        Stream<LogStream> sorted = all.stream().sorted(descending ? order.reversed() : order);
        List<LogStream> rest = after.map(place -> sorted.filter(stream -> descending
                        ? place(stream).compareTo(place) < 0
                        : place(stream).compareTo(place) > 0))
                .orElse(sorted)
                .toList();
        return rest.size() > limit
                ? new Page<>(rest.subList(0, limit), Optional.of(place(rest.get(limit - 1))))
                : new Page<>(rest, Optional.empty());
    }

    private static String place(LogStream stream) {
        long last = stream.lastEventTimestamp() == null ? 0 : stream.lastEventTimestamp();
        return LogTables.ordered(last) + stream.logStreamName();
    }

    private LogStream shown(Scope scope, GroupRecord group, StreamRecord stream) {
        LogStream.Builder shown = LogStream.builder()
                .logStreamName(stream.name())
                .creationTime(stream.created().toEpochMilli())
                .arn(LogGroups.arn(scope, group.name()) + ":log-stream:" + stream.name())
                .uploadSequenceToken("49".repeat(28));
        edge(scope, LogTables.STREAM_FIRST, stream, false).ifPresent(chunk -> shown.firstEventTimestamp(chunk.first()));
        edge(scope, LogTables.STREAM_LAST, stream, true).ifPresent(chunk -> shown.lastEventTimestamp(chunk.last()));
        tables.newest(scope, stream.id()).ifPresent(chunk -> shown.lastIngestionTime(chunk.ingested()));
        return shown.build();
    }

    private Optional<ChunkRecord> edge(Scope scope, String index, StreamRecord stream, boolean last) {
        return tables.chunks(scope, index, stream.id(), 0, Long.MAX_VALUE, last, Optional.empty(), 1).values().stream()
                .findFirst();
    }
}
