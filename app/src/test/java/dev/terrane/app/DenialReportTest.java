package dev.terrane.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.terrane.cloudtrail.CloudTrailService;
import dev.terrane.iam.IamService;
import dev.terrane.kernel.call.Principal;
import dev.terrane.kernel.store.RecordCodec;
import dev.terrane.kms.KmsService;
import dev.terrane.s3.S3Service;
import dev.terrane.sqs.SqsService;
import dev.terrane.sts.StsService;
import dev.terrane.testkit.TestServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.cloudtrail.CloudTrailClient;
import software.amazon.awssdk.services.iam.IamClient;
import software.amazon.awssdk.services.iam.model.User;
import software.amazon.awssdk.services.kms.KmsClient;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sts.StsClient;
import tools.jackson.databind.JsonNode;

/** What a denial in the trail tells somebody who may decode it. */
class DenialReportTest {
    private static final String QUEUE = "arn:aws:sqs:us-east-1:123456789012:orders";

    private final TestServer server = TestServer.with(
            IamService::new, StsService::new, SqsService::new, S3Service::new, KmsService::new, CloudTrailService::new);

    @AfterEach
    void close() {
        assertThat(server.faults()).isEmpty();
        server.close();
    }

    private static String allow(String action, String resource, String more) {
        return "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Sid\":\"Some\",\"Effect\":\"Allow\",\"Action\":\""
                + action + "\",\"Resource\":\"" + resource + "\"" + more + "}]}";
    }

    /** The report of the latest denial, which a call must bring about. */
    private String report(Runnable call) {
        String requestId = denied(call);
        JsonNode event = server.client(CloudTrailClient.class).lookupEvents(r -> {}).events().stream()
                .map(e -> RecordCodec.json().readTree(e.cloudTrailEvent()))
                .filter(e -> e.path("requestID").asString().equals(requestId))
                .findFirst()
                .orElseThrow();
        String message =
                event.at("/additionalEventData/encodedAuthorizationMessage").asString();
        assertThat(message).doesNotContain("orders");
        String reasons = server.client(StsClient.class)
                .decodeAuthorizationMessage(r -> r.encodedMessage(message))
                .decodedMessage();
        return new DenialReport(event, RecordCodec.json().readTree(reasons)).text();
    }

    private static String denied(Runnable call) {
        try {
            call.run();
        } catch (AwsServiceException e) {
            assertThat(e.awsErrorDetails().errorCode()).as("%s", e).startsWith("AccessDenied");
            return e.requestId();
        }
        throw new AssertionError("It was allowed");
    }

    private String orders() {
        return server.client(SqsClient.class)
                .createQueue(r -> r.queueName("orders"))
                .queueUrl();
    }

    @Test
    void whatNoPolicyAllowsNeedsOneStatement() {
        String url = orders();
        SqsClient limited = server.clientWith(SqsClient.class, allow("sqs:Get*", "*", ""));
        assertThat(report(() -> limited.purgeQueue(r -> r.queueUrl(url))).lines())
                .contains(
                        "  principal  arn:aws:iam::123456789012:user/limited",
                        "  action     sqs:PurgeQueue",
                        "  resource   " + QUEUE,
                        "No identity-based policy allows it.",
                        "To allow it, add to a policy of arn:aws:iam::123456789012:user/limited:",
                        "      \"Effect\" : \"Allow\",",
                        "      \"Action\" : \"sqs:PurgeQueue\",",
                        "      \"Resource\" : \"" + QUEUE + "\"")
                .noneMatch(line -> line.startsWith("These allow"));
    }

    @Test
    void theStatementThatItTellsAllowsIt() {
        String url = orders();
        SqsClient limited = server.clientWith(SqsClient.class, allow("sqs:Get*", "*", ""));
        String report = report(() -> limited.purgeQueue(r -> r.queueUrl(url)));
        String statement = report.substring(report.lastIndexOf("    {"));
        server.clientWith(SqsClient.class, "{\"Version\":\"2012-10-17\",\"Statement\":" + statement + "}")
                .purgeQueue(r -> r.queueUrl(url));
    }

