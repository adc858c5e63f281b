package dev.terrane.cloudformation.template;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Optional;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/** Numbers as text: those of YAML 1.1 and of JSON. */
final class Numbers {
    /** Bounded, so that no text of a few letters becomes a number of gigabytes. */
    private static final Pattern DECIMAL =
            Pattern.compile("[-+]?(\\d{1,400}(\\.\\d{0,400})?|\\.\\d{1,400})([eE][-+]?\\d{1,3})?");

    private Numbers() {}

    /** What a text means as a decimal number; empty where it is none. */
    static Optional<BigDecimal> decimal(String text) {
        return DECIMAL.matcher(text).matches() ? Optional.of(new BigDecimal(text)) : Optional.empty();
    }

    /** A number as JSON, as reading the same from JSON gives it; text where it is none. */
    static JsonNode json(String text) {
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

    /** A whole number of YAML 1.1 (decimal, 0x, 0b, 0 for octal, with underscores) in decimal; what is none of these stays as it is. */
    static String whole(String written) {
        String text = written.replace("_", "");
        boolean negative = text.startsWith("-");
        String digits = negative || text.startsWith("+") ? text.substring(1) : text;
        int radix = 10;
        if (digits.startsWith("0x")) {
            radix = 16;
            digits = digits.substring(2);
        } else if (digits.startsWith("0b")) {
            radix = 2;
            digits = digits.substring(2);
        } else if (digits.length() > 1 && digits.startsWith("0")) {
            radix = 8;
            digits = digits.substring(1);
        }
        if (digits.length() > 400) {
            return written;
        }
        try {
            BigInteger number = new BigInteger(digits, radix);
            return (negative ? number.negate() : number).toString();
        } catch (NumberFormatException notOfTheseForms) {
            return written;
        }
    }
}
