package dev.terrane.cloudcontrol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.terrane.cloudformation.CloudFormationService;
import dev.terrane.cloudwatchlogs.CloudWatchLogsService;
import dev.terrane.kernel.error.AwsErrors;
import dev.terrane.s3.S3Service;
import dev.terrane.sqs.SqsService;
import dev.terrane.ssm.SsmService;
import dev.terrane.testkit.TestServer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.cloudcontrol.CloudControlClient;
import software.amazon.awssdk.services.cloudcontrol.model.*;
import software.amazon.awssdk.services.cloudwatchlogs.CloudWatchLogsClient;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;

/** Resources through Cloud Control API: made, read, changed, listed and deleted, with what AWS documents of requests. */
class CloudControlTest {
    private static final String QUEUE = "AWS::SQS::Queue";
    private static final String GROUP = "AWS::Logs::LogGroup";

    private final TestServer server = TestServer.with(
            CloudControlService::new,
            CloudFormationService::new,
            CloudWatchLogsService::new,
            S3Service::new,
            SqsService::new,
            SsmService::new);
    private CloudControlClient resources = server.client(CloudControlClient.class);
    private final SqsClient sqs = server.client(SqsClient.class);

    @AfterEach
    void stop() {
        server.close();
    }

    private static String json(String text) {
        return text.replace('\'', '"');
    }

    private ProgressEvent ended(ProgressEvent event) {
        TestServer.await(() -> !status(event).operationStatusAsString().endsWith("IN_PROGRESS"));
        return status(event);
    }

    private ProgressEvent status(ProgressEvent event) {
        return resources
                .getResourceRequestStatus(r -> r.requestToken(event.requestToken()))
                .progressEvent();
    }

    private ProgressEvent create(String type, String desired) {
        return ended(resources
                .createResource(r -> r.typeName(type).desiredState(json(desired)))
                .progressEvent());
    }

    private ProgressEvent update(String type, String identifier, String patch) {
        return ended(resources
                .updateResource(r -> r.typeName(type).identifier(identifier).patchDocument(json(patch)))
                .progressEvent());
    }

    private ProgressEvent delete(String type, String identifier) {
        return ended(resources
                .deleteResource(r -> r.typeName(type).identifier(identifier))
                .progressEvent());
    }

    private String properties(String type, String identifier) {
        return resources
                .getResource(r -> r.typeName(type).identifier(identifier))
                .resourceDescription()
                .properties();
    }

    private static void refused(ThrowingCallable call, String code, String message) {
        assertThatThrownBy(call).isInstanceOfSatisfying(AwsServiceException.class, e -> {
            assertThat(e.awsErrorDetails().errorCode()).isEqualTo(code);
            assertThat(AwsErrors.message(e)).contains(message);
        });
    }

