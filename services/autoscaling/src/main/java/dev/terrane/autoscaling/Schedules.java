package dev.terrane.autoscaling;

import dev.terrane.kernel.arn.Arn;
import dev.terrane.kernel.call.Call;
import dev.terrane.kernel.call.Scope;
import dev.terrane.kernel.clock.Clock;
import dev.terrane.kernel.error.AwsErrors;
import dev.terrane.kernel.id.Ids;
import dev.terrane.kernel.page.PageTokens;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.services.autoscaling.model.*;

/** Scheduled actions: put, described, deleted, and carried out when it is time. See "Scheduled scaling" in the user guide. */
final class Schedules {
    private static final int MOST = 125;
    private static final int MOST_AT_ONCE = 50;

    private final ScalingTables tables;
    private final Groups groups;
    private final Clock clock;
    private final PageTokens pages;

    Schedules(ScalingTables tables, Groups groups, Clock clock, PageTokens pages) {
        this.tables = tables;
        this.groups = groups;
        this.clock = clock;
        this.pages = pages;
    }

    private static Scope scope() {
        return Call.current().scope();
    }

    PutScheduledUpdateGroupActionResponse put(PutScheduledUpdateGroupActionRequest request) {
        GroupRecord group = groups.requireLasting(request.autoScalingGroupName());
        if (request.time() != null
                && request.startTime() != null
                && !request.time().equals(request.startTime())) {
            throw Refusals.of("Time and StartTime must be the same when both are specified");
        }
        put(
                group,
                ScheduledUpdateGroupActionRequest.builder()
                        .scheduledActionName(request.scheduledActionName())
                        .startTime(request.startTime() == null ? request.time() : request.startTime())
                        .endTime(request.endTime())
                        .recurrence(request.recurrence())
                        .minSize(request.minSize())
                        .maxSize(request.maxSize())
                        .desiredCapacity(request.desiredCapacity())
                        .timeZone(request.timeZone())
                        .build());
        return PutScheduledUpdateGroupActionResponse.builder().build();
    }

    BatchPutScheduledUpdateGroupActionResponse putAll(BatchPutScheduledUpdateGroupActionRequest request) {
        GroupRecord group = groups.requireLasting(request.autoScalingGroupName());
        requireFew(request.scheduledUpdateGroupActions().size());
        List<FailedScheduledUpdateGroupActionRequest> failed = new ArrayList<>();
        for (ScheduledUpdateGroupActionRequest action : request.scheduledUpdateGroupActions()) {
            try {
                put(group, action);
            } catch (AwsServiceException e) {
                failed.add(failed(action.scheduledActionName(), e));
            }
        }
        return BatchPutScheduledUpdateGroupActionResponse.builder()
                .failedScheduledUpdateGroupActions(failed)
                .build();
    }

    private static void requireFew(int number) {
        if (number > MOST_AT_ONCE) {
            throw Refusals.of("A request has at most " + MOST_AT_ONCE + " scheduled actions.");
        }
    }

    private static FailedScheduledUpdateGroupActionRequest failed(String name, AwsServiceException e) {
        return FailedScheduledUpdateGroupActionRequest.builder()
                .scheduledActionName(name)
                .errorCode(
                        switch (e) {
                            case AlreadyExistsException there -> "AlreadyExists";
                            case LimitExceededException many -> "LimitExceeded";
                            default -> "ValidationError";
                        })
                .errorMessage(AwsErrors.message(e))
                .build();
    }

