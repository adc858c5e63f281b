package dev.terrane.cloudwatchlogs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.terrane.kernel.arn.Arn;
import dev.terrane.testkit.TestServer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.cloudwatchlogs.CloudWatchLogsClient;
import software.amazon.awssdk.services.cloudwatchlogs.model.*;
import software.amazon.awssdk.services.firehose.FirehoseClient;
import software.amazon.awssdk.services.s3.S3Client;
import tools.jackson.databind.JsonNode;

/** Subscription filters, from PutLogEvents to the objects that Data Firehose writes. */
final class SubscriptionFiltersTest {
    private final TestServer server = SubscriptionFixture.start();
    private String role = "";
    private boolean crashes;

    @BeforeEach
    void prepare() {
        role = SubscriptionFixture.prepare(server);
        logs().createLogGroup(r -> r.logGroupName("app"));
        logs().createLogStream(r -> r.logGroupName("app").logStreamName("one"));
        logs().createLogStream(r -> r.logGroupName("app").logStreamName("two"));
    }

    @AfterEach
    void stop() {
        if (!crashes) {
            assertThat(server.faults()).isEmpty();
        }
        server.close();
    }

    private CloudWatchLogsClient logs() {
        return server.client(CloudWatchLogsClient.class);
    }

    private void filter(Consumer<PutSubscriptionFilterRequest.Builder> changes) {
        logs().putSubscriptionFilter(r -> {
            r.logGroupName("app")
                    .filterName("errors")
                    .filterPattern("ERROR")
                    .destinationArn(SubscriptionFixture.STREAM)
                    .roleArn(role);
            changes.accept(r);
        });
    }

    private void put(String stream, String... messages) {
        List<InputLogEvent> events = Arrays.stream(messages)
                .map(message -> InputLogEvent.builder()
                        .timestamp(server.clock().millis())
                        .message(message)
                        .build())
                .toList();
        logs().putLogEvents(r -> r.logGroupName("app").logStreamName(stream).logEvents(events));
    }

    private List<String> events() {
        return SubscriptionFixture.events(server);
    }

    /** As time goes by, a minute at a time. */
    private void await(BooleanSupplier condition) {
        int[] looks = {0};
        TestServer.await(() -> {
            if (condition.getAsBoolean()) {
                return true;
            }
            looks[0]++;
            if (looks[0] % 10 == 0) {
                server.advance(Duration.ofMinutes(1));
            }
            return false;
        });
    }

    @Test
    void matchingEventsArriveInTheBucket() {
        filter(r -> {});
        put("one", "INFO begun", "ERROR first", "ERROR second");
        put("two", "INFO begun");
        put("two", "ERROR third");
        await(() -> events().size() == 3);
        assertThat(events()).containsExactlyInAnyOrder("ERROR first", "ERROR second", "ERROR third");
        List<JsonNode> messages = SubscriptionFixture.messages(server);
        JsonNode control = messages.stream()
                .filter(m -> m.get("messageType").stringValue().equals("CONTROL_MESSAGE"))
                .findFirst()
                .orElseThrow();
        assertThat(control.get("owner").stringValue()).isEqualTo("CloudwatchLogs");
        JsonNode data = messages.stream()
                .filter(m -> m.get("logStream").stringValue().equals("one"))
                .findFirst()
                .orElseThrow();
        assertThat(data.get("messageType").stringValue()).isEqualTo("DATA_MESSAGE");
        assertThat(data.get("owner").stringValue()).isEqualTo(TestServer.ACCOUNT);
        assertThat(data.get("logGroup").stringValue()).isEqualTo("app");
        assertThat(data.get("subscriptionFilters").get(0).stringValue()).isEqualTo("errors");
        JsonNode event = data.get("logEvents").get(0);
        FilteredLogEvent stored = logs().filterLogEvents(
                        r -> r.logGroupName("app").filterPattern("first"))
                .events()
                .getFirst();
        assertThat(event.get("id").stringValue()).isEqualTo(stored.eventId());
        assertThat(event.get("timestamp").longValue()).isEqualTo(stored.timestamp());
    }

