package dev.terrane.cloudformation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.terrane.s3.S3Service;
import dev.terrane.sqs.SqsService;
import dev.terrane.testkit.TestServer;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.cloudformation.CloudFormationClient;
import software.amazon.awssdk.services.cloudformation.model.ChangeSetStatus;
import software.amazon.awssdk.services.cloudformation.model.ChangeSetType;
import software.amazon.awssdk.services.cloudformation.model.DescribeChangeSetResponse;
import software.amazon.awssdk.services.cloudformation.model.ResourceToImport;
import software.amazon.awssdk.services.cloudformation.model.Stack;
import software.amazon.awssdk.services.cloudformation.model.StackResourceDriftStatus;
import software.amazon.awssdk.services.cloudformation.model.StackStatus;
import software.amazon.awssdk.services.cloudformation.model.Tag;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.sqs.SqsClient;

/** Resources that were there before their stack, and stacks in stacks. */
class ImportsTest {
    private static final String OLD = """
            Resources:
              Old: {Type: AWS::SQS::Queue, DeletionPolicy: Retain, Properties: {QueueName: old, VisibilityTimeout: 45}}
            """;
    private static final String BOTH = """
              First: {Type: AWS::SQS::Queue}
            """;

    private TestServer server;
    private CloudFormationClient stacks;
    private SqsClient sqs;
    private String url;

    @BeforeEach
    void start() {
        server = TestServer.with(CloudFormationService::new, SqsService::new, S3Service::new);
        stacks = server.client(CloudFormationClient.class);
        sqs = server.client(SqsClient.class);
        url = sqs.createQueue(r -> r.queueName("old").attributesWithStrings(Map.of("VisibilityTimeout", "45")))
                .queueUrl();
    }

    @AfterEach
    void stop() {
        assertThat(server.faults()).isEmpty();
        server.close();
    }

    private DescribeChangeSetResponse set(String stack, String template, String queue) {
        stacks.createChangeSet(r -> r.stackName(stack)
                .changeSetName("take")
                .changeSetType(ChangeSetType.IMPORT)
                .templateBody(template)
                .tags(Tag.builder().key("a").value("stack").build())
                .resourcesToImport(ResourceToImport.builder()
                        .logicalResourceId("Old")
                        .resourceType("AWS::SQS::Queue")
                        .resourceIdentifier(Map.of("QueueUrl", queue))
                        .build()));
        return stacks.describeChangeSet(r -> r.stackName(stack).changeSetName("take"));
    }

    @Test
    void aNewStackTakesWhatIsThere() {
        DescribeChangeSetResponse set = set("s", OLD, url);
        assertThat(set.statusReason()).isNull();
        assertThat(set.changes())
                .extracting(c -> c.resourceChange().actionAsString() + " "
                        + c.resourceChange().physicalResourceId())
                .containsExactly("Import " + url);
        stacks.executeChangeSet(r -> r.stackName("s").changeSetName("take"));
        Stack stack = await("s", StackStatus.IMPORT_COMPLETE);
        assertThat(events("s"))
                .containsExactly(
                        "s REVIEW_IN_PROGRESS User Initiated",
                        "s IMPORT_IN_PROGRESS User Initiated",
                        "Old IMPORT_IN_PROGRESS Resource import started.",
                        "Old IMPORT_COMPLETE Resource import completed.",
                        "Old UPDATE_IN_PROGRESS Apply stack-level tags to imported resource if applicable.",
                        "Old UPDATE_COMPLETE",
                        "s IMPORT_COMPLETE");
        assertThat(sqs.listQueueTags(r -> r.queueUrl(url)).tags()).containsEntry("a", "stack");
        assertThat(stacks.detectStackResourceDrift(r -> r.stackName("s").logicalResourceId("Old"))
                        .stackResourceDrift()
                        .stackResourceDriftStatus())
                .isEqualTo(StackResourceDriftStatus.IN_SYNC);

        stacks.updateStack(r -> r.stackName("s").templateBody(OLD.replace("45", "50")));
        await("s", StackStatus.UPDATE_COMPLETE);
        stacks.deleteStack(r -> r.stackName("s"));
        await(stack.stackId(), StackStatus.DELETE_COMPLETE);
        assertThat(sqs.listQueues().queueUrls()).containsExactly(url);
    }

