package dev.terrane.cloudformation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.terrane.iam.IamService;
import dev.terrane.s3.S3Service;
import dev.terrane.sts.StsService;
import dev.terrane.testkit.TestServer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.cloudformation.CloudFormationClient;
import software.amazon.awssdk.services.cloudformation.model.StackResource;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.sqs.SqsClient;

/** Rollbacks that somebody asks for, after an update that was left as it was or whose own rollback failed. */
class RollbacksTest {
    private final FaultyQueues faulty = new FaultyQueues();
    private final TestServer server = TestServer.with(
            CloudFormationService::new, faulty::service, S3Service::new, IamService::new, StsService::new);

    @BeforeEach
    void bucket() {
        server.client(S3Client.class).createBucket(r -> r.bucket("templates"));
    }

    @AfterEach
    void stop() {
        server.close();
    }

    /** Two queues of which the second waits for the first; with 99999 seconds it is refused by SQS. */
    private static String template(int first, int second, String more) {
        return """
                Resources:
                  A: {Type: AWS::SQS::Queue, Properties: {VisibilityTimeout: %d}}
                  B: {Type: AWS::SQS::Queue, DependsOn: A, Properties: {VisibilityTimeout: %d}}
                """.formatted(first, second) + more;
    }

    private CloudFormationClient stacks() {
        return server.client(CloudFormationClient.class);
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
        // Nested stacks are looked at again after a while.
        TestServer.await(() -> {
            server.advance(Duration.ofSeconds(1));
            return !status(name).endsWith("_IN_PROGRESS");
        });
        assertThat(status(name)).isEqualTo(expected);
    }

    private void create(String template) {
        stacks().createStack(r -> r.stackName("s").templateBody(template));
        settled("s", "CREATE_COMPLETE");
    }

    private void update(String template, boolean preserving, String expected) {
        stacks().updateStack(r -> r.stackName("s").templateBody(template).disableRollback(preserving));
        settled("s", expected);
    }

    /** The visibility timeouts of the queues that there are. */
    private List<String> timeouts() {
        SqsClient sqs = server.client(SqsClient.class);
        return sqs.listQueues(r -> r.maxResults(1000)).queueUrls().stream()
                .map(url -> sqs.getQueueAttributes(r -> r.queueUrl(url).attributeNamesWithStrings("VisibilityTimeout"))
                        .attributesAsStrings()
                        .get("VisibilityTimeout"))
                .sorted()
                .toList();
    }

    private Map<String, String> resources(String stack) {
        Map<String, String> statuses = new TreeMap<>();
        for (StackResource resource :
                stacks().describeStackResources(r -> r.stackName(stack)).stackResources()) {
            statuses.put(resource.logicalResourceId(), resource.resourceStatusAsString());
        }
        return statuses;
    }

    private void refuseToGoBack() {
        faulty.refuse((id, desired) -> id.equals("A")
                && desired.integer("VisibilityTimeout")
                        .filter(seconds -> seconds == 30)
                        .isPresent());
    }

    private void failToGoBack() {
        create(template(30, 30, ""));
        refuseToGoBack();
        update(template(40, 99_999, ""), false, "UPDATE_ROLLBACK_FAILED");
        assertThat(timeouts()).containsExactly("30", "40");
        assertThat(resources("s")).containsEntry("A", "UPDATE_FAILED");
    }

    @Test
    void aContinuedRollbackPutsBackWhatItCouldNot() {
        failToGoBack();
        stacks().continueUpdateRollback(r -> r.stackName("s"));
        settled("s", "UPDATE_ROLLBACK_FAILED");
        faulty.refuse((id, desired) -> false);
        stacks().continueUpdateRollback(r -> r.stackName("s"));
        settled("s", "UPDATE_ROLLBACK_COMPLETE");
        assertThat(timeouts()).containsExactly("30", "30");
        assertThat(resources("s")).containsEntry("A", "UPDATE_COMPLETE");
        update(template(40, 40, ""), false, "UPDATE_COMPLETE");
        assertThat(timeouts()).containsExactly("40", "40");
    }

