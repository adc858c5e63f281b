package dev.terrane.eventbridge;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.OperatingSystemMXBean;
import dev.terrane.sqs.SqsService;
import dev.terrane.testkit.TestServer;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.eventbridge.EventBridgeClient;
import software.amazon.awssdk.services.eventbridge.model.PutEventsRequestEntry;
import software.amazon.awssdk.services.eventbridge.model.Target;
import software.amazon.awssdk.services.sqs.SqsClient;

/** What calls cost the server in processor time, all its threads together, without HTTP and signature. */
@Tag("slow")
final class CostTest {
    private static final int WARM_UP = 20_000;
    private static final int MEASURED = 20_000;

    @Test
    void eventAgainstAThousandRulesCostsLittle() {
        try (TestServer server = TestServer.with(EventBridgeService::new, SqsService::new)) {
            EventBridgeClient events = server.client(EventBridgeClient.class);
            server.client(SqsClient.class).createQueue(r -> r.queueName("q"));
            for (int i = 0; i < 1000; i++) {
                String name = "rule-" + i;
                String pattern =
                        "{\"source\":[\"my.app\"],\"detail\":{\"kind\":[\"k%d\"],\"n\":[{\"numeric\":[\">\",%d]}]}}"
                                .formatted(i, i);
                events.putRule(r -> r.name(name).eventPattern(pattern));
                events.putTargets(r -> r.rule(name)
                        .targets(Target.builder()
                                .id("1")
                                .arn("arn:aws:sqs:us-east-1:123456789012:q")
                                .build()));
            }
            Duration cost = cost(i -> events.putEvents(r -> r.entries(PutEventsRequestEntry.builder()
                    .source("my.app")
                    .detailType("thing")
                    .detail("{\"kind\":\"k" + i % 1000 + "\",\"n\":" + i % 2000 + "}")
                    .build())));
            assertThat(cost).isLessThan(Duration.ofNanos(1_900_000));
        }
    }

    @Test
    void messageCostsLittle() {
        try (TestServer server = TestServer.with(SqsService::new)) {
            SqsClient sqs = server.client(SqsClient.class);
            String url = sqs.createQueue(r -> r.queueName("q")).queueUrl();
            Duration cost =
                    cost(i -> sqs.sendMessage(r -> r.queueUrl(url).messageBody("message " + i + "x".repeat(200))));
            assertThat(cost).isLessThan(Duration.ofNanos(303_000));
        }
    }

    /** Calls from eight threads, since writers that come together share a sync. */
    private static Duration cost(java.util.function.IntConsumer call) {
        OperatingSystemMXBean machine = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        run(WARM_UP, call);
        long before = machine.getProcessCpuTime();
        run(MEASURED, call);
        Duration cost = Duration.ofNanos((machine.getProcessCpuTime() - before) / MEASURED);
        System.getLogger(CostTest.class.getName()).log(System.Logger.Level.INFO, "A call costs {0}", cost);
        return cost;
    }

    private static void run(int calls, java.util.function.IntConsumer call) {
        try (var threads = java.util.concurrent.Executors.newFixedThreadPool(8)) {
            IntStream.range(0, calls).forEach(i -> threads.execute(() -> call.accept(i)));
        }
    }
}
