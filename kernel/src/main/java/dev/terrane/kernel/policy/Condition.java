package dev.terrane.kernel.policy;

import java.util.List;

/**
 * One operator applied to one key of the request's context ("IAM JSON policy elements: Condition operators" and
 * "Multivalued context keys").
 *
 * @param key as written; keys match without regard to case
 * @param values as written; one must match, or none for a negated operator
 */
public record Condition(
        Quantifier quantifier,
        ConditionOperator operator,
        boolean ifExists,
        String key,
        List<String> values,
        Compiled compiled) {
    /** How many of the request's values must hold. */
    public enum Quantifier {
        /** No set operator: the key has one value. */
        ONE,
        FOR_ALL_VALUES,
        FOR_ANY_VALUE
    }

    /** The values made ready for comparing; opaque outside of this package. */
    public static final class Compiled {
        private final String key;
        private final List<Comparison> comparisons;

        private Compiled(String key, List<Comparison> comparisons) {
            this.key = key;
            this.comparisons = comparisons;
        }

        @Override
        public String toString() {
            return "";
        }
    }

    public Condition {
        values = List.copyOf(values);
    }

    static Condition compile(
            Quantifier quantifier,
            ConditionOperator operator,
            boolean ifExists,
            String key,
            List<String> values,
            boolean variables) {
        List<Comparison> comparisons = values.stream()
                .map(value -> Comparison.compile(operator, value, variables))
                .toList();
        return new Condition(
                quantifier, operator, ifExists, key, values, new Compiled(AuthorizationRequest.fold(key), comparisons));
    }

    /** The operator as a policy writes it, such as {@code ForAnyValue:StringLikeIfExists}. */
    public String written() {
        String set = switch (quantifier) {
            case ONE -> "";
            case FOR_ALL_VALUES -> "ForAllValues:";
            case FOR_ANY_VALUE -> "ForAnyValue:";
        };
        return set + operator.text() + (ifExists ? "IfExists" : "");
    }

    /** What the request has under its key. */
    List<String> given(AuthorizationRequest request) {
        return request.values(compiled.key);
    }

    boolean holds(AuthorizationRequest request, Effect effect) {
        List<String> given = given(request);
        if (operator == ConditionOperator.NULL) {
            String absent = Boolean.toString(given.isEmpty());
            return compiled.comparisons.stream().anyMatch(wanted -> wanted.matches(absent, request));
        }
        if (given.isEmpty()) {
            return ifExists
                    || switch (quantifier) {
                        case ONE -> operator.negated();
                        case FOR_ALL_VALUES -> true;
                        case FOR_ANY_VALUE -> false;
                    };
        }
        if (operator.negated() && effect == Effect.ALLOW && !resolvable(request)) {
            // "The entire statement might be invalid" without a variable's value: never let that grant anything.
            return false;
        }
        return switch (quantifier) {
            case ONE -> operator.negated() ? all(given, request) : any(given, request);
            case FOR_ALL_VALUES -> all(given, request);
            case FOR_ANY_VALUE -> any(given, request);
        };
    }

    private boolean resolvable(AuthorizationRequest request) {
        for (Comparison comparison : compiled.comparisons) {
            if (!comparison.resolvable(request)) {
                return false;
            }
        }
        return true;
    }

    private boolean all(List<String> given, AuthorizationRequest request) {
        for (String value : given) {
            if (matchesSome(value, request) == operator.negated()) {
                return false;
            }
        }
        return true;
    }

    private boolean any(List<String> given, AuthorizationRequest request) {
        for (String value : given) {
            if (matchesSome(value, request) != operator.negated()) {
                return true;
            }
        }
        return false;
    }

    private boolean matchesSome(String value, AuthorizationRequest request) {
        for (Comparison comparison : compiled.comparisons) {
            if (comparison.matches(value, request)) {
                return true;
            }
        }
        return false;
    }
}
