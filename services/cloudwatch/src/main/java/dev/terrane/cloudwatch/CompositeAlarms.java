package dev.terrane.cloudwatch;

import dev.terrane.kernel.arn.Arn;
import dev.terrane.kernel.call.Call;
import dev.terrane.kernel.call.Scope;
import dev.terrane.kernel.clock.Clock;
import dev.terrane.kernel.page.PageTokens;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.cloudwatch.model.CompositeAlarm;
import software.amazon.awssdk.services.cloudwatch.model.DescribeAlarmsRequest;
import software.amazon.awssdk.services.cloudwatch.model.DescribeAlarmsResponse;
import software.amazon.awssdk.services.cloudwatch.model.MetricAlarm;
import software.amazon.awssdk.services.cloudwatch.model.PutCompositeAlarmRequest;
import software.amazon.awssdk.services.cloudwatch.model.PutCompositeAlarmResponse;
import software.amazon.awssdk.services.cloudwatch.model.StateValue;

/** Composite alarms: put, deleted, and what they depend on. */
final class CompositeAlarms {
    private static final int MOST_CHILDREN = 100;
    private static final int DEFAULT_PAGE = 50;

    private final CloudWatchTables tables;
    private final CompositeWatch watch;
    private final CompositeTransitions transitions;
    private final Clock clock;
    private final PageTokens pages;

    CompositeAlarms(
            CloudWatchTables tables,
            CompositeWatch watch,
            CompositeTransitions transitions,
            Clock clock,
            PageTokens pages) {
        this.tables = tables;
        this.watch = watch;
        this.transitions = transitions;
        this.clock = clock;
        this.pages = pages;
    }

    PutCompositeAlarmResponse put(PutCompositeAlarmRequest request) {
        Scope scope = Call.current().scope();
        if (tables.alarm(scope, request.alarmName()).isPresent()) {
            throw Errors.validation("A metric alarm with the name " + request.alarmName() + " already exists.");
        }
        checkRule(scope, request);
        checkSuppressor(scope, request);
        List.of(request.okActions(), request.alarmActions(), request.insufficientDataActions())
                .forEach(targets -> targets.forEach(target -> AlarmActions.checkTopic(
                        Arn.find(target).orElseThrow(() -> Errors.validation("Invalid arn syntax: " + target)))));
        Instant now = clock.instant();
        Optional<CompositeRecord> before = tables.composite(scope, request.alarmName());
        CompositeAlarm alarm = alarm(scope, request, before.map(CompositeRecord::alarm), now);
        Map<String, String> tags =
                before.map(CompositeRecord::tags).orElseGet(() -> Tags.added(Map.of(), request.tags()));
        CompositeRecord record = new CompositeRecord(
                request.alarmName(),
                alarm,
                tags,
                before.map(CompositeRecord::told).orElse(null),
                before.map(CompositeRecord::until).orElse(null));
        tables.put(scope, record);
        transitions.configured(
                scope,
                before.isPresent() ? "Update" : "Create",
                alarm,
                before.map(CompositeRecord::alarm).orElse(null));
        CompositeWatch.Cause cause = before.isPresent() ? CompositeWatch.Cause.UPDATED : CompositeWatch.Cause.CREATED;
        tables.afterCommit(() -> watch.watch(scope, record, cause));
        return PutCompositeAlarmResponse.builder().build();
    }

    private void checkRule(Scope scope, PutCompositeAlarmRequest request) {
        Set<String> children;
        try {
            children = CompositeRule.parse(request.alarmRule()).children();
        } catch (CompositeRule.Unreadable e) {
            throw Errors.validation("Error in AlarmRule: " + e.getMessage());
        }
        if (children.size() > MOST_CHILDREN) {
            throw Errors.validation("AlarmRule must not refer to more than " + MOST_CHILDREN + " alarms.");
        }
        Set<String> missing = new TreeSet<>();
        for (String child : children) {
            String name = CompositeRecord.name(child);
            requireHere(scope, child);
            if (!name.equals(request.alarmName()) && !isThere(scope, name)) {
                missing.add(name);
            }
        }
        if (!missing.isEmpty()) {
            throw Errors.validation("Could not save the composite alarm as alarms [" + String.join(", ", missing)
                    + "] in the alarm rule do not exist");
        }
        if (children.stream().map(CompositeRecord::name).anyMatch(request.alarmName()::equals)) {
            throw Errors.validation("AlarmRule must not refer to the alarm " + request.alarmName() + " itself.");
        }
    }

