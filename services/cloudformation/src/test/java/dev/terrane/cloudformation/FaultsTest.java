package dev.terrane.cloudformation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.terrane.kernel.resource.ResourceType;
import dev.terrane.testkit.TestServer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntPredicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.services.cloudformation.CloudFormationClient;
import software.amazon.awssdk.services.cloudformation.model.Stack;
import software.amazon.awssdk.services.sqs.SqsClient;

/** A stack of 30 resources in which something fails, or whose server ends, at any place: the end is the documented one, and a repetition is clean. */
class FaultsTest {
    private static final int RESOURCES = 30;

    private final FaultyQueues sqs = new FaultyQueues();
    private final TestServer server = TestServer.with(CloudFormationService::new, sqs::service);

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
    void whereverTheServerIsKilledTheOperationGoesOn() {
        int every = Integer.getInteger("faults.every", 151);
        boolean creating = true;
        boolean updating = true;
        boolean failing = true;
        boolean deleting = true;
        for (int at = every / 2; creating || updating || failing || deleting; at += every) {
            String name = "killed-" + at;
            creating = killed(
                    at,
                    name,
                    () -> stacks().createStack(r -> r.stackName(name).templateBody(replacing(name, 30, i -> false))));
            settled(name, "CREATE_COMPLETE");
            assertThat(queues()).hasSize(RESOURCES);
            failing = killed(
                    at,
                    name,
                    () -> stacks().updateStack(r -> r.stackName(name).templateBody(replacing(name, 50, i -> i == 17))));
            settled(name, "UPDATE_ROLLBACK_COMPLETE");
            assertThat(queues()).hasSize(RESOURCES);
            assertThat(timeouts()).containsOnly("30");
            updating = killed(
                    at,
                    name,
                    () -> stacks().updateStack(r -> r.stackName(name).templateBody(replacing(name, 40, i -> false))));
            settled(name, "UPDATE_COMPLETE");
            assertThat(queues()).hasSize(RESOURCES);
            assertThat(timeouts()).containsOnly("40");
            deleting = killed(at, name, () -> stacks().deleteStack(r -> r.stackName(name)));
            TestServer.await(() -> status(name).equals("GONE"));
            assertThat(queues()).isEmpty();
        }
    }

    /** The same, with a queue whose name differs: it is made anew by an update. */
    private static String replacing(String name, int seconds, IntPredicate bad) {
        String queue = "  Q7:\n    Type: AWS::SQS::Queue\n    DependsOn: Q6\n    Properties:\n";
        return template(seconds, bad).replace(queue, queue + "      QueueName: " + name + "-" + seconds + "\n");
    }

    /**
     * Runs an operation on a server that is killed after so many commits, until it is over. What was not acknowledged is asked for again where it did not begin.
     *
     * @return whether it was killed before the operation was over
     */
    private boolean killed(int commits, String name, Runnable operation) {
        server.advance(Duration.ofSeconds(1));
        String before = latest(name);
        server.crashAfter(commits);
        boolean acknowledged = true;
        try {
            operation.run();
        } catch (RuntimeException e) {
            assertThat(server.crashed()).as("%s", e).isTrue();
            acknowledged = false;
        }
        TestServer.await(() -> over(name));
        boolean killed = server.crashed();
        server.restart();
        if (latest(name).equals(before)) {
            assertThat(acknowledged)
                    .as("an acknowledged operation on %s is lost", name)
                    .isFalse();
            operation.run();
        }
        return killed;
    }

    /** Whether an operation has ended, or the server before it. */
    private boolean over(String name) {
        try {
            return server.crashed() || !status(name).endsWith("_IN_PROGRESS");
        } catch (RuntimeException e) {
            assertThat(server.crashed()).as("%s", e).isTrue();
            return true;
        }
    }

    /** A stack's status and the time of its latest change, by which one tells whether an operation has begun. */
    private String latest(String name) {
        try {
            Stack stack =
                    stacks().describeStacks(r -> r.stackName(name)).stacks().getFirst();
            return stack.stackStatusAsString() + " " + stack.lastUpdatedTime();
        } catch (AwsServiceException e) {
            return "GONE";
        }
    }

