package dev.terrane.cloudwatchlogs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.terrane.kernel.clock.Clock;
import dev.terrane.kernel.identity.Credential;
import dev.terrane.testkit.TestServer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.client.config.SdkAdvancedClientOption;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.cloudwatchlogs.CloudWatchLogsAsyncClient;
import software.amazon.awssdk.services.cloudwatchlogs.CloudWatchLogsClient;
import software.amazon.awssdk.services.cloudwatchlogs.model.InputLogEvent;
import software.amazon.awssdk.services.cloudwatchlogs.model.InvalidParameterException;
import software.amazon.awssdk.services.cloudwatchlogs.model.LimitExceededException;
import software.amazon.awssdk.services.cloudwatchlogs.model.LiveTailSessionLogEvent;
import software.amazon.awssdk.services.cloudwatchlogs.model.LiveTailSessionStart;
import software.amazon.awssdk.services.cloudwatchlogs.model.LiveTailSessionUpdate;
import software.amazon.awssdk.services.cloudwatchlogs.model.ResourceNotFoundException;
import software.amazon.awssdk.services.cloudwatchlogs.model.SessionTimeoutException;
import software.amazon.awssdk.services.cloudwatchlogs.model.StartLiveTailRequest;
import software.amazon.awssdk.services.cloudwatchlogs.model.StartLiveTailResponseHandler;

/** StartLiveTail over HTTP, by the SDK's asynchronous client. */
class LiveTailTest {
    private static final String SHOP = "arn:aws:logs:us-east-1:123456789012:log-group:shop";
    private static final String OTHER = "arn:aws:logs:us-east-1:123456789012:log-group:other";

    private final TestServer server = TestServer.with(CloudWatchLogsService::new);
    private final CloudWatchLogsClient logs = server.client(CloudWatchLogsClient.class);
    private final CloudWatchLogsAsyncClient live = async(server.administrator());
    private final List<CloudWatchLogsAsyncClient> others = new ArrayList<>();

    /** Of the server itself. */
    private int sleepersBefore;

    private CloudWatchLogsAsyncClient async(Credential key) {
        return CloudWatchLogsAsyncClient.builder()
                .endpointOverride(server.url())
                .region(Region.of(TestServer.REGION))
                .credentialsProvider(
                        StaticCredentialsProvider.create(AwsBasicCredentials.create(key.accessKeyId(), key.secret())))
                .overrideConfiguration(
                        o -> o.putAdvancedOption(SdkAdvancedClientOption.DISABLE_HOST_PREFIX_INJECTION, true))
                .build();
    }

    @BeforeEach
    void create() {
        // The client signs with the machine's time.
        int atRest = server.clock().sleepers();
        server.advance(Duration.between(server.clock().instant(), Clock.system().instant()));
        for (String group : List.of("shop", "other")) {
            logs.createLogGroup(r -> r.logGroupName(group));
            for (String stream : List.of("web", "web-2", "db")) {
                logs.createLogStream(r -> r.logGroupName(group).logStreamName(stream));
            }
        }
        TestServer.await(() -> server.clock().sleepers() >= atRest);
        sleepersBefore = server.clock().sleepers();
    }

    @AfterEach
    void close() {
        live.close();
        others.forEach(CloudWatchLogsAsyncClient::close);
        // The server sees that nobody listens when it sends the next update.
        TestServer.await(() -> {
            server.advance(Duration.ofSeconds(1));
            return server.clock().sleepers() <= sleepersBefore;
        });
        server.close();
        assertThat(server.faults()).isEmpty();
    }

    /** What a client is given. */
    private static final class Session {
        private final ConcurrentLinkedQueue<LiveTailSessionStart> starts = new ConcurrentLinkedQueue<>();
        private final ConcurrentLinkedQueue<LiveTailSessionUpdate> updates = new ConcurrentLinkedQueue<>();
        private final CompletableFuture<Void> end;

        Session(CloudWatchLogsAsyncClient client, Consumer<StartLiveTailRequest.Builder> request) {
            end = client.startLiveTail(
                    request,
                    StartLiveTailResponseHandler.builder()
                            .subscriber(StartLiveTailResponseHandler.Visitor.builder()
                                    .onSessionStart(starts::add)
                                    .onSessionUpdate(updates::add)
                                    .build())
                            .build());
        }

        Session begun() {
            TestServer.await(() -> !starts.isEmpty() || end.isDone());
            assertThat(starts).hasSize(1);
            return this;
        }

        List<LiveTailSessionLogEvent> events() {
            return updates.stream()
                    .flatMap(update -> update.sessionResults().stream())
                    .toList();
        }
    }

    private void put(String group, String stream, String... messages) {
        List<InputLogEvent> events = List.of(messages).stream()
                .map(m -> InputLogEvent.builder()
                        .timestamp(server.clock().millis())
                        .message(m)
                        .build())
                .toList();
        logs.putLogEvents(r -> r.logGroupName(group).logStreamName(stream).logEvents(events));
    }

    /** A second passes for each session, in which it gives what came in. */
    private void second() {
        TestServer.await(() -> server.clock().sleepers() > sleepersBefore);
        server.advance(Duration.ofSeconds(1));
    }

