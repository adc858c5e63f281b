package dev.terrane.cloudwatch;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A metric math expression, read: see "Metric math syntax and functions" in the CloudWatch user guide. Binding, from the loosest: or, and,
 * comparison, sum, product, sign, power (which binds to the right).
 */
sealed interface Expression {
    record Constant(double value) implements Expression {}

    /** The series of another query. */
    record Reference(String id) implements Expression {}

    /** A word or quoted text, as some functions take it. */
    record Text(String text) implements Expression {}

    record Negated(Expression operand) implements Expression {}

    record Binary(String operator, Expression left, Expression right) implements Expression {}

    record Listed(List<Expression> elements) implements Expression {
        public Listed {
            elements = List.copyOf(elements);
        }
    }

    record Function(String name, List<Expression> arguments) implements Expression {
        public Function {
            arguments = List.copyOf(arguments);
        }
    }

    /** An expression that can not be read. */
    final class Malformed extends RuntimeException {
        Malformed(String message) {
            super(message);
        }
    }

    /** Reads an expression.
     *
     * @throws Malformed when it is none
     */
    static Expression parse(String text) {
        return new Reader(text).whole();
    }

    /** Reads by recursive descent, one method a level of binding. */
    final class Reader {
        private static final Pattern TOKEN =
                Pattern.compile("\\s*(?:(?<number>(?:\\d+\\.?\\d*|\\.\\d+)(?:[eE][+-]?\\d+)?)"
                        + "|(?<word>[A-Za-z_][A-Za-z0-9_]*)|(?<quoted>'[^']*'|\"[^\"]*\")"
                        + "|(?<symbol>&&|\\|\\||==|!=|<=|>=|[-+*/^<>(),\\[\\]]))");
        private static final List<Set<String>> LEVELS = List.of(
                Set.of("||", "OR"),
                Set.of("&&", "AND"),
                Set.of("==", "!=", "<", "<=", ">", ">="),
                Set.of("+", "-"),
                Set.of("*", "/"));

        private record Token(String kind, String text) {}

        private final List<Token> tokens = new ArrayList<>();
        private int at;

        Reader(String text) {
            Matcher matcher = TOKEN.matcher(text);
            int end = 0;
            while (matcher.region(end, text.length()).lookingAt()) {
                end = matcher.end();
                for (String kind : List.of("number", "word", "quoted", "symbol")) {
                    if (matcher.group(kind) != null) {
                        tokens.add(new Token(kind, matcher.group(kind)));
                    }
                }
            }
            if (!text.substring(end).isBlank()) {
                throw new Malformed(
                        "Unexpected character '" + text.substring(end).strip().charAt(0) + "'");
            }
        }

        Expression whole() {
            Expression expression = level(0);
            if (at < tokens.size()) {
                throw new Malformed("Unexpected '" + tokens.get(at).text() + "'");
            }
            return expression;
        }

        private Expression level(int level) {
            if (level == LEVELS.size()) {
                return signed();
            }
            Expression left = level(level + 1);
            while (true) {
                String operator = peek();
                if (operator == null || !LEVELS.get(level).contains(operator)) {
                    return left;
                }
                at++;
                left = new Binary(symbol(operator), left, level(level + 1));
            }
        }

        private static String symbol(String operator) {
            return switch (operator) {
                case "OR" -> "||";
                case "AND" -> "&&";
                default -> operator;
            };
        }

        private Expression signed() {
            if (taken("-")) {
                return new Negated(signed());
            }
            return taken("+") ? signed() : power();
        }

        private Expression power() {
            Expression base = primary();
            return taken("^") ? new Binary("^", base, signed()) : base;
        }

        private Expression primary() {
            if (at == tokens.size()) {
                throw new Malformed("Unexpected end");
            }
            Token token = tokens.get(at++);
            return switch (token.kind()) {
                case "number" -> new Constant(Double.parseDouble(token.text()));
                case "quoted" -> new Text(token.text().substring(1, token.text().length() - 1));
                case "word" -> word(token.text());
                default ->
                    switch (token.text()) {
                        case "(" -> {
                            Expression inner = level(0);
                            expect(")");
                            yield inner;
                        }
                        case "[" -> new Listed(until("]"));
                        default -> throw new Malformed("Unexpected '" + token.text() + "'");
                    };
            };
        }

        private Expression word(String word) {
            if (taken("(")) {
                return new Function(word, until(")"));
            }
            return Character.isLowerCase(word.charAt(0)) ? new Reference(word) : new Text(word);
        }

        private List<Expression> until(String end) {
            List<Expression> elements = new ArrayList<>();
            if (taken(end)) {
                return elements;
            }
            do {
                elements.add(level(0));
            } while (taken(","));
            expect(end);
            return elements;
        }

        private boolean taken(String symbol) {
            if (symbol.equals(peek())) {
                at++;
                return true;
            }
            return false;
        }

        private void expect(String symbol) {
            if (!taken(symbol)) {
                throw new Malformed("Expected '" + symbol + "'");
            }
        }

        private @Nullable String peek() {
            return at < tokens.size() && !tokens.get(at).kind().equals("quoted")
                    ? tokens.get(at).text()
                    : null;
        }
    }
}
