package dev.terrane.cloudformation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.terrane.ec2.Ec2Service;
import dev.terrane.iam.IamService;
import dev.terrane.sqs.SqsService;
import dev.terrane.sts.StsService;
import dev.terrane.testkit.MemoryCompute;
import dev.terrane.testkit.TestServer;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.cloudformation.CloudFormationClient;
import software.amazon.awssdk.services.cloudformation.model.ChangeSetStatus;
import software.amazon.awssdk.services.cloudformation.model.DescribeChangeSetResponse;
import software.amazon.awssdk.services.cloudformation.model.ResourceChange;
import software.amazon.awssdk.services.cloudformation.model.StackStatus;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.iam.IamClient;
import software.amazon.awssdk.services.sqs.SqsClient;

/** What templates take from other stacks, and what is not known before it is done. */
class ReferencesTest {
    private static final String GIVING = "Resources: {Q: {Type: AWS::SQS::Queue}}\nOutputs: {Seconds: {Value: \"%d\"}}";

    private TestServer server;
    private CloudFormationClient stacks;

    @BeforeEach
    void start() {
        MemoryCompute compute = new MemoryCompute();
        server = TestServer.withCompute(
                (data, threads) -> compute,
                IamService::new,
                StsService::new,
                Ec2Service::new,
                SqsService::new,
                CloudFormationService::new);
        stacks = server.client(CloudFormationClient.class);
    }

    @AfterEach
    void stop() {
        assertThat(server.faults()).isEmpty();
        server.close();
    }

    private static String taking(String output, String more) {
        return """
                Resources:
                  Taking:
                    Type: AWS::SQS::Queue
                    Properties:
                      QueueName: taking
                      VisibilityTimeout:
                        Fn::GetStackOutput: {StackName: giving, OutputName: %s%s}
                """.formatted(output, more);
    }

    @Test
    void anOutputOfAnotherStackIsTakenAsItIs() {
        create("giving", GIVING.formatted(45));
        create("taking", taking("Seconds", ""));
        assertThat(timeout()).isEqualTo("45");

        stacks.createChangeSet(r ->
                r.stackName("taking").changeSetName("same").templateBody(taking("Seconds", ", Region: us-east-1")));
        DescribeChangeSetResponse same =
                stacks.describeChangeSet(r -> r.stackName("taking").changeSetName("same"));
        assertThat(same.status()).isEqualTo(ChangeSetStatus.FAILED);
        assertThat(same.statusReason()).startsWith("The submitted information didn't contain changes.");

        stacks.updateStack(r -> r.stackName("giving").templateBody(GIVING.formatted(50)));
        await("giving", StackStatus.UPDATE_COMPLETE);
        stacks.updateStack(r -> r.stackName("taking").templateBody(taking("Seconds", ", Region: us-east-1")));
        await("taking", StackStatus.UPDATE_COMPLETE);
        assertThat(timeout()).isEqualTo("50");
        // A weak reference: it may go.
        stacks.deleteStack(r -> r.stackName("giving"));
        stacks.deleteStack(r -> r.stackName("taking"));
        TestServer.await(
                () -> server.client(SqsClient.class).listQueues().queueUrls().isEmpty());
    }

    @Test
    void aRoleReadsWhereOneIsNamed() {
        create("giving", GIVING.formatted(45));
        IamClient iam = server.client(IamClient.class);
        String role = iam.createRole(r -> r.roleName("reader").assumeRolePolicyDocument("""
                        {"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"sts:AssumeRole",
                         "Principal":{"Service":"cloudformation.amazonaws.com"}}]}"""))
                .role()
                .arn();
        stacks.createStack(r -> r.stackName("taking").templateBody(taking("Seconds", ", RoleArn: \"" + role + "\"")));
        await("taking", StackStatus.ROLLBACK_COMPLETE);
        assertThat(events("taking")).anyMatch(e -> e.contains("CREATE_FAILED") && e.contains("DescribeStacks"));

        iam.putRolePolicy(r -> r.roleName("reader").policyName("read").policyDocument("""
                {"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"cloudformation:DescribeStacks","Resource":"*"}]}"""));
        stacks.createStack(r -> r.stackName("again").templateBody(taking("Seconds", ", RoleArn: \"" + role + "\"")));
        await("again", StackStatus.CREATE_COMPLETE);
        assertThat(timeout()).isEqualTo("45");
    }

