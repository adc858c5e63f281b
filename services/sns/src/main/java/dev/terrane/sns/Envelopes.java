package dev.terrane.sns;

import dev.terrane.kernel.service.Platform.Endpoint;
import dev.terrane.kernel.store.RecordCodec;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.services.sns.model.MessageAttributeValue;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The JSON in which messages and requests for confirmation go to endpoints ("Parsing Amazon SNS message formats"). */
final class Envelopes {
    static final String NOTIFICATION = "Notification";
    static final String CONFIRMATION = "SubscriptionConfirmation";
    /** Where this server serves confirmations; no bucket has such a name. */
    static final String PATH = "/-/sns";

    static final String CERTIFICATE = PATH + "/SimpleNotificationService.pem";
    private static final JsonMapper JSON = RecordCodec.json();
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);

    private final Endpoint endpoint;
    private final Tokens tokens;
    private final Signer signer;

    Envelopes(Endpoint endpoint, Tokens tokens, Signer signer) {
        this.endpoint = endpoint;
        this.tokens = tokens;
        this.signer = signer;
    }

    /** A message as it is for one protocol, without an envelope. */
    static String text(NoticeRecord notice, String protocol) {
        if (!notice.structured()) {
            return notice.message();
        }
        JsonNode texts = JSON.readTree(notice.message());
        JsonNode own = texts.path(protocol);
        return own.isString() ? own.asString() : texts.path("default").asString("");
    }

    /** Whether a structured message says what goes to the protocols that it does not name. */
    static boolean hasDefault(String message) {
        try {
            return JSON.readTree(message).path("default").isString();
        } catch (JacksonException e) {
            throw Errors.invalid("Message Structure - JSON message body failed to parse");
        }
    }

    /** A message in its envelope for one subscription. */
    String notification(NoticeRecord notice, SubscriptionRecord subscription, String signatureVersion) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("Type", NOTIFICATION);
        fields.put("MessageId", notice.id());
        fields.put("TopicArn", subscription.topicArn());
        notice.subject().ifPresent(subject -> fields.put("Subject", subject));
        fields.put("Message", text(notice, subscription.protocol()));
        fields.put("Timestamp", TIME.format(notice.time()));
        sign(fields, signatureVersion, "Message", "MessageId", "Subject", "Timestamp", "TopicArn", "Type");
        fields.put("UnsubscribeURL", url("Unsubscribe", subscription, tokens.toEnd(subscription.arn())));
        if (!notice.attributes().isEmpty()) {
            fields.put("MessageAttributes", attributes(notice.attributes()));
        }
        return JSON.writeValueAsString(fields);
    }

    /** The request to confirm a subscription. */
    String confirmation(SubscriptionRecord subscription, String messageId, Instant time, String signatureVersion) {
        String token = tokens.toConfirm(subscription.arn());
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("Type", CONFIRMATION);
        fields.put("MessageId", messageId);
        fields.put("Token", token);
        fields.put("TopicArn", subscription.topicArn());
        fields.put(
                "Message",
                "You have chosen to subscribe to the topic " + subscription.topicArn()
                        + ".\nTo confirm the subscription, visit the SubscribeURL included in this message.");
        fields.put("SubscribeURL", url("ConfirmSubscription", subscription, token));
        fields.put("Timestamp", TIME.format(time));
        sign(
                fields,
                signatureVersion,
                "Message",
                "MessageId",
                "SubscribeURL",
                "Timestamp",
                "Token",
                "TopicArn",
                "Type");
        return JSON.writeValueAsString(fields);
    }

    private String url(String action, SubscriptionRecord subscription, String token) {
        return endpoint.url() + PATH + "/?Action=" + action + "&TopicArn="
                + URLEncoder.encode(subscription.topicArn(), StandardCharsets.UTF_8) + "&Token=" + token;
    }

    private void sign(Map<String, Object> fields, String version, String... signed) {
        StringBuilder text = new StringBuilder();
        for (String name : signed) {
            Optional.ofNullable(fields.get(name))
                    .ifPresent(value ->
                            text.append(name).append('\n').append(value).append('\n'));
        }
        fields.put("SignatureVersion", version);
        fields.put("Signature", signer.sign(text.toString(), version));
        fields.put("SigningCertURL", endpoint.url() + CERTIFICATE);
    }

    private static Map<String, Map<String, String>> attributes(Map<String, MessageAttributeValue> attributes) {
        Map<String, Map<String, String>> shown = new LinkedHashMap<>();
        attributes.forEach((name, value) -> shown.put(
                name,
                Map.of(
                        "Type",
                        value.dataType(),
                        "Value",
                        value.stringValue() == null
                                ? Base64.getEncoder()
                                        .encodeToString(value.binaryValue().asByteArrayUnsafe())
                                : value.stringValue())));
        return shown;
    }
}
