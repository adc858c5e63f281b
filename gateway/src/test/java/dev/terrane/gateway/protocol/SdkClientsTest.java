package dev.terrane.gateway.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.terrane.kernel.contract.ServiceContract;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.core.SdkRequest;
import software.amazon.awssdk.core.SdkResponse;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.cloudwatch.CloudWatchClient;
import software.amazon.awssdk.services.cloudwatch.model.Dimension;
import software.amazon.awssdk.services.cloudwatch.model.GetMetricDataRequest;
import software.amazon.awssdk.services.cloudwatch.model.GetMetricDataResponse;
import software.amazon.awssdk.services.cloudwatch.model.MetricDataResult;
import software.amazon.awssdk.services.cloudwatch.model.MetricDatum;
import software.amazon.awssdk.services.cloudwatch.model.PutMetricDataRequest;
import software.amazon.awssdk.services.cloudwatch.model.PutMetricDataResponse;
import software.amazon.awssdk.services.codecommit.CodeCommitClient;
import software.amazon.awssdk.services.codecommit.model.CreateCommitRequest;
import software.amazon.awssdk.services.codecommit.model.CreateCommitResponse;
import software.amazon.awssdk.services.codecommit.model.FileMetadata;
import software.amazon.awssdk.services.codecommit.model.PutFileEntry;
import software.amazon.awssdk.services.codecommit.model.RepositoryDoesNotExistException;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.ec2.model.DescribeInstancesRequest;
import software.amazon.awssdk.services.ec2.model.DescribeInstancesResponse;
import software.amazon.awssdk.services.ec2.model.Ec2Exception;
import software.amazon.awssdk.services.ec2.model.Filter;
import software.amazon.awssdk.services.ec2.model.Instance;
import software.amazon.awssdk.services.ec2.model.InstanceNetworkInterfaceSpecification;
import software.amazon.awssdk.services.ec2.model.InstanceState;
import software.amazon.awssdk.services.ec2.model.Reservation;
import software.amazon.awssdk.services.ec2.model.ResourceType;
import software.amazon.awssdk.services.ec2.model.RunInstancesRequest;
import software.amazon.awssdk.services.ec2.model.RunInstancesResponse;
import software.amazon.awssdk.services.ec2.model.TagSpecification;
import software.amazon.awssdk.services.iam.IamClient;
import software.amazon.awssdk.services.iam.model.CreateRoleRequest;
import software.amazon.awssdk.services.iam.model.CreateRoleResponse;
import software.amazon.awssdk.services.iam.model.NoSuchEntityException;
import software.amazon.awssdk.services.iam.model.Role;
import software.amazon.awssdk.services.iam.model.Tag;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.BucketLocationConstraint;
import software.amazon.awssdk.services.s3.model.CompleteMultipartUploadRequest;
import software.amazon.awssdk.services.s3.model.CompleteMultipartUploadResponse;
import software.amazon.awssdk.services.s3.model.CompletedPart;
import software.amazon.awssdk.services.s3.model.CopyObjectRequest;
import software.amazon.awssdk.services.s3.model.CopyObjectResponse;
import software.amazon.awssdk.services.s3.model.CopyObjectResult;
import software.amazon.awssdk.services.s3.model.GetBucketAclRequest;
import software.amazon.awssdk.services.s3.model.GetBucketAclResponse;
import software.amazon.awssdk.services.s3.model.GetBucketLocationRequest;
import software.amazon.awssdk.services.s3.model.GetBucketLocationResponse;
import software.amazon.awssdk.services.s3.model.GetBucketPolicyRequest;
import software.amazon.awssdk.services.s3.model.GetBucketPolicyResponse;
import software.amazon.awssdk.services.s3.model.GetObjectRequest;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.Grant;
import software.amazon.awssdk.services.s3.model.Grantee;
import software.amazon.awssdk.services.s3.model.HeadObjectRequest;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Request;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.s3.model.PutObjectResponse;
import software.amazon.awssdk.services.s3.model.S3Object;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.MessageAttributeValue;
import software.amazon.awssdk.services.sqs.model.QueueDoesNotExistException;
import software.amazon.awssdk.services.sqs.model.SendMessageRequest;
import software.amazon.awssdk.services.sqs.model.SendMessageResponse;

