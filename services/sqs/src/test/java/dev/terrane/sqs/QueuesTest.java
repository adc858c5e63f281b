package dev.terrane.sqs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.terrane.testkit.TestServer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.InvalidAttributeNameException;
import software.amazon.awssdk.services.sqs.model.InvalidAttributeValueException;
import software.amazon.awssdk.services.sqs.model.ListQueuesResponse;
import software.amazon.awssdk.services.sqs.model.PurgeQueueInProgressException;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;
import software.amazon.awssdk.services.sqs.model.QueueDeletedRecentlyException;
import software.amazon.awssdk.services.sqs.model.QueueDoesNotExistException;
import software.amazon.awssdk.services.sqs.model.QueueNameExistsException;

final class QueuesTest {
    private TestServer server;
    private SqsClient sqs;

    @BeforeEach
    void start() {
        server = TestServer.with(SqsService::new);
        sqs = server.client(SqsClient.class);
    }

    @AfterEach
    void stop() {
        assertThat(server.faults()).isEmpty();
        server.close();
    }

    private String create(String name) {
        return sqs.createQueue(r -> r.queueName(name)).queueUrl();
    }

    private Map<QueueAttributeName, String> attributes(String url) {
        return sqs.getQueueAttributes(r -> r.queueUrl(url).attributeNames(QueueAttributeName.ALL))
                .attributes();
    }

    @Test
    void newQueueHasTheDocumentedDefaults() {
        String url = create("q");
        assertThat(url).endsWith("/123456789012/q");
        assertThat(sqs.getQueueUrl(r -> r.queueName("q")).queueUrl()).isEqualTo(url);
        assertThat(attributes(url))
                .containsEntry(QueueAttributeName.QUEUE_ARN, "arn:aws:sqs:us-east-1:123456789012:q")
                .containsEntry(QueueAttributeName.VISIBILITY_TIMEOUT, "30")
                .containsEntry(QueueAttributeName.MESSAGE_RETENTION_PERIOD, "345600")
                .containsEntry(QueueAttributeName.MAXIMUM_MESSAGE_SIZE, "1048576")
                .containsEntry(QueueAttributeName.DELAY_SECONDS, "0")
                .containsEntry(QueueAttributeName.RECEIVE_MESSAGE_WAIT_TIME_SECONDS, "0")
                .containsEntry(QueueAttributeName.SQS_MANAGED_SSE_ENABLED, "true")
                .doesNotContainKey(QueueAttributeName.FIFO_QUEUE);
    }

    @Test
    void makingAQueueAgainGivesTheSameUnlessAskedForOtherwise() {
        String url = create("q");
        assertThat(create("q")).isEqualTo(url);
        assertThat(sqs.createQueue(
                                r -> r.queueName("q").attributes(Map.of(QueueAttributeName.VISIBILITY_TIMEOUT, "30")))
                        .queueUrl())
                .isEqualTo(url);
        assertThatThrownBy(() -> sqs.createQueue(
                        r -> r.queueName("q").attributes(Map.of(QueueAttributeName.VISIBILITY_TIMEOUT, "31"))))
                .isInstanceOf(QueueNameExistsException.class)
                .hasMessageContaining("VisibilityTimeout");
    }

    @Test
    void namesAndAttributesAreChecked() {
        refused(() -> create("no spaces"), "InvalidParameterValue");
        refused(() -> create("q.fifo"), "InvalidParameterValue");
        assertThatThrownBy(() -> sqs.createQueue(
                        r -> r.queueName("q").attributes(Map.of(QueueAttributeName.DELAY_SECONDS, "901"))))
                .isInstanceOf(InvalidAttributeValueException.class)
                .hasMessageContaining("Invalid value for the parameter DelaySeconds.");
        assertThatThrownBy(() -> sqs.createQueue(r ->
                        r.queueName("q").attributes(Map.of(QueueAttributeName.CONTENT_BASED_DEDUPLICATION, "true"))))
                .isInstanceOf(InvalidAttributeNameException.class);
        assertThatThrownBy(() -> sqs.createQueue(r ->
                        r.queueName("q").attributes(Map.of(QueueAttributeName.KMS_MASTER_KEY_ID, "alias/aws/sqs"))))
                .isInstanceOf(InvalidAttributeValueException.class);
        String url = create("q");
        assertThatThrownBy(
                        () -> sqs.setQueueAttributes(
                                r -> r.queueUrl(url)
                                        .attributes(
                                                Map.of(
                                                        QueueAttributeName.REDRIVE_POLICY,
                                                        "{\"deadLetterTargetArn\":\"arn:aws:sqs:us-east-1:123456789012:none\",\"maxReceiveCount\":3}"))))
                .hasMessageContaining("Dead letter target does not exist.");
        assertThatThrownBy(() -> sqs.setQueueAttributes(
                        r -> r.queueUrl(url).attributes(Map.of(QueueAttributeName.POLICY, "{\"Statement\":1}"))))
                .isInstanceOf(InvalidAttributeValueException.class);
    }

