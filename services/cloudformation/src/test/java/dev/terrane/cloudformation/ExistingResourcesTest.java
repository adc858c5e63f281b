package dev.terrane.cloudformation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.terrane.s3.S3Service;
import dev.terrane.sqs.SqsService;
import dev.terrane.testkit.TestServer;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.cloudformation.CloudFormationClient;
import software.amazon.awssdk.services.cloudformation.model.ChangeSetStatus;
import software.amazon.awssdk.services.cloudformation.model.ChangeSetType;
import software.amazon.awssdk.services.cloudformation.model.DescribeChangeSetResponse;
import software.amazon.awssdk.services.cloudformation.model.Parameter;
import software.amazon.awssdk.services.cloudformation.model.Stack;
import software.amazon.awssdk.services.cloudformation.model.StackStatus;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.Bucket;
import software.amazon.awssdk.services.sqs.SqsClient;

/** Change sets that take over what is there already under the names that their templates give ("Import resources automatically"). */
class ExistingResourcesTest {
    private static final String BUCKET = """
            Resources:
              Bucket: {Type: AWS::S3::Bucket, DeletionPolicy: RetainExceptOnCreate, Properties: {BucketName: there-already}}
            """;
    private static final String QUEUE = """
              Queue: {Type: AWS::SQS::Queue, Properties: {QueueName: q}}
            """;

    private TestServer server;
    private CloudFormationClient stacks;
    private S3Client s3;

    @BeforeEach
    void start() {
        server = TestServer.with(CloudFormationService::new, SqsService::new, S3Service::new);
        stacks = server.client(CloudFormationClient.class);
        s3 = server.client(S3Client.class);
        s3.createBucket(r -> r.bucket("there-already"));
    }

    @AfterEach
    void stop() {
        assertThat(server.faults()).isEmpty();
        server.close();
    }

    private DescribeChangeSetResponse set(ChangeSetType type, String template) {
        stacks.createChangeSet(r -> r.stackName("s")
                .changeSetName("take")
                .changeSetType(type)
                .importExistingResources(true)
                .parameters(
                        template.contains("Parameters")
                                ? List.of(Parameter.builder()
                                        .parameterKey("Name")
                                        .parameterValue("there-already")
                                        .build())
                                : List.of())
                .templateBody(template));
        return stacks.describeChangeSet(r -> r.stackName("s").changeSetName("take"));
    }

    private static List<String> changes(DescribeChangeSetResponse set) {
        return set.changes().stream()
                .map(c -> c.resourceChange().logicalResourceId() + " "
                        + c.resourceChange().actionAsString())
                .toList();
    }

    private void execute() {
        stacks.executeChangeSet(r -> r.stackName("s").changeSetName("take"));
    }

    @Test
    void aNewStackTakesWhatIsThereAndMakesTheRest() {
        DescribeChangeSetResponse set = set(ChangeSetType.CREATE, BUCKET + QUEUE);
        assertThat(set.statusReason()).isNull();
        assertThat(set.importExistingResources()).isTrue();
        assertThat(changes(set)).containsExactlyInAnyOrder("Bucket Import", "Queue Add");
        execute();
        String id = await("s", StackStatus.CREATE_COMPLETE).stackId();
        assertThat(events()).contains("Bucket IMPORT_COMPLETE", "Queue CREATE_COMPLETE");
        stacks.deleteStack(r -> r.stackName("s"));
        await(id, StackStatus.DELETE_COMPLETE);
        assertThat(buckets()).containsExactly("there-already");
    }

    @Test
    void anUpdateTakesWhatIsThereAndARollbackLeavesIt() {
        stacks.createStack(r -> r.stackName("s").templateBody("Resources:\n" + QUEUE));
        await("s", StackStatus.CREATE_COMPLETE);
        server.client(SqsClient.class).createQueue(r -> r.queueName("other"));
        String failing = "  Other: {Type: AWS::SQS::Queue, DependsOn: Bucket, Properties: {QueueName: other}}\n";
        assertThat(changes(set(ChangeSetType.UPDATE, BUCKET + QUEUE + failing)))
                .containsExactlyInAnyOrder("Bucket Import", "Other Add");
        execute();
        await("s", StackStatus.UPDATE_ROLLBACK_COMPLETE);
        assertThat(buckets()).containsExactly("there-already");
        stacks.deleteChangeSet(r -> r.stackName("s").changeSetName("take"));
        set(ChangeSetType.UPDATE, BUCKET + QUEUE);
        execute();
        await("s", StackStatus.UPDATE_COMPLETE);
    }

    @Test
    void aCreationThatFailsLeavesWhatItTook() {
        server.client(SqsClient.class).createQueue(r -> r.queueName("q"));
        set(ChangeSetType.CREATE, BUCKET + QUEUE.replace("Queue,", "Queue, DependsOn: Bucket,"));
        execute();
        await("s", StackStatus.ROLLBACK_COMPLETE);
        assertThat(buckets()).containsExactly("there-already");
    }

    @Test
    void whatMightBeDeletedIsRefused() {
        DescribeChangeSetResponse set =
                set(ChangeSetType.CREATE, BUCKET.replace("DeletionPolicy: RetainExceptOnCreate, ", ""));
        assertThat(set.status()).isEqualTo(ChangeSetStatus.FAILED);
        assertThat(set.statusReason())
                .contains(
                        "The resources must have the DeletionPolicy attribute set to 'Retain' or"
                                + " 'RetainExceptOnCreate'",
                        "Bucket");
    }

    @Test
    void whatIsNotThereOrHasNoNameOfItsOwnInTheTemplateIsMade() {
        assertThat(changes(set(ChangeSetType.CREATE, BUCKET.replace("there-already", "not-yet-there"))))
                .containsExactly("Bucket Add");
        stacks.deleteChangeSet(r -> r.stackName("s").changeSetName("take"));
        assertThat(changes(set(
                        ChangeSetType.CREATE,
                        "Parameters: {Name: {Type: String}}\n" + BUCKET.replace("there-already", "!Ref Name"))))
                .containsExactly("Bucket Add");
    }

    private List<String> buckets() {
        return s3.listBuckets().buckets().stream().map(Bucket::name).toList();
    }

    private Stack await(String name, StackStatus status) {
        try {
            TestServer.await(() -> {
                server.advance(java.time.Duration.ofSeconds(1));
                return find(name).stackStatus() == status;
            });
        } catch (AssertionError e) {
            throw new AssertionError(String.join("\n", events()), e);
        }
        return find(name);
    }

    private Stack find(String name) {
        return stacks.describeStacks(r -> r.stackName(name)).stacks().getFirst();
    }

    private List<String> events() {
        return stacks.describeStackEvents(r -> r.stackName("s")).stackEvents().reversed().stream()
                .map(e -> e.logicalResourceId() + " " + e.resourceStatusAsString())
                .toList();
    }
}
