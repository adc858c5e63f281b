package dev.terrane.s3;

import dev.terrane.kernel.arn.Arn;
import dev.terrane.kernel.id.Ids;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.services.s3.model.Event;
import software.amazon.awssdk.services.s3.model.EventBridgeConfiguration;
import software.amazon.awssdk.services.s3.model.FilterRule;
import software.amazon.awssdk.services.s3.model.GetBucketNotificationConfigurationRequest;
import software.amazon.awssdk.services.s3.model.GetBucketNotificationConfigurationResponse;
import software.amazon.awssdk.services.s3.model.NotificationConfiguration;
import software.amazon.awssdk.services.s3.model.NotificationConfigurationFilter;
import software.amazon.awssdk.services.s3.model.PutBucketNotificationConfigurationRequest;
import software.amazon.awssdk.services.s3.model.PutBucketNotificationConfigurationResponse;
import software.amazon.awssdk.services.s3.model.QueueConfiguration;
import software.amazon.awssdk.services.s3.model.TopicConfiguration;

/**
 * Who is told of what happens in a bucket.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonS3/latest/userguide/EventNotifications.html">Amazon S3 event notifications</a>
 */
final class Notifications {
    private static final int MOST = 100;
    private static final int LONGEST_ID = 255;
    private static final int LONGEST_FILTER = 1024;

    private final BucketLookup lookup;
    private final NotificationSender sender;

    Notifications(BucketLookup lookup, NotificationSender sender) {
        this.lookup = lookup;
        this.sender = sender;
    }

    GetBucketNotificationConfigurationResponse get(GetBucketNotificationConfigurationRequest request) {
        BucketRecord bucket = lookup.require(request.bucket(), request.expectedBucketOwner());
        GetBucketNotificationConfigurationResponse.Builder response =
                GetBucketNotificationConfigurationResponse.builder();
        if (bucket.eventBridge()) {
            response.eventBridgeConfiguration(EventBridgeConfiguration.builder().build());
        }
        List<NotificationRule> topics = of(bucket, "sns");
        if (!topics.isEmpty()) {
            response.topicConfigurations(topics.stream()
                    .map(rule -> TopicConfiguration.builder()
                            .id(rule.id())
                            .topicArn(rule.destination())
                            .eventsWithStrings(rule.events())
                            .filter(filter(rule))
                            .build())
                    .toList());
        }
        List<NotificationRule> queues = of(bucket, "sqs");
        if (!queues.isEmpty()) {
            response.queueConfigurations(queues.stream()
                    .map(rule -> QueueConfiguration.builder()
                            .id(rule.id())
                            .queueArn(rule.destination())
                            .eventsWithStrings(rule.events())
                            .filter(filter(rule))
                            .build())
                    .toList());
        }
        return response.build();
    }

    private static List<NotificationRule> of(BucketRecord bucket, String service) {
        return bucket.notifications().stream()
                .filter(rule -> Arn.parse(rule.destination()).service().equals(service))
                .toList();
    }

    private static @Nullable NotificationConfigurationFilter filter(NotificationRule rule) {
        List<FilterRule> rules = new ArrayList<>();
        if (!rule.prefix().isEmpty()) {
            rules.add(FilterRule.builder().name("Prefix").value(rule.prefix()).build());
        }
        if (!rule.suffix().isEmpty()) {
            rules.add(FilterRule.builder().name("Suffix").value(rule.suffix()).build());
        }
        return rules.isEmpty()
                ? null
                : NotificationConfigurationFilter.builder()
                        .key(key -> key.filterRules(rules))
                        .build();
    }

    PutBucketNotificationConfigurationResponse put(PutBucketNotificationConfigurationRequest request) {
        NotificationConfiguration configuration = request.notificationConfiguration();
        if (configuration == null) {
            throw S3Errors.malformedXml();
        }
        if (!configuration.lambdaFunctionConfigurations().isEmpty()) {
            throw S3Errors.notImplemented("notification of Lambda functions, which do not run here");
        }
        BucketRecord bucket = lookup.require(request.bucket(), request.expectedBucketOwner());
        List<NotificationRule> rules = rules(configuration);
        refuseAmbiguous(rules);
        for (NotificationRule rule : rules) {
            refuseElsewhere(bucket, rule);
            if (!Boolean.TRUE.equals(request.skipDestinationValidation())) {
                test(bucket, rule);
            }
        }
        boolean bridge = configuration.eventBridgeConfiguration() != null;
        lookup.change(
                request.bucket(),
                request.expectedBucketOwner(),
                now -> now.withEventBridge(bridge).withNotifications(rules));
        return PutBucketNotificationConfigurationResponse.builder().build();
    }

