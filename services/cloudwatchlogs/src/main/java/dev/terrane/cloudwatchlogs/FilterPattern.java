package dev.terrane.cloudwatchlogs;

import java.util.Map;
import java.util.Optional;

/**
 * A filter pattern: terms, a JSON condition in braces, or fields in brackets.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html">The language</a>
 */
interface FilterPattern {
    /** Reads a pattern.
     *
     * @throws software.amazon.awssdk.services.cloudwatchlogs.model.InvalidParameterException when it is none */
    static FilterPattern parse(String text) {
        String pattern = text.strip();
        if (pattern.startsWith("{")) {
            return JsonPattern.parse(pattern);
        }
        if (pattern.startsWith("[")) {
            return FieldPattern.parse(pattern);
        }
        return TermPattern.parse(pattern);
    }

    boolean matches(String message);

    /** What a selector such as {@code $.latency} or {@code $bytes} names in a message. */
    default Optional<String> value(String message, String selector) {
        return Optional.empty();
    }

    /** The fields that a matching message has for TestMetricFilter. */
    default Map<String, String> extracted(String message) {
        return Map.of();
    }
}