    @Test
    void givesWhatComesInOnceASecond() {
        put("shop", "web", "before");
        long now = server.clock().millis();
        Session session = new Session(live, r -> r.logGroupIdentifiers(SHOP)).begun();
        LiveTailSessionStart start = session.starts.peek();
        assertThat(start.logGroupIdentifiers()).containsExactly(SHOP);
        assertThat(start.sessionId()).isNotEmpty();
        assertThat(start.requestId()).isNotEmpty();
        put("shop", "web", "one", "two");
        put("other", "web", "elsewhere");

        second();
        TestServer.await(() -> session.events().size() >= 2);

        LiveTailSessionLogEvent event = session.events().getFirst();
        assertThat(session.events())
                .extracting(LiveTailSessionLogEvent::message)
                .containsExactly("one", "two");
        assertThat(event.logStreamName()).isEqualTo("web");
        assertThat(event.logGroupIdentifier()).isEqualTo("123456789012:shop");
        assertThat(event.timestamp()).isEqualTo(now);
        assertThat(event.ingestionTime()).isEqualTo(now);
        assertThat(session.updates.peek().sessionMetadata().sampled()).isFalse();
    }

    @Test
    void filtersByStreamsAndPattern() {
        Session named = new Session(
                        live,
                        r -> r.logGroupIdentifiers(SHOP).logStreamNames("web").logEventFilterPattern("ERROR -ignored"))
                .begun();
        put("shop", "web", "ERROR here", "ERROR ignored", "fine");
        put("shop", "web-2", "ERROR there");
        second();
        TestServer.await(() -> !named.updates.isEmpty());
        assertThat(named.events()).extracting(LiveTailSessionLogEvent::message).containsExactly("ERROR here");
    }

    @Test
    void filtersByPrefixesOfStreams() {
        Session prefixed = new Session(live, r -> r.logGroupIdentifiers(SHOP).logStreamNamePrefixes("web")).begun();
        put("shop", "web", "a");
        put("shop", "web-2", "b");
        put("shop", "db", "c");
        second();
        TestServer.await(() -> !prefixed.updates.isEmpty());
        assertThat(prefixed.events())
                .extracting(LiveTailSessionLogEvent::message)
                .containsExactlyInAnyOrder("a", "b");
    }

    @Test
    void ofManyEventsASampleIsGiven() {
        Session session = new Session(live, r -> r.logGroupIdentifiers(SHOP, OTHER)).begun();
        put("shop", "web", IntStream.range(0, 400).mapToObj(i -> "s" + i).toArray(String[]::new));
        put("other", "web", IntStream.range(0, 400).mapToObj(i -> "o" + i).toArray(String[]::new));
        second();
        TestServer.await(() -> !session.updates.isEmpty());
        assertThat(session.updates.peek().sessionMetadata().sampled()).isTrue();
        assertThat(session.events())
                .hasSize(500)
                .extracting(LiveTailSessionLogEvent::message)
                .doesNotHaveDuplicates()
                .anyMatch(message -> message.startsWith("o"));
    }

    @Test
    void endsAfterThreeHours() {
        Session session = new Session(live, r -> r.logGroupIdentifiers(SHOP)).begun();
        TestServer.await(() -> server.clock().sleepers() > sleepersBefore);
        server.advance(Duration.ofHours(3));
        assertThatThrownBy(session.end::join).hasCauseInstanceOf(SessionTimeoutException.class);
    }

    @Test
    void badRequestsAreRefused() {
        refused(InvalidParameterException.class, r -> r.logGroupIdentifiers("shop"));
        refused(InvalidParameterException.class, r -> r.logGroupIdentifiers(SHOP + ":*"));
        refused(
                InvalidParameterException.class,
                r -> r.logGroupIdentifiers(SHOP, OTHER).logStreamNames("web"));
        refused(
                InvalidParameterException.class,
                r -> r.logGroupIdentifiers(SHOP).logStreamNames("web").logStreamNamePrefixes("w"));
        refused(
                InvalidParameterException.class,
                r -> r.logGroupIdentifiers(SHOP).logEventFilterPattern("{ $.a = "));
        refused(
                InvalidParameterException.class,
                r -> r.logGroupIdentifiers(
                        IntStream.range(0, 11).mapToObj(i -> SHOP + i).toList()));
        refused(ResourceNotFoundException.class, r -> r.logGroupIdentifiers(SHOP + "-missing"));
    }

    private void refused(Class<? extends Throwable> error, Consumer<StartLiveTailRequest.Builder> request) {
        assertThatThrownBy(new Session(live, request).end::join).hasCauseInstanceOf(error);
    }

    @Test
    void eachGroupMustBeAllowed() {
        CloudWatchLogsAsyncClient limited =
                async(server.identities().user(TestServer.ACCOUNT, "watcher", """
                {"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"logs:StartLiveTail","Resource":"%s:*"}]}""".formatted(SHOP)));
        others.add(limited);
        assertThatThrownBy(new Session(limited, r -> r.logGroupIdentifiers(SHOP, OTHER)).end::join)
                .hasCauseInstanceOf(AwsServiceException.class)
                .hasMessageContaining("logs:StartLiveTail")
                .hasMessageContaining("log-group:other");
        new Session(limited, r -> r.logGroupIdentifiers(SHOP)).begun();
    }

    @Test
    void anAccountHasFifteenSessionsAtOnce() {
        List<Session> sessions = new ArrayList<>();
        for (int i = 0; i < 15; i++) {
            sessions.add(new Session(live, r -> r.logGroupIdentifiers(SHOP)).begun());
        }
        refused(LimitExceededException.class, r -> r.logGroupIdentifiers(SHOP));
        sessions.getFirst().end.cancel(true);
        // The server sees that nobody listens when it sends the next update.
        TestServer.await(() -> {
            server.advance(Duration.ofSeconds(1));
            Session again = new Session(live, r -> r.logGroupIdentifiers(SHOP));
            TestServer.await(() -> again.end.isDone() || !again.starts.isEmpty());
            return !again.end.isDone();
        });
    }
}
