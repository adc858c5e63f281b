package dev.terrane.eventbridge;

import dev.terrane.kernel.store.RecordCodec;
import java.io.IOException;
import software.amazon.event.ruler.JsonRuleCompiler;
import software.amazon.event.ruler.Ruler;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/**
 * Event patterns, as AWS's own event-ruler reads them ("Amazon EventBridge event patterns" in the EventBridge user guide).
 */
final class EventPattern {
    private static final int LONGEST = 4096;

    private EventPattern() {}

    /** Returns when a pattern is one. */
    static void check(String pattern) {
        if (pattern.length() > LONGEST) {
            throw Errors.limit(
                    "The requested resource exceeds the maximum number allowed: an event pattern has at most " + LONGEST
                            + " characters.");
        }
        String wrong = JsonRuleCompiler.check(pattern);
        if (wrong != null) {
            throw Errors.pattern(wrong);
        }
    }

    /** Whether an event matches a pattern. */
    static boolean matches(String pattern, String event) {
        check(pattern);
        checkEvent(event);
        try {
            return Ruler.matchesRule(event, pattern);
        } catch (IOException e) {
            throw Errors.pattern(String.valueOf(e.getMessage()));
        } catch (Exception e) {
            throw new IllegalStateException("event-ruler failed at a checked pattern", e);
        }
    }

    private static void checkEvent(String event) {
        JsonNode node;
        try {
            node = RecordCodec.json().readTree(event);
        } catch (JacksonException e) {
            throw Errors.invalid("Parameter Event is not valid. Reason: " + e.getOriginalMessage());
        }
        for (String field : new String[] {"id", "account", "source", "time", "region", "resources", "detail-type"}) {
            if (!node.has(field)) {
                throw Errors.invalid("Parameter Event is not valid. Reason: " + field + " is a required argument.");
            }
        }
    }
}
