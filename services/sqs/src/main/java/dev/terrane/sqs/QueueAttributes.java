package dev.terrane.sqs;

import dev.terrane.kernel.policy.MalformedPolicy;
import dev.terrane.kernel.policy.PolicyDocument;
import dev.terrane.kernel.policy.PolicyType;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/** The attributes that a queue can have, with their ranges and defaults (SetQueueAttributes in the SQS API reference). */
final class QueueAttributes {
    static final String DELAY = "DelaySeconds";
    static final String MAXIMUM_SIZE = "MaximumMessageSize";
    static final String RETENTION = "MessageRetentionPeriod";
    static final String POLICY = "Policy";
    static final String WAIT = "ReceiveMessageWaitTimeSeconds";
    static final String VISIBILITY = "VisibilityTimeout";
    static final String REDRIVE_POLICY = "RedrivePolicy";
    static final String REDRIVE_ALLOW_POLICY = "RedriveAllowPolicy";
    static final String KMS_KEY = "KmsMasterKeyId";
    static final String KMS_REUSE = "KmsDataKeyReusePeriodSeconds";
    static final String MANAGED_SSE = "SqsManagedSseEnabled";
    static final String FIFO = "FifoQueue";
    static final String CONTENT_DEDUPLICATION = "ContentBasedDeduplication";
    static final String DEDUPLICATION_SCOPE = "DeduplicationScope";
    static final String THROUGHPUT_LIMIT = "FifoThroughputLimit";

    /** What holds unless something else is set. */
    static final Map<String, String> DEFAULTS = Map.ofEntries(
            Map.entry(DELAY, "0"),
            Map.entry(MAXIMUM_SIZE, "1048576"),
            Map.entry(RETENTION, "345600"),
            Map.entry(WAIT, "0"),
            Map.entry(VISIBILITY, "30"),
            Map.entry(MANAGED_SSE, "true"));

    /** What holds for FIFO queues besides. */
    static final Map<String, String> FIFO_DEFAULTS = Map.of(
            FIFO, "true",
            CONTENT_DEDUPLICATION, "false",
            DEDUPLICATION_SCOPE, "queue",
            THROUGHPUT_LIMIT, "perQueue");

    private record Range(int least, int greatest) {}

    private static final Map<String, Range> NUMBERS = Map.of(
            DELAY, new Range(0, 900),
            MAXIMUM_SIZE, new Range(1024, 1_048_576),
            RETENTION, new Range(60, 1_209_600),
            WAIT, new Range(0, 20),
            VISIBILITY, new Range(0, 43_200));
    private static final Set<String> FIFO_ONLY =
            Set.of(FIFO, CONTENT_DEDUPLICATION, DEDUPLICATION_SCOPE, THROUGHPUT_LIMIT);
    private static final Set<String> REMOVED_BY_EMPTY = Set.of(POLICY, REDRIVE_POLICY, REDRIVE_ALLOW_POLICY, KMS_KEY);

    private QueueAttributes() {}

    /** Attributes with others set over them, checked. */
    static Map<String, String> changed(Map<String, String> present, Map<String, String> given, boolean fifo) {
        Map<String, String> all = new LinkedHashMap<>(present);
        given.forEach((name, value) -> {
            if (value.isEmpty() && REMOVED_BY_EMPTY.contains(name)) {
                all.remove(name);
            } else {
                check(name, value, fifo);
                all.put(name, value);
            }
        });
        if (all.getOrDefault(THROUGHPUT_LIMIT, "").equals("perMessageGroupId")
                && !all.getOrDefault(DEDUPLICATION_SCOPE, "queue").equals("messageGroup")) {
            throw Errors.attribute("Value perMessageGroupId for parameter FifoThroughputLimit is invalid."
                    + " Reason: it needs the DeduplicationScope messageGroup.");
        }
        return all;
    }

    private static void check(String name, String value, boolean fifo) {
        if (FIFO_ONLY.contains(name) && !fifo) {
            throw Errors.attributeName(name);
        }
        Range range = NUMBERS.get(name);
        if (range != null) {
            number(name, value, range);
            return;
        }
        switch (name) {
            case POLICY -> policy(value);
            case REDRIVE_POLICY -> RedrivePolicy.read(value);
            case REDRIVE_ALLOW_POLICY -> RedriveAllowPolicy.read(value);
            case MANAGED_SSE, CONTENT_DEDUPLICATION -> oneOf(name, value, "true", "false");
            case FIFO -> oneOf(name, value, "true");
            case DEDUPLICATION_SCOPE -> oneOf(name, value, "queue", "messageGroup");
            case THROUGHPUT_LIMIT -> oneOf(name, value, "perQueue", "perMessageGroupId");
            case KMS_KEY, KMS_REUSE ->
                throw Errors.attribute(
                        name + " is not offered here: messages are encrypted under the installation's key.");
            default -> throw Errors.attributeName(name);
        }
    }

    private static void number(String name, String value, Range range) {
        if (!value.matches("[0-9]{1,9}")) {
            throw Errors.attributeValue(name);
        }
        int number = Integer.parseInt(value);
        if (number < range.least() || number > range.greatest()) {
            throw Errors.attributeValue(name);
        }
    }

    private static void oneOf(String name, String value, String... values) {
        if (!Set.of(values).contains(value)) {
            throw Errors.attributeValue(name);
        }
    }

    private static void policy(String json) {
        try {
            PolicyDocument.parse(json, PolicyType.RESOURCE);
        } catch (MalformedPolicy e) {
            throw Errors.attribute("Invalid value for the parameter Policy. Reason: " + e.getMessage());
        }
    }
}