/** What the SDK's own clients send is understood, and they understand what is answered. */
class SdkClientsTest {

    private static final OperationRouter ROUTER =
            new OperationRouter(ServiceContract.NAMES, List.of("localhost"), WireLimits.DEFAULT);
    private static final Instant TIME = Instant.parse("2026-03-04T05:06:07.089Z");

    private static WireLoop answering(SdkResponse response) {
        return new WireLoop(ROUTER, (operation, request) -> response);
    }

    private static WireLoop failing(RuntimeException error) {
        return new WireLoop(ROUTER, (operation, request) -> {
            throw error;
        });
    }

    private static SdkRequest only(WireLoop loop) {
        assertThat(loop.requests).hasSize(1);
        // Clients add what is theirs alone, such as an API name in the user agent.
        return loop.requests.getFirst();
    }

    @Test
    void sqsInJson() {
        SendMessageRequest request = SendMessageRequest.builder()
                .queueUrl("http://localhost:4566/123456789012/queue")
                .messageBody("Grüße \"\uD83D\uDE00\" \\ \n")
                .delaySeconds(3)
                .messageAttributes(Map.of(
                        "a",
                        MessageAttributeValue.builder()
                                .dataType("Binary")
                                .binaryValue(SdkBytes.fromUtf8String("bytes"))
                                .build()))
                .build();
        WireLoop loop = answering(SendMessageResponse.builder()
                .messageId("m-1")
                .sequenceNumber("7")
                .build());
        SqsClient sqs = loop.client(SqsClient.builder().checksumValidationEnabled(false));
        SendMessageResponse response = sqs.sendMessage(request);
        assertThat(only(loop)).isEqualTo(request);
        assertThat(response.messageId()).isEqualTo("m-1");
        assertThat(response.responseMetadata().requestId()).isEqualTo("req-1");
    }

    @Test
    void modeledErrorsReachTheClientAsTheirClass() {
        assertThatThrownBy(() -> failing(QueueDoesNotExistException.builder()
                                .message("No such queue")
                                .build())
                        .client(SqsClient.builder())
                        .getQueueUrl(r -> r.queueName("q")))
                .isInstanceOfSatisfying(QueueDoesNotExistException.class, e -> {
                    assertThat(e.statusCode()).isEqualTo(400);
                    assertThat(e.awsErrorDetails().errorMessage()).isEqualTo("No such queue");
                    assertThat(e.awsErrorDetails().errorCode()).isEqualTo("AWS.SimpleQueueService.NonExistentQueue");
                });
        assertThatThrownBy(() -> failing(NoSuchEntityException.builder()
                                .message("No role <r>")
                                .build())
                        .client(IamClient.builder())
                        .getRole(r -> r.roleName("r")))
                .isInstanceOfSatisfying(NoSuchEntityException.class, e -> {
                    assertThat(e.statusCode()).isEqualTo(404);
                    assertThat(e.awsErrorDetails().errorMessage()).isEqualTo("No role <r>");
                    assertThat(e.awsErrorDetails().errorCode()).isEqualTo("NoSuchEntity");
                    assertThat(e.requestId()).isEqualTo("req-1");
                });
        assertThatThrownBy(() -> failing(RepositoryDoesNotExistException.builder()
                                .message("No r")
                                .build())
                        .client(CodeCommitClient.builder())
                        .getRepository(r -> r.repositoryName("r")))
                .isInstanceOf(RepositoryDoesNotExistException.class);
        assertThatThrownBy(() -> failing(
                                NoSuchKeyException.builder().message("No key").build())
                        .client(S3Client.builder().forcePathStyle(true))
                        .getObject(r -> r.bucket("b").key("k")))
                .isInstanceOfSatisfying(NoSuchKeyException.class, e -> {
                    assertThat(e.statusCode()).isEqualTo(404);
                    assertThat(e.requestId()).isEqualTo("req-1");
                });
        assertThatThrownBy(() -> failing(WireErrors.error("InvalidInstanceID.NotFound", 400, "No i-1"))
                        .client(Ec2Client.builder())
                        .describeInstances())
                .isInstanceOfSatisfying(Ec2Exception.class, e -> {
                    assertThat(e.awsErrorDetails().errorCode()).isEqualTo("InvalidInstanceID.NotFound");
                    assertThat(e.awsErrorDetails().errorMessage()).isEqualTo("No i-1");
                });
    }

