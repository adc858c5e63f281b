package dev.terrane.elasticloadbalancingv2;

import static dev.terrane.elasticloadbalancingv2.ElasticLoadBalancingResources.client;

import dev.terrane.kernel.resource.Properties;
import dev.terrane.kernel.resource.ResourceSchema;
import dev.terrane.kernel.resource.ResourceType;
import dev.terrane.kernel.resource.ResourceWork;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.CreateRuleRequest;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.ModifyRuleRequest;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.Rule;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.RuleNotFoundException;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.RulePriorityPair;

/** {@code AWS::ElasticLoadBalancingV2::ListenerRule}. */
final class ListenerRuleResource implements ResourceType {
    @Override
    public String name() {
        return "AWS::ElasticLoadBalancingV2::ListenerRule";
    }

    @Override
    public Set<String> supported() {
        return Set.of("Actions", "Conditions", "ListenerArn", "Priority", "Tags");
    }

    @Override
    public Set<String> lacking() {
        return Set.of(
                "Actions/AuthenticateCognitoConfig",
                "Actions/AuthenticateOidcConfig",
                "Actions/JwtValidationConfig",
                "Conditions/HostHeaderConfig/RegexValues",
                "Conditions/HttpHeaderConfig/RegexValues",
                "Conditions/PathPatternConfig/RegexValues",
                "Conditions/RegexValues",
                "Conditions/SourceIpConfig/IpAddressType");
    }

    @Override
    public String create(ResourceWork work) {
        String arn = client(work)
                .createRule(work.desired().as(CreateRuleRequest.builder()).toBuilder()
                        .tags(ElasticLoadBalancingResources.tags(work))
                        .build())
                .rules()
                .getFirst()
                .ruleArn();
        work.made(arn);
        return arn;
    }

    @Override
    public void update(ResourceWork work, String id) {
        client(work)
                .modifyRule(work.desired().as(ModifyRuleRequest.builder()).toBuilder()
                        .ruleArn(id)
                        .build());
        Optional<Integer> priority = work.desired().integer("Priority");
        if (!priority.equals(work.previous().integer("Priority"))) {
            client(work)
                    .setRulePriorities(r -> r.rulePriorities(RulePriorityPair.builder()
                            .ruleArn(id)
                            .priority(priority.orElseThrow())
                            .build()));
        }
        ElasticLoadBalancingResources.changeTags(work, id);
    }

    @Override
    public void delete(ResourceWork work, String id) {
        work.unlessGone(RuleNotFoundException.class, () -> client(work).deleteRule(r -> r.ruleArn(id)));
    }

    @Override
    public Optional<Properties> read(ResourceWork work, String id) {
        return work.ifThere(
                        RuleNotFoundException.class,
                        () -> client(work)
                                .describeRules(r -> r.ruleArns(id))
                                .rules()
                                .getFirst())
                .map(rule -> Properties.builder()
                        .put("ListenerArn", listener(id))
                        .put("Priority", Integer.valueOf(rule.priority()))
                        .tags("Tags", ElasticLoadBalancingResources.tags(work, id))
                        .model(ResourceSchema.of(name()).orElseThrow(), rule)
                        .inOrderOf(work.desired(), "Tags", "Conditions")
                        .build());
    }

    /** A rule's ARN is its listener's, with its own id at the end. */
    private static String listener(String ruleArn) {
        return ruleArn.substring(0, ruleArn.lastIndexOf('/')).replace(":listener-rule/", ":listener/");
    }

    /** {@inheritDoc} Of the listener that the work's properties name. */
    @Override
    public List<String> list(ResourceWork work) {
        String listener = work.desired().required("ListenerArn");
        return client(work).describeRulesPaginator(r -> r.listenerArn(listener)).rules().stream()
                .filter(rule -> !rule.isDefault())
                .map(Rule::ruleArn)
                .toList();
    }
}
