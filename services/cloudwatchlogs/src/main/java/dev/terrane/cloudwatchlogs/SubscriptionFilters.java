package dev.terrane.cloudwatchlogs;

import static dev.terrane.cloudwatchlogs.LogErrors.invalid;
import static dev.terrane.cloudwatchlogs.LogErrors.notFound;

import dev.terrane.kernel.arn.Arn;
import dev.terrane.kernel.call.Call;
import dev.terrane.kernel.call.Scope;
import dev.terrane.kernel.id.Ids;
import dev.terrane.kernel.page.PageTokens;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.services.cloudwatchlogs.model.*;

/** Subscription filters: what they match in events that come in is sent to a delivery stream of Data Firehose. */
final class SubscriptionFilters {
    private static final int MOST = 2;
    private static final int DEFAULT_LIMIT = 50;
    private static final String FIREHOSE = "firehose";

    private final LogTables tables;
    private final SubscriptionTables pending;
    private final LogGroups groups;
    private final Forwarding forwarding;
    private final PageTokens pages;

    SubscriptionFilters(
            LogTables tables, SubscriptionTables pending, LogGroups groups, Forwarding forwarding, PageTokens pages) {
        this.tables = tables;
        this.pending = pending;
        this.groups = groups;
        this.forwarding = forwarding;
        this.pages = pages;
    }

    PutSubscriptionFilterResponse put(PutSubscriptionFilterRequest request) {
        check(request);
        Scope scope = Call.current().scope();
        GroupRecord group = groups.require(scope, request.logGroupName());
        Optional<SubscriptionRecord> before = find(group, request.filterName());
        if (before.isEmpty() && group.subscriptions().size() >= MOST) {
            throw LimitExceededException.builder()
                    .message("Resource limit exceeded.")
                    .build();
        }
        SubscriptionRecord filter = new SubscriptionRecord(
                before.map(SubscriptionRecord::id).orElseGet(() -> Ids.hex(16)),
                request.filterName(),
                request.filterPattern(),
                request.destinationArn(),
                request.roleArn(),
                request.distributionAsString() == null
                        ? Distribution.BY_LOG_STREAM.toString()
                        : request.distributionAsString(),
                before.map(SubscriptionRecord::created).orElse(Call.current().time()));
        test(scope, group, filter);
        List<SubscriptionRecord> all = without(group, filter.name());
        all.add(filter);
        tables.put(scope, group.withSubscriptions(all));
        forwarding.begin(scope, group, filter);
        return PutSubscriptionFilterResponse.builder().build();
    }

    private static void check(PutSubscriptionFilterRequest request) {
        if (Boolean.TRUE.equals(request.applyOnTransformedLogs())
                || request.fieldSelectionCriteria() != null
                || !request.emitSystemFields().isEmpty()) {
            throw invalid("Log transformation and system fields are not supported in subscription filters.");
        }
        FilterPattern.parse(request.filterPattern());
        Arn destination = Arn.find(request.destinationArn())
                .orElseThrow(() -> invalid("Invalid destinationArn: " + request.destinationArn()));
        if (!destination.service().equals(FIREHOSE) || !destination.type().equals("deliverystream")) {
            throw invalid("PutSubscriptionFilter operation cannot work with destinationArn for vendor "
                    + destination.service());
        }
        if (request.roleArn() == null) {
            throw invalid("destinationArn for vendor firehose cannot be used without roleArn");
        }
    }

    /** Asks the destination whether it takes what will be sent. */
    private void test(Scope scope, GroupRecord group, SubscriptionRecord filter) {
        try {
            forwarding
                    .firehose(scope, group, filter)
                    .putRecord(r -> r.deliveryStreamName(
                                    Arn.parse(filter.destination()).name())
                            .record(SubscriptionMessage.control(
                                    Call.current().time().toEpochMilli())));
        } catch (AwsServiceException e) {
            throw invalid("Could not deliver test message to specified Firehose stream. "
                    + "Check if the given Firehose stream is in ACTIVE state.");
        }
    }

    private static Optional<SubscriptionRecord> find(GroupRecord group, String name) {
        return group.subscriptions().stream()
                .filter(filter -> filter.name().equals(name))
                .findFirst();
    }

    private static List<SubscriptionRecord> without(GroupRecord group, String name) {
        List<SubscriptionRecord> others = new ArrayList<>(group.subscriptions());
        others.removeIf(filter -> filter.name().equals(name));
        return others;
    }

    /** What it has not sent yet is not sent any more. */
    DeleteSubscriptionFilterResponse delete(DeleteSubscriptionFilterRequest request) {
        Scope scope = Call.current().scope();
        GroupRecord group = groups.require(scope, request.logGroupName());
        SubscriptionRecord filter =
                find(group, request.filterName()).orElseThrow(() -> notFound("subscription filter"));
        tables.put(scope, group.withSubscriptions(without(group, filter.name())));
        forwarding.end(filter);
        return DeleteSubscriptionFilterResponse.builder().build();
    }

    DescribeSubscriptionFiltersResponse describe(DescribeSubscriptionFiltersRequest request) {
        Scope scope = Call.current().scope();
        GroupRecord group = groups.require(scope, request.logGroupName());
        String prefix = request.filterNamePrefix() == null ? "" : request.filterNamePrefix();
        List<SubscriptionFilter> found = group.subscriptions().stream()
                .filter(filter -> filter.name().startsWith(prefix))
                .sorted(Comparator.comparing(SubscriptionRecord::name))
                .map(filter -> shown(group, filter))
                .toList();
        String listing = "DescribeSubscriptionFilters " + scope + group.id() + prefix;
        int from = LogGroups.cursor(pages, listing, request.nextToken())
                .map(Integer::parseInt)
                .orElse(0);
        int to = Math.min(found.size(), from + (request.limit() == null ? DEFAULT_LIMIT : request.limit()));
        DescribeSubscriptionFiltersResponse.Builder response = DescribeSubscriptionFiltersResponse.builder()
                .subscriptionFilters(found.subList(Math.min(from, to), to));
        return (to < found.size() ? response.nextToken(pages.encode(listing, String.valueOf(to))) : response).build();
    }

    private static SubscriptionFilter shown(GroupRecord group, SubscriptionRecord filter) {
        return SubscriptionFilter.builder()
                .filterName(filter.name())
                .logGroupName(group.name())
                .filterPattern(filter.pattern())
                .destinationArn(filter.destination())
                .roleArn(filter.role())
                .distribution(filter.distribution())
                .applyOnTransformedLogs(false)
                .creationTime(filter.created().toEpochMilli())
                .build();
    }

    /** Looks at events that are being stored, and notes in the same commit which chunks hold some to be sent.
     *
     * @param chunks of these events, in their order */
    void observe(Scope scope, GroupRecord group, List<InputLogEvent> events, List<ChunkRecord> chunks) {
        Instant now = Call.current().time();
        for (SubscriptionRecord filter : group.subscriptions()) {
            FilterPattern pattern = FilterPattern.parse(filter.pattern());
            boolean any = false;
            int from = 0;
            for (ChunkRecord chunk : chunks) {
                List<InputLogEvent> some = events.subList(from, from + chunk.count());
                from += chunk.count();
                if (some.stream().anyMatch(event -> pattern.matches(event.message()))) {
                    pending.add(scope, filter, chunk, now);
                    any = true;
                }
            }
            if (any) {
                forwarding.wake(scope, filter);
            }
        }
    }
}
