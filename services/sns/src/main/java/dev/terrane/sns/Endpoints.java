package dev.terrane.sns;

import dev.terrane.kernel.arn.Arn;
import dev.terrane.kernel.call.Actor;
import dev.terrane.kernel.call.Clients;
import dev.terrane.kernel.error.AwsErrors;
import dev.terrane.kernel.id.Ids;
import dev.terrane.kernel.net.Destinations;
import dev.terrane.kernel.service.Platform.Endpoint;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.MessageAttributeValue;
import software.amazon.awssdk.services.sqs.model.SendMessageRequest;

/** What stands behind subscriptions, queues and HTTP endpoints: brings one message to one of them, once. */
final class Endpoints {
    private static final System.Logger LOG = System.getLogger(Endpoints.class.getName());
    private static final String PRINCIPAL = "sns.amazonaws.com";
    private static final int TOO_MANY_REQUESTS = 429;
    private static final int MOST_ATTRIBUTES = 10;

    private final Clients clients;
    private final Endpoint endpoint;
    private final Envelopes envelopes;
    private final HttpPosts posts;

    Endpoints(Clients clients, Endpoint endpoint, Envelopes envelopes, HttpPosts posts) {
        this.clients = clients;
        this.endpoint = endpoint;
        this.envelopes = envelopes;
        this.posts = posts;
    }

    /** Why a delivery did not succeed.
     *
     * @param passing whether it may succeed later */
    record Failure(String code, String message, boolean passing) {}

    /** Brings what a delivery holds to its subscription.
     *
     * @return why it did not succeed, or empty */
    Optional<Failure> deliver(TopicRecord topic, SubscriptionRecord subscription, DeliveryRecord delivery)
            throws InterruptedException {
        if (subscription.protocol().equals("sqs")) {
            return delivery.notice().isPresent()
                    ? send(topic, subscription, delivery.notice().get())
                    : send(subscription, SendMessageRequest.builder().messageBody(delivery.body()));
        }
        return post(topic, subscription, delivery);
    }

    private String body(TopicRecord topic, SubscriptionRecord subscription, NoticeRecord notice) {
        String version = topic.attribute(TopicAttributes.SIGNATURE_VERSION);
        return subscription.raw()
                ? Envelopes.text(notice, subscription.protocol())
                : envelopes.notification(notice, subscription, version.isEmpty() ? "1" : version);
    }

    private Optional<Failure> post(TopicRecord topic, SubscriptionRecord subscription, DeliveryRecord delivery)
            throws InterruptedException {
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("x-amz-sns-message-type", delivery.type());
        headers.put("x-amz-sns-message-id", delivery.messageId());
        headers.put("x-amz-sns-topic-arn", subscription.topicArn());
        boolean notification = delivery.notice().isPresent();
        if (notification) {
            headers.put("x-amz-sns-subscription-arn", subscription.arn());
            if (subscription.raw()) {
                headers.put("x-amz-sns-rawdelivery", "true");
            }
        }
        String body = delivery.notice()
                .map(notice -> body(topic, subscription, notice))
                .orElse(delivery.body());
        try {
            int status = posts.post(subscription.endpoint(), body, headers);
            if (status >= 200 && status < 300) {
                return Optional.empty();
            }
            return Optional.of(new Failure(
                    "HTTP_" + status, "The endpoint answered " + status, status >= 500 || status == TOO_MANY_REQUESTS));
        } catch (Destinations.Refused | IllegalArgumentException e) {
            return Optional.of(new Failure("REFUSED", String.valueOf(e.getMessage()), false));
        } catch (IOException e) {
            return Optional.of(new Failure("CONNECTION_FAILURE", e.toString(), true));
        }
    }