    @Test
    void aResourceIsMadeReadChangedListedAndDeleted() {
        ProgressEvent begun = resources
                .createResource(r -> r.typeName(QUEUE)
                        .desiredState(json("{'QueueName':'work','VisibilityTimeout':45,"
                                + "'Tags':[{'Key':'team','Value':'red'}]}")))
                .progressEvent();
        assertThat(begun.operationStatus()).isEqualTo(OperationStatus.IN_PROGRESS);
        assertThat(begun.operation()).isEqualTo(Operation.CREATE);
        ProgressEvent made = ended(begun);
        assertThat(made.operationStatus()).isEqualTo(OperationStatus.SUCCESS);
        String url = made.identifier();
        assertThat(url).endsWith("/work");
        assertThat(made.resourceModel()).contains("\"VisibilityTimeout\":45").contains("\"QueueUrl\"");
        assertThat(sqs.listQueueTags(r -> r.queueUrl(url)).tags()).isEqualTo(Map.of("team", "red"));

        assertThat(properties(QUEUE, url)).contains("\"VisibilityTimeout\":45", "\"Arn\":");
        assertThat(properties(QUEUE, json("{'QueueUrl':'" + url + "'}"))).contains("\"VisibilityTimeout\":45");

        ProgressEvent changed = update(
                QUEUE,
                url,
                "[{'op':'test','path':'/VisibilityTimeout','value':45},"
                        + "{'op':'replace','path':'/VisibilityTimeout','value':50},"
                        + "{'op':'add','path':'/Tags/-','value':{'Key':'cost','Value':'7'}},"
                        + "{'op':'remove','path':'/Tags/0'}]");
        assertThat(changed.operationStatus()).as(changed.toString()).isEqualTo(OperationStatus.SUCCESS);
        assertThat(changed.resourceModel()).contains("\"VisibilityTimeout\":50");
        assertThat(sqs.getQueueAttributes(r -> r.queueUrl(url).attributeNames(QueueAttributeName.VISIBILITY_TIMEOUT))
                        .attributes())
                .containsEntry(QueueAttributeName.VISIBILITY_TIMEOUT, "50");
        assertThat(sqs.listQueueTags(r -> r.queueUrl(url)).tags()).isEqualTo(Map.of("cost", "7"));

        assertThat(resources.listResources(r -> r.typeName(QUEUE)).resourceDescriptions())
                .singleElement()
                .satisfies(one -> {
                    assertThat(one.identifier()).isEqualTo(url);
                    assertThat(one.properties()).isEqualTo("{\"QueueUrl\":\"" + url + "\"}");
                });

        assertThat(delete(QUEUE, url).operationStatus()).isEqualTo(OperationStatus.SUCCESS);
        assertThat(sqs.listQueues().queueUrls()).isEmpty();
        refused(
                () -> properties(QUEUE, url),
                "ResourceNotFoundException",
                "AWS::SQS::Queue Handler returned status FAILED: Resource of type 'AWS::SQS::Queue' with identifier '"
                        + url + "' was not found. (HandlerErrorCode: NotFound, RequestToken: ");
        ProgressEvent gone = delete(QUEUE, url);
        assertThat(gone.operationStatus()).isEqualTo(OperationStatus.FAILED);
        assertThat(gone.errorCode()).isEqualTo(HandlerErrorCode.NOT_FOUND);
        assertThat(gone.statusMessage()).contains("was not found");
    }

    @Test
    void aResourceWithoutANameGetsOne() {
        assertThat(create(QUEUE, "{}").identifier()).matches(".*/[A-Z0-9]{25}-[A-Z0-9]{12}");
        assertThat(create("AWS::S3::Bucket", "{}").identifier()).matches("[a-z0-9]{25}-[a-z0-9]{12}");
    }

    @Test
    void anIdentifierThatIsGivenIsKnownAtOnce() {
        ProgressEvent begun = resources
                .createResource(r -> r.typeName(GROUP).desiredState(json("{'LogGroupName':'g'}")))
                .progressEvent();
        assertThat(begun.identifier()).isEqualTo("g");
        assertThat(ended(begun).operationStatus()).isEqualTo(OperationStatus.SUCCESS);
    }

    @Test
    void compositeIdentifiersAreJoined() {
        create(GROUP, "{'LogGroupName':'g'}");
        ProgressEvent made = create(
                "AWS::Logs::MetricFilter",
                "{'LogGroupName':'g','FilterName':'f','FilterPattern':'',"
                        + "'MetricTransformations':[{'MetricName':'m','MetricNamespace':'n','MetricValue':'1'}]}");
        assertThat(made.operationStatus()).as(made.toString()).isEqualTo(OperationStatus.SUCCESS);
        assertThat(made.identifier()).isEqualTo("g|f");
        assertThat(properties("AWS::Logs::MetricFilter", "g|f")).contains("\"FilterName\":\"f\"");
        assertThat(properties("AWS::Logs::MetricFilter", json("{'FilterName':'f','LogGroupName':'g'}")))
                .contains("\"FilterName\":\"f\"");
        refused(
                () -> properties("AWS::Logs::MetricFilter", "f"),
                "ValidationException",
                "Identifier f is not valid for identifier [/properties/LogGroupName, /properties/FilterName]");
        assertThat(delete("AWS::Logs::MetricFilter", "g|f").operationStatus()).isEqualTo(OperationStatus.SUCCESS);
    }

