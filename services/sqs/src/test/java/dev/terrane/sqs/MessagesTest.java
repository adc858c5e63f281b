package dev.terrane.sqs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.terrane.testkit.TestServer;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.BatchEntryIdsNotDistinctException;
import software.amazon.awssdk.services.sqs.model.BatchResultErrorEntry;
import software.amazon.awssdk.services.sqs.model.InvalidMessageContentsException;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.MessageAttributeValue;
import software.amazon.awssdk.services.sqs.model.MessageNotInflightException;
import software.amazon.awssdk.services.sqs.model.MessageSystemAttributeName;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;
import software.amazon.awssdk.services.sqs.model.ReceiptHandleIsInvalidException;
import software.amazon.awssdk.services.sqs.model.SendMessageBatchRequestEntry;
import software.amazon.awssdk.services.sqs.model.SendMessageBatchResponse;
import software.amazon.awssdk.services.sqs.model.SendMessageResponse;

final class MessagesTest {
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

    private void restart() {
        server.restart();
        sqs = server.client(SqsClient.class);
    }

    private String queue(String name, String... attributes) {
        Map<QueueAttributeName, String> map = new HashMap<>();
        for (int i = 0; i < attributes.length; i += 2) {
            map.put(QueueAttributeName.fromValue(attributes[i]), attributes[i + 1]);
        }
        return sqs.createQueue(r -> r.queueName(name).attributes(map)).queueUrl();
    }

    private SendMessageResponse send(String url, String body) {
        return sqs.sendMessage(r -> r.queueUrl(url).messageBody(body));
    }

    private SendMessageResponse send(String url, String body, String group) {
        return sqs.sendMessage(r -> r.queueUrl(url).messageBody(body).messageGroupId(group));
    }

    private List<Message> receive(String url) {
        return sqs.receiveMessage(r -> r.queueUrl(url)
                        .maxNumberOfMessages(10)
                        .messageAttributeNames("All")
                        .messageSystemAttributeNames(MessageSystemAttributeName.ALL))
                .messages();
    }

    private List<String> bodies(String url) {
        return receive(url).stream().map(Message::body).toList();
    }

    private String count(String url, QueueAttributeName which) {
        return sqs.getQueueAttributes(r -> r.queueUrl(url).attributeNames(which))
                .attributes()
                .getOrDefault(which, "");
    }

    @Test
    void messageComesAsItWasSentWithItsDigests() {
        String url = queue("q");
        SendMessageResponse sent = sqs.sendMessage(r -> r.queueUrl(url)
                .messageBody("hello")
                .messageAttributes(Map.of(
                        "kind",
                        MessageAttributeValue.builder()
                                .dataType("String")
                                .stringValue("greeting")
                                .build(),
                        "raw",
                        MessageAttributeValue.builder()
                                .dataType("Binary.bytes")
                                .binaryValue(SdkBytes.fromByteArray(new byte[] {1, 2}))
                                .build())));
        assertThat(sent.md5OfMessageBody()).isEqualTo("5d41402abc4b2a76b9719d911017c592");
        Message message = receive(url).getFirst();
        assertThat(message.messageId()).isEqualTo(sent.messageId());
        assertThat(message.body()).isEqualTo("hello");
        assertThat(message.md5OfBody()).isEqualTo(sent.md5OfMessageBody());
        assertThat(message.md5OfMessageAttributes()).isEqualTo(sent.md5OfMessageAttributes());
        assertThat(message.messageAttributes())
                .containsEntry(
                        "kind",
                        MessageAttributeValue.builder()
                                .dataType("String")
                                .stringValue("greeting")
                                .build())
                .containsEntry(
                        "raw",
                        MessageAttributeValue.builder()
                                .dataType("Binary.bytes")
                                .binaryValue(SdkBytes.fromByteArray(new byte[] {1, 2}))
                                .build());
        assertThat(message.attributes())
                .containsEntry(MessageSystemAttributeName.APPROXIMATE_RECEIVE_COUNT, "1")
                .containsEntry(
                        MessageSystemAttributeName.SENT_TIMESTAMP, Long.toString(TestServer.START.toEpochMilli()));
    }

