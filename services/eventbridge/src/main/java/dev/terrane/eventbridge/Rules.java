package dev.terrane.eventbridge;

import dev.terrane.kernel.call.Call;
import dev.terrane.kernel.call.Principal;
import dev.terrane.kernel.call.Scope;
import dev.terrane.kernel.page.PageTokens;
import dev.terrane.kernel.store.Page;
import dev.terrane.kernel.store.Query;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.eventbridge.model.DeleteRuleRequest;
import software.amazon.awssdk.services.eventbridge.model.DeleteRuleResponse;
import software.amazon.awssdk.services.eventbridge.model.DescribeRuleRequest;
import software.amazon.awssdk.services.eventbridge.model.DescribeRuleResponse;
import software.amazon.awssdk.services.eventbridge.model.DisableRuleRequest;
import software.amazon.awssdk.services.eventbridge.model.DisableRuleResponse;
import software.amazon.awssdk.services.eventbridge.model.EnableRuleRequest;
import software.amazon.awssdk.services.eventbridge.model.EnableRuleResponse;
import software.amazon.awssdk.services.eventbridge.model.ListRulesRequest;
import software.amazon.awssdk.services.eventbridge.model.ListRulesResponse;
import software.amazon.awssdk.services.eventbridge.model.PutRuleRequest;
import software.amazon.awssdk.services.eventbridge.model.PutRuleResponse;
import software.amazon.awssdk.services.eventbridge.model.Rule;
import software.amazon.awssdk.services.eventbridge.model.RuleState;

/** Rules: an event pattern, a schedule or both, with a state. */
final class Rules {
    /** Rules of one bus at the most. AWS begins with 300 and raises it on request; the machine that matches does not mind. */
    private static final int MOST = 10_000;

    private static final int PAGE = 100;

    private final EventBridgeTables tables;
    private final Buses buses;
    private final RuleIndex index;
    private final Schedules schedules;
    private final PageTokens pages;

    Rules(EventBridgeTables tables, Buses buses, RuleIndex index, Schedules schedules, PageTokens pages) {
        this.tables = tables;
        this.buses = buses;
        this.index = index;
        this.schedules = schedules;
        this.pages = pages;
    }

    PutRuleResponse put(PutRuleRequest request) {
        Scope scope = Call.current().scope();
        String bus = Names.bus(request.eventBusName());
        buses.existing(scope, bus);
        Optional<RuleRecord> present = tables.rule(scope, bus, request.name());
        present.ifPresent(rule -> changeable(rule, false));
        RuleRecord rule = checked(new RuleRecord(
                bus,
                request.name(),
                given(request.eventPattern()),
                given(request.scheduleExpression()),
                request.state() != RuleState.DISABLED,
                request.state() == RuleState.ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS,
                Optional.ofNullable(request.description()),
                Optional.ofNullable(request.roleArn()),
                manager(),
                present.map(RuleRecord::tags).orElseGet(() -> Tags.added(Map.of(), request.tags()))));
        if (present.isEmpty() && count(scope, bus) >= MOST) {
            throw Errors.limit("The requested resource exceeds the maximum number allowed.");
        }
        write(scope, rule, present);
        return PutRuleResponse.builder()
                .ruleArn(Names.ruleArn(scope, bus, rule.name()))
                .build();
    }

    private static Optional<String> given(@Nullable String text) {
        return Optional.ofNullable(text).filter(t -> !t.isEmpty());
    }

    private static Optional<String> manager() {
        return Call.current().principal() instanceof Principal.Service service
                ? Optional.of(service.name())
                : Optional.empty();
    }

    private static RuleRecord checked(RuleRecord rule) {
        if (rule.pattern().isEmpty() && rule.schedule().isEmpty()) {
            throw Errors.invalid("Parameter(s) EventPattern or ScheduleExpression must be specified.");
        }
        rule.pattern().ifPresent(EventPattern::check);
        rule.schedule().ifPresent(expression -> {
            if (!rule.bus().equals(BusRecord.DEFAULT)) {
                throw Errors.invalid("ScheduleExpression is supported only on the default event bus.");
            }
            Schedule.parse(expression);
        });
        return rule;
    }

    private int count(Scope scope, String bus) {
        return tables.rules(scope, Query.prefix(RuleRecord.key(bus, "")).limit(MOST))
                .values()
                .size();
    }

