package dev.terrane.cloudformation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.terrane.iam.IamService;
import dev.terrane.s3.S3Service;
import dev.terrane.sqs.SqsService;
import dev.terrane.sts.StsService;
import dev.terrane.testkit.TestServer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.cloudformation.CloudFormationClient;
import software.amazon.awssdk.services.cloudformation.model.Change;
import software.amazon.awssdk.services.cloudformation.model.ChangeSetStatus;
import software.amazon.awssdk.services.cloudformation.model.ChangeSetSummary;
import software.amazon.awssdk.services.cloudformation.model.ChangeSetType;
import software.amazon.awssdk.services.cloudformation.model.CreateChangeSetRequest;
import software.amazon.awssdk.services.cloudformation.model.DescribeChangeSetResponse;
import software.amazon.awssdk.services.cloudformation.model.EvaluationType;
import software.amazon.awssdk.services.cloudformation.model.ExecutionStatus;
import software.amazon.awssdk.services.cloudformation.model.InvalidChangeSetStatusException;
import software.amazon.awssdk.services.cloudformation.model.Parameter;
import software.amazon.awssdk.services.cloudformation.model.Stack;
import software.amazon.awssdk.services.cloudformation.model.StackStatus;
import software.amazon.awssdk.services.iam.IamClient;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;

/** Change sets of a stack and of the stacks in it. */
class NestedChangeSetsTest {
    private static final String LEAF = """
            Parameters: {Seconds: {Type: Number, MaxValue: 60}, Note: {Type: String, AllowedPattern: "arn:.*"}}
            Resources:
              Q:
                Type: AWS::SQS::Queue
                Properties: {VisibilityTimeout: !Ref Seconds, Tags: [{Key: note, Value: !Ref Note}]}
            Outputs: {Arn: {Value: !GetAtt Q.Arn}, Told: {Value: !Ref Seconds}}
            """;
    private static final String MIDDLE = """
            Parameters: {Seconds: {Type: Number}}
            Resources:
              Own: {Type: AWS::SQS::Queue}
              Leaf:
                Type: AWS::CloudFormation::Stack
                Properties:
                  TemplateURL: https://templates.s3.amazonaws.com/leaf
                  Parameters: {Seconds: !Ref Seconds, Note: !GetAtt Own.Arn}
            Outputs: {Arn: {Value: !GetAtt Leaf.Outputs.Arn}}
            """;
    private static final String ROOT = """
            Parameters: {Seconds: {Type: Number, Default: 10}}
            Resources:
              Middle:
                Type: AWS::CloudFormation::Stack
                Properties:
                  TemplateURL: https://templates.s3.amazonaws.com/middle
                  Parameters: {Seconds: !Ref Seconds}
              Last:
                Type: AWS::SQS::Queue
                Properties: {Tags: [{Key: of, Value: !GetAtt Middle.Outputs.Arn}]}
            """;

    private TestServer server;

    @BeforeEach
    void start() {
        server = TestServer.with(
                CloudFormationService::new, SqsService::new, S3Service::new, IamService::new, StsService::new);
        server.client(S3Client.class).createBucket(r -> r.bucket("templates"));
        put("leaf", LEAF);
        put("middle", MIDDLE);
    }

    @AfterEach
    void stop() {
        assertThat(server.faults()).isEmpty();
        server.close();
    }

