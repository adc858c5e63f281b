package dev.terrane.s3;

import dev.terrane.kernel.resource.Properties;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.s3.model.EventBridgeConfiguration;
import software.amazon.awssdk.services.s3.model.FilterRule;
import software.amazon.awssdk.services.s3.model.GetBucketNotificationConfigurationResponse;
import software.amazon.awssdk.services.s3.model.NotificationConfiguration;
import software.amazon.awssdk.services.s3.model.NotificationConfigurationFilter;
import software.amazon.awssdk.services.s3.model.QueueConfiguration;
import software.amazon.awssdk.services.s3.model.TopicConfiguration;

/** Who is told of a bucket's events as CloudFormation says it, which is otherwise than the API does: each entry has one event, and no id. */
final class NotificationProperties {
    private NotificationProperties() {}

    static NotificationConfiguration configuration(Properties notification) {
        NotificationConfiguration.Builder configuration = NotificationConfiguration.builder();
        if (notification
                .object("EventBridgeConfiguration")
                .flag("EventBridgeEnabled")
                .orElse(notification.has("EventBridgeConfiguration"))) {
            configuration.eventBridgeConfiguration(
                    EventBridgeConfiguration.builder().build());
        }
        return configuration
                .topicConfigurations(notification.objects("TopicConfigurations").stream()
                        .map(one -> TopicConfiguration.builder()
                                .topicArn(one.required("Topic"))
                                .eventsWithStrings(one.required("Event"))
                                .filter(filter(one))
                                .build())
                        .toList())
                .queueConfigurations(notification.objects("QueueConfigurations").stream()
                        .map(one -> QueueConfiguration.builder()
                                .queueArn(one.required("Queue"))
                                .eventsWithStrings(one.required("Event"))
                                .filter(filter(one))
                                .build())
                        .toList())
                .build();
    }

    private static @Nullable NotificationConfigurationFilter filter(Properties one) {
        List<FilterRule> rules = one.object("Filter").object("S3Key").objects("Rules").stream()
                .map(rule -> FilterRule.builder()
                        .name(rule.required("Name"))
                        .value(rule.required("Value"))
                        .build())
                .toList();
        return rules.isEmpty()
                ? null
                : NotificationConfigurationFilter.builder()
                        .key(key -> key.filterRules(rules))
                        .build();
    }

    /** Empty where nobody is told. */
    static Optional<Map<String, Object>> of(GetBucketNotificationConfigurationResponse told) {
        Map<String, Object> properties = new LinkedHashMap<>();
        if (told.eventBridgeConfiguration() != null) {
            properties.put("EventBridgeConfiguration", Map.of("EventBridgeEnabled", true));
        }
        List<Map<String, Object>> topics = new ArrayList<>();
        told.topicConfigurations()
                .forEach(one -> one.eventsAsStrings()
                        .forEach(event -> topics.add(entry("Topic", one.topicArn(), event, one.filter()))));
        List<Map<String, Object>> queues = new ArrayList<>();
        told.queueConfigurations()
                .forEach(one -> one.eventsAsStrings()
                        .forEach(event -> queues.add(entry("Queue", one.queueArn(), event, one.filter()))));
        if (!topics.isEmpty()) {
            properties.put("TopicConfigurations", topics);
        }
        if (!queues.isEmpty()) {
            properties.put("QueueConfigurations", queues);
        }
        return properties.isEmpty() ? Optional.empty() : Optional.of(properties);
    }

    private static Map<String, Object> entry(
            String kind, String arn, String event, @Nullable NotificationConfigurationFilter filter) {
        Map<String, Object> entry = new LinkedHashMap<>();
        entry.put("Event", event);
        entry.put(kind, arn);
        if (filter != null && filter.key() != null) {
            List<Map<String, String>> rules = filter.key().filterRules().stream()
                    .map(rule -> Map.of("Name", rule.nameAsString().toLowerCase(Locale.ROOT), "Value", rule.value()))
                    .toList();
            entry.put("Filter", Map.of("S3Key", Map.of("Rules", rules)));
        }
        return entry;
    }
}