    @Test
    void aContinuedRollbackSkipsWhatItIsTold() {
        failToGoBack();
        stacks().continueUpdateRollback(r -> r.stackName("s").resourcesToSkip("A"));
        settled("s", "UPDATE_ROLLBACK_COMPLETE");
        assertThat(timeouts()).containsExactly("30", "40");
        assertThat(resources("s")).containsEntry("A", "UPDATE_COMPLETE");
        // For CloudFormation it is as the template of before says, so this is no change of it.
        update(template(30, 50, ""), false, "UPDATE_COMPLETE");
        assertThat(timeouts()).containsExactly("40", "50");
    }

    @Test
    void onlyWhatCouldNotBePutBackIsSkipped() {
        failToGoBack();
        assertThatThrownBy(() ->
                        stacks().continueUpdateRollback(r -> r.stackName("s").resourcesToSkip("C")))
                .hasMessageContaining("Resource [C] to skip does not exist in stack [s]");
        assertThatThrownBy(() ->
                        stacks().continueUpdateRollback(r -> r.stackName("s").resourcesToSkip("A", "B")))
                .hasMessageContaining("Resource [B] cannot be skipped");
        assertThatThrownBy(() ->
                        stacks().continueUpdateRollback(r -> r.stackName("s").resourcesToSkip("N.A")))
                .hasMessageContaining("Resource [N.A] to skip does not exist in the nested stacks of [s]");
        assertThat(status("s")).isEqualTo("UPDATE_ROLLBACK_FAILED");
    }

    @Test
    void anUpdateThatWasLeftAsItWasIsRolledBackLater() {
        String named = "  N: {Type: AWS::SQS::Queue, Properties: {QueueName: one}}\n";
        create(template(30, 30, named));
        String fresh = "  New: {Type: AWS::SQS::Queue, DeletionPolicy: RetainExceptOnCreate}\n";
        update(template(40, 99_999, named.replace("one", "two") + fresh), true, "UPDATE_FAILED");
        stacks().rollbackStack(r -> r.stackName("s"));
        settled("s", "UPDATE_ROLLBACK_COMPLETE");
        assertThat(timeouts()).containsExactly("30", "30", "30");
        assertThat(server.client(SqsClient.class).listQueues().queueUrls()).anyMatch(url -> url.endsWith("/one"));
        assertThat(resources("s")).containsOnlyKeys("A", "B", "N");
    }

    @Test
    void anUpdateAfterOneThatWasLeftAsItWasGoesBackToWhatWasBeforeBoth() {
        create(template(30, 30, ""));
        update(template(40, 99_999, ""), true, "UPDATE_FAILED");
        update(template(50, 99_999, ""), false, "UPDATE_ROLLBACK_COMPLETE");
        assertThat(timeouts()).containsExactly("30", "30");
        assertThat(stacks().getTemplate(r -> r.stackName("s")).templateBody()).isEqualTo(template(30, 30, ""));
    }

    @Test
    void whatFailedUpdatesMadeMeanwhileIsNotLeftInTheEnd() {
        String named = "  N: {Type: AWS::SQS::Queue, Properties: {QueueName: %s}}\n";
        create(template(30, 30, named.formatted("one")));
        update(template(40, 99_999, named.formatted("two")), true, "UPDATE_FAILED");
        assertThat(timeouts()).hasSize(4);
        update(template(40, 99_999, named.formatted("three")), true, "UPDATE_FAILED");
        assertThat(timeouts()).hasSize(5);
        update(template(40, 40, named.formatted("four")), true, "UPDATE_COMPLETE");
        assertThat(timeouts()).containsExactly("30", "40", "40");
        assertThat(server.client(SqsClient.class).listQueues().queueUrls()).anyMatch(url -> url.endsWith("/four"));
    }