    @Test
    void whatIsNewIsShownWholeAndMadeWhole() {
        DescribeChangeSetResponse root = set("s", ChangeSetType.CREATE, ROOT, 10);
        assertThat(root.statusReason()).isNull();
        assertThat(root.status()).isEqualTo(ChangeSetStatus.CREATE_COMPLETE);
        assertThat(root.includeNestedStacks()).isTrue();
        assertThat(root.rootChangeSetId()).isNull();
        assertThat(root.parentChangeSetId()).isNull();
        assertThat(actions(root)).containsExactly("Add Middle", "Add Last");
        DescribeChangeSetResponse middle = within(root, "Middle");
        DescribeChangeSetResponse leaf = within(middle, "Leaf");
        assertThat(middle.changeSetName()).startsWith("set-Middle-");
        assertThat(actions(middle)).containsExactly("Add Own", "Add Leaf");
        assertThat(actions(leaf)).containsExactly("Add Q");
        assertThat(leaf.parentChangeSetId()).isEqualTo(middle.changeSetId());
        assertThat(leaf.rootChangeSetId()).isEqualTo(root.changeSetId());
        assertThat(leaf.status()).isEqualTo(ChangeSetStatus.CREATE_COMPLETE);
        assertThat(leaf.executionStatus()).isEqualTo(ExecutionStatus.UNAVAILABLE);
        assertThat(leaf.statusReason()).isEqualTo("Only executable from the root change set.");
        // The queue whose ARN it is is yet to be made: a pattern is asked when it is known.
        assertThat(leaf.parameters())
                .extracting(Parameter::parameterValue)
                .containsExactly("10", "{{changeSet:KNOWN_AFTER_APPLY}}");
        assertThat(find(leaf.stackId()).orElseThrow().stackStatus()).isEqualTo(StackStatus.REVIEW_IN_PROGRESS);
        assertThat(find(leaf.stackId()).orElseThrow().rootId()).isEqualTo(root.stackId());
        assertThat(summaries(leaf.stackId()))
                .singleElement()
                .satisfies(one -> assertThat(one.rootChangeSetId()).isEqualTo(root.changeSetId()));

        // What the templates become meanwhile does not count.
        put("leaf", "Resources: {}");
        stacks().executeChangeSet(r -> r.changeSetName(root.changeSetId()));
        server.restart();
        await("s", StackStatus.CREATE_COMPLETE);
        Stack made = find(leaf.stackId()).orElseThrow();
        assertThat(made.stackStatus()).isEqualTo(StackStatus.CREATE_COMPLETE);
        assertThat(made.changeSetId()).isEqualTo(leaf.changeSetId());
        assertThat(made.parameters()).anyMatch(p -> p.parameterValue().startsWith("arn:"));
        assertThat(timeouts()).contains("10");
        assertThat(describe(leaf.changeSetId()).executionStatus()).isEqualTo(ExecutionStatus.EXECUTE_COMPLETE);
        assertThat(stacks().listStacks().stackSummaries()).hasSize(3);
        stacks().deleteStack(r -> r.stackName("s"));
        await(root.stackId(), StackStatus.DELETE_COMPLETE);
        assertThat(find(leaf.stackId()).orElseThrow().stackStatus()).isEqualTo(StackStatus.DELETE_COMPLETE);
        assertThatThrownBy(() -> describe(leaf.changeSetId())).hasMessageContaining("does not exist");
    }

    @Test
    void aChangeDeepWithinIsSeenAndCarriedOut() {
        made();
        DescribeChangeSetResponse same = set("s", ChangeSetType.UPDATE, ROOT, 10);
        assertThat(same.status()).isEqualTo(ChangeSetStatus.FAILED);
        assertThat(same.statusReason()).isEqualTo(ChangeSets.NO_CHANGES);
        stacks().deleteChangeSet(r -> r.changeSetName(same.changeSetId()));

        put("leaf", LEAF.replace("Outputs:", "  Second: {Type: AWS::SQS::Queue}\nOutputs:"));
        DescribeChangeSetResponse root = set("s", ChangeSetType.UPDATE, ROOT, 10);
        assertThat(root.statusReason()).isNull();
        assertThat(actions(root)).containsExactly("Modify Middle");
        DescribeChangeSetResponse leaf = within(within(root, "Middle"), "Leaf");
        assertThat(actions(leaf)).containsExactly("Add Second");
        stacks().executeChangeSet(r -> r.changeSetName(root.changeSetId()));
        await("s", StackStatus.UPDATE_COMPLETE);
        assertThat(find(leaf.stackId()).orElseThrow().stackStatus()).isEqualTo(StackStatus.UPDATE_COMPLETE);
        assertThat(server.client(SqsClient.class).listQueues().queueUrls()).hasSize(4);
    }

    @Test
    void whatIsKnownOnlyAfterwardsIsDynamic() {
        made();
        put("leaf", LEAF.replace("  Q:", "  R:").replace("Q.Arn", "R.Arn"));
        DescribeChangeSetResponse root = set("s", ChangeSetType.UPDATE, ROOT, 20);
        assertThat(actions(root)).containsExactly("Modify Middle", "Modify Last");
        assertThat(root.changes().getLast().resourceChange().details())
                .allMatch(detail -> detail.evaluation() == EvaluationType.DYNAMIC);
        assertThat(actions(within(within(root, "Middle"), "Leaf"))).containsExactly("Add R", "Remove Q");
    }

