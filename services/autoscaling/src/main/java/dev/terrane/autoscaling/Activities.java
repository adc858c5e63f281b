package dev.terrane.autoscaling;

import dev.terrane.kernel.call.Call;
import dev.terrane.kernel.call.Scope;
import dev.terrane.kernel.clock.Clock;
import dev.terrane.kernel.id.Ids;
import dev.terrane.kernel.page.PageTokens;
import dev.terrane.kernel.store.Page;
import dev.terrane.kernel.store.RecordCodec;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.services.autoscaling.model.*;

/** Scaling activities: begun, ended, and asked for ("Verify a scaling activity for your Auto Scaling group"). */
final class Activities {
    private static final int MOST = 100;
    private static final Duration KEPT = Duration.ofDays(42);

    private final ScalingTables tables;
    private final Clock clock;
    private final PageTokens pages;

    Activities(ScalingTables tables, Clock clock, PageTokens pages) {
        this.tables = tables;
        this.clock = clock;
        this.pages = pages;
    }

    /** A time as causes tell it. */
    static String moment(Instant time) {
        return time.truncatedTo(ChronoUnit.SECONDS).toString();
    }

    static String newId() {
        return Ids.uuid();
    }

    /** Begins an activity. */
    Activity begin(
            Scope scope, GroupRecord group, String id, String description, String cause, Map<String, String> details) {
        Activity activity = Activity.builder()
                .activityId(id)
                .autoScalingGroupName(group.name())
                .autoScalingGroupARN(group.arn())
                .description(description)
                .cause(cause)
                .startTime(clock.instant())
                .statusCode(ScalingActivityStatusCode.IN_PROGRESS)
                .progress(0)
                .details(RecordCodec.json().writeValueAsString(details))
                .build();
        tables.put(scope, new ActivityRecord(activity));
        return activity;
    }

    /** Notes how far an activity is. */
    void progress(Scope scope, String id, ScalingActivityStatusCode status, int percent, String description) {
        tables.activity(scope, id)
                .filter(known -> known.activity().endTime() == null)
                .ifPresent(known -> tables.put(
                        scope,
                        new ActivityRecord(known.activity().toBuilder()
                                .statusCode(status)
                                .progress(percent)
                                .description(
                                        description.isEmpty() ? known.activity().description() : description)
                                .build())));
    }

    /** Ends an activity, and gives it; empty where it is not there or has ended. */
    Optional<Activity> end(Scope scope, String id, ScalingActivityStatusCode status, String message) {
        Optional<Activity> ended = tables.activity(scope, id)
                .map(ActivityRecord::activity)
                .filter(activity -> activity.endTime() == null)
                .map(activity -> activity.toBuilder()
                        .statusCode(status)
                        .statusMessage(message.isEmpty() ? null : message)
                        .progress(100)
                        .endTime(clock.instant())
                        .build());
        ended.ifPresent(activity -> tables.put(scope, new ActivityRecord(activity)));
        return ended;
    }

    DescribeScalingActivitiesResponse describe(DescribeScalingActivitiesRequest request) {
        Scope scope = Call.current().scope();
        String name = request.autoScalingGroupName() == null ? "" : request.autoScalingGroupName();
        boolean gone = !name.isEmpty() && tables.group(scope, name).isEmpty();
        if (gone && !Boolean.TRUE.equals(request.includeDeletedGroups())) {
            throw Refusals.noGroup(name);
        }
        if (!request.activityIds().isEmpty()) {
            return DescribeScalingActivitiesResponse.builder()
                    .activities(request.activityIds().stream()
                            .flatMap(id -> tables.activity(scope, id).stream())
                            .map(ActivityRecord::activity)
                            .filter(a ->
                                    name.isEmpty() || a.autoScalingGroupName().equals(name))
                            .toList())
                    .build();
        }
        String listing = "DescribeScalingActivities" + scope + name;
        Page<ActivityRecord> page = tables.activities(
                scope, name, Paged.cursor(pages, listing, request.nextToken()), Paged.size(request.maxRecords(), MOST));
        return DescribeScalingActivitiesResponse.builder()
                .activities(page.values().stream().map(ActivityRecord::activity).toList())
                .nextToken(
                        page.next().map(cursor -> pages.encode(listing, cursor)).orElse(null))
                .build();
    }

    /** Forgets what has ended long ago. */
    void clean(Scope scope) {
        Instant limit = clock.instant().minus(KEPT);
        List<ActivityRecord> all =
                tables.activities(scope, "", Optional.empty(), 10_000).values();
        all.stream()
                .filter(known -> known.activity().endTime() != null
                        && known.activity().endTime().isBefore(limit))
                .forEach(known -> tables.deleteActivity(scope, known.id()));
    }
}