    @Test
    void iamInQuery() {
        CreateRoleRequest request = CreateRoleRequest.builder()
                .roleName("deploy")
                .path("/a/")
                .assumeRolePolicyDocument("{\"Statement\": [&+ %]}")
                .maxSessionDuration(3600)
                .tags(
                        Tag.builder().key("k").value("v").build(),
                        Tag.builder().key("empty").value("").build())
                .build();
        CreateRoleResponse response = CreateRoleResponse.builder()
                .role(Role.builder()
                        .roleName("deploy")
                        .createDate(Instant.parse("2026-03-04T05:06:07Z"))
                        .assumeRolePolicyDocument("%7B%22a%22%7D<&>")
                        .tags(Tag.builder().key("k").value(" v\r\n").build())
                        .build())
                .build();
        WireLoop loop = answering(response);
        assertThat(loop.client(IamClient.builder()).createRole(request).role()).isEqualTo(response.role());
        assertThat(only(loop)).isEqualTo(request);
    }

    @Test
    void ec2InItsOwnQuery() {
        DescribeInstancesRequest describe = DescribeInstancesRequest.builder()
                .instanceIds("i-1", "i-2")
                .filters(Filter.builder().name("tag:a").values("x", "y").build())
                .maxResults(5)
                .build();
        DescribeInstancesResponse response = DescribeInstancesResponse.builder()
                .reservations(Reservation.builder()
                        .reservationId("r-1")
                        .instances(Instance.builder()
                                .instanceId("i-1")
                                .launchTime(TIME)
                                .ebsOptimized(false)
                                .state(InstanceState.builder()
                                        .code(16)
                                        .name("running")
                                        .build())
                                .tags(software.amazon.awssdk.services.ec2.model.Tag.builder()
                                        .key("a")
                                        .value("b")
                                        .build())
                                .build())
                        .build())
                .nextToken("t")
                .build();
        WireLoop loop = answering(response);
        DescribeInstancesResponse answer = loop.client(Ec2Client.builder()).describeInstances(describe);
        assertThat(answer.reservations()).isEqualTo(response.reservations());
        assertThat(answer.nextToken()).isEqualTo("t");
        assertThat(only(loop)).isEqualTo(describe);

        RunInstancesRequest run = RunInstancesRequest.builder()
                .imageId("ami-1")
                .minCount(1)
                .maxCount(2)
                .userData("dXNlcg==")
                .clientToken("token")
                .tagSpecifications(TagSpecification.builder()
                        .resourceType(ResourceType.INSTANCE)
                        .tags(software.amazon.awssdk.services.ec2.model.Tag.builder()
                                .key("a")
                                .value("b")
                                .build())
                        .build())
                .networkInterfaces(InstanceNetworkInterfaceSpecification.builder()
                        .deviceIndex(0)
                        .groups("sg-1", "sg-2")
                        .associatePublicIpAddress(true)
                        .build())
                .build();
        loop = answering(RunInstancesResponse.builder().build());
        loop.client(Ec2Client.builder()).runInstances(run);
        assertThat(only(loop)).isEqualTo(run);
    }

    @Test
    void codeCommitInJson11() {
        CreateCommitRequest request = CreateCommitRequest.builder()
                .repositoryName("r")
                .branchName("main")
                .putFiles(PutFileEntry.builder()
                        .filePath("a")
                        .fileContent(SdkBytes.fromByteArray(new byte[] {0, -1, 5}))
                        .fileMode("NORMAL")
                        .build())
                .keepEmptyFolders(true)
                .build();
        CreateCommitResponse response = CreateCommitResponse.builder()
                .commitId("c")
                .filesAdded(List.of(FileMetadata.builder().absolutePath("a").build()))
                .filesDeleted(List.of())
                .build();
        WireLoop loop = answering(response);
        CreateCommitResponse answer = loop.client(CodeCommitClient.builder()).createCommit(request);
        assertThat(only(loop)).isEqualTo(request);
        assertThat(answer.equalsBySdkFields(response)).isTrue();
        assertThat(answer.hasFilesDeleted()).isTrue();
        assertThat(answer.hasFilesUpdated()).isFalse();
    }

