package dev.terrane.gateway.protocol;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.core.document.Document;
import software.amazon.awssdk.core.traits.TimestampFormatTrait.Format;
import tools.jackson.core.JsonGenerator;
import tools.jackson.dataformat.cbor.CBORGenerator;

/** Writes SDK messages as JSON or CBOR. Members that are not set are left out. */
final class TokenWriter {

    /** CBOR's tag for seconds since the epoch; RFC 8949, 3.4.2. */
    private static final int EPOCH_TAG = 1;

    private final boolean cbor;

    TokenWriter(boolean cbor) {
        this.cbor = cbor;
    }

    /** Writes the body fields of a message as an object's members, without its braces. */
    void members(JsonGenerator out, SdkPojo message, StructPlan plan) {
        for (FieldPlan field : plan.body) {
            Object value = field.get(message);
            if (value != null) {
                out.writeName(field.name);
                value(out, value, field);
            }
        }
    }

    void object(JsonGenerator out, SdkPojo message, StructPlan plan) {
        out.writeStartObject();
        members(out, message, plan);
        out.writeEndObject();
    }

    void value(JsonGenerator out, @Nullable Object value, FieldPlan plan) {
        switch (value) {
            case null -> out.writeNull();
            case String string -> out.writeString(string);
            case Integer number -> out.writeNumber(number);
            case Long number -> out.writeNumber(number);
            case Short number -> out.writeNumber(number);
            case Byte number -> out.writeNumber(number);
            case Boolean bool -> out.writeBoolean(bool);
            case Double number -> real(out, number);
            case Float number -> real(out, number);
            case BigDecimal number -> out.writeNumber(number);
            case Instant instant -> instant(out, instant, plan);
            case SdkBytes bytes -> out.writeBinary(bytes.asByteArrayUnsafe());
            case List<?> list -> {
                out.writeStartArray(list, list.size());
                for (Object element : list) {
                    value(out, element, plan.held());
                }
                out.writeEndArray();
            }
            case Map<?, ?> map -> {
                out.writeStartObject(map, map.size());
                map.forEach((key, held) -> {
                    out.writeName(String.valueOf(key));
                    value(out, held, plan.held());
                });
                out.writeEndObject();
            }
            case SdkPojo struct -> object(out, struct, plan.struct());
            case Document document -> document(out, document);
            default -> throw new IllegalStateException("No form on the wire for " + value.getClass());
        }
    }

    private void real(JsonGenerator out, double value) {
        if (cbor || Double.isFinite(value)) {
            out.writeNumber(value);
        } else {
            out.writeString(Double.isNaN(value) ? "NaN" : value > 0 ? "Infinity" : "-Infinity");
        }
    }

    private void real(JsonGenerator out, float value) {
        if (cbor || Float.isFinite(value)) {
            out.writeNumber(value);
        } else {
            real(out, (double) value);
        }
    }

    private void instant(JsonGenerator out, Instant instant, FieldPlan plan) {
        if (cbor) {
            ((CBORGenerator) out).writeTag(EPOCH_TAG);
            long millis = instant.toEpochMilli();
            if (millis % 1000 == 0) {
                out.writeNumber(millis / 1000);
            } else {
                out.writeNumber(millis / 1000.0);
            }
            return;
        }
        Format format = plan.timestampFormat == null ? Format.UNIX_TIMESTAMP : plan.timestampFormat;
        switch (format) {
            case UNIX_TIMESTAMP -> out.writeNumber(Timestamps.seconds(instant));
            case UNIX_TIMESTAMP_MILLIS -> out.writeNumber(instant.toEpochMilli());
            case ISO_8601, RFC_822 -> out.writeString(Timestamps.format(instant, format));
        }
    }

    void document(JsonGenerator out, Document document) {
        if (document.isNull()) {
            out.writeNull();
        } else if (document.isString()) {
            out.writeString(document.asString());
        } else if (document.isBoolean()) {
            out.writeBoolean(document.asBoolean());
        } else if (document.isNumber()) {
            out.writeNumber(document.asNumber().bigDecimalValue());
        } else if (document.isList()) {
            out.writeStartArray();
            document.asList().forEach(element -> document(out, element));
            out.writeEndArray();
        } else {
            out.writeStartObject();
            document.asMap().forEach((key, value) -> {
                out.writeName(key);
                document(out, value);
            });
            out.writeEndObject();
        }
    }
}