    private void put(GroupRecord group, ScheduledUpdateGroupActionRequest asked) {
        String name = asked.scheduledActionName();
        Optional<ScheduledUpdateGroupAction> before =
                tables.schedule(scope(), group.name(), name).map(ScheduleRecord::action);
        List<ScheduleRecord> others = tables.schedules(scope(), group.name()).stream()
                .filter(other -> !other.action().scheduledActionName().equals(name))
                .toList();
        checkSizes(asked);
        ZoneId zone = zone(asked.timeZone());
        Instant next = first(asked, zone);
        if (others.stream().anyMatch(other -> other.next().equals(next))) {
            throw AlreadyExistsException.builder()
                    .message("A scheduled action of the group " + group.name() + " has the same start time " + next)
                    .build();
        }
        if (before.isEmpty() && others.size() >= MOST) {
            throw LimitExceededException.builder()
                    .message("A group has at most " + MOST + " scheduled actions.")
                    .build();
        }
        tables.put(
                scope(),
                new ScheduleRecord(ScheduledUpdateGroupAction.builder()
                        .autoScalingGroupName(group.name())
                        .scheduledActionName(name)
                        .scheduledActionARN(before.map(ScheduledUpdateGroupAction::scheduledActionARN)
                                .orElseGet(() -> arn(group, name)))
                        .time(next)
                        .startTime(next)
                        .endTime(asked.endTime())
                        .recurrence(asked.recurrence())
                        .minSize(asked.minSize())
                        .maxSize(asked.maxSize())
                        .desiredCapacity(asked.desiredCapacity())
                        .timeZone(asked.timeZone())
                        .build()));
    }

    private static String arn(GroupRecord group, String name) {
        return Arn.of(
                        "autoscaling",
                        scope().region(),
                        scope().account(),
                        "scheduledUpdateGroupAction:" + Ids.uuid() + ":autoScalingGroupName/" + group.name()
                                + ":scheduledActionName/" + name)
                .toString();
    }

    private static void checkSizes(ScheduledUpdateGroupActionRequest asked) {
        @Nullable Integer least = asked.minSize();
        @Nullable Integer most = asked.maxSize();
        @Nullable Integer desired = asked.desiredCapacity();
        if (least == null && most == null && desired == null) {
            throw Refusals.of("At least one of MinSize, MaxSize and DesiredCapacity must be specified");
        }
        int from = Objects.requireNonNullElse(least, 0);
        int to = Objects.requireNonNullElse(most, Integer.MAX_VALUE);
        int between = Objects.requireNonNullElse(desired, Math.min(Math.max(from, 0), to));
        if (from < 0 || to < 0 || between < 0) {
            throw Refusals.of("MinSize, MaxSize and DesiredCapacity must not be negative");
        }
        if (from > to) {
            throw Refusals.of("MaxSize must be greater than or equal to MinSize");
        }
        if (between < from || between > to) {
            throw Refusals.of("DesiredCapacity must be between MinSize and MaxSize");
        }
    }

    private static ZoneId zone(@Nullable String name) {
        String wanted = name == null ? "Etc/UTC" : name;
        if (!ZoneId.getAvailableZoneIds().contains(wanted)) {
            throw Refusals.of("Invalid time zone: " + wanted);
        }
        return ZoneId.of(wanted);
    }

    private Instant first(ScheduledUpdateGroupActionRequest asked, ZoneId zone) {
        Instant now = clock.instant();
        @Nullable Instant start = asked.startTime();
        if (asked.recurrence() == null && start == null) {
            throw Refusals.of("StartTime or Recurrence must be specified");
        }
        if (start != null && start.isBefore(now)) {
            throw Refusals.of("Given start time is in the past");
        }
        if (asked.endTime() != null && !asked.endTime().isAfter(start == null ? now : start)) {
            throw Refusals.of("End time must be after the start time, and in the future");
        }
        Instant first = start != null
                ? start
                : recurrence(asked.recurrence(), zone)
                        .from(now)
                        .orElseThrow(() -> Refusals.of("The recurrence " + asked.recurrence() + " never comes"));
        if (asked.recurrence() != null) {
            recurrence(asked.recurrence(), zone);
        }
        return first;
    }

    private static Recurrence recurrence(String text, ZoneId zone) {
        try {
            return Recurrence.parse(text, zone);
        } catch (Recurrence.Unreadable | DateTimeException e) {
            throw Refusals.of("Given recurrence string: " + text + " is invalid");
        }
    }

