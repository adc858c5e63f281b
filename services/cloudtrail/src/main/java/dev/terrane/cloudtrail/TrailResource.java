package dev.terrane.cloudtrail;

import dev.terrane.kernel.resource.Properties;
import dev.terrane.kernel.resource.ResourceSchema;
import dev.terrane.kernel.resource.ResourceType;
import dev.terrane.kernel.resource.ResourceWork;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.cloudtrail.CloudTrailClient;
import software.amazon.awssdk.services.cloudtrail.model.*;

/** {@code AWS::CloudTrail::Trail}. */
final class TrailResource implements ResourceType {
    private static final int LONGEST_NAME = 128;

    @Override
    public String name() {
        return "AWS::CloudTrail::Trail";
    }

    @Override
    public Set<String> supported() {
        return Set.of(
                "AdvancedEventSelectors",
                "CloudWatchLogsLogGroupArn",
                "CloudWatchLogsRoleArn",
                "EnableLogFileValidation",
                "EventSelectors",
                "IncludeGlobalServiceEvents",
                "IsLogging",
                "IsMultiRegionTrail",
                "KMSKeyId",
                "S3BucketName",
                "S3KeyPrefix",
                "SnsTopicName",
                "Tags",
                "TrailName");
    }

    @Override
    public String create(ResourceWork work) {
        CloudTrailClient cloudTrail = work.client(CloudTrailClient.class);
        Properties desired = work.desired();
        String name = desired.text("TrailName").orElseGet(() -> work.name(LONGEST_NAME));
        cloudTrail.createTrail(r -> r.name(name)
                .s3BucketName(desired.required("S3BucketName"))
                .s3KeyPrefix(desired.text("S3KeyPrefix").orElse(null))
                .snsTopicName(desired.text("SnsTopicName").orElse(null))
                .includeGlobalServiceEvents(
                        desired.flag("IncludeGlobalServiceEvents").orElse(null))
                .isMultiRegionTrail(desired.flag("IsMultiRegionTrail").orElse(null))
                .enableLogFileValidation(desired.flag("EnableLogFileValidation").orElse(null))
                .cloudWatchLogsLogGroupArn(
                        desired.text("CloudWatchLogsLogGroupArn").orElse(null))
                .cloudWatchLogsRoleArn(desired.text("CloudWatchLogsRoleArn").orElse(null))
                .kmsKeyId(desired.text("KMSKeyId").orElse(null))
                .tagsList(tags(work.tags())));
        work.made(name);
        select(cloudTrail, desired, name);
        if (desired.flag("IsLogging").orElse(false)) {
            cloudTrail.startLogging(r -> r.name(name));
        }
        return name;
    }

    private static void select(CloudTrailClient cloudTrail, Properties properties, String name) {
        List<EventSelector> basic = basic(properties);
        List<AdvancedEventSelector> advanced = advanced(properties);
        if (!basic.isEmpty() || !advanced.isEmpty()) {
            cloudTrail.putEventSelectors(r -> r.trailName(name)
                    .eventSelectors(basic.isEmpty() ? null : basic)
                    .advancedEventSelectors(advanced.isEmpty() ? null : advanced));
        }
    }

    private static List<EventSelector> basic(Properties properties) {
        return properties.allAs("EventSelectors", _ -> EventSelector.builder());
    }

    private static List<AdvancedEventSelector> advanced(Properties properties) {
        return properties.allAs("AdvancedEventSelectors", _ -> AdvancedEventSelector.builder());
    }

    private static List<Tag> tags(Map<String, String> tags) {
        return tags.entrySet().stream()
                .map(tag ->
                        Tag.builder().key(tag.getKey()).value(tag.getValue()).build())
                .toList();
    }