    @Test
    void messageIsHiddenUntilItsTimeIsOverAndThenComesAgain() {
        String url = queue("q");
        send(url, "m");
        Message first = receive(url).getFirst();
        assertThat(receive(url)).isEmpty();
        assertThat(count(url, QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES_NOT_VISIBLE))
                .isEqualTo("1");
        server.advance(Duration.ofSeconds(29));
        assertThat(receive(url)).isEmpty();
        server.advance(Duration.ofSeconds(1));
        Message second = receive(url).getFirst();
        assertThat(second.receiptHandle()).isNotEqualTo(first.receiptHandle());
        assertThat(second.attributes()).containsEntry(MessageSystemAttributeName.APPROXIMATE_RECEIVE_COUNT, "2");
        sqs.deleteMessage(r -> r.queueUrl(url).receiptHandle(second.receiptHandle()));
        server.advance(Duration.ofSeconds(60));
        assertThat(receive(url)).isEmpty();
        sqs.deleteMessage(r -> r.queueUrl(url).receiptHandle(second.receiptHandle()));
    }

    @Test
    void whatWasAcknowledgedAndReceivedSurvivesARestart() {
        String url = queue("q");
        send(url, "a");
        send(url, "b");
        List<Message> received = receive(url);
        assertThat(received).extracting(Message::body).containsExactly("a", "b");
        sqs.deleteMessage(r -> r.queueUrl(url).receiptHandle(received.getFirst().receiptHandle()));
        restart();
        assertThat(receive(url)).isEmpty();
        sqs.changeMessageVisibility(r ->
                r.queueUrl(url).receiptHandle(received.get(1).receiptHandle()).visibilityTimeout(0));
        assertThat(bodies(url)).containsExactly("b");
        restart();
        server.advance(Duration.ofSeconds(30));
        assertThat(receive(url).getFirst().attributes())
                .containsEntry(MessageSystemAttributeName.APPROXIMATE_RECEIVE_COUNT, "3");
    }

    @Test
    void visibilityIsChangedOnlyInFlightAndUpToTwelveHours() {
        String url = queue("q");
        send(url, "m");
        Message message = receive(url).getFirst();
        sqs.changeMessageVisibility(
                r -> r.queueUrl(url).receiptHandle(message.receiptHandle()).visibilityTimeout(100));
        server.advance(Duration.ofSeconds(99));
        assertThat(receive(url)).isEmpty();
        refused(
                () -> sqs.changeMessageVisibility(r ->
                        r.queueUrl(url).receiptHandle(message.receiptHandle()).visibilityTimeout(43_200)),
                "InvalidParameterValue",
                "Total VisibilityTimeout for the message is beyond the limit");
        server.advance(Duration.ofSeconds(1));
        assertThatThrownBy(() -> sqs.changeMessageVisibility(r ->
                        r.queueUrl(url).receiptHandle(message.receiptHandle()).visibilityTimeout(5)))
                .isInstanceOf(MessageNotInflightException.class);
    }

    @Test
    void receiptOfAnotherQueueOrMadeUpIsRefused() {
        String url = queue("q");
        String other = queue("other");
        send(other, "m");
        String handle = receive(other).getFirst().receiptHandle();
        assertThatThrownBy(() -> sqs.deleteMessage(r -> r.queueUrl(url).receiptHandle(handle)))
                .isInstanceOf(ReceiptHandleIsInvalidException.class);
        assertThatThrownBy(() -> sqs.deleteMessage(r -> r.queueUrl(url).receiptHandle("made up")))
                .isInstanceOf(ReceiptHandleIsInvalidException.class);
    }

    @Test
    void delayedMessageComesLater() {
        String url = queue("q", "DelaySeconds", "10");
        send(url, "by queue");
        sqs.sendMessage(r -> r.queueUrl(url).messageBody("at once").delaySeconds(0));
        assertThat(bodies(url)).containsExactly("at once");
        assertThat(count(url, QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES_DELAYED))
                .isEqualTo("1");
        restart();
        assertThat(receive(url)).isEmpty();
        server.advance(Duration.ofSeconds(10));
        assertThat(bodies(url)).containsExactly("by queue");
    }

