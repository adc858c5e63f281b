package dev.terrane.sqs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.terrane.kernel.clock.Clock;
import dev.terrane.testkit.TestServer;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.sqs.SqsAsyncClient;
import software.amazon.awssdk.services.sqs.SqsClient;

/** Receivers that wait, over HTTP. */
class LongPollingTest {
    private static final int RECEIVERS = 40;

    @Test
    void manyThatWaitHinderNobody() {
        try (TestServer server = TestServer.with(SqsService::new)) {
            server.advance(Duration.between(TestServer.START, Clock.system().instant()));
            String url = server.client(SqsClient.class)
                    .createQueue(r -> r.queueName("jobs"))
                    .queueUrl();
            int sleepers = server.clock().sleepers();
            try (SqsAsyncClient client = SqsAsyncClient.builder()
                    .endpointOverride(server.url())
                    .region(Region.of(TestServer.REGION))
                    .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create(
                            server.administrator().accessKeyId(),
                            server.administrator().secret())))
                    .build()) {
                Stream<CompletableFuture<?>> waiting = IntStream.range(0, RECEIVERS)
                        .mapToObj(
                                i -> client.receiveMessage(r -> r.queueUrl(url).waitTimeSeconds(20)));
                CompletableFuture<?> all = CompletableFuture.allOf(waiting.toArray(CompletableFuture[]::new));

                CompletableFuture<?> listed = client.listQueues();
                TestServer.await(listed::isDone);

                assertThat(listed).isCompleted();
                assertThat(all).isNotDone();
                TestServer.await(() -> server.clock().sleepers() >= sleepers + RECEIVERS);
                TestServer.await(() -> {
                    server.advance(Duration.ofSeconds(1));
                    return all.isDone();
                });
                assertThat(all).isCompleted();
            }
        }
    }
}
