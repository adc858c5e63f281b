package dev.terrane.cloudwatchlogs;

import java.math.BigDecimal;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A comparison with a constant: an operator and a number, a text with wildcards, or a regular expression. */
final class Comparison {
    private static final String[] OPERATORS = {"!=", "<=", ">=", "=", "<", ">"};

    private final String operator;
    private final @Nullable BigDecimal number;
    private final TextMatch text;

    private Comparison(String operator, @Nullable BigDecimal number, TextMatch text) {
        this.operator = operator;
        this.number = number;
        this.text = text;
    }

    static Comparison read(PatternReader reader) {
        String operator = null;
        for (String candidate : OPERATORS) {
            if (reader.take(candidate)) {
                operator = candidate;
                break;
            }
        }
        if (operator == null) {
            throw reader.malformed();
        }
        reader.skipSpace();
        boolean equality = operator.equals("=") || operator.equals("!=");
        if (equality && reader.takeHere("%")) {
            return new Comparison(operator, null, TextMatch.expression(reader.until('%', false)));
        }
        if (equality && reader.takeHere("\"")) {
            return new Comparison(operator, null, TextMatch.like(reader.until('"', true)));
        }
        String constant = reader.taking(c -> !Character.isWhitespace(c) && ",&|(){}]\"=<>!".indexOf(c) < 0);
        Optional<BigDecimal> number = number(constant);
        if (constant.isEmpty() || (!equality && number.isEmpty())) {
            throw reader.malformed();
        }
        return new Comparison(operator, number.orElse(null), TextMatch.like(constant));
    }

    /** A number in plain or scientific notation. */
    static Optional<BigDecimal> number(String text) {
        if (text.isEmpty() || text.length() > 40 || "+-.0123456789".indexOf(text.charAt(0)) < 0) {
            return Optional.empty();
        }
        try {
            BigDecimal number = new BigDecimal(text.toLowerCase(Locale.ROOT));
            return Math.abs((long) number.scale()) > 1_000 ? Optional.empty() : Optional.of(number);
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }

    boolean holds(String value) {
        if (number != null) {
            Optional<BigDecimal> given = number(value);
            if (given.isPresent()) {
                int order = given.get().compareTo(number);
                return switch (operator) {
                    case "=" -> order == 0;
                    case "!=" -> order != 0;
                    case "<" -> order < 0;
                    case "<=" -> order <= 0;
                    case ">" -> order > 0;
                    default -> order >= 0;
                };
            }
        }
        return switch (operator) {
            case "=" -> text.test(value);
            case "!=" -> !text.test(value);
            default -> false;
        };
    }
}
