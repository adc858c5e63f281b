package dev.terrane.kernel.resource;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Optional;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/** Numbers as text. */
public final class Numbers {
    /** Bounded, so that no text of a few letters becomes a number of gigabytes. */
    private static final Pattern DECIMAL =
            Pattern.compile("[-+]?(\\d{1,400}(\\.\\d{0,400})?|\\.\\d{1,400})([eE][-+]?\\d{1,3})?");

    private Numbers() {}

    /** What a text means as a decimal number; empty where it is none. */
    public static Optional<BigDecimal> decimal(String text) {
        return DECIMAL.matcher(text).matches() ? Optional.of(new BigDecimal(text)) : Optional.empty();
    }

    /** A number as JSON, as reading the same from JSON gives it; text where it is none. */
    public static JsonNode json(String text) {
        Optional<BigDecimal> decimal = decimal(text);
        if (decimal.isEmpty()) {
            return JsonNodeFactory.instance.stringNode(text);
        }
        BigDecimal number = decimal.get();
        if (number.scale() > 0) {
            double rounded = number.doubleValue();
            return Double.isFinite(rounded)
                    ? JsonNodeFactory.instance.numberNode(rounded)
                    : JsonNodeFactory.instance.numberNode(number);
        }
        BigInteger whole = number.toBigInteger();
        return switch (Math.min(whole.bitLength() / 32, 2)) {
            case 0 -> JsonNodeFactory.instance.numberNode(whole.intValue());
            case 1 -> JsonNodeFactory.instance.numberNode(whole.longValue());
            default -> JsonNodeFactory.instance.numberNode(whole);
        };
    }
}
