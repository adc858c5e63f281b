package dev.terrane.cloudformation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.terrane.sns.SnsService;
import dev.terrane.sqs.SqsService;
import dev.terrane.testkit.TestServer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.services.cloudformation.CloudFormationClient;
import software.amazon.awssdk.services.cloudformation.model.ChangeSetType;
import software.amazon.awssdk.services.cloudformation.model.DeletionMode;
import software.amazon.awssdk.services.cloudformation.model.DeploymentMode;
import software.amazon.awssdk.services.cloudformation.model.OnFailure;
import software.amazon.awssdk.services.cloudformation.model.Parameter;
import software.amazon.awssdk.services.sns.SnsClient;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;

/** What requests say of a stack beside its template: what protects it, who is told, and what becomes of it when something fails. */
class StackOptionsTest {
    private static final String QUEUE = "Resources: {Q: {Type: AWS::SQS::Queue, Properties: {VisibilityTimeout: 30}}}";
    /** SQS refuses it, its schema does not. */
    private static final String BAD = QUEUE.replace("30", "99999");

    private static final String TWO = """
            Resources:
              Q: {Type: AWS::SQS::Queue}
              Bad: {Type: AWS::SQS::Queue, DependsOn: Q, Properties: {VisibilityTimeout: 99999}}
            """;

    private final TestServer server = TestServer.with(CloudFormationService::new, SqsService::new, SnsService::new);

    @AfterEach
    void stop() {
        assertThat(server.faults()).isEmpty();
        server.close();
    }

    private CloudFormationClient stacks() {
        return server.client(CloudFormationClient.class);
    }

    private SqsClient sqs() {
        return server.client(SqsClient.class);
    }

    private String status() {
        try {
            return stacks().describeStacks(r -> r.stackName("s"))
                    .stacks()
                    .getFirst()
                    .stackStatusAsString();
        } catch (AwsServiceException e) {
            return "GONE";
        }
    }

    private void settled(String expected) {
        TestServer.await(() -> !status().endsWith("_IN_PROGRESS"));
        assertThat(status()).isEqualTo(expected);
    }

    private int queues() {
        return sqs().listQueues().queueUrls().size();
    }

    @Test
    void aProtectedStackIsNotDeleted() {
        stacks().createStack(r -> r.stackName("s").templateBody(QUEUE).enableTerminationProtection(true));
        settled("CREATE_COMPLETE");
        assertThat(stacks().describeStacks(r -> r.stackName("s"))
                        .stacks()
                        .getFirst()
                        .enableTerminationProtection())
                .isTrue();
        assertThatThrownBy(() -> stacks().deleteStack(r -> r.stackName("s")))
                .hasMessageContaining("Stack [s] cannot be deleted while TerminationProtection is enabled");
        stacks().updateTerminationProtection(r -> r.stackName("s").enableTerminationProtection(false));
        stacks().deleteStack(r -> r.stackName("s"));
        settled("GONE");
    }

    @Test
    void topicsAreToldOfEachEvent() {
        String topic =
                server.client(SnsClient.class).createTopic(r -> r.name("news")).topicArn();
        String url = sqs().createQueue(r -> r.queueName("news")).queueUrl();
        String queue = sqs().getQueueAttributes(r -> r.queueUrl(url).attributeNames(QueueAttributeName.QUEUE_ARN))
                .attributes()
                .get(QueueAttributeName.QUEUE_ARN);
        sqs().setQueueAttributes(r -> r.queueUrl(url)
                .attributesWithStrings(java.util.Map.of(
                        "Policy",
                        "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Principal\":\"*\","
                                + "\"Action\":\"sqs:SendMessage\",\"Resource\":\"*\"}]}")));
        server.client(SnsClient.class)
                .subscribe(r -> r.topicArn(topic)
                        .protocol("sqs")
                        .endpoint(queue)
                        .attributes(java.util.Map.of("RawMessageDelivery", "true")));
        stacks().createStack(r -> r.stackName("s").templateBody(QUEUE).notificationARNs(topic));
        settled("CREATE_COMPLETE");
        List<String> told = new ArrayList<>();
        TestServer.await(() -> {
            for (Message message : sqs().receiveMessage(r -> r.queueUrl(url).maxNumberOfMessages(10))
                    .messages()) {
                told.add(message.body());
            }
            return told.stream()
                    .anyMatch(
                            m -> m.contains("LogicalResourceId='s'") && m.contains("ResourceStatus='CREATE_COMPLETE'"));
        });
        assertThat(told)
                .anyMatch(m -> m.contains("LogicalResourceId='Q'") && m.contains("ResourceStatus='CREATE_IN_PROGRESS'"))
                .allMatch(m -> m.startsWith("StackId='arn:aws:cloudformation:us-east-1:123456789012:stack/s/"));
    }