    @Test
    void whatTheHandlerFailsWithIsTold() {
        create(GROUP, "{'LogGroupName':'g'}");
        ProgressEvent again = create(GROUP, "{'LogGroupName':'g'}");
        assertThat(again.operationStatus()).isEqualTo(OperationStatus.FAILED);
        assertThat(again.errorCode()).isEqualTo(HandlerErrorCode.ALREADY_EXISTS);
        assertThat(again.statusMessage()).contains("already exists");
        ProgressEvent invalid = create(QUEUE, "{'QueueName':'q','VisibilityTimeout':99999}");
        assertThat(invalid.operationStatus()).isEqualTo(OperationStatus.FAILED);
        assertThat(invalid.errorCode()).isEqualTo(HandlerErrorCode.INVALID_REQUEST);
    }

    @Test
    void propertiesAreHeldAgainstTheSchema() {
        Consumer<String> nothing = desired -> refused(
                () -> resources.createResource(r -> r.typeName(QUEUE).desiredState(json(desired))),
                "ValidationException",
                "Model validation failed (#: extraneous key [");
        nothing.accept("{'QueueNam':'q'}");
        // What only reading gives cannot be set.
        nothing.accept("{'QueueUrl':'http://q'}");
        refused(
                () -> resources.createResource(
                        r -> r.typeName("AWS::SSM::Parameter").desiredState(json("{'Value':'v'}"))),
                "ValidationException",
                "required key [Type] not found");
        refused(
                () -> resources.createResource(r -> r.typeName(QUEUE).desiredState("[]")),
                "ValidationException",
                "DesiredState must be a JSON object");
        assertThat(sqs.listQueues().queueUrls()).isEmpty();
    }

    @Test
    void patchesOfWhatCannotBeChangedAreRefused() {
        String url = create(QUEUE, "{'QueueName':'q'}").identifier();
        refused(
                () -> update(QUEUE, url, "[{'op':'replace','path':'/QueueName','value':'other'}]"),
                "NotUpdatableException",
                "Invalid patch update: createOnlyProperties [/properties/QueueName] cannot be updated");
        refused(
                () -> update(QUEUE, url, "[{'op':'replace','path':'/Arn','value':'other'}]"),
                "NotUpdatableException",
                "Invalid patch update: readOnlyProperties [/properties/Arn] cannot be updated");
        refused(
                () -> update(QUEUE, url, "[{'op':'add','path':'/Colour','value':'red'}]"),
                "ValidationException",
                "extraneous key [Colour] is not permitted");
        refused(
                () -> update(QUEUE, url, "[{'op':'remove','path':'/RedrivePolicy'}]"),
                "ValidationException",
                "no such path in target JSON document");
        refused(() -> update(QUEUE, url, "{}"), "ValidationException", "JSON array");
        refused(() -> update(QUEUE, url + "x", "[]"), "ResourceNotFoundException", "was not found");
    }

    @Test
    void unknownAndUnsupportedTypesAreRefused() {
        refused(
                () -> resources.listResources(r -> r.typeName("AWS::SQS::Quue")),
                "TypeNotFoundException",
                "The type 'AWS::SQS::Quue' cannot be found.");
        refused(
                () -> create("AWS::Route53::HostedZone", "{}"),
                "UnsupportedActionException",
                "Resource type AWS::Route53::HostedZone does not support CREATE action");
        refused(
                () -> create("AWS::CloudFormation::WaitConditionHandle", "{}"),
                "UnsupportedActionException",
                "does not support CREATE action");
        refused(
                () -> resources.listResources(r -> r.typeName("AWS::Logs::LogStream")),
                "UnsupportedActionException",
                "Resource type AWS::Logs::LogStream does not support LIST action");
    }