    /** Sends a message to the queue of a subscription. */
    Optional<Failure> send(TopicRecord topic, SubscriptionRecord subscription, NoticeRecord notice) {
        SendMessageRequest.Builder message =
                SendMessageRequest.builder().messageBody(body(topic, subscription, notice));
        if (subscription.raw() && !notice.attributes().isEmpty()) {
            if (notice.attributes().size() > MOST_ATTRIBUTES) {
                return Optional.of(new Failure("INVALID_PARAMETER", "A queue takes ten attributes at the most", false));
            }
            message.messageAttributes(attributes(notice));
        }
        notice.group().ifPresent(message::messageGroupId);
        if (subscription.endpoint().endsWith(TopicRecord.FIFO_SUFFIX)) {
            notice.deduplication().ifPresent(message::messageDeduplicationId);
        }
        return send(subscription, message);
    }

    private static Map<String, MessageAttributeValue> attributes(NoticeRecord notice) {
        Map<String, MessageAttributeValue> all = new LinkedHashMap<>();
        notice.attributes().forEach((name, value) -> {
            MessageAttributeValue.Builder copy =
                    MessageAttributeValue.builder().dataType(value.dataType()).stringValue(value.stringValue());
            Optional.ofNullable(value.binaryValue()).ifPresent(copy::binaryValue);
            all.put(name, copy.build());
        });
        return all;
    }

    private Optional<Failure> send(SubscriptionRecord subscription, SendMessageRequest.Builder message) {
        return send(subscription, Arn.parse(subscription.endpoint()), message);
    }

    private Optional<Failure> send(SubscriptionRecord subscription, Arn queue, SendMessageRequest.Builder message) {
        try {
            clients.client(
                            SqsClient.class,
                            new Actor.Service(PRINCIPAL, subscription.scope(), subscription.topicArn()),
                            queue.region())
                    .sendMessage(message.queueUrl(endpoint.url() + "/" + queue.account() + "/" + queue.resource())
                            .build());
            return Optional.empty();
        } catch (AwsServiceException e) {
            String code = e.awsErrorDetails() == null || e.awsErrorDetails().errorCode() == null
                    ? e.getClass().getSimpleName()
                    : e.awsErrorDetails().errorCode();
            return Optional.of(new Failure(code, AwsErrors.message(e), e.statusCode() >= 500 && e.statusCode() != 501));
        } catch (RuntimeException e) {
            LOG.log(System.Logger.Level.WARNING, "A message did not reach " + queue, e);
            return Optional.of(new Failure("InternalError", String.valueOf(e.getMessage()), true));
        }
    }

    /** Puts what can't be delivered into the subscription's dead-letter queue, where it has one. */
    void bury(TopicRecord topic, SubscriptionRecord subscription, NoticeRecord notice, Failure failure) {
        LOG.log(
                System.Logger.Level.INFO,
                "A message was not delivered to {0}: {1} {2}",
                subscription.endpoint(),
                failure.code(),
                failure.message());
        String redrive = subscription.attribute(SubscriptionAttributes.REDRIVE_POLICY);
        if (redrive.isEmpty()) {
            return;
        }
        Map<String, MessageAttributeValue> attributes = new LinkedHashMap<>();
        attributes.put("ErrorCode", text(failure.code()));
        attributes.put("ErrorMessage", text(failure.message().isEmpty() ? failure.code() : failure.message()));
        Arn queue = SubscriptionAttributes.deadLetters(redrive);
        SendMessageRequest.Builder message = SendMessageRequest.builder()
                .messageBody(body(topic, subscription, notice))
                .messageAttributes(attributes);
        if (queue.resource().endsWith(TopicRecord.FIFO_SUFFIX)) {
            message.messageGroupId(subscription.id()).messageDeduplicationId(Ids.uuid());
        }
        send(subscription, queue, message)
                .ifPresent(lost -> LOG.log(
                        System.Logger.Level.WARNING,
                        "A message was lost: the dead-letter queue {0} did not take it: {1}",
                        queue,
                        lost.message()));
    }

    private static MessageAttributeValue text(String value) {
        return MessageAttributeValue.builder()
                .dataType("String")
                .stringValue(value)
                .build();
    }
}
