package dev.terrane.elasticloadbalancingv2;

import dev.terrane.kernel.balancer.ListenerBindException;
import dev.terrane.kernel.balancer.TrafficProxy;
import dev.terrane.kernel.call.Call;
import dev.terrane.kernel.call.Scope;
import dev.terrane.kernel.compute.Compute;
import dev.terrane.kernel.store.Store;
import java.util.HashSet;
import java.util.Set;

/** Keeps the proxy in step with what is stored: after each commit, when instances come and go, and at start-up. */
final class Live {
    private final Store store;
    private final BalancingTables tables;
    private final ProxyConfiguration configuration;
    private final TrafficProxy proxy;
    private final Compute compute;

    Live(Store store, BalancingTables tables, ProxyConfiguration configuration, TrafficProxy proxy, Compute compute) {
        this.store = store;
        this.tables = tables;
        this.configuration = configuration;
        this.proxy = proxy;
        this.compute = compute;
    }

    /** Applies a balancer once the current call is durable. */
    void changed(String balancerArn) {
        Scope scope = Call.current().scope();
        store.afterCommit(() -> apply(scope, balancerArn));
    }

    /** Applies the balancer that uses a target group, if one does, once the current call is durable. */
    void groupChanged(String groupArn) {
        Scope scope = Call.current().scope();
        store.afterCommit(() -> balancersUsing(scope, groupArn).forEach(arn -> apply(scope, arn)));
    }

    /** The balancers with a listener or rule that forwards to a target group. */
    Set<String> balancersUsing(Scope scope, String groupArn) {
        Set<String> balancers = new HashSet<>();
        for (ListenerRecord listener : tables.listeners.all(scope)) {
            boolean uses = ForwardTargets.of(listener.listener().defaultActions())
                            .contains(groupArn)
                    || tables.rulesOf(scope, listener.arn()).stream()
                            .anyMatch(r -> ForwardTargets.of(r.rule().actions()).contains(groupArn));
            if (uses) {
                balancers.add(listener.listener().loadBalancerArn());
            }
        }
        return balancers;
    }

    /** One at a time, so that the last to apply has read the last commit. */
    synchronized void apply(Scope scope, String balancerArn) {
        joinGroups();
        tables.balancers
                .peek(scope, balancerArn)
                .ifPresentOrElse(
                        balancer -> proxy.apply(configuration.of(scope, balancer)), () -> proxy.remove(balancerArn));
    }

    /** The proxy is in this server: to instances it comes from this server's address, as a member of all balancers' groups. */
    private void joinGroups() {
        Set<String> groups = new HashSet<>();
        tables.balancers.everywhere(
                (scope, balancer) -> groups.addAll(balancer.balancer().securityGroups()));
        compute.serverGroups(groups);
    }

    /** Applies all balancers of all accounts; one whose port was taken meanwhile is tried again at the next tick. */
    void applyAll() {
        tables.balancers.everywhere((scope, balancer) -> {
            try {
                apply(scope, balancer.arn());
            } catch (ListenerBindException e) {
                // Another program listens on the port now; the balancer comes back when that ends.
                return;
            }
        });
    }
}