    @Test
    void eachOfTwoFiltersSendsWhatItMatches() {
        filter(r -> {});
        filter(r -> r.filterName("all").filterPattern("").distribution("Random"));
        put("one", "INFO", "ERROR");
        await(() -> events().size() == 3);
        assertThat(events()).containsExactlyInAnyOrder("INFO", "ERROR", "ERROR");
        assertThatThrownBy(() -> filter(r -> r.filterName("third"))).isInstanceOf(LimitExceededException.class);
        DescribeSubscriptionFiltersResponse page =
                logs().describeSubscriptionFilters(r -> r.logGroupName("app").limit(1));
        assertThat(page.subscriptionFilters()).singleElement().satisfies(found -> {
            assertThat(found.filterName()).isEqualTo("all");
            assertThat(found.distribution()).isEqualTo(Distribution.RANDOM);
            assertThat(found.roleArn()).isEqualTo(role);
            assertThat(found.creationTime()).isEqualTo(TestServer.START.toEpochMilli());
        });
        assertThat(page.nextToken()).isNotNull();
    }

    @Test
    void bigBatchesArriveWhole() {
        filter(r -> r.filterPattern(""));
        List<String> sent = new ArrayList<>();
        for (int batch = 0; batch < 4; batch++) {
            String[] events = IntStream.range(0, 900)
                    .mapToObj(i -> sent.size() + "-" + i + " " + "é\"\n".repeat(200))
                    .toArray(String[]::new);
            put("one", events);
            sent.addAll(List.of(events));
        }
        await(() -> events().size() >= sent.size());
        assertThat(events()).containsExactlyInAnyOrderElementsOf(sent);
    }

    @Test
    void whatIsAnsweredSurvivesCrashesBetweenAllSteps() {
        crashes = true;
        filter(r -> {});
        List<String> sent = new ArrayList<>();
        for (int crash = 0; crash < 10; crash++) {
            sent.add("ERROR <" + crash + ">");
            put("one", sent.getLast());
            server.crashAfter(crash);
            await(() -> {
                touch();
                return server.crashed();
            });
            server.restart();
        }
        await(() -> events().containsAll(sent));
    }

    /** Something to commit, so that a crash comes though all is delivered. */
    private void touch() {
        try {
            put("two", "INFO");
        } catch (RuntimeException e) {
            assertThat(server.crashed()).as("%s", e).isTrue();
        }
    }

    @Test
    void whatIsRefusedIsSentLater() {
        filter(r -> {});
        SubscriptionFixture.deny(server);
        put("one", "ERROR kept");
        server.advance(Duration.ofMinutes(10));
        put("one", "ERROR too");
        for (int i = 0; i < 12; i++) {
            server.advance(Duration.ofMinutes(10));
        }
        SubscriptionFixture.allow(server);
        await(() -> events().size() >= 2);
        assertThat(events()).contains("ERROR kept", "ERROR too");
    }

    @Test
    void afterADayItIsGivenUp() {
        filter(r -> {});
        SubscriptionFixture.deny(server);
        put("one", "ERROR lost");
        server.advance(Duration.ofHours(25));
        SubscriptionFixture.allow(server);
        put("one", "ERROR later");
        await(() -> events().contains("ERROR later"));
        assertThat(events()).containsExactly("ERROR later");
    }

    @Test
    void aDeletedFilterSendsNothing() {
        filter(r -> {});
        SubscriptionFixture.deny(server);
        put("one", "ERROR never");
        logs().deleteSubscriptionFilter(r -> r.logGroupName("app").filterName("errors"));
        SubscriptionFixture.allow(server);
        put("one", "ERROR nor this");
        await(() -> server.rowCounts().getOrDefault("logs.subscription.pending", 0L) == 0);
        assertThat(events()).isEmpty();
        assertThat(logs().describeSubscriptionFilters(r -> r.logGroupName("app"))
                        .subscriptionFilters())
                .isEmpty();
        assertThatThrownBy(() -> logs().deleteSubscriptionFilter(
                                r -> r.logGroupName("app").filterName("errors")))
                .isInstanceOf(ResourceNotFoundException.class);
    }

