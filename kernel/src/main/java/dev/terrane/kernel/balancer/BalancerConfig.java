package dev.terrane.kernel.balancer;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The whole configuration of one balancer.
 *
 * @param id names the balancer in the proxy; its ARN
 * @param bindAddress the local address, as a literal, that all its listeners listen on
 * @param settings what holds for all listeners
 * @param listeners no two on one port
 * @param targetGroups every group that an action names, and perhaps more: those no action names are not checked, and their targets are unused
 */
public record BalancerConfig(
        String id,
        String bindAddress,
        BalancerSettings settings,
        List<Listener> listeners,
        List<TargetGroup> targetGroups) {
    public BalancerConfig {
        listeners = List.copyOf(listeners);
        targetGroups = List.copyOf(targetGroups);
        Set<Integer> ports = new HashSet<>();
        for (Listener listener : listeners) {
            if (!ports.add(listener.port())) {
                throw new IllegalArgumentException("Two listeners on port " + listener.port());
            }
        }
        Map<String, TargetGroup> groups =
                targetGroups.stream().collect(Collectors.toMap(TargetGroup::id, Function.identity()));
        for (String used : usedTargetGroups(listeners)) {
            if (!groups.containsKey(used)) {
                throw new IllegalArgumentException("An action forwards to " + used + ", which is not configured");
            }
        }
    }

    /** The ids of the groups that some listener's action forwards to. */
    public Set<String> usedTargetGroups() {
        return usedTargetGroups(listeners);
    }

    private static Set<String> usedTargetGroups(List<Listener> listeners) {
        return listeners.stream()
                .flatMap(Listener::actions)
                .flatMap(action -> action instanceof Action.Forward forward
                        ? forward.targetGroups().stream()
                        : Stream.<Action.WeightedTargetGroup>empty())
                .map(Action.WeightedTargetGroup::targetGroupId)
                .collect(Collectors.toUnmodifiableSet());
    }
}
