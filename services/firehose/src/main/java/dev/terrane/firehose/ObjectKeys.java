package dev.terrane.firehose;

import static dev.terrane.firehose.FirehoseErrors.invalid;

import dev.terrane.kernel.id.Ids;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Names of objects: a prefix with expressions, and a suffix that is a stream's own. See "Custom prefixes for Amazon S3 objects" and "Amazon S3 object name". */
final class ObjectKeys {
    private static final Pattern EXPRESSION = Pattern.compile("!\\{([^{}:]*):([^{}]*)}");
    private static final String TIMESTAMP = "timestamp";
    private static final String ERROR_TYPE = "!{firehose:error-output-type}";
    private static final String RANDOM = "random-string";
    private static final int RANDOM_LENGTH = 11;
    private static final DateTimeFormatter FOLDERS = DateTimeFormatter.ofPattern("yyyy/MM/dd/HH/", Locale.ROOT);
    private static final DateTimeFormatter SECOND = DateTimeFormatter.ofPattern("yyyy-MM-dd-HH-mm-ss", Locale.ROOT);

    private ObjectKeys() {}

    /** The key of the object of a buffer.
     *
     * @param opened when the buffer's first record came */
    static String of(StreamRecord stream, Instant opened) {
        Destination destination = stream.destination();
        ZonedDateTime time = opened.atZone(destination.zone());
        return prefix(destination.prefix(), time) + stream.name() + "-" + stream.version() + "-" + SECOND.format(time)
                + "-" + Ids.uuid() + destination.suffix();
    }

    private static String prefix(String prefix, ZonedDateTime time) {
        boolean dated = EXPRESSION
                .matcher(prefix)
                .results()
                .anyMatch(found -> found.group(1).equals(TIMESTAMP));
        String evaluated = EXPRESSION
                .matcher(prefix)
                .replaceAll(found -> Matcher.quoteReplacement(
                        found.group(1).equals(TIMESTAMP)
                                ? format(found.group(2)).format(time)
                                : Ids.alphanumeric(RANDOM_LENGTH)));
        return dated ? evaluated : evaluated + FOLDERS.format(time);
    }

    private static DateTimeFormatter format(String pattern) {
        return DateTimeFormatter.ofPattern(pattern, Locale.ROOT);
    }

    /** Refuses prefixes that break AWS's rules.
     *
     * @throws software.amazon.awssdk.services.firehose.model.InvalidArgumentException saying which */
    static void check(String prefix, String errorPrefix) {
        if (prefix.contains(ERROR_TYPE)) {
            throw invalid("Prefix must not contain " + ERROR_TYPE + ".");
        }
        checkExpressions("Prefix", prefix);
        checkExpressions("ErrorOutputPrefix", errorPrefix.replace(ERROR_TYPE, ""));
        if (prefix.contains("!{") && errorPrefix.isEmpty()) {
            throw invalid("ErrorOutputPrefix must be specified when Prefix contains expressions.");
        }
        if (errorPrefix.contains("!{") && !errorPrefix.contains(ERROR_TYPE)) {
            throw invalid("ErrorOutputPrefix must contain " + ERROR_TYPE + " when it contains expressions.");
        }
    }

    private static void checkExpressions(String member, String prefix) {
        if (EXPRESSION.matcher(prefix).replaceAll("").contains("!{")) {
            throw invalid(member + " contains an expression that is not of the form !{namespace:value}.");
        }
        EXPRESSION.matcher(prefix).results().forEach(found -> {
            boolean valid = found.group(1).equals(TIMESTAMP)
                    ? isFormat(found.group(2))
                    : found.group(1).equals("firehose") && found.group(2).equals(RANDOM);
            if (!valid) {
                throw invalid(member + " contains the expression " + found.group() + ", which is not supported.");
            }
        });
    }

    private static boolean isFormat(String pattern) {
        try {
            return !format(pattern).format(Instant.EPOCH.atZone(ZoneOffset.UTC)).isEmpty();
        } catch (IllegalArgumentException | DateTimeException e) {
            return false;
        }
    }
}