    @Test
    void aDeletedGroupLeavesNothingToSend() {
        filter(r -> {});
        SubscriptionFixture.deny(server);
        put("one", "ERROR never");
        logs().deleteLogGroup(r -> r.logGroupName("app"));
        await(() -> server.rowCounts().getOrDefault("logs.subscription.pending", 0L) == 0
                && server.rowCounts().getOrDefault("logs.subscription.awake", 0L) == 0);
    }

    private void refused(Consumer<PutSubscriptionFilterRequest.Builder> changes, String message) {
        assertThatThrownBy(() -> filter(changes))
                .isInstanceOf(InvalidParameterException.class)
                .hasMessageContaining(message);
    }

    @Test
    void whatCannotBeSentToIsRefused() {
        refused(r -> r.roleArn(null), "destinationArn for vendor firehose cannot be used without roleArn");
        refused(
                r -> r.destinationArn(Arn.of("kinesis", "us-east-1", TestServer.ACCOUNT, "stream/s")
                        .toString()),
                "PutSubscriptionFilter operation cannot work with destinationArn for vendor kinesis");
        refused(
                r -> r.destinationArn(Arn.of("lambda", "us-east-1", TestServer.ACCOUNT, "function:f")
                        .toString()),
                "vendor lambda");
        refused(
                r -> r.destinationArn(Arn.of("logs", "us-east-1", TestServer.ACCOUNT, "destination:d")
                        .toString()),
                "vendor logs");
        refused(r -> r.filterPattern("{ $.a = "), "");
        refused(r -> r.applyOnTransformedLogs(true), "not supported");
        refused(r -> r.destinationArn(SubscriptionFixture.STREAM + "-none"), "Could not deliver test message");
        SubscriptionFixture.deny(server);
        refused(
                r -> {},
                "Could not deliver test message to specified Firehose stream. Check if the given Firehose stream is in ACTIVE state.");
    }

    @Test
    void whoPutsAFilterMayPassItsRole() {
        CloudWatchLogsClient client = server.clientWith(CloudWatchLogsClient.class, """
                {"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"logs:*","Resource":"*"}]}""");
        assertThatThrownBy(() -> client.putSubscriptionFilter(r -> r.logGroupName("app")
                        .filterName("errors")
                        .filterPattern("")
                        .destinationArn(SubscriptionFixture.STREAM)
                        .roleArn(role)))
                .hasMessageContaining("iam:PassRole");
    }

    @Test
    void aStreamTellsOfFailedDeliveriesInTheGroupThatItNames() {
        logs().createLogGroup(r -> r.logGroupName("failures"));
        logs().createLogStream(r -> r.logGroupName("failures").logStreamName("delivery"));
        server.client(FirehoseClient.class)
                .updateDestination(r -> r.deliveryStreamName("logs")
                        .currentDeliveryStreamVersionId("1")
                        .destinationId("destinationId-000000000001")
                        .extendedS3DestinationUpdate(u -> u.bucketARN(
                                Arn.s3(SubscriptionFixture.BUCKET + "-none").toString())));
        filter(r -> {});
        await(() -> !failures().isEmpty());
        assertThat(failures().getFirst())
                .contains("\"errorCode\":\"S3.")
                .contains("\"deliveryStreamARN\":\"" + SubscriptionFixture.STREAM)
                .contains("\"deliveryStreamVersionId\":2");
        server.advance(Duration.ofHours(25));
        await(() -> failures().getLast().contains("is lost"));
        assertThat(server.client(S3Client.class)
                        .listObjectsV2(r -> r.bucket(SubscriptionFixture.BUCKET))
                        .contents())
                .isEmpty();
    }

    private List<String> failures() {
        return logs().filterLogEvents(r -> r.logGroupName("failures")).events().stream()
                .map(FilteredLogEvent::message)
                .toList();
    }
}
