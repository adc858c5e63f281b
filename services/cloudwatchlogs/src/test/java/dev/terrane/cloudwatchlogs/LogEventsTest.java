package dev.terrane.cloudwatchlogs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.terrane.testkit.TestServer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.services.cloudwatchlogs.CloudWatchLogsClient;
import software.amazon.awssdk.services.cloudwatchlogs.model.*;

/** Writing and reading events. */
final class LogEventsTest {
    private final TestServer server = TestServer.with(CloudWatchLogsService::new);
    private CloudWatchLogsClient logs;
    private long now;

    @BeforeEach
    void start() {
        logs = server.client(CloudWatchLogsClient.class);
        now = server.clock().millis();
        logs.createLogGroup(r -> r.logGroupName("app"));
        logs.createLogStream(r -> r.logGroupName("app").logStreamName("one"));
        logs.createLogStream(r -> r.logGroupName("app").logStreamName("two"));
    }

    @AfterEach
    void stop() {
        assertThat(server.faults()).isEmpty();
        server.close();
    }

    private static InputLogEvent event(long time, String message) {
        return InputLogEvent.builder().timestamp(time).message(message).build();
    }

    private PutLogEventsResponse put(String stream, InputLogEvent... events) {
        return logs.putLogEvents(
                r -> r.logGroupName("app").logStreamName(stream).logEvents(events));
    }

    private GetLogEventsResponse get(@Nullable String token, boolean fromHead, int limit) {
        return logs.getLogEvents(r -> r.logGroupName("app")
                .logStreamName("one")
                .startFromHead(fromHead)
                .nextToken(token)
                .limit(limit));
    }

    private static List<String> messages(GetLogEventsResponse response) {
        return response.events().stream().map(OutputLogEvent::message).toList();
    }

    @Test
    void readsForwardAndBackwardByTokensThatStayAtTheEnd() {
        put("one", event(now - 5000, "a"), event(now - 4000, "b"));
        put("one", event(now - 4500, "late"), event(now - 3000, "c"));

        GetLogEventsResponse first = get(null, true, 3);
        assertThat(messages(first)).containsExactly("a", "late", "b");
        GetLogEventsResponse second = get(first.nextForwardToken(), true, 3);
        assertThat(messages(second)).containsExactly("c");
        GetLogEventsResponse end = get(second.nextForwardToken(), true, 3);
        assertThat(end.events()).isEmpty();
        assertThat(end.nextForwardToken()).isEqualTo(second.nextForwardToken());
        put("one", event(now, "new"));
        assertThat(messages(get(end.nextForwardToken(), true, 3))).containsExactly("new");

        GetLogEventsResponse tail = get(null, false, 2);
        assertThat(messages(tail)).containsExactly("c", "new");
        GetLogEventsResponse before = get(tail.nextBackwardToken(), false, 2);
        assertThat(messages(before)).containsExactly("late", "b");
        assertThat(messages(get(before.nextForwardToken(), false, 5))).containsExactly("c", "new");
        assertThatThrownBy(() -> get("f/12/s", true, 1)).isInstanceOf(InvalidParameterException.class);
    }

    @Test
    void keepsEventsOverARestartAndByTheirTimeRange() {
        put("one", event(now - 3_600_000, "hour"), event(now - 1000, "x"), event(now, "y"));
        server.restart();
        logs = server.client(CloudWatchLogsClient.class);
        assertThat(messages(get(null, true, 10))).containsExactly("hour", "x", "y");
        GetLogEventsResponse range = logs.getLogEvents(r -> r.logGroupName("app")
                .logStreamName("one")
                .startFromHead(true)
                .startTime(now - 1000)
                .endTime(now));
        assertThat(messages(range)).containsExactly("x");
    }

    @Test
    void filtersOverStreamsInTheOrderOfTimeAndByPages() {
        put("one", event(now - 3000, "ERROR one"), event(now - 1000, "ERROR three"), event(now - 500, "fine"));
        put("two", event(now - 2000, "ERROR two"), event(now, "ERROR four"));
        List<String> found = new ArrayList<>();
        String token = null;
        do {
            String next = token;
            FilterLogEventsResponse page = logs.filterLogEvents(
                    r -> r.logGroupName("app").filterPattern("ERROR").limit(1).nextToken(next));
            page.events().forEach(e -> found.add(e.logStreamName() + " " + e.message()));
            token = page.nextToken();
        } while (token != null);
        assertThat(found).containsExactly("one ERROR one", "two ERROR two", "one ERROR three", "two ERROR four");
        assertThat(logs.filterLogEvents(r -> r.logGroupName("app").logStreamNames("two"))
                        .events())
                .hasSize(2);
        assertThat(logs.filterLogEvents(r ->
                                r.logGroupName("app").logStreamNamePrefix("on").endTime(now - 1000))
                        .events())
                .hasSize(2);
    }