    @Test
    void longPollReturnsWhenAMessageComesOrTheTimeIsOver() throws Exception {
        String url = queue("q");
        int idle = server.clock().sleepers();
        CompletableFuture<List<Message>> waiting = CompletableFuture.supplyAsync(() ->
                sqs.receiveMessage(r -> r.queueUrl(url).waitTimeSeconds(20)).messages());
        TestServer.await(() -> server.clock().sleepers() > idle);
        send(url, "m");
        assertThat(waiting.get(20, TimeUnit.SECONDS)).extracting(Message::body).containsExactly("m");
        CompletableFuture<List<Message>> vain = CompletableFuture.supplyAsync(
                () -> sqs.receiveMessage(r -> r.queueUrl(queue("empty")).waitTimeSeconds(20))
                        .messages());
        int before = server.clock().sleepers();
        TestServer.await(() -> server.clock().sleepers() >= before);
        while (!vain.isDone()) {
            server.advance(Duration.ofSeconds(20));
            Thread.onSpinWait();
        }
        assertThat(vain.get()).isEmpty();
    }

    @Test
    void messageReceivedTooOftenGoesToTheDeadLetterQueue() {
        String dead = queue("dead");
        String url = queue(
                "q",
                "VisibilityTimeout",
                "0",
                "RedrivePolicy",
                "{\"deadLetterTargetArn\":\"arn:aws:sqs:us-east-1:123456789012:dead\",\"maxReceiveCount\":\"2\"}");
        String id = send(url, "m").messageId();
        assertThat(bodies(url)).containsExactly("m");
        assertThat(bodies(url)).containsExactly("m");
        assertThat(bodies(url)).isEmpty();
        Message message = receive(dead).getFirst();
        assertThat(message.messageId()).isEqualTo(id);
        assertThat(message.attributes())
                .containsEntry(
                        MessageSystemAttributeName.DEAD_LETTER_QUEUE_SOURCE_ARN,
                        "arn:aws:sqs:us-east-1:123456789012:q");
        assertThat(sqs.listDeadLetterSourceQueues(r -> r.queueUrl(dead)).queueUrls())
                .containsExactly(url);
    }

    @Test
    void messageIsGoneAfterItsRetention() {
        String url = queue("q", "MessageRetentionPeriod", "60");
        send(url, "old");
        server.advance(Duration.ofSeconds(30));
        send(url, "young");
        server.advance(Duration.ofSeconds(30));
        assertThat(bodies(url)).containsExactly("young");
    }

    @Test
    void messagesOfAGroupComeInOrderAndOneBatchAtATime() {
        String url = queue("q.fifo", "FifoQueue", "true", "ContentBasedDeduplication", "true");
        for (String body : List.of("a1", "a2", "a3")) {
            send(url, body, "a");
        }
        send(url, "b1", "b");
        List<Message> first =
                sqs.receiveMessage(r -> r.queueUrl(url).maxNumberOfMessages(2)).messages();
        assertThat(first).extracting(Message::body).containsExactly("a1", "a2");
        assertThat(bodies(url)).containsExactly("b1");
        sqs.deleteMessage(r -> r.queueUrl(url).receiptHandle(first.getFirst().receiptHandle()));
        assertThat(receive(url)).isEmpty();
        server.advance(Duration.ofSeconds(30));
        restart();
        assertThat(bodies(url)).containsExactly("a2", "a3", "b1");
        refused(
                () -> sqs.deleteMessage(
                        r -> r.queueUrl(url).receiptHandle(first.get(1).receiptHandle() + "x")),
                "ReceiptHandleIsInvalid",
                "not a valid receipt handle");
    }

    @Test
    void duplicateWithinFiveMinutesIsTakenOnce() {
        String url = queue("q.fifo", "FifoQueue", "true");
        SendMessageResponse first = deduplicated(url, "one", "id");
        SendMessageResponse again = deduplicated(url, "one", "id");
        assertThat(again.messageId()).isEqualTo(first.messageId());
        assertThat(again.sequenceNumber()).isEqualTo(first.sequenceNumber());
        Message message = receive(url).getFirst();
        sqs.deleteMessage(r -> r.queueUrl(url).receiptHandle(message.receiptHandle()));
        restart();
        deduplicated(url, "one", "id");
        assertThat(receive(url)).isEmpty();
        server.advance(Duration.ofMinutes(5));
        deduplicated(url, "one", "id");
        assertThat(receive(url)).hasSize(1);
        refused(() -> send(url, "x"), "MissingParameter", "MessageGroupId");
        refused(
                () -> sqs.sendMessage(r -> r.queueUrl(url).messageBody("x").messageGroupId("g")),
                "InvalidParameterValue",
                "ContentBasedDeduplication");
        refused(
                () -> sqs.sendMessage(r -> r.queueUrl(url).messageBody("x").messageDeduplicationId("y")),
                "MissingParameter",
                "MessageGroupId");
    }

