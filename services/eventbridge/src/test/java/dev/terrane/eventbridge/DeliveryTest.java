package dev.terrane.eventbridge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.terrane.kernel.call.Call;
import dev.terrane.kernel.call.Principal;
import dev.terrane.kernel.call.Scope;
import dev.terrane.sqs.SqsService;
import dev.terrane.testkit.TestServer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.eventbridge.EventBridgeClient;
import software.amazon.awssdk.services.eventbridge.model.InputTransformer;
import software.amazon.awssdk.services.eventbridge.model.PutEventsRequestEntry;
import software.amazon.awssdk.services.eventbridge.model.Target;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;

final class DeliveryTest {
    private static final String QUEUE_ARN = "arn:aws:sqs:us-east-1:123456789012:";
    private static final String PATTERN = "{\"source\":[\"my.app\"]}";

    private TestServer server;
    private EventBridgeClient events;
    private SqsClient sqs;

    @BeforeEach
    void start() {
        server = TestServer.with(EventBridgeService::new, SqsService::new);
        connect();
    }

    private void connect() {
        // It listens before anything is delivered: a restart would end whoever is just about to make it listen.
        server.url();
        events = server.client(EventBridgeClient.class);
        sqs = server.client(SqsClient.class);
    }

    @AfterEach
    void stop() {
        assertThat(server.faults()).isEmpty();
        server.close();
    }

    /** A queue that EventBridge may send to. */
    private String queue(String name) {
        String policy = """
                {"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"events.amazonaws.com"},
                 "Action":"sqs:SendMessage","Resource":"%s"}]}""".formatted(QUEUE_ARN + name);
        return closedQueue(name, Map.of(QueueAttributeName.POLICY, policy));
    }

    private String closedQueue(String name, Map<QueueAttributeName, String> attributes) {
        return sqs.createQueue(r -> r.queueName(name).attributes(attributes)).queueUrl();
    }

    private void rule(String name, String bus, Target... targets) {
        events.putRule(r -> r.name(name).eventBusName(bus).eventPattern(PATTERN));
        events.putTargets(r -> r.rule(name).eventBusName(bus).targets(targets));
    }

    private static Target.Builder to(String queue) {
        return Target.builder().id("to-" + queue).arn(QUEUE_ARN + queue);
    }

    private void put(String detail) {
        events.putEvents(r -> r.entries(PutEventsRequestEntry.builder()
                .source("my.app")
                .detailType("thing")
                .detail(detail)
                .build()));
    }

    private Message await(String url) {
        List<Message> got = new ArrayList<>();
        TestServer.await(() -> {
            got.addAll(sqs.receiveMessage(r -> r.queueUrl(url).messageAttributeNames("All"))
                    .messages());
            return !got.isEmpty();
        });
        return got.getFirst();
    }

    private void nothingIn(String url) {
        assertThat(sqs.receiveMessage(r -> r.queueUrl(url)).messages()).isEmpty();
    }

    @Test
    void eventReachesTheQueueThatAllowsIt() {
        String url = queue("q");
        rule("r", "default", to("q").build());
        put("{\"size\":11}");
        assertThat(await(url).body())
                .startsWith("{\"version\":\"0\",\"id\":\"")
                .contains("\"detail-type\":\"thing\",\"source\":\"my.app\",\"account\":\"123456789012\"")
                .contains("\"time\":\"2026-03-01T12:00:00Z\",\"region\":\"us-east-1\",\"resources\":[]")
                .endsWith("\"detail\":{\"size\":11}}");
        events.disableRule(r -> r.name("r"));
        put("{}");
        events.enableRule(r -> r.name("r"));
        put("{\"second\":true}");
        assertThat(await(url).body()).contains("second");
        nothingIn(url);
    }

    @Test
    void targetGetsWhatItsInputSays() {
        String part = queue("part");
        String constant = queue("constant");
        String made = queue("made");
        rule(
                "r",
                "default",
                to("part").inputPath("$.detail.list[1]").build(),
                to("constant").input("{\"always\":1}").build(),
                to("made")
                        .inputTransformer(InputTransformer.builder()
                                .inputPathsMap(Map.of("who", "$.detail.who", "all", "$.detail.list"))
                                .inputTemplate(
                                        "{\"text\":\"<who> by <aws.events.rule-name>\",\"who\":<who>,\"all\":<all>}")
                                .build())
                        .build());
        put("{\"who\":\"a \\\"b\\\"\",\"list\":[1,{\"two\":2}]}");
        assertThat(await(part).body()).isEqualTo("{\"two\":2}");
        assertThat(await(constant).body()).isEqualTo("{\"always\":1}");
        assertThat(await(made).body())
                .isEqualTo("{\"text\":\"a \\\"b\\\" by r\",\"who\":\"a \\\"b\\\"\",\"all\":[1,{\"two\":2}]}");
    }