    @Test
    void settingsSurviveARestart() {
        String url = create("q");
        sqs.setQueueAttributes(r -> r.queueUrl(url)
                .attributes(Map.of(
                        QueueAttributeName.VISIBILITY_TIMEOUT, "7", QueueAttributeName.MAXIMUM_MESSAGE_SIZE, "2048")));
        sqs.tagQueue(r -> r.queueUrl(url).tags(Map.of("team", "a", "stage", "test")));
        sqs.untagQueue(r -> r.queueUrl(url).tagKeys("team"));
        server.restart();
        sqs = server.client(SqsClient.class);
        assertThat(attributes(url))
                .containsEntry(QueueAttributeName.VISIBILITY_TIMEOUT, "7")
                .containsEntry(QueueAttributeName.MAXIMUM_MESSAGE_SIZE, "2048");
        assertThat(sqs.listQueueTags(r -> r.queueUrl(url)).tags()).isEqualTo(Map.of("stage", "test"));
    }

    @Test
    void queuesAreListedInPages() {
        List.of("a1", "a2", "a3", "b").forEach(this::create);
        ListQueuesResponse first = sqs.listQueues(r -> r.queueNamePrefix("a").maxResults(2));
        assertThat(first.queueUrls()).hasSize(2).allMatch(url -> url.contains("/a"));
        ListQueuesResponse second =
                sqs.listQueues(r -> r.queueNamePrefix("a").maxResults(2).nextToken(first.nextToken()));
        assertThat(second.queueUrls()).singleElement().asString().endsWith("/a3");
        assertThat(second.nextToken()).isNull();
        refused(() -> sqs.listQueues(r -> r.maxResults(2).nextToken("forged")), "InvalidParameterValue");
    }

    @Test
    void deletedQueueIsGoneAndItsNameFreeAfterAMinute() {
        String url = create("q");
        sqs.sendMessage(r -> r.queueUrl(url).messageBody("old"));
        sqs.deleteQueue(r -> r.queueUrl(url));
        assertThatThrownBy(() -> sqs.sendMessage(r -> r.queueUrl(url).messageBody("x")))
                .isInstanceOf(QueueDoesNotExistException.class)
                .hasMessageContaining("The specified queue does not exist.");
        assertThatThrownBy(() -> create("q")).isInstanceOf(QueueDeletedRecentlyException.class);
        server.advance(Duration.ofSeconds(61));
        create("q");
        assertThat(sqs.receiveMessage(r -> r.queueUrl(url)).messages()).isEmpty();
    }

    @Test
    void purgeEmptiesAQueueOnceAMinute() {
        String url = create("q");
        sqs.sendMessage(r -> r.queueUrl(url).messageBody("x"));
        sqs.purgeQueue(r -> r.queueUrl(url));
        assertThat(sqs.receiveMessage(r -> r.queueUrl(url)).messages()).isEmpty();
        assertThatThrownBy(() -> sqs.purgeQueue(r -> r.queueUrl(url)))
                .isInstanceOf(PurgeQueueInProgressException.class);
        sqs.sendMessage(r -> r.queueUrl(url).messageBody("y"));
        server.restart();
        sqs = server.client(SqsClient.class);
        assertThat(sqs.receiveMessage(r -> r.queueUrl(url)).messages())
                .singleElement()
                .satisfies(m -> assertThat(m.body()).isEqualTo("y"));
    }

    @Test
    void policyOfAQueueLetsOthersSend() {
        String url = create("q");
        SqsClient limited = server.clientWith(
                SqsClient.class,
                "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Action\":\"sqs:ReceiveMessage\",\"Resource\":\"*\"}]}");
        refused(() -> limited.sendMessage(r -> r.queueUrl(url).messageBody("x")), "AccessDenied");
        sqs.addPermission(r ->
                r.queueUrl(url).label("senders").awsAccountIds("123456789012").actions("SendMessage"));
        assertThat(attributes(url).getOrDefault(QueueAttributeName.POLICY, ""))
                .contains("\"Sid\":\"senders\"", "SQS:SendMessage");
        String open = """
                {"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"*"},
                 "Action":"sqs:SendMessage","Resource":"arn:aws:sqs:us-east-1:123456789012:q"}]}""";
        sqs.setQueueAttributes(r -> r.queueUrl(url).attributes(Map.of(QueueAttributeName.POLICY, open)));
        limited.sendMessage(r -> r.queueUrl(url).messageBody("x"));
        sqs.setQueueAttributes(r -> r.queueUrl(url).attributes(Map.of(QueueAttributeName.POLICY, "")));
        refused(() -> limited.sendMessage(r -> r.queueUrl(url).messageBody("x")), "AccessDenied");
    }

    private static void refused(Runnable call, String code) {
        assertThatThrownBy(call::run)
                .isInstanceOfSatisfying(
                        AwsServiceException.class,
                        e -> assertThat(e.awsErrorDetails().errorCode()).startsWith(code));
    }
}
