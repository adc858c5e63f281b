package dev.terrane.gateway.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.terrane.kernel.contract.ServiceContract;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.services.cloudwatch.model.PutMetricDataRequest;
import software.amazon.awssdk.services.s3control.model.ListTagsForResourceRequest;
import software.amazon.awssdk.services.sqs.model.MessageAttributeValue;
import software.amazon.awssdk.services.sqs.model.QueueDoesNotExistException;
import software.amazon.awssdk.services.sqs.model.ReceiveMessageResponse;
import software.amazon.awssdk.services.sqs.model.SendMessageBatchRequest;
import software.amazon.awssdk.services.sqs.model.SendMessageRequest;
import software.amazon.awssdk.services.sqs.model.SetQueueAttributesRequest;
import software.amazon.awssdk.services.sts.model.GetCallerIdentityRequest;

class OperationRouterTest {

    private static final OperationRouter ROUTER =
            new OperationRouter(ServiceContract.NAMES, List.of("localhost"), WireLimits.DEFAULT);
    private static final String FORM = "application/x-www-form-urlencoded; charset=utf-8";

    private static WireRequest request(String method, String uri, String body, String... headers) {
        int question = uri.indexOf('?');
        return new WireRequest(
                method,
                question < 0 ? uri : uri.substring(0, question),
                question < 0 ? "" : uri.substring(question + 1),
                Headers.of(headers),
                WireBody.of(body.getBytes(StandardCharsets.UTF_8)));
    }

    private static Routing.Found found(WireRequest request, String... signingName) {
        return (Routing.Found)
                ROUTER.route(request, signingName.length == 0 ? Optional.empty() : Optional.of(signingName[0]));
    }

    private static Object decode(Routing.Found found) {
        return found.protocol().decode(found.operation(), found.request());
    }

    private static Object form(String body, String... signingName) {
        return decode(found(request("POST", "/", body, "Content-Type", FORM), signingName));
    }

    @ParameterizedTest
    @CsvSource({
        "GET, /, ListBuckets",
        "GET, /b, ListObjects",
        "GET, /b/, ListObjects",
        "GET, /b?list-type=2&prefix=a, ListObjectsV2",
        "GET, /b?versions, ListObjectVersions",
        "GET, /b?uploads, ListMultipartUploads",
        "GET, /b?location, GetBucketLocation",
        "GET, /b?policy=, GetBucketPolicy",
        "GET, /b?analytics, ListBucketAnalyticsConfigurations",
        "GET, /b?analytics&id=x, GetBucketAnalyticsConfiguration",
        "PUT, /b, CreateBucket",
        "PUT, /b?versioning, PutBucketVersioning",
        "DELETE, /b, DeleteBucket",
        "HEAD, /b, HeadBucket",
        "POST, /b?delete, DeleteObjects",
        "GET, /b/k, GetObject",
        "GET, /b/k?versionId=1&response-content-type=a, GetObject",
        "GET, /b/k/?tagging, GetObjectTagging",
        "GET, /b/k?uploadId=u, ListParts",
        "GET, /b/k?attributes, GetObjectAttributes",
        "HEAD, /b/k/l, HeadObject",
        "PUT, /b/k, PutObject",
        "PUT, /b/k?x-id=PutObject, PutObject",
        "PUT, /b/k?acl, PutObjectAcl",
        "PUT, /b/k?partNumber=1&uploadId=u, UploadPart",
        "POST, /b/k?uploads, CreateMultipartUpload",
        "POST, /b/k?uploadId=u, CompleteMultipartUpload",
        "DELETE, /b/k?uploadId=u, AbortMultipartUpload",
        "DELETE, /b/k, DeleteObject"
    })
    void s3OperationsByMethodPathAndQuery(String method, String uri, String operation) {
        assertThat(found(request(method, uri, "")).operation().operation().name())
                .isEqualTo(operation);
    }

    @Test
    void s3CopiesAreToldByTheirHeader() {
        assertThat(found(request("PUT", "/b/k", "", "X-Amz-Copy-Source", "a/b"))
                        .operation()
                        .operation()
                        .name())
                .isEqualTo("CopyObject");
        assertThat(found(request("PUT", "/b/k?partNumber=1&uploadId=u", "", "x-amz-copy-source", "a/b"))
                        .operation()
                        .operation()
                        .name())
                .isEqualTo("UploadPartCopy");
    }