    @Test
    void whicheverCallOfAHandlerFailsTheEndIsTheDocumentedOne() {
        int every = Integer.getInteger("faults.every", 43);
        boolean creating = true;
        boolean updating = true;
        boolean deleting = true;
        for (int at = every / 2; creating || updating || deleting; at += every) {
            String name = "failed-" + at;
            sqs.failAt(at);
            stacks().createStack(r -> r.stackName(name).templateBody(template(30, i -> false)));
            creating = failed(name, "ROLLBACK_COMPLETE", "CREATE_COMPLETE");
            if (creating) {
                assertThat(queues()).isEmpty();
                stacks().deleteStack(r -> r.stackName(name));
                TestServer.await(() -> status(name).equals("GONE"));
                stacks().createStack(r -> r.stackName(name).templateBody(template(30, i -> false)));
                settled(name, "CREATE_COMPLETE");
            }
            sqs.failAt(at);
            stacks().updateStack(r -> r.stackName(name).templateBody(template(40, i -> false)));
            updating = failed(name, "UPDATE_ROLLBACK_COMPLETE", "UPDATE_COMPLETE");
            assertThat(queues()).hasSize(RESOURCES);
            assertThat(timeouts()).containsOnly(updating ? "30" : "40");
            sqs.failAt(at);
            stacks().deleteStack(r -> r.stackName(name));
            deleting = failed(name, "DELETE_FAILED", "GONE");
            if (deleting) {
                stacks().deleteStack(r -> r.stackName(name));
                settled(name, "GONE");
            }
            assertThat(queues()).isEmpty();
        }
    }

    /** Waits for the end of an operation, and tells whether a handler has failed in it. */
    private boolean failed(String name, String whenFailed, String otherwise) {
        TestServer.await(() -> !status(name).endsWith("_IN_PROGRESS"));
        boolean failed = sqs.failed();
        sqs.failAt(-1);
        assertThat(status(name)).isEqualTo(failed ? whenFailed : otherwise);
        return failed;
    }

    @Test
    void aHandlerThatHangsIsGivenUpAtTheTimeoutOrWhenTheUpdateIsCancelled() {
        sqs.hang((id, change) -> id.equals("Q13") && change == ResourceType.Change.CREATE);
        stacks().createStack(r -> r.stackName("s").timeoutInMinutes(5).templateBody(template(30, i -> false)));
        settledMeanwhile("ROLLBACK_COMPLETE");
        assertThat(queues()).isEmpty();
        stacks().deleteStack(r -> r.stackName("s"));
        TestServer.await(() -> status("s").equals("GONE"));

        sqs.hang((id, change) -> id.equals("Q13") && change == ResourceType.Change.UPDATE);
        stacks().createStack(r -> r.stackName("s").templateBody(template(30, i -> false)));
        settledMeanwhile("CREATE_COMPLETE");
        stacks().updateStack(r -> r.stackName("s").templateBody(template(40, i -> false)));
        TestServer.await(
                () -> timeouts().equals(List.of("30", "40")) || timeouts().equals(List.of("40", "30")));
        server.advance(Duration.ofHours(1));
        assertThat(status("s")).isEqualTo("UPDATE_IN_PROGRESS");
        stacks().cancelUpdateStack(r -> r.stackName("s"));
        sqs.hang((id, change) -> id.equals("Q12") && change == ResourceType.Change.DELETE);
        settledMeanwhile("UPDATE_ROLLBACK_COMPLETE");
        assertThat(timeouts()).containsOnly("30");

        stacks().deleteStack(r -> r.stackName("s"));
        TestServer.await(() -> queues().isEmpty());
        server.advance(Duration.ofHours(1));
        assertThat(status("s")).isEqualTo("DELETE_IN_PROGRESS");
        sqs.hang((id, change) -> false);
        settledMeanwhile("GONE");
    }

    /** Moves the clock on until the stack is at rest, but leaves the server time to work: each move wakes all that waits. */
    private void settledMeanwhile(String expected) {
        AtomicInteger looks = new AtomicInteger();
        TestServer.await(() -> {
            if (looks.getAndIncrement() % 25 == 0) {
                server.advance(Duration.ofSeconds(20));
            }
            return !status("s").endsWith("_IN_PROGRESS");
        });
        assertThat(status("s")).isEqualTo(expected);
    }
}
