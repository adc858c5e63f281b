package dev.terrane.gateway.protocol;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.core.document.Document;
import software.amazon.awssdk.core.traits.TimestampFormatTrait.Format;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/**
 * Reads JSON or CBOR into SDK messages. Types are taken strictly: a number in a string's place, or the reverse, is
 * malformed. Members that are not known are passed over, as AWS does.
 */
final class TokenReader {

    private final boolean cbor;

    TokenReader(boolean cbor) {
        this.cbor = cbor;
    }

    /** Fills a builder from the parser's whole document, which has to be an object; an empty one is an empty object. */
    void read(JsonParser parser, SdkPojo builder) {
        read(parser, builder, StructPlan.of(builder));
    }

    void read(JsonParser parser, SdkPojo builder, StructPlan plan) {
        try {
            JsonToken token = parser.nextToken();
            if (token == null) {
                return;
            }
            expect(token, JsonToken.START_OBJECT);
            members(parser, builder, plan);
            if (parser.nextToken() != null) {
                throw new MalformedInputException("Data after the end of the document");
            }
        } catch (JacksonException e) {
            throw new MalformedInputException("The body cannot be parsed: " + e.getOriginalMessage());
        }
    }

    /** The value of a document that is one field's. */
    @Nullable
    Object readValue(JsonParser parser, FieldPlan plan) {
        try {
            JsonToken token = parser.nextToken();
            Object value = token == null ? null : value(parser, token, plan);
            if (token != null && parser.nextToken() != null) {
                throw new MalformedInputException("Data after the end of the document");
            }
            return value;
        } catch (JacksonException e) {
            throw new MalformedInputException("The body cannot be parsed: " + e.getOriginalMessage());
        }
    }

    private void members(JsonParser parser, SdkPojo builder, StructPlan plan) {
        String name;
        while ((name = parser.nextName()) != null) {
            FieldPlan field = plan.named(name);
            JsonToken token = parser.nextToken();
            if (field == null) {
                parser.skipChildren();
            } else if (token != JsonToken.VALUE_NULL) {
                Object value = value(parser, token, field);
                if (value != null) {
                    field.set(builder, value);
                }
            }
        }
        expect(parser.currentToken(), JsonToken.END_OBJECT);
    }

    private @Nullable Object value(JsonParser parser, JsonToken token, FieldPlan plan) {
        return switch (plan.type) {
            case STRING -> {
                expect(token, JsonToken.VALUE_STRING);
                yield parser.getString();
            }
            case INTEGER -> (int) integral(parser, token, Integer.MIN_VALUE, Integer.MAX_VALUE);
            case LONG -> integral(parser, token, Long.MIN_VALUE, Long.MAX_VALUE);
            case SHORT -> (short) integral(parser, token, Short.MIN_VALUE, Short.MAX_VALUE);
            case BYTE -> (byte) integral(parser, token, Byte.MIN_VALUE, Byte.MAX_VALUE);
            case FLOAT -> (float) real(parser, token);
            case DOUBLE -> real(parser, token);
            case BIG_DECIMAL -> decimal(parser, token);
            case BOOLEAN -> {
                if (token != JsonToken.VALUE_TRUE && token != JsonToken.VALUE_FALSE) {
                    throw unexpected(token);
                }
                yield token == JsonToken.VALUE_TRUE;
            }
            case INSTANT -> instant(parser, token, plan);
            case SDK_BYTES -> SdkBytes.fromByteArrayUnsafe(bytes(parser, token));
            case SDK_POJO -> {
                expect(token, JsonToken.START_OBJECT);
                SdkPojo builder = plan.newStruct();
                members(parser, builder, plan.struct());
                yield FieldPlan.build(builder);
            }
            case LIST -> list(parser, token, plan.held());
            case MAP -> map(parser, token, plan.held());
            case DOCUMENT -> document(parser, token);
            default -> throw unexpected(token);
        };
    }

    private List<@Nullable Object> list(JsonParser parser, JsonToken token, FieldPlan element) {
        expect(token, JsonToken.START_ARRAY);
        List<@Nullable Object> list = new ArrayList<>();
        JsonToken next;
        while ((next = parser.nextToken()) != JsonToken.END_ARRAY) {
            if (next == JsonToken.VALUE_NULL) {
                throw new MalformedInputException("A list must not hold null");
            }
            list.add(value(parser, next, element));
        }
        return list;
    }

    private Map<String, @Nullable Object> map(JsonParser parser, JsonToken token, FieldPlan held) {
        expect(token, JsonToken.START_OBJECT);
        Map<String, @Nullable Object> map = new LinkedHashMap<>();
        String key;
        while ((key = parser.nextName()) != null) {
            JsonToken next = parser.nextToken();
            if (next != JsonToken.VALUE_NULL) {
                map.put(key, value(parser, next, held));
            }
        }
        expect(parser.currentToken(), JsonToken.END_OBJECT);
        return map;
    }

