package dev.terrane.cloudwatch;

import dev.terrane.kernel.resource.Properties;
import dev.terrane.kernel.resource.ResourceSchema;
import dev.terrane.kernel.resource.ResourceType;
import dev.terrane.kernel.resource.ResourceWork;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import software.amazon.awssdk.services.cloudwatch.CloudWatchClient;
import software.amazon.awssdk.services.cloudwatch.model.AlarmType;
import software.amazon.awssdk.services.cloudwatch.model.CompositeAlarm;
import software.amazon.awssdk.services.cloudwatch.model.PutCompositeAlarmRequest;
import software.amazon.awssdk.services.cloudwatch.model.Tag;

/** {@code AWS::CloudWatch::CompositeAlarm}. */
final class CompositeAlarmResource implements ResourceType {
    @Override
    public String name() {
        return "AWS::CloudWatch::CompositeAlarm";
    }

    @Override
    public Set<String> supported() {
        return Set.of(
                "ActionsEnabled",
                "ActionsSuppressor",
                "ActionsSuppressorExtensionPeriod",
                "ActionsSuppressorWaitPeriod",
                "AlarmActions",
                "AlarmDescription",
                "AlarmName",
                "AlarmRule",
                "InsufficientDataActions",
                "OKActions",
                "Tags");
    }

    @Override
    public String create(ResourceWork work) {
        String name = work.desired().text("AlarmName").orElseGet(() -> work.name(255));
        work.mustBeNew(this, name);
        put(work, name, tags(work.tags()));
        work.made(name);
        return name;
    }

    /** An alarm is put whole. */
    private static void put(ResourceWork work, String id, List<Tag> tags) {
        work.client(CloudWatchClient.class)
                .putCompositeAlarm(work.desired().without("Tags").as(PutCompositeAlarmRequest.builder()).toBuilder()
                        .alarmName(id)
                        .tags(tags)
                        .build());
    }

    private static List<Tag> tags(Map<String, String> tags) {
        return tags.entrySet().stream()
                .map(tag ->
                        Tag.builder().key(tag.getKey()).value(tag.getValue()).build())
                .toList();
    }

    @Override
    public void update(ResourceWork work, String id) {
        CloudWatchClient cloudWatch = work.client(CloudWatchClient.class);
        put(work, id, List.of());
        String arn = Alarms.arn(work.scope(), id).toString();
        work.tagChanges(
                tags -> cloudWatch.tagResource(r -> r.resourceARN(arn).tags(tags(tags))),
                keys -> cloudWatch.untagResource(r -> r.resourceARN(arn).tagKeys(keys)));
    }

    @Override
    public void delete(ResourceWork work, String id) {
        if (find(work, id).isPresent()) {
            work.client(CloudWatchClient.class).deleteAlarms(r -> r.alarmNames(id));
        }
    }

    private static Optional<CompositeAlarm> find(ResourceWork work, String id) {
        return work
                .client(CloudWatchClient.class)
                .describeAlarms(r -> r.alarmNames(id).alarmTypes(AlarmType.COMPOSITE_ALARM))
                .compositeAlarms()
                .stream()
                .findFirst();
    }

    @Override
    public Optional<Properties> read(ResourceWork work, String id) {
        return find(work, id)
                .map(alarm -> Properties.builder()
                        .put("Arn", alarm.alarmArn())
                        .tags(
                                "Tags",
                                work
                                        .client(CloudWatchClient.class)
                                        .listTagsForResource(r -> r.resourceARN(alarm.alarmArn()))
                                        .tags()
                                        .stream()
                                        .collect(Collectors.toMap(Tag::key, Tag::value)))
                        .model(ResourceSchema.of(name()).orElseThrow(), alarm)
                        .inOrderOf(work.desired(), "Tags")
                        .build());
    }

    @Override
    public List<String> list(ResourceWork work) {
        return work
                .client(CloudWatchClient.class)
                .describeAlarmsPaginator(r -> r.alarmTypes(AlarmType.COMPOSITE_ALARM))
                .compositeAlarms()
                .stream()
                .map(CompositeAlarm::alarmName)
                .toList();
    }
}
