package dev.terrane.elasticloadbalancingv2;

import dev.terrane.kernel.call.Scope;
import dev.terrane.kernel.store.Query;
import dev.terrane.kernel.store.Rows;
import dev.terrane.kernel.store.Store;
import dev.terrane.kernel.store.Table;
import java.util.List;

/** What is stored: balancers, target groups, listeners and rules, each by its ARN. */
final class BalancingTables {
    private static final Table<BalancerRecord> BALANCERS =
            Table.of("elasticloadbalancingv2.balancer", BalancerRecord.class, BalancerRecord::arn);
    private static final Table<TargetGroupRecord> GROUPS =
            Table.of("elasticloadbalancingv2.target-group", TargetGroupRecord.class, TargetGroupRecord::arn);
    private static final Table<ListenerRecord> LISTENERS = Table.of(
                    "elasticloadbalancingv2.listener", ListenerRecord.class, ListenerRecord::arn)
            .index("balancer", r -> r.listener().loadBalancerArn());
    private static final Table<RuleRecord> RULES = Table.of(
                    "elasticloadbalancingv2.rule", RuleRecord.class, RuleRecord::arn)
            .index("listener", RuleRecord::listenerArn);

    final Rows<BalancerRecord> balancers;
    final Rows<TargetGroupRecord> groups;
    final Rows<ListenerRecord> listeners;
    final Rows<RuleRecord> rules;

    BalancingTables(Store store) {
        balancers = store.rows(BALANCERS);
        groups = store.rows(GROUPS);
        listeners = store.rows(LISTENERS);
        rules = store.rows(RULES);
    }

    List<ListenerRecord> listenersOf(Scope scope, String balancerArn) {
        return listeners.list(scope, Query.equal("balancer", balancerArn)).values();
    }

    List<RuleRecord> rulesOf(Scope scope, String listenerArn) {
        return rules.list(scope, Query.equal("listener", listenerArn)).values();
    }
}