    private long integral(JsonParser parser, JsonToken token, long min, long max) {
        if (token == JsonToken.VALUE_NUMBER_FLOAT && !cbor) {
            // 1.0 and 1e3 are integers in JSON, written otherwise.
            BigDecimal decimal = parser.getDecimalValue();
            if (decimal.scale() > -20
                    && decimal.precision() < 40
                    && decimal.stripTrailingZeros().scale() <= 0) {
                return bounded(decimal.toBigInteger(), min, max);
            }
            throw new MalformedInputException("Not an integer");
        }
        expect(token, JsonToken.VALUE_NUMBER_INT);
        return switch (parser.getNumberType()) {
            case INT, LONG -> bounded(parser.getLongValue(), min, max);
            default -> bounded(parser.getBigIntegerValue(), min, max);
        };
    }

    private static long bounded(BigInteger value, long min, long max) {
        if (value.bitLength() > 63) {
            throw new MalformedInputException("Number out of range");
        }
        return bounded(value.longValue(), min, max);
    }

    private static long bounded(long value, long min, long max) {
        if (value < min || value > max) {
            throw new MalformedInputException("Number out of range: " + value);
        }
        return value;
    }

    private double real(JsonParser parser, JsonToken token) {
        if (token == JsonToken.VALUE_STRING && !cbor) {
            return switch (parser.getString()) {
                case "NaN" -> Double.NaN;
                case "Infinity" -> Double.POSITIVE_INFINITY;
                case "-Infinity" -> Double.NEGATIVE_INFINITY;
                default -> throw unexpected(token);
            };
        }
        if (token != JsonToken.VALUE_NUMBER_INT && token != JsonToken.VALUE_NUMBER_FLOAT) {
            throw unexpected(token);
        }
        return parser.getDoubleValue();
    }

    private static BigDecimal decimal(JsonParser parser, JsonToken token) {
        if (token != JsonToken.VALUE_NUMBER_INT && token != JsonToken.VALUE_NUMBER_FLOAT) {
            throw unexpected(token);
        }
        return parser.getDecimalValue();
    }

    private Object instant(JsonParser parser, JsonToken token, FieldPlan plan) {
        if (cbor) {
            if (token != JsonToken.VALUE_NUMBER_INT && token != JsonToken.VALUE_NUMBER_FLOAT) {
                throw unexpected(token);
            }
            return token == JsonToken.VALUE_NUMBER_INT
                    ? Timestamps.ofSeconds(parser.getDecimalValue())
                    : Timestamps.ofSeconds(parser.getDoubleValue());
        }
        Format format = plan.timestampFormat == null ? Format.UNIX_TIMESTAMP : plan.timestampFormat;
        return switch (format) {
            case UNIX_TIMESTAMP -> {
                if (token == JsonToken.VALUE_STRING) {
                    throw unexpected(token);
                }
                yield Timestamps.ofSeconds(decimal(parser, token));
            }
            case UNIX_TIMESTAMP_MILLIS ->
                Timestamps.ofSeconds(decimal(parser, token).movePointLeft(3));
            case ISO_8601, RFC_822 -> {
                expect(token, JsonToken.VALUE_STRING);
                yield Timestamps.parse(parser.getString(), format);
            }
        };
    }

    private byte[] bytes(JsonParser parser, JsonToken token) {
        if (cbor) {
            expect(token, JsonToken.VALUE_EMBEDDED_OBJECT);
            return parser.getBinaryValue();
        }
        expect(token, JsonToken.VALUE_STRING);
        return Scalars.base64(parser.getString());
    }

    private Document document(JsonParser parser, JsonToken token) {
        return switch (token) {
            case START_OBJECT -> {
                Document.MapBuilder map = Document.mapBuilder();
                String key;
                while ((key = parser.nextName()) != null) {
                    map.putDocument(key, document(parser, parser.nextToken()));
                }
                yield map.build();
            }
            case START_ARRAY -> {
                List<Document> list = new ArrayList<>();
                JsonToken next;
                while ((next = parser.nextToken()) != JsonToken.END_ARRAY) {
                    list.add(document(parser, next));
                }
                yield Document.fromList(list);
            }
            case VALUE_STRING -> Document.fromString(parser.getString());
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> Document.fromNumber(parser.getDecimalValue());
            case VALUE_TRUE -> Document.fromBoolean(true);
            case VALUE_FALSE -> Document.fromBoolean(false);
            case VALUE_NULL -> Document.fromNull();
            default -> throw unexpected(token);
        };
    }

    private static void expect(@Nullable JsonToken token, JsonToken expected) {
        if (token != expected) {
            throw unexpected(token);
        }
    }

    private static MalformedInputException unexpected(@Nullable JsonToken token) {
        return new MalformedInputException(
                switch (token) {
                    case null -> "Unexpected end of the document";
                    case START_OBJECT -> "Start of structure or map found where not expected.";
                    case START_ARRAY -> "Start of list found where not expected";
                    case VALUE_STRING -> "Unexpected string";
                    case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> "Unexpected number";
                    case VALUE_TRUE, VALUE_FALSE -> "Unexpected boolean";
                    case VALUE_NULL -> "Unexpected null";
                    default -> "Unexpected token " + token;
                });
    }
}