    @Test
    void cloudWatchInQuery() {
        PutMetricDataRequest put = PutMetricDataRequest.builder()
                .namespace("N")
                .metricData(MetricDatum.builder()
                        .metricName("m")
                        .value(1.25)
                        .timestamp(TIME)
                        .storageResolution(1)
                        .values(1.0, Double.MAX_VALUE)
                        .dimensions(Dimension.builder().name("d").value("v").build())
                        .build())
                .build();
        WireLoop loop = answering(PutMetricDataResponse.builder().build());
        loop.client(CloudWatchClient.builder()).putMetricData(put);
        assertThat(only(loop)).isEqualTo(put);

        // Above 10 KiB the client compresses what it sends.
        PutMetricDataRequest large =
                put.toBuilder().namespace("N".repeat(20_000)).build();
        loop = answering(PutMetricDataResponse.builder().build());
        loop.client(CloudWatchClient.builder()).putMetricData(large);
        assertThat(only(loop)).isEqualTo(large);

        GetMetricDataResponse response = GetMetricDataResponse.builder()
                .metricDataResults(MetricDataResult.builder()
                        .id("a")
                        .timestamps(TIME, Instant.EPOCH)
                        .values(1.0, -2.5)
                        .build())
                .build();
        loop = answering(response);
        GetMetricDataResponse answer = loop.client(CloudWatchClient.builder())
                .getMetricData(GetMetricDataRequest.builder()
                        .startTime(TIME)
                        .endTime(TIME.plusSeconds(1))
                        .build());
        assertThat(answer.metricDataResults()).isEqualTo(response.metricDataResults());
    }

    @Test
    void s3ObjectsInBothAddressStyles() {
        for (boolean pathStyle : List.of(true, false)) {
            PutObjectRequest put = PutObjectRequest.builder()
                    .bucket("bucket")
                    .key("a b/ü+%/c//d")
                    .contentType("text/x")
                    .metadata(Map.of("who", "ann"))
                    .expires(Instant.parse("2026-03-04T05:06:07Z"))
                    .build();
            WireLoop loop = answering(
                    PutObjectResponse.builder().eTag("\"e\"").versionId("v").build());
            S3Client s3 = loop.client(S3Client.builder().forcePathStyle(pathStyle));
            assertThat(s3.putObject(put, RequestBody.fromString("data")).eTag()).isEqualTo("\"e\"");
            PutObjectRequest seen = (PutObjectRequest) only(loop);
            assertThat(seen.key()).isEqualTo(put.key());
            assertThat(seen.bucket()).isEqualTo("bucket");
            assertThat(seen.metadata()).isEqualTo(put.metadata());
            assertThat(seen.contentType()).isEqualTo("text/x");
            assertThat(seen.expires()).isEqualTo(put.expires());

            GetObjectRequest get = GetObjectRequest.builder()
                    .bucket("bucket")
                    .key("k")
                    .range("bytes=0-3")
                    .ifModifiedSince(Instant.parse("2026-03-04T05:06:07Z"))
                    .versionId("v1")
                    .build();
            loop = answering(GetObjectResponse.builder()
                    .eTag("\"e\"")
                    .contentLength(4L)
                    .contentType("text/plain")
                    .lastModified(Instant.parse("2026-03-04T05:06:07Z"))
                    .metadata(Map.of("who", "ann"))
                    .build());
            loop.stream = WireBody.of("data".getBytes(StandardCharsets.UTF_8));
            var answer =
                    loop.client(S3Client.builder().forcePathStyle(pathStyle)).getObjectAsBytes(get);
            assertThat(answer.asUtf8String()).isEqualTo("data");
            assertThat(answer.response().contentType()).isEqualTo("text/plain");
            assertThat(answer.response().metadata()).isEqualTo(Map.of("who", "ann"));
            assertThat(answer.response().lastModified()).isEqualTo("2026-03-04T05:06:07Z");
            GetObjectRequest got = (GetObjectRequest) only(loop);
            assertThat(got.toBuilder().checksumMode((String) null).build()).isEqualTo(get);
        }
    }

