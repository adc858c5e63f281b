package dev.terrane.cloudformation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.terrane.iam.IamService;
import dev.terrane.s3.S3Service;
import dev.terrane.sns.SnsService;
import dev.terrane.sqs.SqsService;
import dev.terrane.ssm.SsmService;
import dev.terrane.sts.StsService;
import dev.terrane.testkit.TestServer;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import software.amazon.awssdk.services.cloudformation.CloudFormationClient;
import software.amazon.awssdk.services.cloudformation.model.*;
import software.amazon.awssdk.services.iam.IamClient;
import software.amazon.awssdk.services.sqs.SqsClient;

/** A server with stack sets, in one account and many regions; their tests work on the set {@code fleet}. */
abstract class StackSetFleet {
    static final String ELSEWHERE = "999999999999";
    static final String EAST = TestServer.REGION;
    static final String WEST = "eu-west-1";
    static final String NORTH = "eu-north-1";
    static final String TEMPLATE = """
            Parameters:
              Seconds: {Type: Number, Default: 30}
            Resources:
              Queue:
                Type: AWS::SQS::Queue
                Properties: {QueueName: work, VisibilityTimeout: !Ref Seconds}
            """;
    static final String ADMINISTRATION = "AWSCloudFormationStackSetAdministrationRole";
    static final String EXECUTION = "AWSCloudFormationStackSetExecutionRole";

    TestServer server;

    @BeforeEach
    void start() {
        server = TestServer.with(
                CloudFormationService::new,
                SqsService::new,
                SnsService::new,
                SsmService::new,
                S3Service::new,
                IamService::new,
                StsService::new);
    }

    @AfterEach
    void stop() {
        // A server that a test has crashed says so, and so does a thread that was just about to make it listen.
        assertThat(server.faults())
                .filteredOn(fault -> !String.valueOf(fault.getMessage()).contains("server has crashed")
                        && !String.valueOf(fault.getMessage()).contains("InterruptedException"))
                .isEmpty();
        server.close();
    }

    CloudFormationClient sets() {
        return server.client(CloudFormationClient.class);
    }

    CloudFormationClient stacks(String region) {
        return server.client(CloudFormationClient.class, server.administrator().principal(), region);
    }

    SqsClient sqs(String region) {
        return server.client(SqsClient.class, server.administrator().principal(), region);
    }

    /** The roles that an administrator makes, as AWS's own templates for them do. */
    void roles() {
        roles(server.client(IamClient.class));
    }

    static void roles(IamClient iam) {
        iam.createRole(r -> r.roleName(ADMINISTRATION).assumeRolePolicyDocument("""
                {"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"sts:AssumeRole",
                 "Principal":{"Service":"cloudformation.amazonaws.com"},
                 "Condition":{"StringEquals":{"aws:SourceAccount":"123456789012"},
                              "StringLike":{"aws:SourceArn":"arn:aws:cloudformation:*:123456789012:stackset/*"}}}]}"""));
        iam.putRolePolicy(r -> r.roleName(ADMINISTRATION).policyName("assume").policyDocument("""
                {"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"sts:AssumeRole",
                 "Resource":"arn:aws:iam::*:role/AWSCloudFormationStackSetExecutionRole"}]}"""));
        iam.createRole(r -> r.roleName(EXECUTION).assumeRolePolicyDocument("""
                {"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"sts:AssumeRole",
                 "Principal":{"AWS":"arn:aws:iam::123456789012:role/AWSCloudFormationStackSetAdministrationRole"}}]}"""));
        allow(iam, "cloudformation:*", "sqs:*");
    }

    void allow(String... actions) {
        allow(server.client(IamClient.class), actions);
    }

    private static void allow(IamClient iam, String... actions) {
        iam.putRolePolicy(r -> r.roleName(EXECUTION)
                .policyName("work")
                .policyDocument("{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Action\":[\""
                        + String.join("\",\"", actions) + "\"],\"Resource\":\"*\"}]}"));
    }

    void set(String name) {
        sets().createStackSet(r -> r.stackSetName(name).templateBody(TEMPLATE).description("of queues"));
    }

    String create(String... regions) {
        return create(List.of(TestServer.ACCOUNT), p -> {}, regions);
    }

    String create(
            List<String> accounts, Consumer<StackSetOperationPreferences.Builder> preferences, String... regions) {
        return sets().createStackInstances(r -> r.stackSetName("fleet")
                        .accounts(accounts)
                        .regions(List.of(regions))
                        .operationPreferences(preferences))
                .operationId();
    }

    String delete(boolean retain, String... regions) {
        return sets().deleteStackInstances(r -> r.stackSetName("fleet")
                        .accounts(TestServer.ACCOUNT)
                        .regions(List.of(regions))
                        .retainStacks(retain))
                .operationId();
    }

    StackSetOperation operation(String id) {
        return sets().describeStackSetOperation(r -> r.stackSetName("fleet").operationId(id))
                .stackSetOperation();
    }

    StackSetOperation ended(String id) {
        TestServer.await(() -> {
            server.advance(Duration.ofMillis(500));
            return operation(id).endTimestamp() != null;
        });
        return operation(id);
    }

    void succeeds(String id) {
        StackSetOperation operation = ended(id);
        assertThat(results(id))
                .extracting(StackSetOperationResultSummary::statusReason)
                .containsOnlyNulls();
        assertThat(operation.status()).isEqualTo(StackSetOperationStatus.SUCCEEDED);
    }

    List<StackSetOperationResultSummary> results(String id) {
        return sets().listStackSetOperationResults(r -> r.stackSetName("fleet").operationId(id))
                .summaries();
    }

    StackInstance instance(String region) {
        return sets().describeStackInstance(r -> r.stackSetName("fleet")
                        .stackInstanceAccount(TestServer.ACCOUNT)
                        .stackInstanceRegion(region))
                .stackInstance();
    }

    String timeout(String region) {
        SqsClient sqs = sqs(region);
        String url = sqs.getQueueUrl(r -> r.queueName("work")).queueUrl();
        return sqs.getQueueAttributes(r -> r.queueUrl(url).attributeNamesWithStrings("VisibilityTimeout"))
                .attributesAsStrings()
                .getOrDefault("VisibilityTimeout", "");
    }

    static Parameter seconds(String value) {
        return Parameter.builder().parameterKey("Seconds").parameterValue(value).build();
    }

    static List<String> told(List<StackSetOperationResultSummary> results) {
        return results.stream()
                .map(r -> r.account() + " " + r.region() + " " + r.statusAsString())
                .toList();
    }
}