    private static void requireHere(Scope scope, String nameOrArn) {
        Arn.find(nameOrArn)
                .filter(arn ->
                        !arn.account().equals(scope.account()) || !arn.region().equals(scope.region()))
                .ifPresent(arn -> {
                    throw Errors.validation("Alarms of a composite alarm must be of its account and region: " + arn);
                });
    }

    private boolean isThere(Scope scope, String name) {
        return tables.alarm(scope, name).isPresent()
                || tables.composite(scope, name).isPresent();
    }

    private void checkSuppressor(Scope scope, PutCompositeAlarmRequest request) {
        String suppressor = request.actionsSuppressor();
        boolean periods =
                request.actionsSuppressorWaitPeriod() != null || request.actionsSuppressorExtensionPeriod() != null;
        if (suppressor == null) {
            if (periods) {
                throw Errors.validation(
                        "ActionsSuppressorWaitPeriod and ActionsSuppressorExtensionPeriod require ActionsSuppressor.");
            }
            return;
        }
        if (request.actionsSuppressorWaitPeriod() == null || request.actionsSuppressorExtensionPeriod() == null) {
            throw Errors.validation(
                    "ActionsSuppressor requires ActionsSuppressorWaitPeriod and ActionsSuppressorExtensionPeriod.");
        }
        if (request.actionsSuppressorWaitPeriod() < 0 || request.actionsSuppressorExtensionPeriod() < 0) {
            throw Errors.validation("Periods of the actions suppressor must not be negative.");
        }
        requireHere(scope, suppressor);
        if (!isThere(scope, CompositeRecord.name(suppressor))) {
            throw Errors.validation("The actions suppressor " + suppressor + " does not exist.");
        }
    }

    private static CompositeAlarm alarm(
            Scope scope, PutCompositeAlarmRequest request, Optional<CompositeAlarm> before, Instant now) {
        CompositeAlarm.Builder alarm = CompositeAlarm.builder()
                .alarmName(request.alarmName())
                .alarmArn(Alarms.arn(scope, request.alarmName()).toString())
                .alarmDescription(request.alarmDescription())
                .alarmRule(request.alarmRule())
                .alarmConfigurationUpdatedTimestamp(now)
                .actionsEnabled(!Boolean.FALSE.equals(request.actionsEnabled()))
                .okActions(request.okActions())
                .alarmActions(request.alarmActions())
                .insufficientDataActions(request.insufficientDataActions())
                .actionsSuppressor(request.actionsSuppressor())
                .actionsSuppressorWaitPeriod(request.actionsSuppressorWaitPeriod())
                .actionsSuppressorExtensionPeriod(request.actionsSuppressorExtensionPeriod());
        before.ifPresentOrElse(
                old -> alarm.stateValue(old.stateValue())
                        .stateReason(old.stateReason())
                        .stateReasonData(old.stateReasonData())
                        .stateUpdatedTimestamp(old.stateUpdatedTimestamp())
                        .stateTransitionedTimestamp(old.stateTransitionedTimestamp())
                        .actionsSuppressedBy(old.actionsSuppressedBy())
                        .actionsSuppressedReason(old.actionsSuppressedReason()),
                () -> alarm.stateValue(StateValue.INSUFFICIENT_DATA)
                        .stateReason("Unchecked: Initial alarm creation")
                        .stateUpdatedTimestamp(now)
                        .stateTransitionedTimestamp(now));
        return alarm.build();
    }

    /** Refuses to delete alarms that composite alarms depend on. */
    void requireFree(Scope scope, Set<String> names) {
        Set<String> needed = new TreeSet<>();
        int composite = 0;
        for (CompositeRecord record : tables.composites(scope)) {
            composite += names.contains(record.name()) ? 1 : 0;
            record.children().stream().filter(names::contains).forEach(needed::add);
        }
        if (!needed.isEmpty()) {
            throw Errors.validation("Cannot delete " + String.join(",", needed)
                    + " as there are composite alarm(s) depending on " + (needed.size() == 1 ? "it." : "them."));
        }
        if (composite > 1) {
            throw Errors.validation("Only one composite alarm can be deleted in a request.");
        }
    }

    /** Deletes one, if there is one of that name. */
    boolean delete(Scope scope, String name) {
        Optional<CompositeRecord> found = tables.composite(scope, name);
        found.ifPresent(record -> {
            tables.deleteComposite(scope, name);
            transitions.configured(scope, "Delete", record.alarm(), null);
            tables.afterCommit(() -> watch.forget(scope, name));
        });
        return found.isPresent();
    }

