package dev.terrane.sns;

import dev.terrane.kernel.clock.Clock;
import dev.terrane.kernel.error.AwsErrors;
import dev.terrane.kernel.fifo.DeduplicationIds.DeduplicationRecord;
import dev.terrane.kernel.id.Ids;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.services.sns.model.BatchEntryIdsNotDistinctException;
import software.amazon.awssdk.services.sns.model.BatchRequestTooLongException;
import software.amazon.awssdk.services.sns.model.BatchResultErrorEntry;
import software.amazon.awssdk.services.sns.model.EmptyBatchRequestException;
import software.amazon.awssdk.services.sns.model.InvalidBatchEntryIdException;
import software.amazon.awssdk.services.sns.model.MessageAttributeValue;
import software.amazon.awssdk.services.sns.model.PublishBatchRequest;
import software.amazon.awssdk.services.sns.model.PublishBatchRequestEntry;
import software.amazon.awssdk.services.sns.model.PublishBatchResponse;
import software.amazon.awssdk.services.sns.model.PublishBatchResultEntry;
import software.amazon.awssdk.services.sns.model.PublishRequest;
import software.amazon.awssdk.services.sns.model.PublishResponse;
import software.amazon.awssdk.services.sns.model.TooManyEntriesInBatchRequestException;

/** Publish and its batch. A message that anyone subscribed to is one row in the commit of the call. */
final class Publishing {
    private static final int LARGEST = 262_144;
    private static final int LONGEST_SUBJECT = 100;
    private static final int LONGEST_NAME = 256;
    private static final int MOST_ENTRIES = 10;
    private static final long PER_MILLISECOND = 1_000_000;
    private static final Pattern ID = Pattern.compile("[\\x21-\\x7E]{1,128}");
    private static final Pattern ENTRY_ID = Pattern.compile("[A-Za-z0-9_\\-]{1,80}");
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_\\-.]+");
    private static final Pattern TYPE = Pattern.compile("(String|Number|Binary)(\\..+)?");

    private final SnsTables tables;
    private final Topics topics;
    private final Clock clock;
    private final Deliveries deliveries;
    private final AtomicLong sequence;

    Publishing(SnsTables tables, Topics topics, Clock clock, Deliveries deliveries) {
        this.tables = tables;
        this.topics = topics;
        this.clock = clock;
        this.deliveries = deliveries;
        this.sequence = new AtomicLong(clock.millis() * PER_MILLISECOND);
        tables.eachNotice(notice -> sequence.accumulateAndGet(notice.sequence(), Math::max));
    }

    /** A message that is to be published. */
    private record Draft(
            @Nullable String message,
            @Nullable String subject,
            @Nullable String structure,
            Map<String, MessageAttributeValue> attributes,
            @Nullable String group,
            @Nullable String deduplication) {}

    private record Published(String id, @Nullable String sequenceNumber) {}

    PublishResponse publish(PublishRequest request) {
        if (request.phoneNumber() != null) {
            throw Errors.invalid("PhoneNumber Reason: text messages are not offered here");
        }
        String arn = request.topicArn() == null ? request.targetArn() : request.topicArn();
        TopicRecord topic = topics.of(arn);
        Published published = publish(
                topic,
                new Draft(
                        request.message(),
                        request.subject(),
                        request.messageStructure(),
                        request.messageAttributes(),
                        request.messageGroupId(),
                        request.messageDeduplicationId()));
        return PublishResponse.builder()
                .messageId(published.id())
                .sequenceNumber(published.sequenceNumber())
                .build();
    }

    PublishBatchResponse publishBatch(PublishBatchRequest request) {
        TopicRecord topic = topics.of(request.topicArn());
        List<PublishBatchRequestEntry> entries = request.publishBatchRequestEntries();
        checkEntries(entries);
        List<PublishBatchResultEntry> successful = new ArrayList<>();
        List<BatchResultErrorEntry> failed = new ArrayList<>();
        for (PublishBatchRequestEntry entry : entries) {
            try {
                Published published = publish(
                        topic,
                        new Draft(
                                entry.message(),
                                entry.subject(),
                                entry.messageStructure(),
                                entry.messageAttributes(),
                                entry.messageGroupId(),
                                entry.messageDeduplicationId()));
                successful.add(PublishBatchResultEntry.builder()
                        .id(entry.id())
                        .messageId(published.id())
                        .sequenceNumber(published.sequenceNumber())
                        .build());
            } catch (AwsServiceException e) {
                failed.add(BatchResultErrorEntry.builder()
                        .id(entry.id())
                        .code("InvalidParameter")
                        .message(AwsErrors.message(e))
                        .senderFault(true)
                        .build());
            }
        }
        return PublishBatchResponse.builder()
                .successful(successful)
                .failed(failed)
                .build();
    }

    private static void checkEntries(List<PublishBatchRequestEntry> entries) {
        if (entries.isEmpty()) {
            throw EmptyBatchRequestException.builder()
                    .message("The batch request doesn't contain any entries.")
                    .build();
        }
        if (entries.size() > MOST_ENTRIES) {
            throw TooManyEntriesInBatchRequestException.builder()
                    .message("The batch request contains more entries than permissible (more than 10).")
                    .build();
        }
        Set<String> seen = new HashSet<>();
        long total = 0;
        for (PublishBatchRequestEntry entry : entries) {
            if (!ENTRY_ID.matcher(entry.id()).matches()) {
                throw InvalidBatchEntryIdException.builder()
                        .message("The Id of a batch entry in a batch request doesn't abide by the specification.")
                        .build();
            }
            if (!seen.add(entry.id())) {
                throw BatchEntryIdsNotDistinctException.builder()
                        .message("Two or more batch entries in the request have the same Id.")
                        .build();
            }
            total += size(entry.message(), entry.messageAttributes());
        }
        if (total > LARGEST) {
            throw BatchRequestTooLongException.builder()
                    .message("The length of all the batch messages put together is more than the limit.")
                    .build();
        }
    }

    private Published publish(TopicRecord topic, Draft draft) {
        String message = checked(draft);
        boolean structured = structured(draft, message);
        Optional<String> group = group(topic, draft);
        Optional<String> deduplication = deduplication(topic, draft, message);
        NoticeRecord notice = new NoticeRecord(
                topic.account(),
                topic.region(),
                topic.name(),
                sequence.incrementAndGet(),
                Ids.uuid(),
                message,
                Optional.ofNullable(draft.subject()),
                structured,
                draft.attributes(),
                group,
                deduplication,
                clock.instant());
        Optional<DeduplicationRecord> earlier = deduplication.flatMap(id -> duplicate(topic, notice, id));
        if (earlier.isEmpty() && !tables.subscriptions(topic).isEmpty()) {
            tables.put(notice);
            tables.afterCommit(() -> deliveries.published(notice));
        }
        String number =
                "%020d".formatted(earlier.map(DeduplicationRecord::sequence).orElse(notice.sequence()));
        return new Published(
                earlier.map(DeduplicationRecord::messageId).orElse(notice.id()), topic.fifo() ? number : null);
    }

    private static String checked(Draft draft) {
        String message = draft.message();
        if (message == null || message.isEmpty()) {
            throw Errors.invalid("Empty message");
        }
        if (size(message, draft.attributes()) > LARGEST) {
            throw Errors.invalid("Message too long");
        }
        String subject = draft.subject();
        if (subject != null
                && (subject.isEmpty()
                        || subject.length() > LONGEST_SUBJECT
                        || subject.chars().anyMatch(c -> c < ' ' || c == '\u007F'))) {
            throw Errors.invalid("Subject");
        }
        draft.attributes().forEach(Publishing::check);
        return message;
    }

    private static boolean structured(Draft draft, String message) {
        if (draft.structure() == null) {
            return false;
        }
        if (!draft.structure().equals("json")) {
            throw Errors.invalid("MessageStructure");
        }
        if (!Envelopes.hasDefault(message)) {
            throw Errors.invalid("Message Structure - No default entry in JSON message body");
        }
        return true;
    }

    private static int size(@Nullable String message, Map<String, MessageAttributeValue> attributes) {
        int size = bytes(message);
        for (Map.Entry<String, MessageAttributeValue> attribute : attributes.entrySet()) {
            MessageAttributeValue value = attribute.getValue();
            size += bytes(attribute.getKey()) + bytes(value.dataType()) + bytes(value.stringValue());
            size += value.binaryValue() == null ? 0 : value.binaryValue().asByteArrayUnsafe().length;
        }
        return size;
    }

    private static int bytes(@Nullable String text) {
        return text == null ? 0 : text.getBytes(StandardCharsets.UTF_8).length;
    }

    private static void check(String name, MessageAttributeValue value) {
        if (!NAME.matcher(name).matches() || name.length() > LONGEST_NAME) {
            throw Errors.invalid("Invalid message attribute name " + name);
        }
        if (value.dataType() == null || !TYPE.matcher(value.dataType()).matches()) {
            throw Errors.invalid(
                    "The message attribute '" + name
                            + "' has an invalid message attribute type, the set of supported type prefixes is Binary, Number, and String.");
        }
        boolean binary = value.dataType().startsWith("Binary");
        boolean empty = binary
                ? value.binaryValue() == null || value.binaryValue().asByteArrayUnsafe().length == 0
                : value.stringValue() == null || value.stringValue().isEmpty();
        if (empty) {
            throw Errors.invalid("The message attribute '" + name
                    + "' must contain non-empty message attribute value for message attribute type '" + value.dataType()
                    + "'.");
        }
    }

    private static Optional<String> group(TopicRecord topic, Draft draft) {
        if (draft.group() == null) {
            if (topic.fifo()) {
                throw Errors.invalid("The MessageGroupId parameter is required for FIFO topics");
            }
            return Optional.empty();
        }
        if (!ID.matcher(draft.group()).matches()) {
            throw Errors.invalid("MessageGroupId");
        }
        return Optional.of(draft.group());
    }

    private static Optional<String> deduplication(TopicRecord topic, Draft draft, String message) {
        if (draft.deduplication() != null) {
            if (!topic.fifo()) {
                throw Errors.invalid(
                        "MessageDeduplicationId Reason: The request includes MessageDeduplicationId parameter that is not"
                                + " valid for this topic type");
            }
            if (!ID.matcher(draft.deduplication()).matches()) {
                throw Errors.invalid("MessageDeduplicationId");
            }
            return Optional.of(draft.deduplication());
        }
        if (!topic.fifo()) {
            return Optional.empty();
        }
        if (!topic.attribute(TopicAttributes.CONTENT_DEDUPLICATION).equals("true")) {
            throw Errors.invalid(
                    "The topic should either have ContentBasedDeduplication enabled or MessageDeduplicationId provided"
                            + " explicitly");
        }
        return Optional.of(sha256(message));
    }

    private static String sha256(String text) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The message that was published under the same id within five minutes; where there is none, this one is kept in mind. */
    private Optional<DeduplicationRecord> duplicate(TopicRecord topic, NoticeRecord notice, String id) {
        String scope = notice.topicKey()
                + (topic.attribute("FifoThroughputScope").equals("MessageGroup")
                        ? notice.group().orElse("")
                        : "");
        return tables.deduplications().duplicate(scope, id, notice.id(), notice.sequence(), clock.millis());
    }
}
