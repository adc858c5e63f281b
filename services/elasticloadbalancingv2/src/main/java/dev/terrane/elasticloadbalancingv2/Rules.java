package dev.terrane.elasticloadbalancingv2;

import dev.terrane.kernel.arn.Arn;
import dev.terrane.kernel.call.Call;
import dev.terrane.kernel.call.Scope;
import dev.terrane.kernel.id.Ids;
import dev.terrane.kernel.page.PageTokens;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.CreateRuleRequest;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.CreateRuleResponse;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.DeleteRuleRequest;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.DeleteRuleResponse;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.DescribeRulesRequest;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.DescribeRulesResponse;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.ModifyRuleRequest;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.ModifyRuleResponse;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.OperationNotPermittedException;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.PriorityInUseException;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.Rule;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.RuleCondition;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.RuleNotFoundException;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.RulePriorityPair;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.SetRulePrioritiesRequest;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.SetRulePrioritiesResponse;

/** Rules of listeners. */
final class Rules {
    private static final Set<String> FIELDS =
            Set.of("host-header", "path-pattern", "http-header", "http-request-method", "query-string", "source-ip");
    private static final int MOST_VALUES = 5;

    private final PageTokens pages;
    private final BalancingTables tables;
    private final Listeners listeners;
    private final Live live;

    Rules(PageTokens pages, BalancingTables tables, Listeners listeners, Live live) {
        this.pages = pages;
        this.tables = tables;
        this.listeners = listeners;
        this.live = live;
    }

    CreateRuleResponse create(CreateRuleRequest request) {
        Call call = Call.current();
        ListenerRecord listener = listeners.require(request.listenerArn());
        String priority = String.valueOf(request.priority());
        if (tables.rulesOf(call.scope(), listener.arn()).stream()
                .anyMatch(r -> r.rule().priority().equals(priority))) {
            throw inUse(priority);
        }
        String suffix = Arn.parse(listener.arn()).resource().substring("listener/".length());
        Rule rule = Rule.builder()
                .ruleArn(Arn.of(
                                "elasticloadbalancing",
                                call.region(),
                                call.account(),
                                "listener-rule/" + suffix + "/" + Ids.hex(16))
                        .toString())
                .priority(priority)
                .isDefault(false)
                .conditions(conditions(request.conditions()))
                .actions(listeners.actions(listener.listener().loadBalancerArn(), request.actions()))
                .build();
        tables.rules.put(call.scope(), new RuleRecord(listener.arn(), rule, Tags.of(request.tags())));
        live.changed(listener.listener().loadBalancerArn());
        return CreateRuleResponse.builder().rules(rule).build();
    }

    private static PriorityInUseException inUse(String priority) {
        return PriorityInUseException.builder()
                .message("Priority '" + priority + "' is currently in use")
                .build();
    }

    /** Conditions in AWS's current form, each with the values of its old form too where it has one. */
    private static List<RuleCondition> conditions(List<RuleCondition> given) {
        List<RuleCondition> conditions = new ArrayList<>();
        int values = 0;
        for (RuleCondition condition : given) {
            String field = condition.field() == null ? implied(condition) : condition.field();
            if (!FIELDS.contains(field)) {
                throw Attributes.validation("Condition field '" + field + "' must be one of "
                        + FIELDS.stream().sorted().toList());
            }
            RuleCondition.Builder builder = condition.toBuilder().field(field);
            if (field.equals("path-pattern") && condition.pathPatternConfig() == null) {
                builder.pathPatternConfig(c -> c.values(condition.values()));
            } else if (field.equals("path-pattern")) {
                builder.values(condition.pathPatternConfig().values());
            } else if (field.equals("host-header") && condition.hostHeaderConfig() == null) {
                builder.hostHeaderConfig(c -> c.values(condition.values()));
            } else if (field.equals("host-header")) {
                builder.values(condition.hostHeaderConfig().values());
            }
            RuleCondition whole = builder.build();
            int count = count(whole);
            if (count == 0) {
                throw Attributes.validation("A condition value must be specified");
            }
            values += count;
            conditions.add(whole);
        }
        if (conditions.isEmpty()) {
            throw Attributes.validation("A condition must be specified");
        }
        if (values > MOST_VALUES) {
            throw Attributes.validation("At most " + MOST_VALUES + " condition values a rule");
        }
        return conditions;
    }

    private static String implied(RuleCondition condition) {
        if (condition.hostHeaderConfig() != null) {
            return "host-header";
        }
        return condition.pathPatternConfig() != null ? "path-pattern" : "";
    }