    private void write(Scope scope, RuleRecord rule, Optional<RuleRecord> before) {
        tables.put(scope, rule);
        schedules.changed(scope, rule, before);
        index.changed(scope, rule.bus(), rule.name());
    }

    /** Refuses to change what a service manages, unless that service itself asks. */
    static void changeable(RuleRecord rule, boolean force) {
        rule.managedBy()
                .filter(service -> !force && !manager().equals(Optional.of(service)))
                .ifPresent(service -> {
                    throw Errors.managed(rule.name(), service);
                });
    }

    /** A rule that is there. */
    RuleRecord existing(Scope scope, String bus, String name) {
        return tables.rule(scope, bus, name).orElseThrow(() -> Errors.noRule(name, bus));
    }

    DescribeRuleResponse describe(DescribeRuleRequest request) {
        Scope scope = Call.current().scope();
        RuleRecord rule = existing(scope, Names.bus(request.eventBusName()), request.name());
        return DescribeRuleResponse.builder()
                .name(rule.name())
                .arn(Names.ruleArn(scope, rule.bus(), rule.name()))
                .eventPattern(rule.pattern().orElse(null))
                .scheduleExpression(rule.schedule().orElse(null))
                .state(state(rule))
                .description(rule.description().orElse(null))
                .roleArn(rule.roleArn().orElse(null))
                .managedBy(rule.managedBy().orElse(null))
                .eventBusName(rule.bus())
                .createdBy(scope.account())
                .build();
    }

    private static RuleState state(RuleRecord rule) {
        if (!rule.enabled()) {
            return RuleState.DISABLED;
        }
        return rule.cloudTrailReads() ? RuleState.ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS : RuleState.ENABLED;
    }

    ListRulesResponse list(ListRulesRequest request) {
        Scope scope = Call.current().scope();
        String bus = Names.bus(request.eventBusName());
        buses.existing(scope, bus);
        String prefix = RuleRecord.key(bus, request.namePrefix() == null ? "" : request.namePrefix());
        String listing = "events.rules/" + scope + "/" + prefix;
        Page<RuleRecord> page = tables.rules(
                scope,
                Query.prefix(prefix)
                        .after(Pages.cursor(pages, listing, request.nextToken()))
                        .limit(request.limit() == null ? PAGE : request.limit()));
        return ListRulesResponse.builder()
                .rules(page.values().stream()
                        .map(rule -> Rule.builder()
                                .name(rule.name())
                                .arn(Names.ruleArn(scope, rule.bus(), rule.name()))
                                .eventPattern(rule.pattern().orElse(null))
                                .scheduleExpression(rule.schedule().orElse(null))
                                .state(state(rule))
                                .description(rule.description().orElse(null))
                                .roleArn(rule.roleArn().orElse(null))
                                .managedBy(rule.managedBy().orElse(null))
                                .eventBusName(rule.bus())
                                .build())
                        .toList())
                .nextToken(page.next().map(next -> pages.encode(listing, next)).orElse(null))
                .build();
    }

    EnableRuleResponse enable(EnableRuleRequest request) {
        switchTo(request.eventBusName(), request.name(), true);
        return EnableRuleResponse.builder().build();
    }

    DisableRuleResponse disable(DisableRuleRequest request) {
        switchTo(request.eventBusName(), request.name(), false);
        return DisableRuleResponse.builder().build();
    }

    private void switchTo(@Nullable String bus, String name, boolean on) {
        Scope scope = Call.current().scope();
        RuleRecord rule = existing(scope, Names.bus(bus), name);
        changeable(rule, false);
        if (rule.enabled() != on) {
            write(scope, rule.withState(on, rule.cloudTrailReads()), Optional.of(rule));
        }
    }

    /** Deleting a rule that is not there is no error. */
    DeleteRuleResponse delete(DeleteRuleRequest request) {
        Scope scope = Call.current().scope();
        String bus = Names.bus(request.eventBusName());
        buses.existing(scope, bus);
        tables.rule(scope, bus, request.name()).ifPresent(rule -> {
            changeable(rule, Boolean.TRUE.equals(request.force()));
            if (!tables.targets(scope, bus, rule.name(), Query.all().limit(1))
                    .values()
                    .isEmpty()) {
                throw Errors.invalid("Rule can't be deleted since it has targets.");
            }
            tables.deleteRule(scope, rule);
            schedules.removed(scope, rule);
            index.changed(scope, bus, rule.name());
        });
        return DeleteRuleResponse.builder().build();
    }
}