    @Test
    void aStackThatIsThereTakesMore() {
        stacks.createStack(r -> r.stackName("s")
                .templateBody("Resources:\n" + BOTH)
                .tags(Tag.builder().key("a").value("stack").build()));
        await("s", StackStatus.CREATE_COMPLETE);
        assertThat(set("s", OLD + BOTH + "  Third: {Type: AWS::SQS::Queue}\n", url)
                        .statusReason())
                .contains("you cannot modify or add [Third]");
        stacks.deleteChangeSet(r -> r.stackName("s").changeSetName("take"));
        assertThat(set("s", OLD + BOTH + "Outputs: {O: {Value: a}}\n", url).statusReason())
                .contains("you cannot modify or add [Outputs]");
        stacks.deleteChangeSet(r -> r.stackName("s").changeSetName("take"));
        assertThat(set("s", OLD + BOTH, url).status()).isEqualTo(ChangeSetStatus.CREATE_COMPLETE);
        stacks.executeChangeSet(r -> r.stackName("s").changeSetName("take"));
        server.restart();
        await("s", StackStatus.IMPORT_COMPLETE);
        assertThat(client().listStackResources(r -> r.stackName("s")).stackResourceSummaries())
                .hasSize(2);
    }

    @Test
    void whatIsNotThereIsLetGo() {
        set("s", OLD, url.replace("/old", "/other"));
        stacks.executeChangeSet(r -> r.stackName("s").changeSetName("take"));
        await("s", StackStatus.IMPORT_ROLLBACK_COMPLETE);
        assertThat(events("s")).anyMatch(e -> e.startsWith("Old IMPORT_FAILED") && e.contains("was not found."));
        assertThat(client().listStackResources(r -> r.stackName("s")).stackResourceSummaries())
                .isEmpty();
        stacks.deleteStack(r -> r.stackName("s"));
        TestServer.await(() -> find("s").isEmpty());
        assertThat(sqs.listQueues().queueUrls()).containsExactly(url);
    }

    @Test
    void whatBelongsToAnotherStackStaysThere() {
        set("one", OLD, url);
        stacks.executeChangeSet(r -> r.stackName("one").changeSetName("take"));
        await("one", StackStatus.IMPORT_COMPLETE);
        set("two", OLD, url);
        stacks.executeChangeSet(r -> r.stackName("two").changeSetName("take"));
        await("two", StackStatus.IMPORT_ROLLBACK_COMPLETE);
        assertThat(events("two")).anyMatch(e -> e.contains("already exists in another stack"));
    }

    @Test
    void whatMightBeDeletedIsRefused() {
        assertThatThrownBy(() -> set("s", OLD.replace("DeletionPolicy: Retain, ", ""), url))
                .hasMessageContaining(
                        "The following resources to import [Old] must have DeletionPolicy attribute specified in the template.");
        assertThat(find("s")).isEmpty();
    }

    @Test
    void aStackInAStackTellsItsParents() {
        S3Client s3 = server.client(S3Client.class);
        s3.createBucket(r -> r.bucket("templates"));
        put(s3, "leaf", "Resources: {Q: {Type: AWS::SQS::Queue}}");
        put(s3, "middle", nest("leaf"));
        stacks.createStack(r -> r.stackName("s").templateBody(nest("middle")));
        String root = await("s", StackStatus.CREATE_COMPLETE).stackId();
        Stack middle = find(child(root)).orElseThrow();
        Stack leaf = find(child(middle.stackId())).orElseThrow();
        assertThat(middle.parentId()).isEqualTo(root);
        assertThat(middle.rootId()).isEqualTo(root);
        assertThat(leaf.parentId()).isEqualTo(middle.stackId());
        assertThat(leaf.rootId()).isEqualTo(root);
        assertThat(find(root).orElseThrow().parentId()).isNull();
    }

    private static void put(S3Client s3, String name, String template) {
        s3.putObject(r -> r.bucket("templates").key(name), RequestBody.fromString(template));
    }

    private static String nest(String name) {
        return "Resources: {S: {Type: AWS::CloudFormation::Stack, Properties: {TemplateURL: \"https://templates.s3.amazonaws.com/"
                + name + "\"}}}";
    }

    private String child(String stack) {
        return client().describeStackResource(r -> r.stackName(stack).logicalResourceId("S"))
                .stackResourceDetail()
                .physicalResourceId();
    }

    private CloudFormationClient client() {
        return server.client(CloudFormationClient.class);
    }

    private Optional<Stack> find(String name) {
        try {
            return client().describeStacks(r -> r.stackName(name)).stacks().stream()
                    .findFirst();
        } catch (AwsServiceException e) {
            return Optional.empty();
        }
    }

    private Stack await(String name, StackStatus status) {
        try {
            TestServer.await(() -> {
                server.advance(java.time.Duration.ofSeconds(1));
                return find(name).filter(s -> s.stackStatus() == status).isPresent();
            });
        } catch (AssertionError e) {
            throw new AssertionError(String.join("\n", events(name)), e);
        }
        return find(name).orElseThrow();
    }

    private List<String> events(String name) {
        return client().describeStackEvents(r -> r.stackName(name)).stackEvents().reversed().stream()
                .map(e -> e.logicalResourceId() + " " + e.resourceStatusAsString()
                        + (e.resourceStatusReason() == null ? "" : " " + e.resourceStatusReason()))
                .toList();
    }
}