    private static int count(RuleCondition condition) {
        return switch (condition.field()) {
            case "host-header" -> condition.hostHeaderConfig().values().size();
            case "path-pattern" -> condition.pathPatternConfig().values().size();
            case "http-header" ->
                condition.httpHeaderConfig() == null
                                || condition.httpHeaderConfig().httpHeaderName() == null
                        ? 0
                        : condition.httpHeaderConfig().values().size();
            case "http-request-method" ->
                condition.httpRequestMethodConfig() == null
                        ? 0
                        : condition.httpRequestMethodConfig().values().size();
            case "query-string" ->
                condition.queryStringConfig() == null
                        ? 0
                        : condition.queryStringConfig().values().size();
            default ->
                condition.sourceIpConfig() == null
                        ? 0
                        : condition.sourceIpConfig().values().size();
        };
    }

    private RuleRecord require(String arn) {
        return tables.rules
                .get(Call.current().scope(), arn)
                .orElseThrow(() -> RuleNotFoundException.builder()
                        .message("One or more rules not found")
                        .build());
    }

    DescribeRulesResponse describe(DescribeRulesRequest request) {
        if (request.hasRuleArns()) {
            return DescribeRulesResponse.builder()
                    .rules(request.ruleArns().stream()
                            .map(arn -> require(arn).rule())
                            .toList())
                    .build();
        }
        if (request.listenerArn() == null) {
            throw Attributes.validation("You must specify either listener rule ARNs or a listener ARN");
        }
        ListenerRecord listener = listeners.require(request.listenerArn());
        List<Rule> rules = new ArrayList<>(tables.rulesOf(Call.current().scope(), listener.arn()).stream()
                .map(RuleRecord::rule)
                .sorted(Comparator.comparingInt(r -> Integer.parseInt(r.priority())))
                .toList());
        rules.add(Rule.builder()
                .ruleArn(listener.arn().replace(":listener/", ":listener-rule/") + "/"
                        + Arn.parse(listener.arn()).name())
                .priority("default")
                .isDefault(true)
                .actions(listener.listener().defaultActions())
                .build());
        Markers.Slice<Rule> page = Markers.slice(
                pages, "rules/" + listener.arn(), rules, Rule::ruleArn, request.pageSize(), request.marker());
        return DescribeRulesResponse.builder()
                .rules(page.values())
                .nextMarker(page.next())
                .build();
    }

    ModifyRuleResponse modify(ModifyRuleRequest request) {
        RuleRecord record = require(request.ruleArn());
        ListenerRecord listener = listeners.require(record.listenerArn());
        Rule.Builder next = record.rule().toBuilder();
        if (request.hasConditions()) {
            next.conditions(conditions(request.conditions()));
        }
        if (request.hasActions()) {
            next.actions(listeners.actions(listener.listener().loadBalancerArn(), request.actions()));
        }
        Rule rule = next.build();
        tables.rules.put(Call.current().scope(), new RuleRecord(record.listenerArn(), rule, record.tags()));
        live.changed(listener.listener().loadBalancerArn());
        return ModifyRuleResponse.builder().rules(rule).build();
    }

    DeleteRuleResponse delete(DeleteRuleRequest request) {
        Call call = Call.current();
        String arn = request.ruleArn();
        if (tables.rules.get(call.scope(), arn).isEmpty()
                && Arn.find(arn)
                        .map(a -> a.resource().matches(".*/([0-9a-f]{16})/\\1"))
                        .orElse(false)) {
            throw OperationNotPermittedException.builder()
                    .message("Default rule '" + arn + "' cannot be deleted")
                    .build();
        }
        RuleRecord record = require(arn);
        tables.rules.delete(call.scope(), record.arn());
        live.changed(listeners.require(record.listenerArn()).listener().loadBalancerArn());
        return DeleteRuleResponse.builder().build();
    }

    SetRulePrioritiesResponse setPriorities(SetRulePrioritiesRequest request) {
        Scope scope = Call.current().scope();
        Map<String, RuleRecord> changed = new HashMap<>();
        for (RulePriorityPair pair : request.rulePriorities()) {
            RuleRecord record = require(pair.ruleArn());
            changed.put(
                    record.arn(),
                    new RuleRecord(
                            record.listenerArn(),
                            record.rule().toBuilder()
                                    .priority(String.valueOf(pair.priority()))
                                    .build(),
                            record.tags()));
        }
        Set<String> touched = new HashSet<>();
        for (RuleRecord record : changed.values()) {
            touched.add(record.listenerArn());
        }
        for (String listener : touched) {
            Set<String> priorities = new HashSet<>();
            for (RuleRecord rule : tables.rulesOf(scope, listener)) {
                String priority = changed.getOrDefault(rule.arn(), rule).rule().priority();
                if (!priorities.add(priority)) {
                    throw inUse(priority);
                }
            }
        }
        changed.values().forEach(record -> tables.rules.put(scope, record));
        touched.forEach(
                listener -> live.changed(listeners.require(listener).listener().loadBalancerArn()));
        return SetRulePrioritiesResponse.builder()
                .rules(changed.values().stream().map(RuleRecord::rule).toList())
                .build();
    }
}
