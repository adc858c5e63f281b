package dev.terrane.cloudwatchlogs;

import dev.terrane.kernel.resource.Properties;
import dev.terrane.kernel.resource.ResourceSchema;
import dev.terrane.kernel.resource.ResourceType;
import dev.terrane.kernel.resource.ResourceWork;
import java.util.Optional;
import java.util.Set;
import software.amazon.awssdk.services.cloudwatchlogs.CloudWatchLogsClient;
import software.amazon.awssdk.services.cloudwatchlogs.model.PutSubscriptionFilterRequest;
import software.amazon.awssdk.services.cloudwatchlogs.model.ResourceNotFoundException;

/** {@code AWS::Logs::SubscriptionFilter}, which goes by the filter's name and then the group's. */
final class SubscriptionFilterResource implements ResourceType {
    private static final int LONGEST_NAME = 512;

    @Override
    public String name() {
        return "AWS::Logs::SubscriptionFilter";
    }

    @Override
    public Set<String> supported() {
        return Set.of("DestinationArn", "Distribution", "FilterName", "FilterPattern", "LogGroupName", "RoleArn");
    }

    private static String filter(String id) {
        return id.substring(0, id.lastIndexOf('|'));
    }

    private static String group(String id) {
        return id.substring(id.lastIndexOf('|') + 1);
    }

    @Override
    public String create(ResourceWork work) {
        String id = work.desired().text("FilterName").orElseGet(() -> work.name(LONGEST_NAME)) + "|"
                + work.desired().required("LogGroupName");
        work.mustBeNew(this, id);
        update(work, id);
        work.made(id);
        return id;
    }

    @Override
    public void update(ResourceWork work, String id) {
        work.client(CloudWatchLogsClient.class)
                .putSubscriptionFilter(work.desired().as(PutSubscriptionFilterRequest.builder()).toBuilder()
                        .filterName(filter(id))
                        .build());
    }

    @Override
    public void delete(ResourceWork work, String id) {
        work.unlessGone(
                ResourceNotFoundException.class,
                () -> work.client(CloudWatchLogsClient.class)
                        .deleteSubscriptionFilter(r -> r.logGroupName(group(id)).filterName(filter(id))));
    }

    @Override
    public Optional<Properties> read(ResourceWork work, String id) {
        return work.ifThere(
                ResourceNotFoundException.class,
                () -> work
                        .client(CloudWatchLogsClient.class)
                        .describeSubscriptionFiltersPaginator(
                                r -> r.logGroupName(group(id)).filterNamePrefix(filter(id)))
                        .subscriptionFilters()
                        .stream()
                        .filter(found -> found.filterName().equals(filter(id)))
                        .findFirst()
                        .map(found -> Properties.builder()
                                .model(ResourceSchema.of(name()).orElseThrow(), found)
                                .build())
                        .orElse(null));
    }
}