    @Test
    void aParameterKeepsItsValue() {
        String template = """
                Parameters: {Seconds: {Type: Number}, Size: {Type: Number, Default: 2048}}
                Resources:
                  Q:
                    Type: AWS::SQS::Queue
                    Properties: {VisibilityTimeout: !Ref Seconds, MaximumMessageSize: !Ref Size}
                """;
        Parameter given =
                Parameter.builder().parameterKey("Seconds").parameterValue("17").build();
        Parameter size =
                Parameter.builder().parameterKey("Size").parameterValue("4096").build();
        Parameter kept = Parameter.builder()
                .parameterKey("Seconds")
                .usePreviousValue(true)
                .build();
        Parameter both = Parameter.builder()
                .parameterKey("Seconds")
                .parameterValue("1")
                .usePreviousValue(true)
                .build();
        assertThatThrownBy(() -> stacks().createStack(
                                r -> r.stackName("s").templateBody(template).parameters(kept)))
                .hasMessageContaining("Seconds");
        stacks().createStack(r -> r.stackName("s").templateBody(template).parameters(given));
        settled("CREATE_COMPLETE");
        assertThatThrownBy(() -> stacks().updateStack(
                                r -> r.stackName("s").usePreviousTemplate(true).parameters(both)))
                .hasMessageContaining("Seconds");
        stacks().updateStack(r -> r.stackName("s").usePreviousTemplate(true).parameters(kept, size));
        settled("UPDATE_COMPLETE");
        String url = sqs().listQueues().queueUrls().getFirst();
        assertThat(sqs().getQueueAttributes(r -> r.queueUrl(url).attributeNames(QueueAttributeName.ALL))
                        .attributes())
                .containsEntry(QueueAttributeName.VISIBILITY_TIMEOUT, "17")
                .containsEntry(QueueAttributeName.MAXIMUM_MESSAGE_SIZE, "4096");
    }

    @Test
    void whatBecomesOfAStackThatCannotBeMadeIsAsked() {
        stacks().createStack(r -> r.stackName("s").templateBody(TWO).onFailure(OnFailure.DO_NOTHING));
        settled("CREATE_FAILED");
        assertThat(queues()).isEqualTo(1);
        stacks().deleteStack(r -> r.stackName("s"));
        settled("GONE");
        stacks().createStack(r -> r.stackName("s").templateBody(TWO).onFailure(OnFailure.DELETE));
        settled("GONE");
        assertThat(queues()).isZero();
        assertThatThrownBy(() -> stacks().createStack(r -> r.stackName("s")
                        .templateBody(TWO)
                        .onFailure(OnFailure.DELETE)
                        .disableRollback(true)))
                .hasMessageContaining("either DisableRollback or OnFailure");
    }

    /** RetainExceptOnCreate of a request is about all that the operation made. */
    @Test
    void aRollbackKeepsWhatIsToBeRetainedUnlessItIsTold() {
        String retained =
                TWO.replace("Q: {Type: AWS::SQS::Queue}", "Q: {Type: AWS::SQS::Queue, DeletionPolicy: Retain}");
        stacks().createStack(r -> r.stackName("s").templateBody(retained).retainExceptOnCreate(true));
        settled("ROLLBACK_COMPLETE");
        assertThat(queues()).isZero();
        stacks().deleteStack(r -> r.stackName("s"));
        settled("GONE");
        stacks().createStack(r -> r.stackName("s").templateBody(retained));
        settled("ROLLBACK_COMPLETE");
        assertThat(queues()).isEqualTo(1);
    }

