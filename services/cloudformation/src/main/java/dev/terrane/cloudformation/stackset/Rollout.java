package dev.terrane.cloudformation.stackset;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** How far an operation has come in its regions and accounts, and where it is to begin next. */
final class Rollout {
    private final Preferences preferences;
    private final List<Part> parts;
    private boolean stopped;

    /** @param accounts by region */
    Rollout(Preferences preferences, Map<String, List<String>> accounts) {
        this.preferences = preferences;
        this.parts = preferences.ordered(List.copyOf(accounts.keySet())).stream()
                .map(region -> new Part(region, accounts.getOrDefault(region, List.of())))
                .toList();
    }

    /** One region. */
    private final class Part {
        private final String region;
        private final int accounts;
        private final Deque<String> waiting;
        private final Set<String> working = new HashSet<>();
        private int failed;

        Part(String region, List<String> accounts) {
            this.region = region;
            this.accounts = accounts.size();
            this.waiting = new ArrayDeque<>(accounts);
        }

        boolean exceeded() {
            return failed > preferences.tolerance(accounts);
        }

        boolean over() {
            return waiting.isEmpty() && working.isEmpty();
        }

        void begin(List<Target> ready) {
            while (!waiting.isEmpty() && !exceeded() && working.size() < preferences.width(accounts, failed)) {
                String account = waiting.removeFirst();
                working.add(account);
                ready.add(new Target(account, region));
            }
        }
    }

    /** Where it is to begin now; it is taken to have begun there. */
    List<Target> ready() {
        List<Target> ready = new ArrayList<>();
        for (Part part : parts) {
            if (stopped) {
                break;
            }
            part.begin(ready);
            // A region follows when the one before it has succeeded.
            if (!preferences.parallel() && (!part.over() || part.exceeded())) {
                break;
            }
        }
        return ready;
    }

    /** Whether it is under way somewhere. */
    boolean working() {
        return parts.stream().anyMatch(part -> !part.working.isEmpty());
    }

    void ended(Target target, boolean failure) {
        for (Part part : parts) {
            if (part.region.equals(target.region()) && part.working.remove(target.account()) && failure) {
                part.failed++;
            }
        }
    }

    /** Begins nowhere any more. */
    void stop() {
        stopped = true;
    }

    boolean stopped() {
        return stopped;
    }

    /** Whether it has failed in more accounts of a region than it may. */
    boolean exceeded() {
        return parts.stream().anyMatch(Part::exceeded);
    }

    /** In how many places it has failed. */
    int failed() {
        return parts.stream().mapToInt(part -> part.failed).sum();
    }
}