    private SendMessageResponse deduplicated(String url, String body, String id) {
        return sqs.sendMessage(
                r -> r.queueUrl(url).messageBody(body).messageGroupId("g").messageDeduplicationId(id));
    }

    @Test
    void sameAttemptReceivesTheSame() {
        String url = queue("q.fifo", "FifoQueue", "true", "ContentBasedDeduplication", "true");
        send(url, "m", "g");
        List<Message> first = sqs.receiveMessage(r -> r.queueUrl(url).receiveRequestAttemptId("try"))
                .messages();
        assertThat(sqs.receiveMessage(r -> r.queueUrl(url).receiveRequestAttemptId("try"))
                        .messages())
                .extracting(Message::messageId)
                .containsExactly(first.getFirst().messageId());
        assertThat(receive(url)).isEmpty();
    }

    @Test
    void contentThatMayNotBeSentIsRefused() {
        String url = queue("q", "MaximumMessageSize", "1024");
        assertThatThrownBy(() -> send(url, "bell \u0007")).isInstanceOf(InvalidMessageContentsException.class);
        refused(() -> send(url, "x".repeat(1025)), "InvalidParameterValue", "Message must be shorter than 1024 bytes.");
        refused(
                () -> sqs.sendMessage(r -> r.queueUrl(url).messageBody("x").delaySeconds(901)),
                "InvalidParameterValue",
                "DelaySeconds must be >= 0 and <= 900");
        refused(
                () -> sqs.sendMessage(r -> r.queueUrl(url)
                        .messageBody("x")
                        .messageAttributes(Map.of(
                                "n",
                                MessageAttributeValue.builder()
                                        .dataType("Number")
                                        .stringValue("many")
                                        .build()))),
                "InvalidParameterValue",
                "to a number");
    }

    @Test
    void batchIsJudgedEntryByEntry() {
        String url = queue("q", "MaximumMessageSize", "1024");
        SendMessageBatchResponse response = sqs.sendMessageBatch(r ->
                r.queueUrl(url).entries(entry("1", "fine"), entry("2", "x".repeat(2000)), entry("3", "fine too")));
        assertThat(response.successful()).hasSize(2);
        assertThat(response.failed())
                .singleElement()
                .extracting(BatchResultErrorEntry::id, BatchResultErrorEntry::code, BatchResultErrorEntry::senderFault)
                .containsExactly("2", "InvalidParameterValue", true);
        assertThatThrownBy(() -> sqs.sendMessageBatch(r -> r.queueUrl(url).entries(entry("1", "a"), entry("1", "b"))))
                .isInstanceOf(BatchEntryIdsNotDistinctException.class);
        assertThat(bodies(url)).containsExactly("fine", "fine too");
    }

    private static SendMessageBatchRequestEntry entry(String id, String body) {
        return SendMessageBatchRequestEntry.builder().id(id).messageBody(body).build();
    }

    @Test
    void manyReceiversGetEachMessageOnce() {
        String url = queue("q");
        IntStream.range(0, 200).parallel().forEach(i -> send(url, "m" + i));
        List<String> got = IntStream.range(0, 40)
                .parallel()
                .mapToObj(i -> bodies(url))
                .flatMap(List::stream)
                .toList();
        assertThat(got).hasSize(200).doesNotHaveDuplicates();
    }

    private static void refused(Runnable call, String code, String message) {
        assertThatThrownBy(call::run)
                .isInstanceOfSatisfying(
                        AwsServiceException.class,
                        e -> assertThat(e.awsErrorDetails().errorCode()).isEqualTo(code))
                .hasMessageContaining(message);
    }
}
