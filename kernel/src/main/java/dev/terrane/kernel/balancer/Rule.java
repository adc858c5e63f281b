package dev.terrane.kernel.balancer;

import java.util.List;

/**
 * What is done with requests that meet all the conditions.
 *
 * @param priority 1 to 50000; lower is tried first
 */
public record Rule(String id, int priority, List<Condition> conditions, Action action) {
    public Rule {
        if (priority < 1 || priority > 50_000) {
            throw new IllegalArgumentException("Not a priority: " + priority);
        }
        conditions = List.copyOf(conditions);
    }
}