    @Test
    void aRollbackThatIsAskedForIsToldTheSame() {
        String retained =
                TWO.replace("Q: {Type: AWS::SQS::Queue}", "Q: {Type: AWS::SQS::Queue, DeletionPolicy: Retain}");
        stacks().createStack(r -> r.stackName("s").templateBody(retained).disableRollback(true));
        settled("CREATE_FAILED");
        stacks().rollbackStack(r -> r.stackName("s").retainExceptOnCreate(true));
        settled("ROLLBACK_COMPLETE");
        assertThat(queues()).isZero();
    }

    @Test
    void aPolicyForOneUpdateStandsForTheStacksOwn() {
        String deny =
                "{\"Statement\":[{\"Effect\":\"Deny\",\"Action\":\"Update:*\",\"Principal\":\"*\",\"Resource\":\"*\"}]}";
        String allow = deny.replace("Deny", "Allow");
        stacks().createStack(r -> r.stackName("s").templateBody(QUEUE));
        settled("CREATE_COMPLETE");
        stacks().setStackPolicy(r -> r.stackName("s").stackPolicyBody(deny));
        assertThat(stacks().getStackPolicy(r -> r.stackName("s")).stackPolicyBody())
                .isEqualTo(deny);
        String changed = QUEUE.replace("30", "40");
        stacks().updateStack(r -> r.stackName("s").templateBody(changed));
        settled("UPDATE_ROLLBACK_COMPLETE");
        stacks().updateStack(r -> r.stackName("s").templateBody(changed).stackPolicyDuringUpdateBody(allow));
        settled("UPDATE_COMPLETE");
        assertThat(stacks().getStackPolicy(r -> r.stackName("s")).stackPolicyBody())
                .isEqualTo(deny);
        stacks().updateStack(r -> r.stackName("s").templateBody(QUEUE));
        settled("UPDATE_ROLLBACK_COMPLETE");
    }

    @Test
    void aStackThatCannotBeDeletedIsForcedTo() {
        stacks().createStack(r -> r.stackName("s").templateBody(QUEUE));
        settled("CREATE_COMPLETE");
        assertThatThrownBy(
                        () -> stacks().deleteStack(r -> r.stackName("s").deletionMode(DeletionMode.FORCE_DELETE_STACK)))
                .hasMessageContaining("DELETE_FAILED");
        stacks().deleteStack(r -> r.stackName("s").deletionMode(DeletionMode.STANDARD));
        settled("GONE");
    }

    @Test
    void aStackThatIsNoMoreThanItsNameIsNotChanged() {
        stacks().createStack(r -> r.stackName("s").templateBody(BAD));
        settled("ROLLBACK_COMPLETE");
        assertThatThrownBy(() -> stacks().updateStack(r -> r.stackName("s").templateBody(QUEUE)))
                .hasMessageContaining("is in ROLLBACK_COMPLETE state and can not be updated");
        assertThatThrownBy(() -> stacks().createChangeSet(
                                r -> r.stackName("s").changeSetName("c").templateBody(QUEUE)))
                .hasMessageContaining("is in ROLLBACK_COMPLETE state and can not be updated");
    }

    @Test
    void whatIsNotBuiltOfChangeSetsIsRefused() {
        assertThatThrownBy(() -> stacks().createChangeSet(r -> r.stackName("s")
                        .changeSetName("c")
                        .changeSetType(ChangeSetType.CREATE)
                        .templateBody(QUEUE)
                        .deploymentMode(DeploymentMode.REVERT_DRIFT)))
                .hasMessageContaining("DeploymentMode");
    }
}
