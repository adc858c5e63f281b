package dev.terrane.gateway.protocol;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.ChronoField;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.regex.Pattern;
import software.amazon.awssdk.core.traits.TimestampFormatTrait.Format;

/** Timestamps as text and numbers; https://smithy.io/2.0/spec/protocol-traits.html#timestampformat-trait */
final class Timestamps {

    private static final DateTimeFormatter HTTP_DATE = new DateTimeFormatterBuilder()
            .appendPattern("EEE, dd MMM yyyy HH:mm:ss")
            .appendFraction(ChronoField.NANO_OF_SECOND, 0, 9, true)
            .appendLiteral(" GMT")
            .toFormatter(Locale.ROOT)
            .withZone(ZoneOffset.UTC);
    private static final Pattern DATE_TIME =
            Pattern.compile("\\d{4}-\\d\\d-\\d\\d[T]\\d\\d:\\d\\d:\\d\\d(\\.\\d{1,9})?Z");
    private static final Pattern OFFSET = Pattern.compile(".*(Z|[+-]\\d\\d:\\d\\d)");

    private Timestamps() {}

    static Instant parse(String text, Format format) {
        try {
            return switch (format) {
                case ISO_8601 -> {
                    if (!DATE_TIME.matcher(text).matches()) {
                        throw new MalformedInputException("Not a timestamp: " + text);
                    }
                    yield DateTimeFormatter.ISO_OFFSET_DATE_TIME.parse(text, Instant::from);
                }
                case RFC_822 -> HTTP_DATE.parse(text, Instant::from);
                case UNIX_TIMESTAMP -> ofSeconds(new BigDecimal(text));
                case UNIX_TIMESTAMP_MILLIS -> Instant.ofEpochMilli(Long.parseLong(text));
            };
        } catch (DateTimeException | NumberFormatException | ArithmeticException e) {
            throw new MalformedInputException("Not a timestamp: " + text);
        }
    }

    /** A timestamp in whichever form a lenient client of an XML or query service sends. */
    static Instant parseLeniently(String text, Format format) {
        try {
            return parse(text, format);
        } catch (MalformedInputException e) {
            if (format != Format.ISO_8601) {
                throw e;
            }
            return text.indexOf('-') > 0 ? parseLocal(text) : parse(text, Format.UNIX_TIMESTAMP);
        }
    }

    // Clients may send an offset, leave out seconds or the zone, or send a date alone; AWS reads UTC.
    private static Instant parseLocal(String text) {
        try {
            if (text.length() == 10) {
                return Instant.parse(text + "T00:00:00Z");
            }
            String zoned = OFFSET.matcher(text).matches() ? text : text + "Z";
            return DateTimeFormatter.ISO_OFFSET_DATE_TIME.parse(zoned.replace(' ', 'T'), Instant::from);
        } catch (DateTimeException e) {
            throw new MalformedInputException("Not a timestamp: " + text);
        }
    }

    static Instant ofSeconds(BigDecimal seconds) {
        try {
            BigDecimal whole = seconds.setScale(0, RoundingMode.FLOOR);
            if (seconds.precision() - seconds.scale() > 15) {
                throw new MalformedInputException("Not a timestamp: " + seconds.toEngineeringString());
            }
            long nanos = seconds.subtract(whole).movePointRight(9).longValue();
            return Instant.ofEpochSecond(whole.longValueExact(), nanos);
        } catch (DateTimeException | ArithmeticException e) {
            throw new MalformedInputException("Not a timestamp");
        }
    }

    static Instant ofSeconds(double seconds) {
        if (!Double.isFinite(seconds) || Math.abs(seconds) > 1e15) {
            throw new MalformedInputException("Not a timestamp: " + seconds);
        }
        // A double holds no more than microseconds at today's dates.
        long micros = Math.round(seconds * 1e6);
        return Instant.ofEpochSecond(Math.floorDiv(micros, 1_000_000L), Math.floorMod(micros, 1_000_000L) * 1000);
    }

    static String format(Instant instant, Format format) {
        return switch (format) {
            case ISO_8601 -> DateTimeFormatter.ISO_INSTANT.format(toMillis(instant));
            // Whole seconds: the SDK for Java cannot read a fraction in an HTTP date.
            case RFC_822 -> HTTP_DATE.format(instant.truncatedTo(ChronoUnit.SECONDS));
            case UNIX_TIMESTAMP -> seconds(instant).toPlainString();
            case UNIX_TIMESTAMP_MILLIS -> Long.toString(instant.toEpochMilli());
        };
    }

    // AWS's services tell milliseconds, and clients of every language read them.
    private static Instant toMillis(Instant instant) {
        return Instant.ofEpochMilli(instant.toEpochMilli());
    }

    /** Seconds since the epoch with as many digits as there are, at most three. */
    static BigDecimal seconds(Instant instant) {
        BigDecimal millis = BigDecimal.valueOf(instant.toEpochMilli(), 3).stripTrailingZeros();
        return millis.scale() < 0 ? millis.setScale(0) : millis;
    }
}