    @Test
    void refusesBatchesThatBreakTheRules() {
        assertThatThrownBy(() -> put("one", event(now, "b"), event(now - 1, "a")))
                .isInstanceOf(InvalidParameterException.class)
                .hasMessageContaining("chronological order");
        assertThatThrownBy(() -> put("one", event(now - Duration.ofHours(25).toMillis(), "b"), event(now, "a")))
                .hasMessageContaining("24 hours");
        assertThatThrownBy(() -> put("one", event(now, "x".repeat(1_048_551))))
                .hasMessageContaining("Upload too large: 1048577 bytes exceeds limit of 1048576");
        assertThatThrownBy(() -> put("none", event(now, "a")))
                .isInstanceOf(ResourceNotFoundException.class)
                .hasMessageContaining("The specified log stream does not exist.");
        assertThat(get(null, true, 10).events()).isEmpty();
    }

    @Test
    void tellsWhichEventsAreTooOldOrTooNew() {
        long old = Duration.ofDays(14).toMillis() + 1;
        assertThat(put("one", event(now - old, "old")).rejectedLogEventsInfo().tooOldLogEventEndIndex())
                .isEqualTo(1);
        PutLogEventsResponse mixed =
                put("one", event(now, "now"), event(now + Duration.ofHours(3).toMillis(), "new"));
        assertThat(mixed.rejectedLogEventsInfo().tooNewLogEventStartIndex()).isEqualTo(1);
        assertThat(messages(get(null, true, 10))).containsExactly("now");
    }

    @Test
    void expiresEventsByRetention() {
        put("one", event(now, "kept for a day"));
        logs.putRetentionPolicy(r -> r.logGroupName("app").retentionInDays(1));
        server.advance(Duration.ofHours(23));
        assertThat(get(null, true, 10).events()).hasSize(1);
        server.advance(Duration.ofHours(2));
        assertThat(get(null, true, 10).events()).isEmpty();
        assertThat(logs.filterLogEvents(r -> r.logGroupName("app")).events()).isEmpty();
        TestServer.await(() -> {
            // The sweep counts its hours from its last run, which the moves above may have fallen into.
            server.advance(Duration.ofHours(1));
            return logs.describeLogStreams(r -> r.logGroupName("app")).logStreams().stream()
                    .allMatch(s -> s.lastEventTimestamp() == null);
        });
        assertThatThrownBy(
                        () -> logs.putRetentionPolicy(r -> r.logGroupName("app").retentionInDays(2)))
                .isInstanceOf(InvalidParameterException.class);
    }

    @Test
    void readsALargeStreamInOrder() {
        for (int batch = 0; batch < 40; batch++) {
            int base = batch;
            put(
                    "one",
                    IntStream.range(0, 100)
                            .mapToObj(i -> event(now - 4_000_000 + base * 100_000L + i * 1_000L, "m" + base + "/" + i))
                            .toArray(InputLogEvent[]::new));
        }
        List<Long> times = new ArrayList<>();
        GetLogEventsResponse page = get(null, true, 700);
        while (!page.events().isEmpty()) {
            page.events().forEach(e -> times.add(e.timestamp()));
            page = get(page.nextForwardToken(), true, 700);
        }
        assertThat(times).hasSize(4000).isSorted();
    }

    @Test
    void ordersStreamsByTheirLastEvent() {
        put("two", event(now - 2000, "x"));
        put("one", event(now - 1000, "y"));
        List<LogStream> streams = logs.describeLogStreams(r -> r.logGroupName("app")
                        .orderBy(OrderBy.LAST_EVENT_TIME)
                        .descending(true)
                        .limit(1))
                .logStreams();
        assertThat(streams).singleElement().satisfies(s -> {
            assertThat(s.logStreamName()).isEqualTo("one");
            assertThat(s.firstEventTimestamp()).isEqualTo(now - 1000);
            assertThat(s.lastEventTimestamp()).isEqualTo(now - 1000);
        });
    }

    @Test
    void letsNobodyWriteWithoutPermission() {
        CloudWatchLogsClient reader = server.clientWith(CloudWatchLogsClient.class, """
                {"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"logs:Get*","Resource":"*"}]}""");
        assertThatThrownBy(() -> reader.putLogEvents(
                        r -> r.logGroupName("app").logStreamName("one").logEvents(event(now, "x"))))
                .isInstanceOfSatisfying(
                        AwsServiceException.class,
                        e -> assertThat(e.awsErrorDetails().errorCode()).isEqualTo("AccessDeniedException"))
                .hasMessageContaining("logs:PutLogEvents");
        assertThat(get(null, true, 10).events()).isEmpty();
    }
}
