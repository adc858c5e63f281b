package dev.terrane.gateway.protocol;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.Base64;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.core.protocol.MarshallingKnownType;
import software.amazon.awssdk.core.traits.TimestampFormatTrait.Format;

/** Scalar values as text: in headers, queries, paths, forms and XML. */
final class Scalars {

    private Scalars() {}

    /** The value that a text stands for, with timestamps in any form that clients of XML and query services send. */
    static Object parseLeniently(String text, FieldPlan plan) {
        if (plan.type == MarshallingKnownType.INSTANT) {
            return Timestamps.parseLeniently(
                    text, plan.timestampFormat == null ? Format.ISO_8601 : plan.timestampFormat);
        }
        return parse(text, plan, Format.ISO_8601);
    }

    /** The value that a text stands for. */
    static Object parse(String text, FieldPlan plan, Format timestamps) {
        try {
            return switch (plan.type) {
                case STRING -> text;
                case INTEGER -> Integer.valueOf(integral(text));
                case LONG -> Long.valueOf(integral(text));
                case SHORT -> Short.valueOf(integral(text));
                case BYTE -> Byte.valueOf(integral(text));
                case FLOAT -> (float) real(text);
                case DOUBLE -> real(text);
                case BIG_DECIMAL -> decimal(text);
                case BOOLEAN -> bool(text);
                case INSTANT ->
                    Timestamps.parse(text, plan.timestampFormat == null ? timestamps : plan.timestampFormat);
                case SDK_BYTES -> SdkBytes.fromByteArrayUnsafe(base64(text));
                default -> throw new MalformedInputException("Unexpected text for " + plan.memberName);
            };
        } catch (NumberFormatException e) {
            throw new MalformedInputException("Not a number: " + abbreviate(text));
        }
    }

    private static String integral(String text) {
        if (text.startsWith("+")) {
            throw new MalformedInputException("Not a number: " + abbreviate(text));
        }
        return text;
    }

    private static double real(String text) {
        return switch (text) {
            case "NaN" -> Double.NaN;
            case "Infinity" -> Double.POSITIVE_INFINITY;
            case "-Infinity" -> Double.NEGATIVE_INFINITY;
            default -> {
                // Java also reads 1d, 0x1p3 and surrounding spaces; the protocols do not.
                for (int i = 0; i < text.length(); i++) {
                    char c = text.charAt(i);
                    if ((c < '0' || c > '9') && c != '.' && c != '-' && c != '+' && c != 'e' && c != 'E') {
                        throw new MalformedInputException("Not a number: " + abbreviate(text));
                    }
                }
                yield Double.parseDouble(text);
            }
        };
    }

    private static BigDecimal decimal(String text) {
        if (text.length() > 400) {
            throw new MalformedInputException("Not a number: " + abbreviate(text));
        }
        return new BigDecimal(text);
    }

    private static Boolean bool(String text) {
        return switch (text) {
            case "true" -> Boolean.TRUE;
            case "false" -> Boolean.FALSE;
            default -> throw new MalformedInputException("Not a boolean: " + abbreviate(text));
        };
    }

    static byte[] base64(String text) {
        // Java's decoder does without padding; the protocols do not.
        if (text.length() % 4 != 0) {
            throw new MalformedInputException("Not base64");
        }
        try {
            return Base64.getDecoder().decode(text);
        } catch (IllegalArgumentException e) {
            throw new MalformedInputException("Not base64");
        }
    }

    /** The text of a value. */
    static String format(Object value, FieldPlan plan, Format timestamps) {
        return switch (value) {
            case String string -> string;
            case Instant instant ->
                Timestamps.format(instant, plan.timestampFormat == null ? timestamps : plan.timestampFormat);
            case SdkBytes bytes -> Base64.getEncoder().encodeToString(bytes.asByteArrayUnsafe());
            case Double real -> real(real);
            case Float real -> real(real);
            case BigDecimal decimal -> decimal.toPlainString();
            default -> value.toString();
        };
    }

    private static String real(double value) {
        if (Double.isNaN(value)) {
            return "NaN";
        }
        if (Double.isInfinite(value)) {
            return value > 0 ? "Infinity" : "-Infinity";
        }
        return value == Math.rint(value) && Math.abs(value) < 1e15 ? Long.toString((long) value) + ".0" : plain(value);
    }

    private static String plain(double value) {
        return Double.toString(value);
    }

    private static String real(float value) {
        return Float.isFinite(value) ? Float.toString(value) : real((double) value);
    }

    static boolean scalar(MarshallingKnownType type) {
        return switch (type) {
            case LIST, MAP, SDK_POJO, DOCUMENT -> false;
            default -> true;
        };
    }

    private static String abbreviate(String text) {
        return text.length() <= 40 ? text : text.substring(0, 40) + "…";
    }
}