    DescribeScheduledActionsResponse describe(DescribeScheduledActionsRequest request) {
        if (request.autoScalingGroupName() != null) {
            groups.require(request.autoScalingGroupName());
        }
        boolean named = !request.scheduledActionNames().isEmpty();
        List<ScheduleRecord> all = request.autoScalingGroupName() == null
                ? tables.schedules(scope())
                : tables.schedules(scope(), request.autoScalingGroupName());
        Paged<ScheduleRecord> page = Paged.of(
                pages,
                "DescribeScheduledActions" + request.autoScalingGroupName() + request.scheduledActionNames()
                        + request.startTime() + request.endTime(),
                all.stream()
                        .filter(record -> named
                                ? request.scheduledActionNames()
                                        .contains(record.action().scheduledActionName())
                                : (request.startTime() == null || !record.next().isBefore(request.startTime()))
                                        && (request.endTime() == null
                                                || !record.next().isAfter(request.endTime())))
                        .toList(),
                ScheduleRecord::key,
                request.maxRecords(),
                request.nextToken());
        return DescribeScheduledActionsResponse.builder()
                .scheduledUpdateGroupActions(
                        page.items().stream().map(ScheduleRecord::action).toList())
                .nextToken(page.next())
                .build();
    }

    DeleteScheduledActionResponse delete(DeleteScheduledActionRequest request) {
        groups.require(request.autoScalingGroupName());
        delete(request.autoScalingGroupName(), request.scheduledActionName());
        return DeleteScheduledActionResponse.builder().build();
    }

    BatchDeleteScheduledActionResponse deleteAll(BatchDeleteScheduledActionRequest request) {
        groups.require(request.autoScalingGroupName());
        requireFew(request.scheduledActionNames().size());
        List<FailedScheduledUpdateGroupActionRequest> failed = new ArrayList<>();
        for (String name : request.scheduledActionNames()) {
            try {
                delete(request.autoScalingGroupName(), name);
            } catch (AwsServiceException e) {
                failed.add(failed(name, e));
            }
        }
        return BatchDeleteScheduledActionResponse.builder()
                .failedScheduledActions(failed)
                .build();
    }

    private void delete(String group, String name) {
        tables.delete(
                scope(),
                tables.schedule(scope(), group, name)
                        .orElseThrow(() -> Refusals.of("Scheduled action name not found - no such action: " + name)));
    }

    /** Carries an action out if it is due: within a call of its account and a transaction. One that was due several times while the server was off is carried out once. */
    void perform(String group, String name) {
        Optional<ScheduleRecord> due = tables.schedule(scope(), group, name)
                .filter(record -> !record.next().isAfter(clock.instant()));
        Optional<GroupRecord> of = tables.group(scope(), group);
        if (due.isEmpty() || of.isEmpty()) {
            return;
        }
        ScheduledUpdateGroupAction action = due.get().action();
        boolean over = action.endTime() != null && due.get().next().isAfter(action.endTime());
        if (!over && !of.get().deleting() && of.get().runs("ScheduledActions")) {
            change(of.get(), action);
        }
        next(action)
                .ifPresentOrElse(
                        next -> tables.put(
                                scope(),
                                new ScheduleRecord(action.toBuilder()
                                        .time(next)
                                        .startTime(next)
                                        .build())),
                        () -> tables.delete(scope(), due.get()));
    }

    private Optional<Instant> next(ScheduledUpdateGroupAction action) {
        return action.recurrence() == null
                ? Optional.empty()
                : Recurrence.parse(action.recurrence(), zone(action.timeZone()))
                        .from(clock.instant().truncatedTo(ChronoUnit.MINUTES).plus(1, ChronoUnit.MINUTES))
                        .filter(next -> action.endTime() == null || !next.isAfter(action.endTime()));
    }

    /** Bounds that are not given stay, unless the others leave them no room. */
    private void change(GroupRecord group, ScheduledUpdateGroupAction action) {
        int oldLeast = group.group().minSize();
        int oldMost = group.group().maxSize();
        int least = Optional.ofNullable(action.minSize())
                .orElseGet(() -> action.maxSize() == null ? oldLeast : Math.min(oldLeast, action.maxSize()));
        int most = Math.max(least, Objects.requireNonNullElse(action.maxSize(), oldMost));
        int wanted = Objects.requireNonNullElse(
                action.desiredCapacity(), group.group().desiredCapacity());
        int desired = Math.max(least, Math.min(most, wanted));
        GroupRecord bounded = group.with(g -> g.minSize(least).maxSize(most));
        groups.change(bounded);
        groups.scale(
                bounded,
                desired,
                "a scheduled action update of AutoScalingGroup constraints to min: " + least + ", max: " + most
                        + ", desired: " + desired);
    }
}