    @Override
    public void update(ResourceWork work, String id) {
        CloudTrailClient cloudTrail = work.client(CloudTrailClient.class);
        Properties desired = work.desired();
        Properties previous = work.previous();
        String arn = cloudTrail
                .updateTrail(r -> r.name(id)
                        .s3BucketName(desired.required("S3BucketName"))
                        .s3KeyPrefix(desired.text("S3KeyPrefix").orElse(""))
                        .snsTopicName(desired.text("SnsTopicName").orElse(""))
                        .includeGlobalServiceEvents(
                                desired.flag("IncludeGlobalServiceEvents").orElse(true))
                        .isMultiRegionTrail(desired.flag("IsMultiRegionTrail").orElse(false))
                        .enableLogFileValidation(
                                desired.flag("EnableLogFileValidation").orElse(false))
                        .cloudWatchLogsLogGroupArn(
                                desired.text("CloudWatchLogsLogGroupArn").orElse(""))
                        .cloudWatchLogsRoleArn(
                                desired.text("CloudWatchLogsRoleArn").orElse(""))
                        .kmsKeyId(desired.text("KMSKeyId").orElse("")))
                .trailARN();
        if (!basic(desired).equals(basic(previous)) || !advanced(desired).equals(advanced(previous))) {
            if (basic(desired).isEmpty() && advanced(desired).isEmpty()) {
                cloudTrail.putEventSelectors(r ->
                        r.trailName(id).eventSelectors(EventSelector.builder().build()));
            } else {
                select(cloudTrail, desired, id);
            }
        }
        if (desired.flag("IsLogging").orElse(false)) {
            cloudTrail.startLogging(r -> r.name(id));
        } else {
            cloudTrail.stopLogging(r -> r.name(id));
        }
        work.tagChanges(
                added -> cloudTrail.addTags(r -> r.resourceId(arn).tagsList(tags(added))),
                removed -> cloudTrail.removeTags(r -> r.resourceId(arn)
                        .tagsList(removed.stream()
                                .map(key -> Tag.builder().key(key).build())
                                .toList())));
    }

    @Override
    public void delete(ResourceWork work, String id) {
        work.unlessGone(
                TrailNotFoundException.class,
                () -> work.client(CloudTrailClient.class).deleteTrail(r -> r.name(id)));
    }

    @Override
    public Optional<Properties> read(ResourceWork work, String id) {
        CloudTrailClient cloudTrail = work.client(CloudTrailClient.class);
        return work.ifThere(TrailNotFoundException.class, () -> {
            Trail trail = cloudTrail.getTrail(r -> r.name(id)).trail();
            Properties.Builder read = Properties.builder()
                    .put("Arn", trail.trailARN())
                    .put("TrailName", trail.name())
                    .put("EnableLogFileValidation", trail.logFileValidationEnabled())
                    .put("IsLogging", cloudTrail.getTrailStatus(r -> r.name(id)).isLogging())
                    .put("KMSKeyId", asNamed(work, "KMSKeyId", trail.kmsKeyId(), "/"))
                    .put("SnsTopicArn", trail.snsTopicARN())
                    .put("SnsTopicName", asNamed(work, "SnsTopicName", trail.snsTopicARN(), ":"));
            if (trail.hasCustomEventSelectors()) {
                GetEventSelectorsResponse selectors = cloudTrail.getEventSelectors(r -> r.trailName(id));
                read.put("EventSelectors", selectors.eventSelectors())
                        .put("AdvancedEventSelectors", selectors.advancedEventSelectors());
            }
            Map<String, String> tags = new LinkedHashMap<>();
            cloudTrail.listTags(r -> r.resourceIdList(trail.trailARN())).resourceTagList().stream()
                    .flatMap(resource -> resource.tagsList().stream())
                    .forEach(tag -> tags.put(tag.key(), tag.value()));
            return read.tags("Tags", tags)
                    .model(ResourceSchema.of(name()).orElseThrow(), trail)
                    .inOrderOf(work.desired(), "Tags")
                    .build();
        });
    }

    /** An ARN as the template names it, where that names the same. */
    private static @Nullable String asNamed(
            ResourceWork work, String property, @Nullable String arn, String separator) {
        return arn == null
                ? null
                : work.desired()
                        .text(property)
                        .filter(named -> named.startsWith("alias/") || arn.endsWith(separator + named))
                        .orElse(arn);
    }

    @Override
    public List<String> list(ResourceWork work) {
        return work
                .client(CloudTrailClient.class)
                .describeTrails(r -> r.includeShadowTrails(false))
                .trailList()
                .stream()
                .map(Trail::name)
                .toList();
    }
}