    @ParameterizedTest
    @ValueSource(strings = {"111122223333.127.0.0.1:4566", "111122223333.localhost:4566", "localhost"})
    void s3ControlIsToldByTheAccountInItsHeader(String host) {
        String uri = "/v20180820/tags/arn%3Aaws%3As3%3A%3A%3Ab";
        Routing.Found control = found(request("GET", uri, "", "Host", host, "x-amz-account-id", "111122223333"), "s3");
        assertThat(control.operation().service().name()).isEqualTo("s3control");
        assertThat(control.operation().operation().name()).isEqualTo("ListTagsForResource");
        assertThat(decode(control))
                .isEqualTo(ListTagsForResourceRequest.builder()
                        .accountId("111122223333")
                        .resourceArn("arn:aws:s3:::b")
                        .build());
        assertThat(found(request("GET", uri, ""), "s3").operation().operation().name())
                .as("an object of a bucket of that name")
                .isEqualTo("GetObject");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"b.x.s3.us-east-1.amazonaws.com", "b.x.s3.localhost:4566", "b.x.localhost", "B.x.S3.example"})
    void bucketsInHostNames(String host) {
        assertThat(found(request("GET", "/k", "", "Host", host)).request().path())
                .isEqualTo("/b.x/k");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"localhost:4566", "s3.us-east-1.amazonaws.com", "127.0.0.1:4566", "s3.localhost", "[::1]:4566"})
    void hostNamesWithoutBucket(String host) {
        assertThat(found(request("GET", "/b/k", "", "Host", host)).request().path())
                .isEqualTo("/b/k");
    }

    @Test
    void sqsInTheQueryOfOlderClients() {
        SendMessageRequest send = (SendMessageRequest)
                form("Action=SendMessage&Version=2012-11-05&QueueUrl=http%3A%2F%2Fq&MessageBody=a+b"
                        + "&MessageAttribute.1.Name=n&MessageAttribute.1.Value.DataType=String"
                        + "&MessageAttribute.1.Value.StringValue=v");
        assertThat(send.queueUrl()).isEqualTo("http://q");
        assertThat(send.messageBody()).isEqualTo("a b");
        assertThat(send.messageAttributes())
                .containsEntry(
                        "n",
                        MessageAttributeValue.builder()
                                .dataType("String")
                                .stringValue("v")
                                .build());
        SendMessageBatchRequest batch = (SendMessageBatchRequest) form(
                "Action=SendMessageBatch&QueueUrl=q&SendMessageBatchRequestEntry.1.Id=a"
                        + "&SendMessageBatchRequestEntry.1.MessageBody=x&SendMessageBatchRequestEntry.2.Id=b",
                "sqs");
        assertThat(batch.entries()).hasSize(2);
        SetQueueAttributesRequest set = (SetQueueAttributesRequest) form(
                "Action=SetQueueAttributes&QueueUrl=q&Attribute.1.Name=VisibilityTimeout&Attribute.1.Value=35", "sqs");
        assertThat(set.attributesAsStrings()).isEqualTo(Map.of("VisibilityTimeout", "35"));

        Routing.Found receive =
                found(request("POST", "/123456789012/q", "Action=ReceiveMessage", "Content-Type", FORM), "sqs");
        assertThat(decode(receive)).hasToString("ReceiveMessageRequest(QueueUrl=http://localhost/123456789012/q)");
        ReceiveMessageResponse response = ReceiveMessageResponse.builder()
                .messages(software.amazon.awssdk.services.sqs.model.Message.builder()
                        .body("x")
                        .attributesWithStrings(Map.of("SenderId", "s"))
                        .build())
                .build();
        WireResponse answer = receive.protocol().encode(receive.operation(), response, "r");
        assertThat(text(answer))
                .contains("<ReceiveMessageResult><Message><Body>x</Body><Attribute><Name>SenderId</Name>"
                        + "<Value>s</Value></Attribute></Message></ReceiveMessageResult>");
    }

    @Test
    void queryCompatibleErrorsTellBothNames() {
        Routing.Found json = found(request(
                "POST",
                "/",
                "{}",
                "X-Amz-Target",
                "AmazonSQS.GetQueueUrl",
                "Content-Type",
                "application/x-amz-json-1.0"));
        QueueDoesNotExistException error =
                QueueDoesNotExistException.builder().message("no").build();
        WireResponse answer = json.protocol().encodeError(json.service(), error, json.request(), "r");
        assertThat(answer.headers().first("x-amzn-query-error"))
                .contains("AWS.SimpleQueueService.NonExistentQueue;Sender");
        assertThat(text(answer)).contains("\"__type\":\"QueueDoesNotExist\"");
    }

    @Test
    void cloudWatchInAllItsProtocols() {
        PutMetricDataRequest expected =
                PutMetricDataRequest.builder().namespace("N").build();
        // {"Namespace": "N"}
        byte[] cbor = Base64.getDecoder().decode("oWlOYW1lc3BhY2VhTg==");
        WireRequest rpc = request(
                        "POST",
                        "/service/GraniteServiceVersion20100801/operation/PutMetricData",
                        "",
                        "smithy-protocol",
                        "rpc-v2-cbor")
                .withBody(WireBody.of(cbor));
        assertThat(decode(found(rpc))).isEqualTo(expected);
        assertThat(decode(found(request(
                        "POST",
                        "/",
                        "{\"Namespace\":\"N\"}",
                        "X-Amz-Target",
                        "GraniteServiceVersion20100801.PutMetricData",
                        "Content-Type",
                        "application/x-amz-json-1.0"))))
                .isEqualTo(expected);
        assertThat(form("Action=PutMetricData&Version=2010-08-01&Namespace=N")).isEqualTo(expected);
    }

    @Test
    void queryParametersMayStandInTheUri() {
        assertThat(decode(found(request("GET", "/?Action=GetCallerIdentity&Version=2011-06-15", ""))))
                .isInstanceOf(GetCallerIdentityRequest.class);
    }

    @Test
    void unknownOperationsAreNamedWithTheirService() {
        Routing json =
                ROUTER.route(request("POST", "/", "{}", "X-Amz-Target", "AmazonSQS.Nothing"), Optional.of("sqs"));
        assertThat(json)
                .isInstanceOfSatisfying(
                        Routing.Unknown.class,
                        unknown -> assertThat(unknown.error().awsErrorDetails().errorMessage())
                                .contains("SQS", "Nothing"));
        Routing query = ROUTER.route(request("POST", "/", "Action=Nothing", "Content-Type", FORM), Optional.of("iam"));
        assertThat(query).isInstanceOfSatisfying(Routing.Unknown.class, unknown -> {
            assertThat(unknown.error().awsErrorDetails().errorCode()).isEqualTo("InvalidAction");
            assertThat(unknown.service().name()).isEqualTo("iam");
        });
        assertThat(ROUTER.route(request("PATCH", "/b", ""), Optional.empty())).isInstanceOf(Routing.Unknown.class);
        assertThat(ROUTER.route(request("GET", "/", ""), Optional.of("nosuch"))).isInstanceOf(Routing.Unknown.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"{", "[]", "{\"MessageBody\":1}", "{\"DelaySeconds\":\"1\"}", "{\"DelaySeconds\":1e99}", "\u0000"
            })
    void malformedJsonIsRefused(String body) {
        Routing.Found found = found(request("POST", "/", body, "X-Amz-Target", "AmazonSQS.SendMessage"));
        refused(found, "SerializationException");
    }

    @ParameterizedTest
    @ValueSource(strings = {"com.amazonaws.cloudtrail.v20131101.CloudTrail_20131101", "CloudTrail_20131101"})
    void aTargetIsNamedWithItsNamespaceOrWithout(String prefix) {
        Routing.Found found = found(request("POST", "/", "{}", "X-Amz-Target", prefix + ".ListTrails"));
        assertThat(found.operation().operation().name()).isEqualTo("ListTrails");
    }

    @Test
    void depthAndEntitiesAreBounded() {
        refused(
                found(request("POST", "/", "{\"x\":" + "[".repeat(100_000), "X-Amz-Target", "AmazonSQS.SendMessage")),
                "SerializationException");
        refused(found(request("PUT", "/b?tagging", "<Tagging>" + "<a>".repeat(100_000))), "MalformedXML");
        refused(
                found(
                        request(
                                "PUT",
                                "/b?tagging",
                                "<!DOCTYPE Tagging [<!ENTITY x \"y\">]><Tagging><TagSet><Tag><Key>&x;</Key></Tag></TagSet></Tagging>")),
                "MalformedXML");
        refused(found(request("PUT", "/b?tagging", "<Wrong/>")), "MalformedXML");
        refused(
                found(
                        request(
                                "POST",
                                "/",
                                "Action=GetRole&RoleName" + ".a".repeat(5_000) + "=1",
                                "Content-Type",
                                FORM),
                        "iam"),
                "MalformedInput");
    }

    @Test
    void bodiesAreBounded() {
        WireRequest large = request("POST", "/", "", "X-Amz-Target", "AmazonSQS.SendMessage")
                .withBody(new WireBody.Streamed(new ByteArrayInputStream(new byte[(16 << 20) + 1]), -1));
        assertThatThrownBy(() -> found(large)).isInstanceOf(WireRequest.BodyTooLargeException.class);
    }

    private static void refused(Routing.Found found, String code) {
        assertThatThrownBy(() -> decode(found)).isInstanceOfSatisfying(AwsServiceException.class, e -> {
            assertThat(e.awsErrorDetails().errorCode()).isEqualTo(code);
            assertThat(e.statusCode()).isEqualTo(400);
        });
    }

    private static String text(WireResponse response) {
        WireBody.Bytes bytes = (WireBody.Bytes) response.body();
        return new String(bytes.array(), bytes.offset(), bytes.count(), StandardCharsets.UTF_8);
    }
}