    private static List<NotificationRule> rules(NotificationConfiguration configuration) {
        List<NotificationRule> rules = new ArrayList<>();
        for (TopicConfiguration one : configuration.topicConfigurations()) {
            rules.add(rule(one.id(), one.topicArn(), "sns", one.events(), one.eventsAsStrings(), one.filter()));
        }
        for (QueueConfiguration one : configuration.queueConfigurations()) {
            rules.add(rule(one.id(), one.queueArn(), "sqs", one.events(), one.eventsAsStrings(), one.filter()));
        }
        if (rules.size() > MOST) {
            throw S3Errors.invalidArgument("The number of notification configurations exceeds the limit of " + MOST);
        }
        Set<String> ids = new HashSet<>();
        for (NotificationRule rule : rules) {
            if (!ids.add(rule.id())) {
                throw S3Errors.invalidArgument("Same ID used for multiple configurations. IDs must be unique");
            }
        }
        return rules;
    }

    private static NotificationRule rule(
            @Nullable String id,
            @Nullable String arn,
            String service,
            List<Event> events,
            List<String> names,
            @Nullable NotificationConfigurationFilter filter) {
        if (arn == null || names.isEmpty()) {
            throw S3Errors.malformedXml();
        }
        if (id != null && id.length() > LONGEST_ID) {
            throw S3Errors.invalidArgument("The ID of a notification configuration is too long");
        }
        if (Arn.find(arn).filter(a -> a.service().equals(service)).isEmpty()) {
            throw S3Errors.invalidArgument("The ARN could not be parsed");
        }
        int unknown = events.indexOf(Event.UNKNOWN_TO_SDK_VERSION);
        if (unknown >= 0) {
            throw S3Errors.invalidArgument("The event '" + names.get(unknown) + "' is not supported for notifications");
        }
        return new NotificationRule(
                id == null || id.isEmpty() ? Ids.uuid() : id,
                arn,
                names,
                filter(filter, "prefix"),
                filter(filter, "suffix"));
    }

    private static String filter(@Nullable NotificationConfigurationFilter filter, String name) {
        List<FilterRule> rules = filter == null || filter.key() == null
                ? List.of()
                : filter.key().filterRules();
        String found = null;
        for (FilterRule rule : rules) {
            String told = rule.nameAsString() == null ? "" : rule.nameAsString().toLowerCase(Locale.ROOT);
            if (!told.equals("prefix") && !told.equals("suffix")) {
                throw S3Errors.invalidArgument("filter rule name must be either prefix or suffix");
            }
            if (!told.equals(name)) {
                continue;
            }
            if (found != null) {
                throw S3Errors.invalidArgument("Cannot specify more than one " + name + " rule in a filter.");
            }
            found = rule.value() == null ? "" : rule.value();
            if (found.length() > LONGEST_FILTER) {
                throw S3Errors.invalidArgument("Size of filter rule value cannot exceed 1024 bytes in UTF-8");
            }
        }
        return found == null ? "" : found;
    }

    private static void refuseAmbiguous(List<NotificationRule> rules) {
        for (int i = 0; i < rules.size(); i++) {
            for (int j = i + 1; j < rules.size(); j++) {
                if (rules.get(i).overlaps(rules.get(j))) {
                    throw S3Errors.invalidArgument("Configuration is ambiguously defined. Cannot have overlapping"
                            + " suffixes in two rules if the prefixes are overlapping for the same event type.");
                }
            }
        }
    }

    private static void refuseElsewhere(BucketRecord bucket, NotificationRule rule) {
        if (!Arn.parse(rule.destination()).region().equals(bucket.region())) {
            throw S3Errors.invalidArgument(
                    "The notification destination service region is not valid for the bucket location constraint");
        }
    }

    /** S3 tells whoever is to be told that it will be: so it shows whether it can be. */
    private void test(BucketRecord bucket, NotificationRule rule) {
        try {
            if (Arn.parse(rule.destination()).resource().endsWith(".fifo")) {
                throw S3Errors.invalidArgument("FIFO topics and queues are not told");
            }
            sender.test(bucket, rule);
        } catch (AwsServiceException e) {
            throw S3Errors.invalidArgument(
                    "Unable to validate the following destination configurations: " + rule.destination());
        }
    }
}
