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
import software.amazon.awssdk.services.cloudwatch.model.*;

/** CloudWatch's CloudFormation types. */
final class CloudWatchResources {
    static final List<ResourceType> ALL =
            List.of(new AlarmResource(), new CompositeAlarmResource(), new DashboardResource());

    private CloudWatchResources() {}

    private static final class AlarmResource implements ResourceType {
        @Override
        public String name() {
            return "AWS::CloudWatch::Alarm";
        }

        @Override
        public Set<String> supported() {
            return Set.of(
                    "ActionsEnabled",
                    "AlarmActions",
                    "AlarmDescription",
                    "AlarmName",
                    "ComparisonOperator",
                    "DatapointsToAlarm",
                    "Dimensions",
                    "EvaluateLowSampleCountPercentile",
                    "EvaluationPeriods",
                    "ExtendedStatistic",
                    "InsufficientDataActions",
                    "MetricName",
                    "Metrics",
                    "Namespace",
                    "OKActions",
                    "Period",
                    "Statistic",
                    "Tags",
                    "Threshold",
                    "TreatMissingData",
                    "Unit");
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
                    .putMetricAlarm(work.desired().without("Tags").as(PutMetricAlarmRequest.builder()).toBuilder()
                            .alarmName(id)
                            .tags(tags)
                            .build());
        }

        private static List<Tag> tags(Map<String, String> tags) {
            return tags.entrySet().stream()
                    .map(tag -> Tag.builder()
                            .key(tag.getKey())
                            .value(tag.getValue())
                            .build())
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

        private static Optional<MetricAlarm> find(ResourceWork work, String id) {
            return work
                    .client(CloudWatchClient.class)
                    .describeAlarms(r -> r.alarmNames(id).alarmTypes(AlarmType.METRIC_ALARM))
                    .metricAlarms()
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
                            .inOrderOf(work.desired(), "Tags", "Dimensions")
                            .build());
        }

        @Override
        public List<String> list(ResourceWork work) {
            return work.client(CloudWatchClient.class).describeAlarmsPaginator().metricAlarms().stream()
                    .map(MetricAlarm::alarmName)
                    .toList();
        }
    }

    private static final class DashboardResource implements ResourceType {
        @Override
        public String name() {
            return "AWS::CloudWatch::Dashboard";
        }

        @Override
        public Set<String> supported() {
            return Set.of("DashboardBody", "DashboardName");
        }

        @Override
        public String create(ResourceWork work) {
            String name = work.desired().text("DashboardName").orElseGet(() -> work.name(255));
            work.mustBeNew(this, name);
            update(work, name);
            work.made(name);
            return name;
        }

        @Override
        public void update(ResourceWork work, String id) {
            work.client(CloudWatchClient.class)
                    .putDashboard(r -> r.dashboardName(id)
                            .dashboardBody(work.desired().json("DashboardBody").orElse("")));
        }

        @Override
        public void delete(ResourceWork work, String id) {
            if (read(work, id).isPresent()) {
                work.client(CloudWatchClient.class).deleteDashboards(r -> r.dashboardNames(id));
            }
        }

        @Override
        public Optional<Properties> read(ResourceWork work, String id) {
            return work.ifThere(
                    DashboardNotFoundErrorException.class,
                    () -> Properties.builder()
                            .model(
                                    ResourceSchema.of(name()).orElseThrow(),
                                    work.client(CloudWatchClient.class).getDashboard(r -> r.dashboardName(id)))
                            .build());
        }

        @Override
        public List<String> list(ResourceWork work) {
            return work.client(CloudWatchClient.class).listDashboardsPaginator().dashboardEntries().stream()
                    .map(DashboardEntry::dashboardName)
                    .toList();
        }
    }
}