    /** Gives one a state, if there is one of that name. */
    boolean setState(Scope scope, String name, StateValue state, String reason, @Nullable String data) {
        Optional<CompositeRecord> found = tables.composite(scope, name);
        found.ifPresent(record -> {
            transitions.change(scope, record, state, reason, data);
            tables.afterCommit(() -> watch.changed(scope, name));
        });
        return found.isPresent();
    }

    void enableActions(Scope scope, String name, boolean enabled) {
        tables.composite(scope, name).ifPresent(record -> {
            CompositeRecord changed = record.with(
                    alarm -> alarm.actionsEnabled(enabled).alarmConfigurationUpdatedTimestamp(clock.instant()));
            tables.put(scope, changed);
            transitions.configured(scope, "Update", changed.alarm(), record.alarm());
        });
    }

    /** The alarms that a composite alarm's rule is about. */
    DescribeAlarmsResponse children(DescribeAlarmsRequest request) {
        Scope scope = Call.current().scope();
        CompositeRecord parent = tables.composite(scope, request.childrenOfAlarmName())
                .orElseThrow(() -> Errors.validation(
                        request.childrenOfAlarmName() + " is not a composite alarm, or does not exist."));
        return related(
                request,
                "children/" + scope + "/" + request.childrenOfAlarmName(),
                new TreeSet<>(parent.children()),
                alarm -> MetricAlarm.builder()
                        .alarmName(alarm.alarmName())
                        .alarmArn(alarm.alarmArn())
                        .stateValue(alarm.stateValue())
                        .stateUpdatedTimestamp(alarm.stateUpdatedTimestamp())
                        .build(),
                alarm -> CompositeAlarm.builder()
                        .alarmName(alarm.alarmName())
                        .alarmArn(alarm.alarmArn())
                        .stateValue(alarm.stateValue())
                        .stateUpdatedTimestamp(alarm.stateUpdatedTimestamp())
                        .build());
    }

    /** The composite alarms whose rules are about an alarm. */
    DescribeAlarmsResponse parents(DescribeAlarmsRequest request) {
        Scope scope = Call.current().scope();
        Set<String> parents = new TreeSet<>();
        tables.composites(scope).stream()
                .filter(record -> record.children().contains(request.parentsOfAlarmName()))
                .forEach(record -> parents.add(record.name()));
        return related(
                request,
                "parents/" + scope + "/" + request.parentsOfAlarmName(),
                parents,
                alarm -> alarm,
                alarm -> CompositeAlarm.builder()
                        .alarmName(alarm.alarmName())
                        .alarmArn(alarm.alarmArn())
                        .build());
    }

    private DescribeAlarmsResponse related(
            DescribeAlarmsRequest request,
            String listing,
            Set<String> names,
            Function<MetricAlarm, MetricAlarm> metric,
            Function<CompositeAlarm, CompositeAlarm> composite) {
        Scope scope = Call.current().scope();
        if (!request.alarmNames().isEmpty()
                || request.alarmNamePrefix() != null
                || request.hasAlarmTypes()
                || request.stateValue() != null
                || request.actionPrefix() != null
                || (request.childrenOfAlarmName() != null && request.parentsOfAlarmName() != null)) {
            throw Errors.validation(
                    "ChildrenOfAlarmName and ParentsOfAlarmName allow no other parameters than MaxRecords and NextToken.");
        }
        Optional<String> after = Pages.cursor(pages, listing, request.nextToken());
        int most = Optional.ofNullable(request.maxRecords()).orElse(DEFAULT_PAGE);
        List<String> left = names.stream()
                .filter(name -> after.isEmpty() || name.compareTo(after.get()) > 0)
                .toList();
        List<MetricAlarm> metrics = new ArrayList<>();
        List<CompositeAlarm> composites = new ArrayList<>();
        List<String> page = left.subList(0, Math.min(most, left.size()));
        for (String name : page) {
            tables.peekAlarm(scope, name).ifPresent(record -> metrics.add(metric.apply(record.alarm())));
            tables.peekComposite(scope, name).ifPresent(record -> composites.add(composite.apply(record.alarm())));
        }
        return DescribeAlarmsResponse.builder()
                .metricAlarms(metrics)
                .compositeAlarms(composites)
                .nextToken(page.size() < left.size() ? pages.encode(listing, page.getLast()) : null)
                .build();
    }
}