    @Test
    void statementsThatComeNearTellWhatIsInTheWay() {
        String url = orders();
        SqsClient elsewhere = server.clientWith(SqsClient.class, allow("sqs:*", QUEUE + "-old", ""));
        assertThat(report(() -> elsewhere.purgeQueue(r -> r.queueUrl(url))).lines())
                .contains("These allow sqs:PurgeQueue, but not this request:", "    it is about " + QUEUE + "-old")
                .anyMatch(line -> line.matches("  \"Some\" of .* \\(identity-based policy\\)"));
        SqsClient otherwise = server.clientWith(
                SqsClient.class,
                allow(
                        "sqs:*",
                        "*",
                        ",\"Condition\":{\"StringEquals\":{\"aws:RequestedRegion\":\"eu-west-1\"},"
                                + "\"StringLike\":{\"aws:PrincipalTag/team\":[\"a*\",\"b*\"]}}"));
        assertThat(report(() -> otherwise.purgeQueue(r -> r.queueUrl(url))).lines())
                .contains(
                        "    StringEquals of aws:RequestedRegion asks for eu-west-1; the request has us-east-1",
                        "    StringLike of aws:PrincipalTag/team asks for a*, b*; the request has no such key");
    }

    @Test
    void anExplicitDenialTellsTheStatementAndPromisesNothing() {
        String url = orders();
        SqsClient limited = server.clientWith(
                SqsClient.class,
                "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Action\":\"*\",\"Resource\":\"*\"},"
                        + "{\"Effect\":\"Deny\",\"NotAction\":\"sqs:Get*\",\"Resource\":\"" + QUEUE + "\"}]}");
        assertThat(report(() -> limited.purgeQueue(r -> r.queueUrl(url))).lines())
                .contains(
                        "Denied by this statement:",
                        "      \"Effect\" : \"Deny\",",
                        "      \"NotAction\" : [ \"sqs:Get*\" ],")
                .anyMatch(line -> line.matches("  statement 2 of .* \\(identity-based policy\\)"))
                .noneMatch(line -> line.startsWith("To allow it"));
    }

    @Test
    void theBoundaryIsTold() {
        String url = orders();
        IamClient iam = server.client(IamClient.class);
        String boundary = iam.createPolicy(r -> r.policyName("edge").policyDocument(allow("sqs:Get*", "*", "")))
                .policy()
                .arn();
        User alice = iam.createUser(r -> r.userName("alice").permissionsBoundary(boundary))
                .user();
        iam.putUserPolicy(r -> r.userName("alice").policyName("all").policyDocument(allow("*", "*", "")));
        SqsClient bounded =
                server.client(SqsClient.class, new Principal.User("123456789012", alice.userId(), "/", "alice"));
        assertThat(report(() -> bounded.purgeQueue(r -> r.queueUrl(url))).lines())
                .contains(
                        "No permissions boundary allows it.",
                        "To allow it, add to the permissions boundary of " + alice.arn() + ":");
    }

    @Test
    void aKeyThatLetsNobodyInNeedsAPrincipalInItsOwnPolicy() {
        String policy = "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Principal\":{\"AWS\":"
                + "\"arn:aws:iam::123456789012:user/nobody\"},\"Action\":\"kms:*\",\"Resource\":\"*\"}]}";
        KmsClient kms = server.client(KmsClient.class);
        String key = kms.createKey(r -> r.policy(policy).bypassPolicyLockoutSafetyCheck(true))
                .keyMetadata()
                .arn();
        KmsClient other = server.clientWith(KmsClient.class, allow("kms:*", "*", ""));
        assertThat(report(() -> other.describeKey(r -> r.keyId(key))).lines())
                .contains(
                        "No resource-based policy allows it.",
                        "To allow it, add to the policy of " + key + ":",
                        "        \"AWS\" : \"arn:aws:iam::123456789012:user/limited\"",
                        "      \"Resource\" : \"*\"");
    }

    /** What is done with objects is in the history when it is denied. */
    @Test
    void readingDataIsToldToo() {
        S3Client s3 = server.client(S3Client.class);
        s3.createBucket(r -> r.bucket("papers"));
        s3.putObject(r -> r.bucket("papers").key("plan"), RequestBody.fromString("secret"));
        S3Client limited = server.clientWith(S3Client.class, allow("s3:List*", "*", ""));
        assertThat(report(() -> limited.getObjectAsBytes(r -> r.bucket("papers").key("plan")))
                        .lines())
                .contains("  action     s3:GetObject", "      \"Resource\" : \"arn:aws:s3:::papers/plan\"");
    }
}
