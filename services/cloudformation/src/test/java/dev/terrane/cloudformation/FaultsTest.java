package dev.terrane.cloudformation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.terrane.sns.SnsService;
import dev.terrane.sqs.SqsService;
import dev.terrane.ssm.SsmService;
import dev.terrane.testkit.TestServer;
import java.util.List;
import java.util.Random;
import java.util.function.IntPredicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.services.cloudformation.CloudFormationClient;
import software.amazon.awssdk.services.sqs.SqsClient;

/** A stack of 30 resources in which something fails, or whose server ends, at any place: the end is the documented one, and a repetition is clean. */
class FaultsTest {
    private static final int RESOURCES = 30;

    private final TestServer server =
            TestServer.with(CloudFormationService::new, SqsService::new, SnsService::new, SsmService::new);

    @AfterEach
    void stop() {
        server.close();
    }

    /** Queues of which each third depends on the one before; those that are bad are refused by SQS, not by their schema. */
    private static String template(int seconds, IntPredicate bad) {
        StringBuilder template = new StringBuilder("Resources:\n");
        for (int i = 0; i < RESOURCES; i++) {
            template.append("  Q").append(i).append(":\n    Type: AWS::SQS::Queue\n");
            if (i % 3 != 0) {
                template.append("    DependsOn: Q").append(i - 1).append('\n');
            }
            template.append("    Properties:\n      VisibilityTimeout: ")
                    .append(bad.test(i) ? 99_999 : seconds)
                    .append('\n');
        }
        return template.toString();
    }

    private CloudFormationClient stacks() {
        return server.client(CloudFormationClient.class);
    }

    private List<String> queues() {
        return server.client(SqsClient.class)
                .listQueues(r -> r.maxResults(1000))
                .queueUrls();
    }

    private String status(String name) {
        try {
            return stacks().describeStacks(r -> r.stackName(name))
                    .stacks()
                    .getFirst()
                    .stackStatusAsString();
        } catch (AwsServiceException e) {
            return "GONE";
        }
    }

    private void settled(String name, String expected) {
        TestServer.await(() -> !status(name).endsWith("_IN_PROGRESS"));
        assertThat(status(name)).isEqualTo(expected);
    }

    @Test
    void whicheverResourceFailsToBeMadeNothingIsLeft() {
        for (int at : new int[] {0, 13, 29}) {
            int failing = at;
            String name = "create" + at;
            stacks().createStack(r -> r.stackName(name).templateBody(template(30, i -> i == failing)));
            settled(name, "ROLLBACK_COMPLETE");
            assertThat(queues()).isEmpty();
        }
        stacks().createStack(r -> r.stackName("again").templateBody(template(30, i -> false)));
        settled("again", "CREATE_COMPLETE");
        assertThat(queues()).hasSize(RESOURCES);
    }

    @Test
    void whicheverResourceFailsToBeChangedAllIsAsItWas() {
        stacks().createStack(r -> r.stackName("s").templateBody(template(30, i -> false)));
        settled("s", "CREATE_COMPLETE");
        List<String> before = queues();
        for (int at : new int[] {1, 17}) {
            int failing = at;
            stacks().updateStack(r -> r.stackName("s").templateBody(template(40, i -> i == failing)));
            settled("s", "UPDATE_ROLLBACK_COMPLETE");
            assertThat(queues()).containsExactlyInAnyOrderElementsOf(before);
            assertThat(timeouts()).containsOnly("30");
        }
        stacks().updateStack(r -> r.stackName("s").templateBody(template(40, i -> false)));
        settled("s", "UPDATE_COMPLETE");
        assertThat(timeouts()).containsOnly("40");
    }

    private List<String> timeouts() {
        SqsClient sqs = server.client(SqsClient.class);
        return queues().stream()
                .map(url -> sqs.getQueueAttributes(r -> r.queueUrl(url).attributeNamesWithStrings("VisibilityTimeout"))
                        .attributesAsStrings()
                        .getOrDefault("VisibilityTimeout", ""))
                .distinct()
                .toList();
    }

    @Test
    void whereverTheServerEndsTheOperationGoesOn() throws Exception {
        Random random = new Random(7);
        for (int round = 0; round < 2; round++) {
            String name = "round" + round;
            stacks().createStack(r -> r.stackName(name).templateBody(template(30, i -> false)));
            restarts(random, name);
            settled(name, "CREATE_COMPLETE");
            assertThat(queues()).hasSize(RESOURCES);
            stacks().updateStack(r -> r.stackName(name).templateBody(template(50, i -> i == 17)));
            restarts(random, name);
            settled(name, "UPDATE_ROLLBACK_COMPLETE");
            assertThat(queues()).hasSize(RESOURCES);
            assertThat(timeouts()).containsOnly("30");
            stacks().deleteStack(r -> r.stackName(name));
            restarts(random, name);
            TestServer.await(() -> status(name).equals("GONE"));
            assertThat(queues()).isEmpty();
        }
    }

    private void restarts(Random random, String name) throws InterruptedException {
        for (int i = 0; i < 3 && status(name).endsWith("_IN_PROGRESS"); i++) {
            dev.terrane.kernel.clock.Clock.system().sleep(java.time.Duration.ofMillis(random.nextInt(60)));
            server.restart();
        }
    }
}