    @Test
    void whatFailsGoesBackToTheTemplatesOfBefore() {
        made();
        put("leaf", LEAF.replace("Outputs:", "  Second: {Type: AWS::SQS::Queue}\nOutputs:"));
        String broken = ROOT + """
              Bad:
                Type: AWS::SQS::Queue
                DependsOn: Middle
                Properties: {RedrivePolicy: {deadLetterTargetArn: "arn:aws:sqs:us-east-1:1:no", maxReceiveCount: 3000}}
              New:
                Type: AWS::CloudFormation::Stack
                DependsOn: Bad
                Properties: {TemplateURL: "https://templates.s3.amazonaws.com/leaf", Parameters: {Seconds: 5, Note: "arn:"}}
            """;
        DescribeChangeSetResponse root = set("s", ChangeSetType.UPDATE, broken, 10);
        assertThat(root.statusReason()).isNull();
        String review = within(root, "New").stackId();
        stacks().executeChangeSet(r -> r.changeSetName(root.changeSetId()));
        await("s", StackStatus.UPDATE_ROLLBACK_COMPLETE);
        assertThat(server.client(SqsClient.class).listQueues().queueUrls()).hasSize(3);
        assertThat(find(review).orElseThrow().stackStatus()).isEqualTo(StackStatus.DELETE_COMPLETE);
    }

    @Test
    void aFaultInANestedTemplateFailsTheRootAndAllGoesWithIt() {
        put("leaf", LEAF.replace("AWS::SQS::Queue", "AWS::SQS::Kew"));
        DescribeChangeSetResponse root = set("s", ChangeSetType.CREATE, ROOT, 10);
        assertThat(root.status()).isEqualTo(ChangeSetStatus.FAILED);
        DescribeChangeSetResponse middle = within(root, "Middle");
        assertThat(root.statusReason())
                .isEqualTo("Nested change set " + middle.changeSetId()
                        + " was not successfully created: Currently in FAILED.");
        DescribeChangeSetResponse leaf = within(middle, "Leaf");
        assertThat(leaf.status()).isEqualTo(ChangeSetStatus.FAILED);
        assertThat(leaf.statusReason()).contains("AWS::SQS::Kew");
        assertThatThrownBy(() -> stacks().executeChangeSet(r -> r.changeSetName(root.changeSetId())))
                .isInstanceOf(InvalidChangeSetStatusException.class);
        for (String nested : List.of(middle.changeSetId(), leaf.changeSetId())) {
            assertThatThrownBy(() -> stacks().executeChangeSet(r -> r.changeSetName(nested)))
                    .isInstanceOf(InvalidChangeSetStatusException.class)
                    .hasMessageContaining("only from the root change set [" + root.changeSetId() + "]");
            assertThatThrownBy(() -> stacks().deleteChangeSet(r -> r.changeSetName(nested)))
                    .isInstanceOf(InvalidChangeSetStatusException.class);
        }
        stacks().deleteChangeSet(r -> r.changeSetName(root.changeSetId()));
        assertThatThrownBy(() -> describe(leaf.changeSetId())).hasMessageContaining("does not exist");
        assertThat(find(leaf.stackId()).orElseThrow().stackStatus()).isEqualTo(StackStatus.DELETE_COMPLETE);
        assertThat(find(root.stackId()).orElseThrow().stackStatus()).isEqualTo(StackStatus.REVIEW_IN_PROGRESS);
    }

    @Test
    void aBadParameterAndATemplateInItselfAreFaults() {
        DescribeChangeSetResponse bad = set("s", ChangeSetType.CREATE, ROOT, 61);
        assertThat(bad.status()).isEqualTo(ChangeSetStatus.FAILED);
        assertThat(within(within(bad, "Middle"), "Leaf").statusReason())
                .isEqualTo("Parameter 'Seconds' must be a number not greater than 60");
        stacks().deleteStack(r -> r.stackName("s"));
        assertThat(stacks().listStacks().stackSummaries())
                .allMatch(stack -> stack.stackStatus() == StackStatus.DELETE_COMPLETE);
        put("middle", ROOT);
        assertThat(set("t", ChangeSetType.CREATE, ROOT, 10).status()).isEqualTo(ChangeSetStatus.FAILED);
    }

    @Test
    void whoMayNotMakeThemForNestedStacksIsRefused() {
        CloudFormationClient some = server.clientWith(CloudFormationClient.class, """
                {"Version": "2012-10-17", "Statement": [
                  {"Effect": "Allow", "Action": ["cloudformation:*"], "Resource": "arn:aws:cloudformation:*:*:stack/s/*"},
                  {"Effect": "Allow", "Action": ["s3:GetObject"], "Resource": "*"}]}""");
        CreateChangeSetRequest request = CreateChangeSetRequest.builder()
                .stackName("s")
                .changeSetName("set")
                .changeSetType(ChangeSetType.CREATE)
                .templateBody(ROOT)
                .includeNestedStacks(true)
                .build();
        DescribeChangeSetResponse root = describe(some.createChangeSet(request).id());
        assertThat(root.status()).isEqualTo(ChangeSetStatus.FAILED);
        assertThat(within(root, "Middle").statusReason())
                .contains("is not authorized to perform: cloudformation:CreateChangeSet");
    }

