package dev.terrane.cloudcontrol;

import static org.assertj.core.api.Assertions.assertThat;

import dev.terrane.cloudwatchlogs.CloudWatchLogsService;
import dev.terrane.kernel.clock.Clock;
import dev.terrane.testkit.TestServer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.cloudcontrol.CloudControlClient;
import software.amazon.awssdk.services.cloudcontrol.model.OperationStatus;
import software.amazon.awssdk.services.cloudcontrol.model.ProgressEvent;
import software.amazon.awssdk.services.cloudwatchlogs.CloudWatchLogsClient;
import software.amazon.awssdk.services.cloudwatchlogs.model.LogGroup;

/** Requests go on wherever the server ends, and each makes what it was asked for once. */
class RestartTest {
    private static final int RESOURCES = 12;

    @Test
    void requestsGoOnAfterTheServerEnded() throws Exception {
        Random random = new Random(11);
        try (TestServer server = TestServer.with(CloudControlService::new, CloudWatchLogsService::new)) {
            List<ProgressEvent> made = new ArrayList<>();
            for (int i = 0; i < RESOURCES; i++) {
                // Without a name: a group that was made twice would be there twice.
                made.add(server.client(CloudControlClient.class)
                        .createResource(r -> r.typeName("AWS::Logs::LogGroup").desiredState("{}"))
                        .progressEvent());
                if (i % 3 == 0) {
                    restart(server, random);
                }
            }
            List<String> names = succeeded(server, made);
            assertThat(groups(server)).extracting(LogGroup::logGroupName).containsExactlyInAnyOrderElementsOf(names);
            List<ProgressEvent> changed = new ArrayList<>();
            for (String name : names) {
                changed.add(server.client(CloudControlClient.class)
                        .updateResource(r -> r.typeName("AWS::Logs::LogGroup")
                                .identifier(name)
                                .patchDocument("[{\"op\":\"add\",\"path\":\"/RetentionInDays\",\"value\":7}]"))
                        .progressEvent());
            }
            restart(server, random);
            succeeded(server, changed);
            assertThat(groups(server))
                    .extracting(LogGroup::retentionInDays)
                    .containsOnly(7)
                    .hasSize(RESOURCES);
            List<ProgressEvent> deleted = new ArrayList<>();
            for (String name : names) {
                deleted.add(server.client(CloudControlClient.class)
                        .deleteResource(r -> r.typeName("AWS::Logs::LogGroup").identifier(name))
                        .progressEvent());
            }
            restart(server, random);
            succeeded(server, deleted);
            assertThat(groups(server)).isEmpty();
            assertThat(server.rowCounts()).containsEntry("gateway.answer", 0L).containsEntry("cloudcontrol.lock", 0L);
        }
    }

    private static List<LogGroup> groups(TestServer server) {
        return server.client(CloudWatchLogsClient.class).describeLogGroups().logGroups();
    }

    private static void restart(TestServer server, Random random) throws InterruptedException {
        Clock.system().sleep(Duration.ofMillis(random.nextInt(40)));
        server.restart();
    }

    private static List<String> succeeded(TestServer server, List<ProgressEvent> requests) {
        List<String> identifiers = new ArrayList<>();
        for (ProgressEvent request : requests) {
            TestServer.await(
                    () -> !now(server, request).operationStatusAsString().equals("IN_PROGRESS"));
            ProgressEvent ended = now(server, request);
            assertThat(ended.operationStatus()).as(ended.toString()).isEqualTo(OperationStatus.SUCCESS);
            identifiers.add(ended.identifier());
        }
        return identifiers;
    }

    private static ProgressEvent now(TestServer server, ProgressEvent request) {
        return server.client(CloudControlClient.class)
                .getResourceRequestStatus(r -> r.requestToken(request.requestToken()))
                .progressEvent();
    }
}
