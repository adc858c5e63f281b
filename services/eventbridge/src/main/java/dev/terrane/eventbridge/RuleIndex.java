package dev.terrane.eventbridge;

import dev.terrane.kernel.call.Scope;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import software.amazon.event.ruler.Machine;

/**
 * Which rules of a bus an event matches: one event-ruler machine a bus, changed with each rule. What a machine takes to match does not grow
 * with the number of rules. The rows are the truth; this follows them after each commit.
 */
final class RuleIndex {
    private record BusKey(Scope scope, String bus) {}

    /** A pattern in a machine, under a name that no other pattern ever had. */
    private record Entry(String name, String pattern) {}

    /** A bus's machine with what is in it by rule. The map is guarded by this object; the machine may be read meanwhile. */
    private static final class Bus {
        private final Machine machine = Machine.builder().build();
        private final Map<String, Entry> entries = new HashMap<>();
        private long generation;

        /** The new pattern goes in before the old one goes out, so that no event between the two is missed. */
        private synchronized void follow(String rule, Optional<String> wanted) {
            Entry present = entries.get(rule);
            if (Optional.ofNullable(present).map(Entry::pattern).equals(wanted)) {
                return;
            }
            try {
                if (wanted.isPresent()) {
                    Entry entry = new Entry(rule + GENERATION + ++generation, wanted.get());
                    machine.addRule(entry.name(), entry.pattern());
                    entries.put(rule, entry);
                } else {
                    entries.remove(rule);
                }
                if (present != null) {
                    machine.deleteRule(present.name(), present.pattern());
                }
            } catch (IOException e) {
                throw new IllegalStateException("A checked pattern of rule " + rule + " does not compile", e);
            }
        }
    }

    /** No rule's name holds it. */
    private static final char GENERATION = '#';

    private final EventBridgeTables tables;
    private final Map<BusKey, Bus> buses = new ConcurrentHashMap<>();

    RuleIndex(EventBridgeTables tables) {
        this.tables = tables;
    }

    /** Reads all rules, at start-up. */
    void load() {
        tables.everyRule((scope, rule) -> bus(scope, rule.bus()).follow(rule.name(), patternOf(Optional.of(rule))));
    }

    /** Follows a rule's row once the transaction is durable. */
    void changed(Scope scope, String bus, String rule) {
        tables.afterCommit(() -> {
            Bus known = bus(scope, bus);
            // Under the bus's lock, so that of two changes the later row is what stays.
            synchronized (known) {
                known.follow(rule, patternOf(tables.peekRule(scope, bus, rule)));
            }
        });
    }

    private static Optional<String> patternOf(Optional<RuleRecord> rule) {
        return rule.filter(RuleRecord::enabled).flatMap(RuleRecord::pattern);
    }

    private Bus bus(Scope scope, String bus) {
        return buses.computeIfAbsent(new BusKey(scope, bus), key -> new Bus());
    }

    /** The enabled rules of a bus that an event matches. */
    List<String> matching(Scope scope, String bus, String event) {
        Bus known = buses.get(new BusKey(scope, bus));
        if (known == null) {
            return List.of();
        }
        try {
            return known.machine.rulesForJSONEvent(event).stream()
                    .map(name -> name.substring(0, name.indexOf(GENERATION)))
                    .distinct()
                    .toList();
        } catch (Exception e) {
            throw new IllegalStateException("event-ruler failed at an event", e);
        }
    }
}
