package dev.terrane.cloudwatchlogs;

import dev.terrane.kernel.resource.Properties;
import dev.terrane.kernel.resource.ResourceSchema;
import dev.terrane.kernel.resource.ResourceType;
import dev.terrane.kernel.resource.ResourceWork;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import software.amazon.awssdk.services.cloudwatchlogs.CloudWatchLogsClient;
import software.amazon.awssdk.services.cloudwatchlogs.model.*;

/** CloudWatch Logs' CloudFormation types. */
final class LogsResources {
    static final List<ResourceType> ALL = List.of(
            new LogGroupResource(),
            new LogStreamResource(),
            new MetricFilterResource(),
            new SubscriptionFilterResource(),
            new AccountPolicyResource());

    private LogsResources() {}

    private static final class LogGroupResource implements ResourceType {
        private static final String STANDARD = "STANDARD";

        @Override
        public String name() {
            return "AWS::Logs::LogGroup";
        }

        @Override
        public Set<String> supported() {
            return Set.of("DeletionProtectionEnabled", "LogGroupClass", "LogGroupName", "RetentionInDays", "Tags");
        }

        @Override
        public String create(ResourceWork work) {
            Properties desired = work.desired();
            String name = desired.text("LogGroupName").orElseGet(() -> work.name(512));
            work.client(CloudWatchLogsClient.class)
                    .createLogGroup(desired.as(CreateLogGroupRequest.builder()).toBuilder()
                            .logGroupName(name)
                            .tags(work.tags().isEmpty() ? null : work.tags())
                            .build());
            work.made(name);
            setRetention(work, name);
            return name;
        }

        private static void setRetention(ResourceWork work, String id) {
            CloudWatchLogsClient logs = work.client(CloudWatchLogsClient.class);
            work.desired()
                    .integer("RetentionInDays")
                    .ifPresentOrElse(
                            days -> logs.putRetentionPolicy(
                                    r -> r.logGroupName(id).retentionInDays(days)),
                            () -> {
                                if (work.previous().has("RetentionInDays")) {
                                    logs.deleteRetentionPolicy(r -> r.logGroupName(id));
                                }
                            });
        }

        /** The class of a group cannot be changed: that is refused, as by AWS. */
        @Override
        public void update(ResourceWork work, String id) {
            CloudWatchLogsClient logs = work.client(CloudWatchLogsClient.class);
            Properties desired = work.desired();
            Properties previous = work.previous();
            if (!desired.text("LogGroupClass")
                    .orElse(STANDARD)
                    .equals(previous.text("LogGroupClass").orElse(STANDARD))) {
                throw LogErrors.invalid("The log group class can't be changed after a log group is created.");
            }
            boolean isProtected = desired.flag("DeletionProtectionEnabled").orElse(false);
            if (isProtected != previous.flag("DeletionProtectionEnabled").orElse(false)) {
                logs.putLogGroupDeletionProtection(
                        r -> r.logGroupIdentifier(id).deletionProtectionEnabled(isProtected));
            }
            if (!desired.text("RetentionInDays").equals(previous.text("RetentionInDays"))) {
                setRetention(work, id);
            }
            String arn = LogGroups.arn(work.scope(), id).toString();
            work.tagChanges(
                    tags -> logs.tagResource(r -> r.resourceArn(arn).tags(tags)),
                    keys -> logs.untagResource(r -> r.resourceArn(arn).tagKeys(keys)));
        }

        @Override
        public void delete(ResourceWork work, String id) {
            work.unlessGone(
                    ResourceNotFoundException.class,
                    () -> work.client(CloudWatchLogsClient.class).deleteLogGroup(r -> r.logGroupName(id)));
        }

        @Override
        public Optional<Properties> read(ResourceWork work, String id) {
            CloudWatchLogsClient logs = work.client(CloudWatchLogsClient.class);
            return work.ifThere(ResourceNotFoundException.class, () -> {
                LogGroup group = logs.describeLogGroups(r -> r.logGroupIdentifiers(id))
                        .logGroups()
                        .getFirst();
                Map<String, String> tags = logs.listTagsForResource(r -> r.resourceArn(group.logGroupArn()))
                        .tags();
                return Properties.builder()
                        .tags("Tags", tags)
                        .model(ResourceSchema.of(name()).orElseThrow(), group)
                        .inOrderOf(work.desired(), "Tags")
                        .build();
            });
        }

        @Override
        public List<String> list(ResourceWork work) {
            return work.client(CloudWatchLogsClient.class).describeLogGroupsPaginator().logGroups().stream()
                    .map(LogGroup::logGroupName)
                    .toList();
        }
    }

    /** Both parts of an identifier: the group's name, which has no bar, and the rest. */
    private record Within(String group, String name) {
        static Within of(String id) {
            int bar = id.indexOf('|');
            return new Within(id.substring(0, bar), id.substring(bar + 1));
        }

        String id() {
            return group + "|" + name;
        }
    }

    private static final class LogStreamResource implements ResourceType {
        @Override
        public String name() {
            return "AWS::Logs::LogStream";
        }

        @Override
        public Set<String> supported() {
            return Set.of("LogGroupName", "LogStreamName");
        }

        @Override
        public String create(ResourceWork work) {
            Within stream = new Within(
                    work.desired().required("LogGroupName"),
                    work.desired().text("LogStreamName").orElseGet(() -> work.name(512)));
            work.client(CloudWatchLogsClient.class)
                    .createLogStream(r -> r.logGroupName(stream.group()).logStreamName(stream.name()));
            work.made(stream.id());
            return stream.id();
        }

        /** There is nothing to change in place. */
        @Override
        public void update(ResourceWork work, String id) {}

