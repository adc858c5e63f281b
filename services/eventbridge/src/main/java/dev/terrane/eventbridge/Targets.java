package dev.terrane.eventbridge;

import dev.terrane.kernel.arn.Arn;
import dev.terrane.kernel.call.Call;
import dev.terrane.kernel.call.Scope;
import dev.terrane.kernel.page.PageTokens;
import dev.terrane.kernel.store.Page;
import dev.terrane.kernel.store.Query;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.services.eventbridge.model.ListRuleNamesByTargetRequest;
import software.amazon.awssdk.services.eventbridge.model.ListRuleNamesByTargetResponse;
import software.amazon.awssdk.services.eventbridge.model.ListTargetsByRuleRequest;
import software.amazon.awssdk.services.eventbridge.model.ListTargetsByRuleResponse;
import software.amazon.awssdk.services.eventbridge.model.PutTargetsRequest;
import software.amazon.awssdk.services.eventbridge.model.PutTargetsResponse;
import software.amazon.awssdk.services.eventbridge.model.RemoveTargetsRequest;
import software.amazon.awssdk.services.eventbridge.model.RemoveTargetsResponse;
import software.amazon.awssdk.services.eventbridge.model.RemoveTargetsResultEntry;
import software.amazon.awssdk.services.eventbridge.model.Target;

/** The targets of rules. */
final class Targets {
    /** AWS's quota of targets a rule. */
    private static final int MOST = 5;

    private static final int PAGE = 100;

    private final EventBridgeTables tables;
    private final Rules rules;
    private final TargetKinds kinds;
    private final PageTokens pages;

    Targets(EventBridgeTables tables, Rules rules, TargetKinds kinds, PageTokens pages) {
        this.tables = tables;
        this.rules = rules;
        this.kinds = kinds;
        this.pages = pages;
    }

    PutTargetsResponse put(PutTargetsRequest request) {
        Scope scope = Call.current().scope();
        RuleRecord rule = rules.existing(scope, Names.bus(request.eventBusName()), request.rule());
        Rules.changeable(rule, false);
        Map<String, Target> all = new LinkedHashMap<>();
        tables.targets(scope, rule.bus(), rule.name())
                .forEach(t -> all.put(t.target().id(), t.target()));
        for (Target target : request.targets()) {
            check(target);
            all.put(target.id(), target);
            tables.put(scope, new TargetRecord(rule.bus(), rule.name(), target));
        }
        if (all.size() > MOST) {
            throw Errors.limit("The requested resource exceeds the maximum number allowed.");
        }
        // Written again as it is, so that the rule can't be deleted at the same time.
        tables.put(scope, rule);
        return PutTargetsResponse.builder()
                .failedEntryCount(0)
                .failedEntries(List.of())
                .build();
    }

    private void check(Target target) {
        Arn arn = Arn.find(target.arn())
                .orElseThrow(() -> Errors.invalid(
                        "Parameter " + target.arn() + " is not valid. Reason: Provided Arn is not in correct format."));
        if (target.roleArn() != null && !Arn.isArn(target.roleArn())) {
            throw Errors.invalid("Parameter RoleArn is not valid. Reason: Provided Arn is not in correct format.");
        }
        TargetInput.check(target);
        refuseOthers(target);
        Optional.ofNullable(target.deadLetterConfig())
                .ifPresent(config ->
                        Optional.ofNullable(config.arn()).ifPresent(queue -> checkDeadLetterQueue(target, queue)));
        kinds.of(arn)
                .orElseThrow(() -> Errors.invalid("Parameter " + target.arn() + " is not valid. Reason: "
                        + arn.service() + " is not offered as a target here."))
                .check(target, arn);
    }

    private static void checkDeadLetterQueue(Target target, String queue) {
        Optional<Arn> arn = Arn.find(queue).filter(a -> a.service().equals("sqs"));
        if (arn.isEmpty() || arn.get().resource().endsWith(".fifo")) {
            throw Errors.invalid("Parameter DeadLetterConfig.Arn of target " + target.id()
                    + " is not valid. Reason: the dead-letter queue must be a standard Amazon SQS queue.");
        }
    }