    @Test
    void aClientTokenStandsForOneRequest() {
        Consumer<CreateResourceRequest.Builder> asked =
                r -> r.typeName(QUEUE).desiredState(json("{'QueueName':'q'}")).clientToken("one");
        ProgressEvent first = resources.createResource(asked).progressEvent();
        ended(first);
        ProgressEvent again = resources.createResource(asked).progressEvent();
        assertThat(again.requestToken()).isEqualTo(first.requestToken());
        assertThat(again.operationStatus()).isEqualTo(OperationStatus.SUCCESS);
        refused(
                () -> resources.createResource(r -> r.typeName(QUEUE)
                        .desiredState(json("{'QueueName':'r'}"))
                        .clientToken("one")),
                "ClientTokenConflictException",
                "has already been used");
        server.advance(Duration.ofHours(37));
        assertThat(resources.createResource(asked).progressEvent().requestToken())
                .isNotEqualTo(first.requestToken());
    }

    @Test
    void requestsAreListedAndForgottenAfterSevenDays() {
        for (int i = 0; i < 3; i++) {
            create(GROUP, "{'LogGroupName':'g" + i + "'}");
            server.advance(Duration.ofMinutes(1));
        }
        ProgressEvent failed = create(GROUP, "{'LogGroupName':'g0'}");
        ListResourceRequestsResponse page = resources.listResourceRequests(r -> r.maxResults(2));
        assertThat(page.resourceRequestStatusSummaries())
                .extracting(ProgressEvent::identifier)
                .containsExactly("g0", "g2");
        assertThat(resources
                        .listResourceRequests(r -> r.maxResults(2).nextToken(page.nextToken()))
                        .resourceRequestStatusSummaries())
                .extracting(ProgressEvent::identifier)
                .containsExactly("g1", "g0");
        assertThat(resources
                        .listResourceRequests(r -> r.resourceRequestStatusFilter(
                                f -> f.operations(Operation.CREATE).operationStatuses(OperationStatus.FAILED)))
                        .resourceRequestStatusSummaries())
                .extracting(ProgressEvent::requestToken)
                .containsExactly(failed.requestToken());
        server.advance(Duration.ofDays(7).minusMinutes(1));
        assertThat(resources.listResourceRequests(r -> {}).resourceRequestStatusSummaries())
                .hasSize(1);
        server.advance(Duration.ofMinutes(1));
        assertThat(resources.listResourceRequests(r -> {}).resourceRequestStatusSummaries())
                .isEmpty();
        refused(() -> status(failed), "RequestTokenNotFoundException", failed.requestToken());
        create(GROUP, "{'LogGroupName':'last'}");
        assertThat(server.rowCounts()).containsEntry("cloudcontrol.request", 1L);
    }

    @Test
    void resourcesAreListedInPages() {
        for (int i = 0; i < 5; i++) {
            create(GROUP, "{'LogGroupName':'g" + i + "'}");
        }
        List<String> found =
                resources.listResourcesPaginator(r -> r.typeName(GROUP).maxResults(2)).resourceDescriptions().stream()
                        .map(ResourceDescription::identifier)
                        .toList();
        assertThat(found).containsExactly("g0", "g1", "g2", "g3", "g4");
    }