        @Override
        public void delete(ResourceWork work, String id) {
            Within stream = Within.of(id);
            work.unlessGone(
                    ResourceNotFoundException.class,
                    () -> work.client(CloudWatchLogsClient.class)
                            .deleteLogStream(r -> r.logGroupName(stream.group()).logStreamName(stream.name())));
        }

        @Override
        public Optional<Properties> read(ResourceWork work, String id) {
            Within stream = Within.of(id);
            return work.ifThere(
                    ResourceNotFoundException.class,
                    () -> work
                            .client(CloudWatchLogsClient.class)
                            .describeLogStreamsPaginator(
                                    r -> r.logGroupName(stream.group()).logStreamNamePrefix(stream.name()))
                            .logStreams()
                            .stream()
                            .filter(found -> found.logStreamName().equals(stream.name()))
                            .findFirst()
                            .map(found -> Properties.builder()
                                    .put("LogGroupName", stream.group())
                                    .put("LogStreamName", stream.name())
                                    .build())
                            .orElse(null));
        }
    }

    private static final class MetricFilterResource implements ResourceType {
        @Override
        public String name() {
            return "AWS::Logs::MetricFilter";
        }

        @Override
        public Set<String> supported() {
            return Set.of("FilterName", "FilterPattern", "LogGroupName", "MetricTransformations");
        }

        @Override
        public String create(ResourceWork work) {
            Within filter = new Within(
                    work.desired().required("LogGroupName"),
                    work.desired().text("FilterName").orElseGet(() -> work.name(512)));
            work.mustBeNew(this, filter.id());
            put(work, filter);
            work.made(filter.id());
            return filter.id();
        }

        private static void put(ResourceWork work, Within filter) {
            List<MetricTransformation> transformations = work.desired().objects("MetricTransformations").stream()
                    .map(one -> one.without("Dimensions").as(MetricTransformation.builder()).toBuilder()
                            .dimensions(one.has("Dimensions") ? one.tags("Dimensions") : null)
                            .build())
                    .toList();
            work.client(CloudWatchLogsClient.class)
                    .putMetricFilter(r -> r.logGroupName(filter.group())
                            .filterName(filter.name())
                            .filterPattern(work.desired().text("FilterPattern").orElse(""))
                            .metricTransformations(transformations));
        }

        @Override
        public void update(ResourceWork work, String id) {
            put(work, Within.of(id));
        }

        @Override
        public void delete(ResourceWork work, String id) {
            Within filter = Within.of(id);
            work.unlessGone(
                    ResourceNotFoundException.class,
                    () -> work.client(CloudWatchLogsClient.class)
                            .deleteMetricFilter(
                                    r -> r.logGroupName(filter.group()).filterName(filter.name())));
        }

        @Override
        public Optional<Properties> read(ResourceWork work, String id) {
            Within filter = Within.of(id);
            return work.ifThere(
                    ResourceNotFoundException.class,
                    () -> work
                            .client(CloudWatchLogsClient.class)
                            .describeMetricFiltersPaginator(
                                    r -> r.logGroupName(filter.group()).filterNamePrefix(filter.name()))
                            .metricFilters()
                            .stream()
                            .filter(found -> found.filterName().equals(filter.name()))
                            .findFirst()
                            .map(this::read)
                            .orElse(null));
        }

        private Properties read(MetricFilter filter) {
            List<Properties> transformations = filter.metricTransformations().stream()
                    .map(one -> Properties.builder()
                            .tags("Dimensions", one.dimensions())
                            .build()
                            .or(Properties.builder()
                                    .put(
                                            "All",
                                            one.toBuilder()
                                                    .dimensions((Map<String, String>) null)
                                                    .build())
                                    .build()
                                    .object("All")))
                    .toList();
            return Properties.builder()
                    .put("MetricTransformations", transformations)
                    .model(ResourceSchema.of(name()).orElseThrow(), filter)
                    .build();
        }
    }

    /** A policy of the account, by which services may write to its logs. */
    private static final class AccountPolicyResource implements ResourceType {
        @Override
        public String name() {
            return "AWS::Logs::ResourcePolicy";
        }

        @Override
        public Set<String> supported() {
            return Set.of("PolicyDocument", "PolicyName");
        }

        @Override
        public String create(ResourceWork work) {
            String id = work.desired().required("PolicyName");
            work.mustBeNew(this, id);
            update(work, id);
            work.made(id);
            return id;
        }

        @Override
        public void update(ResourceWork work, String id) {
            work.client(CloudWatchLogsClient.class)
                    .putResourcePolicy(r -> r.policyName(id)
                            .policyDocument(
                                    work.desired().json("PolicyDocument").orElse("")));
        }

        @Override
        public void delete(ResourceWork work, String id) {
            work.unlessGone(
                    ResourceNotFoundException.class,
                    () -> work.client(CloudWatchLogsClient.class).deleteResourcePolicy(r -> r.policyName(id)));
        }

        @Override
        public Optional<Properties> read(ResourceWork work, String id) {
            return all(work).stream()
                    .filter(policy -> policy.policyName().equals(id))
                    .findFirst()
                    .map(policy -> Properties.builder()
                            .put("PolicyName", id)
                            .json("PolicyDocument", policy.policyDocument())
                            .build());
        }

        private static List<ResourcePolicy> all(ResourceWork work) {
            // At most ten, which are told at once.
            return work.client(CloudWatchLogsClient.class)
                    .describeResourcePolicies()
                    .resourcePolicies();
        }

        @Override
        public List<String> list(ResourceWork work) {
            return all(work).stream().map(ResourcePolicy::policyName).toList();
        }
    }
}