    private static void refuseOthers(Target target) {
        Map<String, Object> others = new LinkedHashMap<>();
        others.put("KinesisParameters", String.valueOf(target.kinesisParameters()));
        others.put("RunCommandParameters", String.valueOf(target.runCommandParameters()));
        others.put("EcsParameters", String.valueOf(target.ecsParameters()));
        others.put("BatchParameters", String.valueOf(target.batchParameters()));
        others.put("HttpParameters", String.valueOf(target.httpParameters()));
        others.put("RedshiftDataParameters", String.valueOf(target.redshiftDataParameters()));
        others.put("SageMakerPipelineParameters", String.valueOf(target.sageMakerPipelineParameters()));
        others.put("AppSyncParameters", String.valueOf(target.appSyncParameters()));
        others.forEach((name, value) -> {
            if (!value.equals("null")) {
                throw Errors.invalid("Parameter " + name + " is not valid. Reason: its targets are not offered here.");
            }
        });
    }

    RemoveTargetsResponse remove(RemoveTargetsRequest request) {
        Scope scope = Call.current().scope();
        RuleRecord rule = rules.existing(scope, Names.bus(request.eventBusName()), request.rule());
        Rules.changeable(rule, Boolean.TRUE.equals(request.force()));
        List<RemoveTargetsResultEntry> failed = new ArrayList<>();
        for (String id : request.ids()) {
            tables.target(scope, rule.bus(), rule.name(), id)
                    .ifPresentOrElse(
                            target -> tables.deleteTarget(scope, target),
                            () -> failed.add(RemoveTargetsResultEntry.builder()
                                    .targetId(id)
                                    .errorCode("ResourceNotFoundException")
                                    .errorMessage(
                                            "Rule " + rule.name() + " does not have a target with the Id " + id + ".")
                                    .build()));
        }
        return RemoveTargetsResponse.builder()
                .failedEntryCount(failed.size())
                .failedEntries(failed)
                .build();
    }

    ListTargetsByRuleResponse list(ListTargetsByRuleRequest request) {
        Scope scope = Call.current().scope();
        RuleRecord rule = rules.existing(scope, Names.bus(request.eventBusName()), request.rule());
        String listing = "events.targets/" + scope + "/" + rule.key();
        Page<TargetRecord> page = tables.targets(
                scope,
                rule.bus(),
                rule.name(),
                Query.all()
                        .after(Pages.cursor(pages, listing, request.nextToken()))
                        .limit(request.limit() == null ? PAGE : request.limit()));
        return ListTargetsByRuleResponse.builder()
                .targets(page.values().stream().map(TargetRecord::target).toList())
                .nextToken(page.next().map(next -> pages.encode(listing, next)).orElse(null))
                .build();
    }

    ListRuleNamesByTargetResponse rulesOf(ListRuleNamesByTargetRequest request) {
        Scope scope = Call.current().scope();
        String bus = Names.bus(request.eventBusName());
        String listing = "events.rulesbytarget/" + scope + "/" + bus + "/" + request.targetArn();
        String after = Pages.cursor(pages, listing, request.nextToken()).orElse("");
        int limit = request.limit() == null ? PAGE : request.limit();
        List<String> names = tables.targetsWithArn(scope, request.targetArn()).stream()
                .filter(target -> target.bus().equals(bus))
                .map(TargetRecord::rule)
                .distinct()
                .sorted()
                .filter(name -> name.compareTo(after) > 0)
                .limit(limit + 1L)
                .toList();
        boolean more = names.size() > limit;
        List<String> shown = more ? names.subList(0, limit) : names;
        return ListRuleNamesByTargetResponse.builder()
                .ruleNames(shown)
                .nextToken(more ? pages.encode(listing, shown.getLast()) : null)
                .build();
    }
}
