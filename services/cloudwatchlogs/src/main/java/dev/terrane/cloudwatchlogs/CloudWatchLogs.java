package dev.terrane.cloudwatchlogs;

import dev.terrane.kernel.service.Platform;
import software.amazon.awssdk.services.cloudwatchlogs.CloudWatchLogsClient;
import software.amazon.awssdk.services.cloudwatchlogs.model.*;

/** The operations of CloudWatch Logs. */
@SuppressWarnings("deprecation") // clients still call the tagging operations that AWS deprecated
final class CloudWatchLogs implements CloudWatchLogsClient {
    private final LogGroups groups;
    private final LogStreams streams;
    private final LogWrites writes;
    private final LogReads reads;
    private final LogTags tags;
    private final ResourcePolicies policies;
    private final MetricFilters filters;
    private final SubscriptionFilters subscriptions;

    CloudWatchLogs(
            Platform platform,
            LogTables tables,
            Usage usage,
            ResourcePolicies policies,
            SubscriptionTables pending,
            Forwarding forwarding,
            LiveTails tails) {
        this.policies = policies;
        groups = new LogGroups(tables, usage, forwarding, platform.pages());
        streams = new LogStreams(tables, groups, platform.pages());
        filters = new MetricFilters(platform, tables, groups);
        subscriptions = new SubscriptionFilters(tables, pending, groups, forwarding, platform.pages());
        writes = new LogWrites(platform, tables, usage, filters, subscriptions, tails);
        reads = new LogReads(tables, groups, platform.pages());
        tags = new LogTags(tables, groups);
    }

    @Override
    public String serviceName() {
        return SERVICE_NAME;
    }

    @Override
    public void close() {
        // It holds nothing that is to be closed.
    }

    @Override
    public CreateLogGroupResponse createLogGroup(CreateLogGroupRequest request) {
        return groups.create(request);
    }

    @Override
    public DeleteLogGroupResponse deleteLogGroup(DeleteLogGroupRequest request) {
        return groups.delete(request);
    }

    @Override
    public DescribeLogGroupsResponse describeLogGroups(DescribeLogGroupsRequest request) {
        return groups.describe(request);
    }

    @Override
    public PutLogGroupDeletionProtectionResponse putLogGroupDeletionProtection(
            PutLogGroupDeletionProtectionRequest request) {
        return groups.protect(request);
    }

    @Override
    public PutRetentionPolicyResponse putRetentionPolicy(PutRetentionPolicyRequest request) {
        return groups.retain(request);
    }

    @Override
    public DeleteRetentionPolicyResponse deleteRetentionPolicy(DeleteRetentionPolicyRequest request) {
        return groups.retainForEver(request);
    }

    @Override
    public CreateLogStreamResponse createLogStream(CreateLogStreamRequest request) {
        return streams.create(request);
    }

    @Override
    public DeleteLogStreamResponse deleteLogStream(DeleteLogStreamRequest request) {
        return streams.delete(request);
    }

    @Override
    public DescribeLogStreamsResponse describeLogStreams(DescribeLogStreamsRequest request) {
        return streams.describe(request);
    }

    @Override
    public PutLogEventsResponse putLogEvents(PutLogEventsRequest request) {
        return writes.put(request);
    }

    @Override
    public GetLogEventsResponse getLogEvents(GetLogEventsRequest request) {
        return reads.get(request);
    }

    @Override
    public FilterLogEventsResponse filterLogEvents(FilterLogEventsRequest request) {
        return reads.filter(request);
    }

    @Override
    public TagResourceResponse tagResource(TagResourceRequest request) {
        return tags.tag(request);
    }

    @Override
    public UntagResourceResponse untagResource(UntagResourceRequest request) {
        return tags.untag(request);
    }

    @Override
    public ListTagsForResourceResponse listTagsForResource(ListTagsForResourceRequest request) {
        return tags.list(request);
    }

    @Override
    public TagLogGroupResponse tagLogGroup(TagLogGroupRequest request) {
        return tags.tag(request);
    }

    @Override
    public UntagLogGroupResponse untagLogGroup(UntagLogGroupRequest request) {
        return tags.untag(request);
    }

    @Override
    public ListTagsLogGroupResponse listTagsLogGroup(ListTagsLogGroupRequest request) {
        return tags.list(request);
    }

    @Override
    public PutResourcePolicyResponse putResourcePolicy(PutResourcePolicyRequest request) {
        return policies.put(request);
    }

    @Override
    public DeleteResourcePolicyResponse deleteResourcePolicy(DeleteResourcePolicyRequest request) {
        return policies.delete(request);
    }

    @Override
    public DescribeResourcePoliciesResponse describeResourcePolicies(DescribeResourcePoliciesRequest request) {
        return policies.describe(request);
    }

    @Override
    public PutMetricFilterResponse putMetricFilter(PutMetricFilterRequest request) {
        return filters.put(request);
    }

    @Override
    public DeleteMetricFilterResponse deleteMetricFilter(DeleteMetricFilterRequest request) {
        return filters.delete(request);
    }

    @Override
    public DescribeMetricFiltersResponse describeMetricFilters(DescribeMetricFiltersRequest request) {
        return filters.describe(request);
    }

    @Override
    public TestMetricFilterResponse testMetricFilter(TestMetricFilterRequest request) {
        return filters.test(request);
    }

    @Override
    public PutSubscriptionFilterResponse putSubscriptionFilter(PutSubscriptionFilterRequest request) {
        return subscriptions.put(request);
    }

    @Override
    public DeleteSubscriptionFilterResponse deleteSubscriptionFilter(DeleteSubscriptionFilterRequest request) {
        return subscriptions.delete(request);
    }

    @Override
    public DescribeSubscriptionFiltersResponse describeSubscriptionFilters(DescribeSubscriptionFiltersRequest request) {
        return subscriptions.describe(request);
    }
}
