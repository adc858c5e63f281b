package dev.terrane.eventbridge;

import dev.terrane.kernel.arn.Arn;
import dev.terrane.kernel.resource.Properties;
import dev.terrane.kernel.resource.ResourceSchema;
import dev.terrane.kernel.resource.ResourceType;
import dev.terrane.kernel.resource.ResourceWork;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import software.amazon.awssdk.services.eventbridge.EventBridgeClient;
import software.amazon.awssdk.services.eventbridge.model.*;

/** A rule with its targets. */
final class RuleResource implements ResourceType {
    @Override
    public String name() {
        return "AWS::Events::Rule";
    }

    @Override
    public Set<String> supported() {
        return Set.of(
                "Description",
                "EventBusName",
                "EventPattern",
                "Name",
                "RoleArn",
                "ScheduleExpression",
                "State",
                "Tags",
                "Targets");
    }

    @Override
    public Set<String> lacking() {
        return Set.of(
                "Targets/AppSyncParameters",
                "Targets/BatchParameters",
                "Targets/EcsParameters",
                "Targets/HttpParameters",
                "Targets/KinesisParameters",
                "Targets/RedshiftDataParameters",
                "Targets/RunCommandParameters",
                "Targets/SageMakerPipelineParameters");
    }

    /** {@code rule/name} on the default bus, {@code rule/bus/name} on others. */
    private record Id(String bus, String name) {
        static Id of(String arn) {
            String[] parts = Arn.parse(arn).resource().split("/");
            return parts.length > 2 ? new Id(parts[1], parts[2]) : new Id(BusRecord.DEFAULT, parts[1]);
        }
    }

    @Override
    public String create(ResourceWork work) {
        String name = work.desired().text("Name").orElseGet(() -> work.name(64));
        Id rule = new Id(EventsResources.bus(work.desired()), name);
        work.mustBeNew(this, Names.ruleArn(work.scope(), rule.bus(), name));
        String arn = put(work, rule, EventsResources.tags(work.tags()));
        work.made(arn);
        putTargets(work, rule, targets(work.desired()));
        return arn;
    }

    private static String put(ResourceWork work, Id rule, List<Tag> tags) {
        return work.client(EventBridgeClient.class)
                .putRule(
                        work
                                .desired()
                                .without("Tags", "Targets", "EventPattern")
                                .as(PutRuleRequest.builder())
                                .toBuilder()
                                .name(rule.name())
                                .eventBusName(rule.bus())
                                .eventPattern(
                                        work.desired().json("EventPattern").orElse(null))
                                .tags(tags)
                                .build())
                .ruleArn();
    }

    private static List<Target> targets(Properties properties) {
        return properties.allAs("Targets", target -> Target.builder());
    }

    private static void putTargets(ResourceWork work, Id rule, List<Target> targets) {
        if (!targets.isEmpty()) {
            work.client(EventBridgeClient.class)
                    .putTargets(
                            r -> r.rule(rule.name()).eventBusName(rule.bus()).targets(targets));
        }
    }

    @Override
    public void update(ResourceWork work, String id) {
        Id rule = Id.of(id);
        if (!work.desired().without("Tags", "Targets").equals(work.previous().without("Tags", "Targets"))) {
            put(work, rule, List.of());
        }
        List<Target> after = targets(work.desired());
        List<Target> before = targets(work.previous());
        List<String> gone = new ArrayList<>(before.stream().map(Target::id).toList());
        gone.removeAll(after.stream().map(Target::id).toList());
        removeTargets(work, rule, gone);
        putTargets(
                work,
                rule,
                after.stream().filter(target -> !before.contains(target)).toList());
        EventsResources.changeTags(work, id);
    }

    private static void removeTargets(ResourceWork work, Id rule, List<String> ids) {
        if (!ids.isEmpty()) {
            work.unlessGone(
                    ResourceNotFoundException.class,
                    () -> work.client(EventBridgeClient.class)
                            .removeTargets(r ->
                                    r.rule(rule.name()).eventBusName(rule.bus()).ids(ids)));
        }
    }

    @Override
    public void delete(ResourceWork work, String id) {
        Id rule = Id.of(id);
        removeTargets(
                work, rule, targets(work.desired()).stream().map(Target::id).toList());
        work.unlessGone(
                ResourceNotFoundException.class,
                () -> work.client(EventBridgeClient.class)
                        .deleteRule(r -> r.name(rule.name()).eventBusName(rule.bus())));
    }

    @Override
    public Optional<Properties> read(ResourceWork work, String id) {
        EventBridgeClient events = work.client(EventBridgeClient.class);
        Id rule = Id.of(id);
        return work.ifThere(ResourceNotFoundException.class, () -> {
            DescribeRuleResponse found =
                    events.describeRule(r -> r.name(rule.name()).eventBusName(rule.bus()));
            List<Target> targets = events.listTargetsByRule(
                            r -> r.rule(rule.name()).eventBusName(rule.bus()))
                    .targets();
            return Properties.builder()
                    .put("RuleName", rule.name())
                    // The same bus may be named by its ARN.
                    .put(
                            "EventBusName",
                            rule.bus().equals(EventsResources.bus(work.desired()))
                                    ? work.desired().text("EventBusName").orElse(rule.bus())
                                    : rule.bus())
                    .json("EventPattern", found.eventPattern())
                    .put("Targets", targets)
                    .tags("Tags", EventsResources.tags(work, id))
                    .model(ResourceSchema.of(name()).orElseThrow(), found)
                    .inOrderOf(work.desired(), "Targets", "Tags")
                    .build();
        });
    }

    @Override
    public List<String> list(ResourceWork work) {
        List<String> arns = new ArrayList<>();
        for (String bus : EventsResources.buses(work)) {
            Optional<String> token = Optional.empty();
            do {
                String from = token.orElse(null);
                ListRulesResponse page = work.client(EventBridgeClient.class)
                        .listRules(r -> r.eventBusName(bus).nextToken(from));
                page.rules().forEach(rule -> arns.add(rule.arn()));
                token = Optional.ofNullable(page.nextToken());
            } while (token.isPresent());
        }
        return arns;
    }

    /** The rule's name, with that of its bus before it where that is not the default one. */
    @Override
    public String ref(String id, Properties state) {
        Id rule = Id.of(id);
        return rule.bus().equals(BusRecord.DEFAULT) ? rule.name() : rule.bus() + "|" + rule.name();
    }
}
