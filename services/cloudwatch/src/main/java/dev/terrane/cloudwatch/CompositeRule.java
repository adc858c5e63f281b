package dev.terrane.cloudwatch;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import software.amazon.awssdk.services.cloudwatch.model.StateValue;

/**
 * The rule of a composite alarm: {@code ALARM(a) AND (NOT OK("b") OR TRUE)}. NOT binds closest, then AND, then OR. Alarms go by name or ARN, with or without quotes.
 */
sealed interface CompositeRule {
    /** Whether it holds, when alarms are in these states. */
    boolean holds(Function<String, StateValue> stateOf);

    /** Adds the names or ARNs of its alarms, as they stand in the rule. */
    void children(Set<String> into);

    /** The names or ARNs of all alarms in a rule, as they stand there. */
    default Set<String> children() {
        Set<String> all = new LinkedHashSet<>();
        children(all);
        return all;
    }

    /** One that cannot be read. */
    final class Unreadable extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Unreadable(String what) {
            super(what);
        }
    }

    record Constant(boolean value) implements CompositeRule {
        @Override
        public boolean holds(Function<String, StateValue> stateOf) {
            return value;
        }

        @Override
        public void children(Set<String> into) {}
    }

    record InState(String alarm, StateValue state) implements CompositeRule {
        @Override
        public boolean holds(Function<String, StateValue> stateOf) {
            return stateOf.apply(alarm) == state;
        }

        @Override
        public void children(Set<String> into) {
            into.add(alarm);
        }
    }

    record Not(CompositeRule of) implements CompositeRule {
        @Override
        public boolean holds(Function<String, StateValue> stateOf) {
            return !of.holds(stateOf);
        }

        @Override
        public void children(Set<String> into) {
            of.children(into);
        }
    }

    record All(List<CompositeRule> of) implements CompositeRule {
        public All {
            of = List.copyOf(of);
        }

        @Override
        public boolean holds(Function<String, StateValue> stateOf) {
            return of.stream().allMatch(rule -> rule.holds(stateOf));
        }

        @Override
        public void children(Set<String> into) {
            of.forEach(rule -> rule.children(into));
        }
    }

    record Any(List<CompositeRule> of) implements CompositeRule {
        public Any {
            of = List.copyOf(of);
        }

        @Override
        public boolean holds(Function<String, StateValue> stateOf) {
            return of.stream().anyMatch(rule -> rule.holds(stateOf));
        }

        @Override
        public void children(Set<String> into) {
            of.forEach(rule -> rule.children(into));
        }
    }

    /** Reads a rule.
     *
     * @throws Unreadable when it is none */
    static CompositeRule parse(String text) {
        Reader reader = new Reader(text);
        CompositeRule rule = reader.any(0);
        reader.end();
        return rule;
    }

    /** Reads from left to right. */
    final class Reader {
        private static final int DEEPEST = 100;
        private static final Pattern WORD = Pattern.compile("\\s*([A-Za-z_]+|[()])");
        private static final Pattern ALARM =
                Pattern.compile("\\s*\\(\\s*(?:\"((?:[^\"\\\\]|\\\\.)*)\"|'([^']*)'|([^\\s()\"']+))\\s*\\)");

        private final String text;
        private int at;

        private Reader(String text) {
            this.text = text;
        }

        private CompositeRule any(int depth) {
            List<CompositeRule> rules = new ArrayList<>(List.of(all(depth)));
            while (take("OR")) {
                rules.add(all(depth));
            }
            return rules.size() == 1 ? rules.getFirst() : new Any(rules);
        }

        private CompositeRule all(int depth) {
            List<CompositeRule> rules = new ArrayList<>(List.of(one(depth)));
            while (take("AND")) {
                rules.add(one(depth));
            }
            return rules.size() == 1 ? rules.getFirst() : new All(rules);
        }

        private CompositeRule one(int depth) {
            if (depth > DEEPEST) {
                throw new Unreadable("it is nested too deeply");
            }
            if (take("NOT")) {
                return new Not(one(depth + 1));
            }
            if (take("(")) {
                CompositeRule within = any(depth + 1);
                if (!take(")")) {
                    throw unexpected();
                }
                return within;
            }
            if (take("TRUE")) {
                return new Constant(true);
            }
            if (take("FALSE")) {
                return new Constant(false);
            }
            for (StateValue state : StateValue.knownValues()) {
                if (take(state.toString())) {
                    return new InState(alarm(), state);
                }
            }
            throw unexpected();
        }

        private String alarm() {
            Matcher found = ALARM.matcher(text).region(at, text.length());
            if (!found.lookingAt()) {
                throw unexpected();
            }
            at = found.end();
            if (found.group(1) != null) {
                return found.group(1).replaceAll("\\\\(.)", "$1");
            }
            return found.group(2) == null ? found.group(3) : found.group(2);
        }

        private boolean take(String word) {
            Matcher found = WORD.matcher(text).region(at, text.length());
            if (!found.lookingAt() || !found.group(1).equalsIgnoreCase(word)) {
                return false;
            }
            at = found.end();
            return true;
        }

        private void end() {
            if (!text.substring(at).isBlank()) {
                throw unexpected();
            }
        }

        private Unreadable unexpected() {
            String rest = text.substring(at).strip();
            return new Unreadable(
                    rest.isEmpty()
                            ? "it ends too early"
                            : "unexpected '" + rest.substring(0, Math.min(20, rest.length())) + "' at position " + at);
        }
    }
}