    @Test
    void theServiceRoleReadsTheTemplatesAndMakesTheStacks() {
        IamClient iam = server.client(IamClient.class);
        String role = iam.createRole(r -> r.roleName("maker").assumeRolePolicyDocument("""
                        {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "sts:AssumeRole",
                        "Principal": {"Service": "cloudformation.amazonaws.com"}}]}"""))
                .role()
                .arn();
        iam.putRolePolicy(r -> r.roleName("maker").policyName("make").policyDocument("""
                        {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Resource": "*",
                        "Action": ["cloudformation:*", "sqs:*", "s3:GetObject"]}]}"""));
        String id = stacks().createChangeSet(CreateChangeSetRequest.builder()
                        .stackName("s")
                        .changeSetName("set")
                        .changeSetType(ChangeSetType.CREATE)
                        .templateBody(ROOT)
                        .roleARN(role)
                        .includeNestedStacks(true)
                        .build())
                .id();
        assertThat(describe(id).statusReason()).isNull();
        stacks().executeChangeSet(r -> r.changeSetName(id));
        await("s", StackStatus.CREATE_COMPLETE);
    }

    private void made() {
        stacks().createStack(r -> r.stackName("s").templateBody(ROOT));
        await("s", StackStatus.CREATE_COMPLETE);
    }

    private void put(String name, String template) {
        server.client(S3Client.class).putObject(r -> r.bucket("templates").key(name), RequestBody.fromString(template));
    }

    private DescribeChangeSetResponse set(String stack, ChangeSetType type, String template, int seconds) {
        String id = stacks().createChangeSet(r -> r.stackName(stack)
                        .changeSetName("set")
                        .changeSetType(type)
                        .templateBody(template)
                        .includeNestedStacks(true)
                        .parameters(Parameter.builder()
                                .parameterKey("Seconds")
                                .parameterValue(String.valueOf(seconds))
                                .build()))
                .id();
        return describe(id);
    }

    private DescribeChangeSetResponse describe(String id) {
        return stacks().describeChangeSet(r -> r.changeSetName(id));
    }

    private DescribeChangeSetResponse within(DescribeChangeSetResponse set, String logicalId) {
        return describe(set.changes().stream()
                .map(Change::resourceChange)
                .filter(change -> change.logicalResourceId().equals(logicalId))
                .findFirst()
                .orElseThrow()
                .changeSetId());
    }

    private static List<String> actions(DescribeChangeSetResponse set) {
        return set.changes().stream()
                .map(Change::resourceChange)
                .map(change -> change.actionAsString() + " " + change.logicalResourceId())
                .toList();
    }

    private List<ChangeSetSummary> summaries(String stack) {
        return stacks().listChangeSets(r -> r.stackName(stack)).summaries();
    }

    private List<String> timeouts() {
        SqsClient sqs = server.client(SqsClient.class);
        return sqs.listQueues().queueUrls().stream()
                .map(url -> sqs.getQueueAttributes(
                                r -> r.queueUrl(url).attributeNames(QueueAttributeName.VISIBILITY_TIMEOUT))
                        .attributes())
                .map(Map::values)
                .flatMap(values -> values.stream())
                .toList();
    }

    private CloudFormationClient stacks() {
        return server.client(CloudFormationClient.class);
    }

    private Optional<Stack> find(String name) {
        try {
            return stacks().describeStacks(r -> r.stackName(name)).stacks().stream()
                    .findFirst();
        } catch (AwsServiceException e) {
            return Optional.empty();
        }
    }

    private void await(String name, StackStatus status) {
        try {
            TestServer.await(() -> {
                server.advance(Duration.ofSeconds(1));
                return find(name).filter(s -> s.stackStatus() == status).isPresent();
            });
        } catch (AssertionError e) {
            throw new AssertionError(
                    stacks().describeStackEvents(r -> r.stackName(name)).stackEvents().stream()
                            .map(event -> event.logicalResourceId() + " " + event.resourceStatus() + " "
                                    + event.resourceStatusReason())
                            .toList()
                            .toString(),
                    e);
        }
    }
}