    @Test
    void whatATargetRefusesGoesToTheDeadLetterQueueAtOnce() {
        closedQueue("closed", Map.of());
        String dead = queue("dead");
        rule(
                "r",
                "default",
                to("closed").deadLetterConfig(d -> d.arn(QUEUE_ARN + "dead")).build());
        put("{\"lost\":true}");
        Message message = await(dead);
        assertThat(message.body()).contains("\"lost\":true");
        assertThat(attribute(message, "ERROR_CODE")).isEqualTo("NO_PERMISSIONS");
        assertThat(attribute(message, "TARGET_ARN")).isEqualTo(QUEUE_ARN + "closed");
        assertThat(attribute(message, "RULE_ARN")).isEqualTo("arn:aws:events:us-east-1:123456789012:rule/r");
        assertThat(attribute(message, "RETRY_ATTEMPTS")).isEqualTo("0");
    }

    private static String attribute(Message message, String name) {
        return Objects.requireNonNull(message.messageAttributes().get(name)).stringValue();
    }

    @Test
    void ownBusForwardsToADefaultBusButNoFurther() {
        String url = queue("q");
        String third = queue("third");
        events.createEventBus(r -> r.name("own"));
        events.createEventBus(r -> r.name("last"));
        rule("out", "own", Target.builder().id("1").arn(bus("default")).build());
        rule(
                "in",
                "default",
                to("q").build(),
                Target.builder().id("2").arn(bus("last")).build());
        rule("end", "last", to("third").build());
        events.putEvents(r -> r.entries(PutEventsRequestEntry.builder()
                .source("my.app")
                .detailType("thing")
                .detail("{}")
                .eventBusName("own")
                .build()));
        assertThat(await(url).body()).contains("my.app");
        nothingIn(third);
    }

    private static String bus(String name) {
        return "arn:aws:events:us-east-1:123456789012:event-bus/" + name;
    }

    @Test
    void eventsOfServicesComeOntoTheDefaultBus() {
        String url = queue("q");
        events.putRule(r -> r.name("r")
                .eventPattern("{\"source\":[\"aws.codebuild\"],\"detail\":{\"n\":[{\"numeric\":[\">\",1]}]}}"));
        events.putTargets(r -> r.rule("r").targets(to("q").build()));
        Call call = Call.internal(
                new Scope(TestServer.ACCOUNT, TestServer.REGION),
                new Principal.Service(TestServer.ACCOUNT, "codebuild.amazonaws.com"),
                "request",
                server.clock().instant());
        for (int n : new int[] {1, 2}) {
            call.run(() -> server.platform()
                    .events()
                    .emit("aws.codebuild", "CodeBuild Build State Change", List.of("arn:aws:x"), Map.of("n", n)));
        }
        assertThat(await(url).body()).contains("\"resources\":[\"arn:aws:x\"],\"detail\":{\"n\":2}");
        nothingIn(url);
    }

    @Test
    void scheduleFiresAtItsTimesAndOnceOnly() {
        String url = queue("q");
        events.putRule(r -> r.name("tick").scheduleExpression("rate(5 minutes)"));
        events.putTargets(r -> r.rule("tick").targets(to("q").build()));
        server.advance(Duration.ofMinutes(4));
        nothingIn(url);
        server.advance(Duration.ofMinutes(1));
        assertThat(await(url).body())
                .contains("\"detail-type\":\"Scheduled Event\",\"source\":\"aws.events\"")
                .contains("\"resources\":[\"arn:aws:events:us-east-1:123456789012:rule/tick\"]");
        server.restart();
        connect();
        nothingIn(url);
        server.advance(Duration.ofMinutes(5));
        await(url);
    }

    @Test
    void eventThatWasAcceptedIsDeliveredAfterARestart() {
        String url = queue("q");
        rule("r", "default", to("q").build());
        for (int i = 0; i < 20; i++) {
            int n = i;
            put("{\"n\":\"<" + n + ">\"}");
        }
        server.restart();
        connect();
        List<String> bodies = new ArrayList<>();
        TestServer.await(() -> {
            sqs.receiveMessage(r -> r.queueUrl(url).maxNumberOfMessages(10))
                    .messages()
                    .forEach(m -> bodies.add(m.body()));
            return bodies.stream()
                            .map(b -> b.substring(b.indexOf('<')))
                            .distinct()
                            .count()
                    == 20;
        });
    }
}