    @Test
    void s3OperationsOfTheSamePathAreToldApart() {
        WireLoop loop = answering(CopyObjectResponse.builder()
                .copyObjectResult(CopyObjectResult.builder()
                        .eTag("\"e\"")
                        .lastModified(TIME)
                        .build())
                .build());
        S3Client s3 = loop.client(S3Client.builder().forcePathStyle(true));
        CopyObjectResponse copied = s3.copyObject(CopyObjectRequest.builder()
                .sourceBucket("from")
                .sourceKey("x")
                .destinationBucket("to")
                .destinationKey("y")
                .build());
        assertThat(copied.copyObjectResult().lastModified()).isEqualTo(TIME);
        CopyObjectRequest copy = (CopyObjectRequest) only(loop);
        assertThat(copy.getValueForField("CopySource", String.class)).contains("from/x");
        assertThat(copy.destinationKey()).isEqualTo("y");

        loop = answering(ListObjectsV2Response.builder()
                .contents(S3Object.builder()
                        .key("a<b")
                        .size(3L)
                        .lastModified(TIME)
                        .build())
                .isTruncated(false)
                .keyCount(1)
                .build());
        ListObjectsV2Response listed = loop.client(S3Client.builder().forcePathStyle(true))
                .listObjectsV2(ListObjectsV2Request.builder()
                        .bucket("b")
                        .prefix("a/")
                        .maxKeys(7)
                        .build());
        assertThat(listed.contents())
                .containsExactly(S3Object.builder()
                        .key("a<b")
                        .size(3L)
                        .lastModified(TIME)
                        .build());
        ListObjectsV2Request list = (ListObjectsV2Request) only(loop);
        assertThat(list.prefix()).isEqualTo("a/");
        assertThat(list.maxKeys()).isEqualTo(7);

        loop = answering(CompleteMultipartUploadResponse.builder()
                .eTag("\"e-2\"")
                .key("k")
                .build());
        CompleteMultipartUploadRequest complete = CompleteMultipartUploadRequest.builder()
                .bucket("b")
                .key("k")
                .uploadId("u")
                .multipartUpload(m -> m.parts(
                        CompletedPart.builder().partNumber(1).eTag("\"1\"").build(),
                        CompletedPart.builder().partNumber(2).eTag("\"2\"").build()))
                .build();
        CompleteMultipartUploadResponse completed =
                loop.client(S3Client.builder().forcePathStyle(true)).completeMultipartUpload(complete);
        assertThat(completed.eTag()).isEqualTo("\"e-2\"");
        assertThat(only(loop)).isEqualTo(complete);
    }

    @Test
    void s3BucketDocuments() {
        S3Client s3 = answering(GetBucketLocationResponse.builder()
                        .locationConstraint(BucketLocationConstraint.EU_WEST_1)
                        .build())
                .client(S3Client.builder().forcePathStyle(true));
        assertThat(s3.getBucketLocation(
                                GetBucketLocationRequest.builder().bucket("b").build())
                        .locationConstraint())
                .isEqualTo(BucketLocationConstraint.EU_WEST_1);

        s3 = answering(GetBucketPolicyResponse.builder().policy("{\"a\":1}").build())
                .client(S3Client.builder().forcePathStyle(true));
        assertThat(s3.getBucketPolicy(
                                GetBucketPolicyRequest.builder().bucket("b").build())
                        .policy())
                .isEqualTo("{\"a\":1}");

        GetBucketAclResponse acl = GetBucketAclResponse.builder()
                .owner(o -> o.id("o"))
                .grants(Grant.builder()
                        .grantee(Grantee.builder().type("CanonicalUser").id("o").build())
                        .permission("FULL_CONTROL")
                        .build())
                .build();
        s3 = answering(acl).client(S3Client.builder().forcePathStyle(true));
        assertThat(s3.getBucketAcl(GetBucketAclRequest.builder().bucket("b").build())
                        .grants())
                .isEqualTo(acl.grants());

        WireLoop loop = answering(HeadObjectResponse.builder().contentLength(9L).build());
        HeadObjectResponse head = loop.client(S3Client.builder().forcePathStyle(true))
                .headObject(HeadObjectRequest.builder().bucket("b").key("k").build());
        assertThat(head.contentLength()).isIn(9L, 0L);
        assertThat(loop.responses.getFirst().body().length()).isZero();
    }
}
