package dev.terrane.cloudformation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.terrane.sqs.SqsService;
import dev.terrane.testkit.TestServer;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.services.cloudformation.CloudFormationClient;
import software.amazon.awssdk.services.cloudformation.model.*;

/** Macros of an account: what becomes of templates that name them. */
class MacrosTest {
    private static final String FUNCTION = "arn:aws:lambda:us-east-1:123456789012:function:upper";
    private static final String WHOLE = "Transform: [Upper]\nResources: {Queue: {Type: AWS::SQS::Queue}}\n";
    private static final String PART = """
            Resources:
              Queue:
                Type: AWS::SQS::Queue
                Properties:
                  QueueName: {'Fn::Transform': {Name: Upper, Parameters: {Text: q}}}
            """;
    private static final String REASON = "Transform 123456789012::Upper failed with: the function " + FUNCTION
            + " cannot be called: Lambda functions do not run on this server";

    private TestServer server;
    private CloudFormationClient stacks;

    @BeforeEach
    void start() {
        server = TestServer.with(CloudFormationService::new, SqsService::new);
        stacks = server.client(CloudFormationClient.class);
    }

    @AfterEach
    void stop() {
        assertThat(server.faults()).isEmpty();
        server.close();
    }

    private static String macro(String name) {
        return "Resources: {Macro: {Type: AWS::CloudFormation::Macro, Properties: {Name: " + name + ", FunctionName: \""
                + FUNCTION + "\"}}}";
    }

    private void make(String stack, String name, String status) {
        stacks.createStack(r -> r.stackName(stack).templateBody(macro(name)));
        ends(stack, status);
    }

    private void ends(String stack, String status) {
        TestServer.await(() -> {
            server.advance(Duration.ofMillis(500));
            return !status(stack).endsWith("_IN_PROGRESS");
        });
        assertThat(status(stack)).isEqualTo(status);
    }

    private String status(String stack) {
        return stacks.describeStacks(r -> r.stackName(stack))
                .stacks()
                .getFirst()
                .stackStatusAsString();
    }

    private void use(String template) {
        stacks.createStack(
                r -> r.stackName("user").templateBody(template).capabilities(Capability.CAPABILITY_AUTO_EXPAND));
    }

    private void refused(String message, Runnable request) {
        assertThatThrownBy(request::run).isInstanceOf(AwsServiceException.class).hasMessageContaining(message);
    }

    @Test
    void aTemplateThatNamesAMacroIsToldThatItsFunctionCannotBeCalled() {
        refused("No transform named Upper found.", () -> use(WHOLE));
        make("macros", "Upper", "CREATE_COMPLETE");
        assertThat(stacks.describeStackResource(r -> r.stackName("macros").logicalResourceId("Macro"))
                        .stackResourceDetail()
                        .physicalResourceId())
                .isEqualTo("Upper");
        refused(REASON, () -> use(WHOLE));
        refused(REASON, () -> use(PART));
        for (String template : List.of(WHOLE, PART)) {
            assertThat(stacks.getTemplateSummary(r -> r.templateBody(template)).declaredTransforms())
                    .containsExactly("Upper");
        }
        assertThatThrownBy(() -> stacks.createStack(r -> r.stackName("user").templateBody(PART)))
                .isInstanceOf(InsufficientCapabilitiesException.class);

        stacks.createStack(r -> r.stackName("user").templateBody("Resources: {Queue: {Type: AWS::SQS::Queue}}"));
        ends("user", "CREATE_COMPLETE");
        refused(
                REASON,
                () -> stacks.updateStack(
                        r -> r.stackName("user").templateBody(WHOLE).capabilities(Capability.CAPABILITY_AUTO_EXPAND)));
    }

    @Test
    void aChangeSetWhoseTransformFailsSaysSo() {
        make("macros", "Upper", "CREATE_COMPLETE");
        assertThat(reason("one", WHOLE)).startsWith(REASON);
        assertThat(reason("two", PART)).startsWith(REASON);
        assertThat(reason("three", WHOLE.replace("Upper", "Lower"))).startsWith("No transform named Lower found.");
        assertThatThrownBy(
                        () -> stacks.executeChangeSet(r -> r.stackName("user").changeSetName("one")))
                .isInstanceOf(InvalidChangeSetStatusException.class);
        stacks.deleteChangeSet(r -> r.stackName("user").changeSetName("one"));
    }

    private String reason(String name, String template) {
        stacks.createChangeSet(r -> r.stackName("user")
                .changeSetName(name)
                .changeSetType(ChangeSetType.CREATE)
                .templateBody(template)
                .capabilities(Capability.CAPABILITY_AUTO_EXPAND));
        DescribeChangeSetResponse changeSet =
                stacks.describeChangeSet(r -> r.stackName("user").changeSetName(name));
        assertThat(changeSet.status()).isEqualTo(ChangeSetStatus.FAILED);
        assertThat(changeSet.executionStatus()).isEqualTo(ExecutionStatus.UNAVAILABLE);
        assertThat(changeSet.changes()).isEmpty();
        return changeSet.statusReason();
    }

    @Test
    void anAccountHasOneMacroOfANameInARegion() {
        make("macros", "Upper", "CREATE_COMPLETE");
        String first = stacks.describeStacks(r -> r.stackName("macros"))
                .stacks()
                .getFirst()
                .stackId();
        make("more", "Upper", "ROLLBACK_COMPLETE");
        assertThat(stacks.describeStackEvents(r -> r.stackName("more")).stackEvents())
                .anySatisfy(event -> {
                    assertThat(event.resourceStatus()).isEqualTo(ResourceStatus.CREATE_FAILED);
                    assertThat(event.resourceStatusReason()).isEqualTo("Upper already exists in stack " + first);
                });
        refused(REASON, () -> use(WHOLE));
        CloudFormationClient elsewhere =
                server.client(CloudFormationClient.class, server.administrator().principal(), "eu-west-1");
        refused(
                "No transform named Upper found.",
                () -> elsewhere.createStack(
                        r -> r.stackName("user").templateBody(WHOLE).capabilities(Capability.CAPABILITY_AUTO_EXPAND)));
    }

    @Test
    void aMacroOfAnotherNameIsAnotherOneAndADeletedOneIsGone() {
        make("macros", "Upper", "CREATE_COMPLETE");
        stacks.updateStack(r -> r.stackName("macros").templateBody(macro("Lower")));
        ends("macros", "UPDATE_COMPLETE");
        refused("No transform named Upper found.", () -> use(WHOLE));
        refused("Transform 123456789012::Lower failed with", () -> use(WHOLE.replace("Upper", "Lower")));
        server.restart();
        stacks = server.client(CloudFormationClient.class);
        stacks.deleteStack(r -> r.stackName("macros"));
        TestServer.await(() -> stacks.describeStacks().stacks().isEmpty());
        refused("No transform named Lower found.", () -> use(WHOLE.replace("Upper", "Lower")));
    }
}
