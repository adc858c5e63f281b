package dev.terrane.cloudformation.template;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Graphs of names that need one another. */
final class Graph {
    private Graph() {}

    /** The names in an order in which each comes after those that it needs; those of circles, and what needs them, are left out. */
    static List<String> order(Map<String, Set<String>> needs) {
        Map<String, Integer> left = new HashMap<>();
        Map<String, List<String>> waiting = new HashMap<>();
        needs.forEach((logicalId, needed) -> {
            left.put(logicalId, needed.size());
            needed.forEach(
                    one -> waiting.computeIfAbsent(one, x -> new ArrayList<>()).add(logicalId));
        });
        Deque<String> ready = new ArrayDeque<>();
        needs.keySet().stream()
                .filter(logicalId -> left.getOrDefault(logicalId, 0) == 0)
                .forEach(ready::add);
        List<String> order = new ArrayList<>();
        while (!ready.isEmpty()) {
            String next = ready.removeFirst();
            order.add(next);
            waiting.getOrDefault(next, List.of()).forEach(logicalId -> {
                if (left.merge(logicalId, -1, Integer::sum) == 0) {
                    ready.addLast(logicalId);
                }
            });
        }
        return List.copyOf(order);
    }

    /** The nodes of circles: those that are left, without what only leads to or from one. */
    static List<String> circle(Map<String, Set<String>> needs, List<String> done) {
        Set<String> remaining = new LinkedHashSet<>(needs.keySet());
        done.forEach(remaining::remove);
        boolean changed = true;
        while (changed) {
            Set<String> needed = new HashSet<>();
            remaining.forEach(logicalId -> needed.addAll(needs.getOrDefault(logicalId, Set.of())));
            changed = remaining.retainAll(needed);
        }
        return List.copyOf(remaining);
    }
}
