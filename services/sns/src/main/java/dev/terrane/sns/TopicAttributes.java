package dev.terrane.sns;

import dev.terrane.kernel.policy.MalformedPolicy;
import dev.terrane.kernel.policy.PolicyDocument;
import dev.terrane.kernel.policy.PolicyType;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/** The attributes that a topic can be given (SetTopicAttributes in the SNS API reference). */
final class TopicAttributes {
    static final String POLICY = "Policy";
    static final String DELIVERY_POLICY = "DeliveryPolicy";
    static final String FIFO = "FifoTopic";
    static final String CONTENT_DEDUPLICATION = "ContentBasedDeduplication";
    static final String SIGNATURE_VERSION = "SignatureVersion";
    private static final String DISPLAY_NAME = "DisplayName";
    private static final String THROUGHPUT_SCOPE = "FifoThroughputScope";
    private static final String TRACING = "TracingConfig";
    private static final Set<String> FIFO_ONLY = Set.of(FIFO, CONTENT_DEDUPLICATION, THROUGHPUT_SCOPE);
    private static final Set<String> SAMPLE_RATES = Set.of(
            "ApplicationSuccessFeedbackSampleRate",
            "FirehoseSuccessFeedbackSampleRate",
            "HTTPSuccessFeedbackSampleRate",
            "LambdaSuccessFeedbackSampleRate",
            "SQSSuccessFeedbackSampleRate");
    private static final Pattern PERCENT = Pattern.compile("[0-9]|[1-9][0-9]|100");
    private static final int LONGEST_DISPLAY_NAME = 100;
    private static final String EFFECTIVE_POLICY = """
            {"http":{"defaultHealthyRetryPolicy":{"minDelayTarget":20,"maxDelayTarget":20,"numRetries":3,"numMaxDelayRetries":0,\
            "numNoDelayRetries":0,"numMinDelayRetries":0,"backoffFunction":"linear"},"disableSubscriptionOverrides":false}}""";

    private TopicAttributes() {}

    /** Attributes with others set over them, checked. An empty text takes one away. */
    static Map<String, String> changed(Map<String, String> present, Map<String, String> given, boolean fifo) {
        Map<String, String> all = new LinkedHashMap<>(present);
        given.forEach((name, value) -> {
            if (FIFO_ONLY.contains(name) && !fifo && !value.equals("false")) {
                throw Errors.invalid("Attributes Reason: " + name + " can only be set on a FIFO topic");
            }
            check(name, value);
            if (value.isEmpty()) {
                all.remove(name);
            } else {
                all.put(name, value);
            }
        });
        return all;
    }

    private static void check(String name, String value) {
        boolean right = switch (name) {
            case DISPLAY_NAME -> value.length() <= LONGEST_DISPLAY_NAME;
            case FIFO, CONTENT_DEDUPLICATION -> value.equals("true") || value.equals("false");
            case THROUGHPUT_SCOPE -> value.equals("Topic") || value.equals("MessageGroup");
            case SIGNATURE_VERSION -> value.equals("1") || value.equals("2");
            case TRACING -> value.equals("PassThrough");
            case POLICY -> value.isEmpty() || isPolicy(value);
            case DELIVERY_POLICY ->
                value.isEmpty() || DeliveryPolicy.read(value).retries() >= 0;
            default ->
                SAMPLE_RATES.contains(name) ? PERCENT.matcher(value).matches() : value.isEmpty() && isKnown(name);
        };
        if (!right) {
            throw Errors.invalid(
                    isKnown(name) && !SAMPLE_RATES.contains(name)
                            ? "Attributes Reason: " + name + " is not offered here"
                            : attribute(name));
        }
    }

    private static String attribute(String name) {
        return switch (name) {
            case DISPLAY_NAME, FIFO, CONTENT_DEDUPLICATION, THROUGHPUT_SCOPE, SIGNATURE_VERSION, TRACING, POLICY ->
                "Attributes Reason: " + name + ": Invalid value";
            default -> SAMPLE_RATES.contains(name) ? "Attributes Reason: " + name + ": Invalid value" : "AttributeName";
        };
    }

    /**
     * What AWS knows and this does not offer: encryption under a customer's key, delivery status logs, archives. How much of deliveries is
     * logged is kept, though: without a role, which is refused, nothing is logged.
     */
    private static boolean isKnown(String name) {
        return name.equals("KmsMasterKeyId")
                || name.equals("ArchivePolicy")
                || name.endsWith("FeedbackRoleArn")
                || name.endsWith("FeedbackSampleRate");
    }

    private static boolean isPolicy(String json) {
        try {
            PolicyDocument.parse(json, PolicyType.RESOURCE);
            return true;
        } catch (MalformedPolicy e) {
            throw Errors.invalid("Policy Error: " + e.getMessage());
        }
    }

    /** As GetTopicAttributes shows them. */
    static Map<String, String> shown(TopicRecord topic) {
        Map<String, String> all = new LinkedHashMap<>();
        all.put("TopicArn", topic.arn());
        all.put("Owner", topic.account());
        all.put(POLICY, policy(topic));
        all.put(DISPLAY_NAME, "");
        all.put("EffectiveDeliveryPolicy", EFFECTIVE_POLICY);
        if (topic.fifo()) {
            all.put(CONTENT_DEDUPLICATION, "false");
            all.put(THROUGHPUT_SCOPE, "Topic");
        }
        all.putAll(topic.attributes());
        return all;
    }

    /** A topic's policy: without one of its own, whoever the account's own policies allow. */
    static String policy(TopicRecord topic) {
        String own = topic.attribute(POLICY);
        return own.isEmpty() ? """
                {"Version":"2008-10-17","Id":"__default_policy_ID","Statement":[{"Sid":"__default_statement_ID","Effect":"Allow",\
                "Principal":{"AWS":"*"},"Action":["SNS:GetTopicAttributes","SNS:SetTopicAttributes","SNS:AddPermission",\
                "SNS:RemovePermission","SNS:DeleteTopic","SNS:Subscribe","SNS:ListSubscriptionsByTopic","SNS:Publish"],\
                "Resource":"%s","Condition":{"StringEquals":{"AWS:SourceOwner":"%s"}}}]}""".formatted(topic.arn(), topic.account()) : own;
    }
}