    @Test
    void anOutputThatIsNotThereFails() {
        create("giving", GIVING.formatted(45));
        stacks.createStack(r -> r.stackName("taking").templateBody(taking("Minutes", "")));
        await("taking", StackStatus.ROLLBACK_COMPLETE);
        assertThat(events("taking"))
                .anyMatch(e -> e.contains("Taking CREATE_FAILED Stack [giving] has no output Minutes"));
    }

    @Test
    void whetherAPropertyReplacesIsAskedOfItsHandler() {
        String network = "Resources:\n  V: {Type: AWS::EC2::VPC, Properties: {CidrBlock: 10.1.0.0/16%s}}\n%s";
        create("net", network.formatted("", ""));
        assertThat(change(network.formatted(", InstanceTenancy: default", "")).replacementAsString())
                .isEqualTo("False");
        assertThat(change(network.formatted(", InstanceTenancy: dedicated", "")).replacementAsString())
                .isEqualTo("True");
        assertThat(change(network.formatted(", InstanceTenancy: !Ref Q", "  Q: {Type: AWS::SQS::Queue}\n"))
                        .replacementAsString())
                .isEqualTo("Conditional");
    }

    @Test
    void otherVolumesMakeAnotherInstance() {
        String image = server.client(Ec2Client.class)
                .describeImages(r -> r.owners("amazon"))
                .images()
                .getFirst()
                .imageId();
        String instance = "Resources: {V: {Type: AWS::EC2::Instance, Properties: {ImageId: " + image
                + ", BlockDeviceMappings: [{DeviceName: /dev/xvda, Ebs: {%s}}]}}}";
        create("net", instance.formatted("VolumeSize: 20"));
        assertThat(change(instance.formatted("VolumeSize: 30")).replacementAsString())
                .isEqualTo("True");
        assertThat(change(instance.formatted("VolumeSize: 20, DeleteOnTermination: false"))
                        .replacementAsString())
                .isEqualTo("False");
    }

    @Test
    void aResourceStaysOfItsType() {
        create("giving", GIVING.formatted(45));
        String other = "Resources: {Q: {Type: AWS::EC2::InternetGateway}}";
        assertThatThrownBy(() -> stacks.updateStack(r -> r.stackName("giving").templateBody(other)))
                .hasMessageContaining(
                        "Update of resource type is not permitted. The new template modifies resource type"
                                + " of the following resources: [Q]");
    }

    private ResourceChange change(String template) {
        stacks.createChangeSet(r -> r.stackName("net").changeSetName("c").templateBody(template));
        DescribeChangeSetResponse set =
                stacks.describeChangeSet(r -> r.stackName("net").changeSetName("c"));
        stacks.deleteChangeSet(r -> r.stackName("net").changeSetName("c"));
        assertThat(set.statusReason()).isNull();
        return set.changes().stream()
                .map(c -> c.resourceChange())
                .filter(c -> c.logicalResourceId().equals("V"))
                .findFirst()
                .orElseThrow();
    }

    private void create(String name, String template) {
        stacks.createStack(r -> r.stackName(name).templateBody(template));
        await(name, StackStatus.CREATE_COMPLETE);
    }

    private String timeout() {
        SqsClient sqs = server.client(SqsClient.class);
        return sqs.getQueueAttributes(r -> r.queueUrl(
                                sqs.getQueueUrl(q -> q.queueName("taking")).queueUrl())
                        .attributeNamesWithStrings("VisibilityTimeout"))
                .attributesAsStrings()
                .getOrDefault("VisibilityTimeout", "");
    }

    private void await(String name, StackStatus status) {
        try {
            TestServer.await(() -> {
                server.advance(java.time.Duration.ofSeconds(1));
                return stacks.describeStacks(r -> r.stackName(name))
                                .stacks()
                                .getFirst()
                                .stackStatus()
                        == status;
            });
        } catch (AssertionError e) {
            throw new AssertionError(String.join("\n", events(name)), e);
        }
    }

    private List<String> events(String name) {
        return stacks.describeStackEvents(r -> r.stackName(name)).stackEvents().reversed().stream()
                .map(e -> e.logicalResourceId() + " " + e.resourceStatusAsString()
                        + (e.resourceStatusReason() == null ? "" : " " + e.resourceStatusReason()))
                .toList();
    }
}