    @Test
    void aStackThatWasLeftHalfMadeIsRolledBackLater() {
        String kept = "  K: {Type: AWS::SQS::Queue, DeletionPolicy: RetainExceptOnCreate}\n";
        stacks().createStack(r ->
                r.stackName("s").templateBody(template(30, 99_999, kept)).disableRollback(true));
        settled("s", "CREATE_FAILED");
        stacks().rollbackStack(r -> r.stackName("s"));
        settled("s", "ROLLBACK_COMPLETE");
        assertThat(timeouts()).isEmpty();
    }

    @Test
    void whatWasHalfMadeIsMadeAnewByAnUpdate() {
        faulty.failAt(1);
        String template = "Resources: {Q: {Type: AWS::SQS::Queue}}";
        stacks().createStack(r -> r.stackName("s").templateBody(template).disableRollback(true));
        settled("s", "CREATE_FAILED");
        faulty.failAt(-1);
        String half = physical("s", "Q");
        assertThat(timeouts()).hasSize(1);
        update(template, false, "UPDATE_COMPLETE");
        assertThat(timeouts()).hasSize(1);
        assertThat(physical("s", "Q")).isNotEqualTo(half);
        assertThat(resources("s")).containsEntry("Q", "UPDATE_COMPLETE");
    }

    private void put(String key, String template) {
        server.client(S3Client.class).putObject(r -> r.bucket("templates").key(key), RequestBody.fromString(template));
    }

    private static String around(String key) {
        return """
                Resources:
                  Inner: {Type: AWS::CloudFormation::Stack, Properties: {TemplateURL: https://templates.s3.amazonaws.com/%s}}
                """.formatted(key);
    }

    /** A stack in a stack in a stack, the innermost of which does not go back.
     *
     * @return its id */
    private String failDeepInside() {
        put("leaf", template(30, 30, ""));
        put("middle", around("leaf"));
        create(around("middle"));
        put("leaf2", template(40, 99_999, ""));
        put("middle2", around("leaf2"));
        refuseToGoBack();
        update(around("middle2"), false, "UPDATE_ROLLBACK_FAILED");
        String middle = physical("s", "Inner");
        String leaf = physical(middle, "Inner");
        assertThat(status(middle)).isEqualTo("UPDATE_ROLLBACK_FAILED");
        assertThat(status(leaf)).isEqualTo("UPDATE_ROLLBACK_FAILED");
        return leaf;
    }

    private String physical(String stack, String logicalId) {
        return stacks().describeStackResources(r -> r.stackName(stack).logicalResourceId(logicalId))
                .stackResources()
                .getFirst()
                .physicalResourceId();
    }

    @Test
    void nestedStacksAreContinuedWithTheirRoot() {
        String leaf = failDeepInside();
        assertThatThrownBy(() -> stacks().continueUpdateRollback(r -> r.stackName(leaf)))
                .hasMessageContaining("is a nested stack");
        faulty.refuse((id, desired) -> false);
        stacks().continueUpdateRollback(r -> r.stackName("s"));
        settled("s", "UPDATE_ROLLBACK_COMPLETE");
        assertThat(status(leaf)).isEqualTo("UPDATE_ROLLBACK_COMPLETE");
        assertThat(timeouts()).containsExactly("30", "30");
    }

    @Test
    void resourcesOfNestedStacksAreSkippedByTheNameOfTheirStack() {
        String leaf = failDeepInside();
        String name = stacks().describeStacks(r -> r.stackName(leaf))
                .stacks()
                .getFirst()
                .stackName();
        stacks().continueUpdateRollback(r -> r.stackName("s").resourcesToSkip(name + ".A"));
        settled("s", "UPDATE_ROLLBACK_COMPLETE");
        assertThat(status(leaf)).isEqualTo("UPDATE_ROLLBACK_COMPLETE");
        assertThat(timeouts()).containsExactly("30", "40");
        assertThat(resources(leaf)).containsEntry("A", "UPDATE_COMPLETE");
    }
}
