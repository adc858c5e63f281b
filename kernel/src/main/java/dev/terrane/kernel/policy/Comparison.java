package dev.terrane.kernel.policy;

import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Base64;
import java.util.Locale;
import java.util.Optional;
import java.util.function.IntPredicate;

/** A policy's value of a condition, compiled: the positive form of the operator applied to one value of the request. */
sealed interface Comparison {
    boolean matches(String value, AuthorizationRequest request);

    /** Whether the policy's value has a meaning in this request: not when a policy variable is without a value. */
    default boolean resolvable(AuthorizationRequest request) {
        return true;
    }

    record Text(Pattern pattern) implements Comparison {
        @Override
        public boolean matches(String value, AuthorizationRequest request) {
            return pattern.matches(pattern.prepared(value), request);
        }

        @Override
        public boolean resolvable(AuthorizationRequest request) {
            return pattern.resolvable(request);
        }
    }

    record Numeric(BigDecimal number, IntPredicate holds) implements Comparison {
        @Override
        public boolean matches(String value, AuthorizationRequest request) {
            return numberIn(value).map(n -> holds.test(n.compareTo(number))).orElse(false);
        }
    }

    record Date(Instant date, IntPredicate holds) implements Comparison {
        @Override
        public boolean matches(String value, AuthorizationRequest request) {
            return dateIn(value).map(d -> holds.test(d.compareTo(date))).orElse(false);
        }
    }

    record Truth(boolean truth) implements Comparison {
        @Override
        public boolean matches(String value, AuthorizationRequest request) {
            return value.equalsIgnoreCase(Boolean.toString(truth));
        }
    }

    record Address(AddressRange range) implements Comparison {
        @Override
        public boolean matches(String value, AuthorizationRequest request) {
            return range.contains(value);
        }
    }

    record Binary(String base64) implements Comparison {
        @Override
        public boolean matches(String value, AuthorizationRequest request) {
            return base64.equals(value);
        }
    }

    /**
     * Compiles a value for an operator.
     *
     * @throws IllegalArgumentException when the value is none of the operator's type
     */
    static Comparison compile(ConditionOperator operator, String value, boolean variables) {
        return switch (operator) {
            case STRING_EQUALS, STRING_NOT_EQUALS -> text(value, Pattern.Kind.EXACT, variables);
            case STRING_EQUALS_IGNORE_CASE, STRING_NOT_EQUALS_IGNORE_CASE ->
                text(value, Pattern.Kind.EXACT_FOLDED, variables);
            case STRING_LIKE, STRING_NOT_LIKE -> text(value, Pattern.Kind.WILD, variables);
            case ARN_EQUALS, ARN_NOT_EQUALS, ARN_LIKE, ARN_NOT_LIKE -> text(value, Pattern.Kind.ARN, variables);
            case NUMERIC_EQUALS, NUMERIC_NOT_EQUALS -> numeric(value, c -> c == 0);
            case NUMERIC_LESS_THAN -> numeric(value, c -> c < 0);
            case NUMERIC_LESS_THAN_EQUALS -> numeric(value, c -> c <= 0);
            case NUMERIC_GREATER_THAN -> numeric(value, c -> c > 0);
            case NUMERIC_GREATER_THAN_EQUALS -> numeric(value, c -> c >= 0);
            case DATE_EQUALS, DATE_NOT_EQUALS -> dated(value, c -> c == 0);
            case DATE_LESS_THAN -> dated(value, c -> c < 0);
            case DATE_LESS_THAN_EQUALS -> dated(value, c -> c <= 0);
            case DATE_GREATER_THAN -> dated(value, c -> c > 0);
            case DATE_GREATER_THAN_EQUALS -> dated(value, c -> c >= 0);
            case BOOL, NULL -> new Truth(truth(value));
            case BINARY_EQUALS -> binary(value);
            case IP_ADDRESS, NOT_IP_ADDRESS -> new Address(AddressRange.parse(value));
        };
    }

    private static Comparison text(String value, Pattern.Kind kind, boolean variables) {
        return new Text(Pattern.compile(value, kind, variables));
    }

    private static Comparison numeric(String value, IntPredicate holds) {
        return new Numeric(
                numberIn(value)
                        .orElseThrow(() -> new IllegalArgumentException("The value " + value + " is not a number")),
                holds);
    }

    private static Comparison dated(String value, IntPredicate holds) {
        return new Date(
                dateIn(value)
                        .orElseThrow(() -> new IllegalArgumentException(
                                "The value " + value + " is neither an ISO 8601 date nor epoch seconds")),
                holds);
    }

    private static Comparison binary(String value) {
        Base64.getDecoder().decode(value);
        return new Binary(value);
    }

    static boolean truth(String value) {
        return switch (value.toLowerCase(Locale.ROOT)) {
            case "true" -> true;
            case "false" -> false;
            default -> throw new IllegalArgumentException("The value " + value + " must be true or false");
        };
    }

    private static Optional<BigDecimal> numberIn(String value) {
        // Bounded, so that an exponent can't ask for a billion digits.
        if (value.length() > 64) {
            return Optional.empty();
        }
        try {
            BigDecimal number = new BigDecimal(value.strip());
            return Math.abs((long) number.scale()) > 400 ? Optional.empty() : Optional.of(number);
        } catch (NumberFormatException notANumber) {
            return Optional.empty();
        }
    }

    private static Optional<Instant> dateIn(String value) {
        try {
            if (!value.isEmpty() && value.chars().allMatch(c -> c >= '0' && c <= '9') && value.length() > 4) {
                return Optional.of(Instant.ofEpochSecond(Long.parseLong(value)));
            }
            if (value.length() == 10) {
                return Optional.of(
                        LocalDate.parse(value).atStartOfDay(ZoneOffset.UTC).toInstant());
            }
            boolean zoned = value.endsWith("Z") || value.lastIndexOf('+') > 10 || value.lastIndexOf('-') > 10;
            return Optional.of(
                    zoned
                            ? OffsetDateTime.parse(value).toInstant()
                            : LocalDateTime.parse(value).toInstant(ZoneOffset.UTC));
        } catch (DateTimeException | NumberFormatException notADate) {
            return Optional.empty();
        }
    }
}