    /** A stack takes its time: what else is asked of it meanwhile is refused, and cancelling ends the request. */
    @Test
    void aResourceIsWorkedOnByOneRequestAtATime() {
        server.client(S3Client.class).createBucket(r -> r.bucket("templates"));
        server.client(S3Client.class)
                .putObject(
                        r -> r.bucket("templates").key("wait.json"),
                        RequestBody.fromString(
                                json("{'Resources':{'H':{'Type':'AWS::CloudFormation::WaitConditionHandle'},"
                                        + "'W':{'Type':'AWS::CloudFormation::WaitCondition','Properties':"
                                        + "{'Handle':{'Ref':'H'},'Timeout':'600'}}}}")));
        ProgressEvent begun = resources
                .createResource(r -> r.typeName("AWS::CloudFormation::Stack")
                        .desiredState(json("{'TemplateURL':'https://templates.s3.amazonaws.com/wait.json'}")))
                .progressEvent();
        TestServer.await(() -> status(begun).identifier() != null);
        String id = status(begun).identifier();
        assertThat(status(begun).operationStatus()).isEqualTo(OperationStatus.IN_PROGRESS);
        refused(
                () -> resources.deleteResource(
                        r -> r.typeName("AWS::CloudFormation::Stack").identifier(id)),
                "ConcurrentOperationException",
                begun.requestToken());
        server.restart();
        resources = server.client(CloudControlClient.class);
        resources.cancelResourceRequest(r -> r.requestToken(begun.requestToken()));
        assertThat(ended(begun).operationStatus()).isEqualTo(OperationStatus.CANCEL_COMPLETE);
        resources.cancelResourceRequest(r -> r.requestToken(begun.requestToken()));
        ProgressEvent deleted = resources
                .deleteResource(r -> r.typeName("AWS::CloudFormation::Stack").identifier(id))
                .progressEvent();
        TestServer.await(() -> {
            server.advance(Duration.ofSeconds(5));
            return !status(deleted).operationStatusAsString().equals("IN_PROGRESS");
        });
        assertThat(status(deleted).operationStatus())
                .as(status(deleted).toString())
                .isEqualTo(OperationStatus.SUCCESS);
        refused(
                () -> resources.cancelResourceRequest(r -> r.requestToken(deleted.requestToken())),
                "ValidationException",
                "SUCCESS");
    }

    @Test
    void handlersHaveTheCallersRights() {
        CloudControlClient only = server.clientWith(
                CloudControlClient.class,
                json("{'Version':'2012-10-17','Statement':[{'Effect':'Allow','Action':'cloudformation:*Resource*',"
                        + "'Resource':'*'}]}"));
        ProgressEvent event =
                ended(only.createResource(r -> r.typeName(GROUP).desiredState(json("{'LogGroupName':'g'}")))
                        .progressEvent());
        assertThat(event.operationStatus()).isEqualTo(OperationStatus.FAILED);
        assertThat(event.errorCode()).isEqualTo(HandlerErrorCode.ACCESS_DENIED);
        assertThat(event.statusMessage()).contains("logs:CreateLogGroup");
        refused(
                () -> only.listResources(r -> r.typeName(GROUP)),
                "AccessDeniedException",
                "HandlerErrorCode: AccessDenied");
        assertThat(server.client(CloudWatchLogsClient.class).describeLogGroups().logGroups())
                .isEmpty();
    }

    @Test
    void aRoleIsUsedWhereOneIsPassed() {
        String role = server.identities()
                .role(
                        TestServer.ACCOUNT,
                        "maker",
                        "cloudformation.amazonaws.com",
                        json(
                                "{'Version':'2012-10-17','Statement':[{'Effect':'Allow','Action':'logs:*','Resource':'*'}]}"));
        String policy = "{'Version':'2012-10-17','Statement':[{'Effect':'Allow','Action':'cloudformation:*Resource*',"
                + "'Resource':'*'}%s]}";
        CloudControlClient without = server.clientWith(CloudControlClient.class, json(policy.formatted("")));
        String group = json("{'LogGroupName':'g'}");
        refused(
                () -> without.createResource(
                        r -> r.typeName(GROUP).desiredState(group).roleArn(role)),
                "AccessDeniedException",
                "iam:PassRole");
        refused(
                () -> without.deleteResource(
                        r -> r.typeName(GROUP).identifier("g").roleArn(role)),
                "AccessDeniedException",
                "iam:PassRole");
        refused(
                () -> without.listResources(r -> r.typeName(GROUP).roleArn(role)),
                "AccessDeniedException",
                "iam:PassRole");
        CloudControlClient with = server.clientWith(
                CloudControlClient.class,
                json(policy.formatted(",{'Effect':'Allow','Action':'iam:PassRole','Resource':'" + role + "'}")));
        ProgressEvent made = ended(
                with.createResource(r -> r.typeName(GROUP).desiredState(group).roleArn(role))
                        .progressEvent());
        assertThat(made.operationStatus()).as(made.toString()).isEqualTo(OperationStatus.SUCCESS);
        assertThat(with.getResource(r -> r.typeName(GROUP).identifier("g").roleArn(role))
                        .resourceDescription()
                        .identifier())
                .isEqualTo("g");
    }
}
