package dev.terrane.s3;

import java.util.List;

/**
 * Which events of a bucket a topic or a queue is told of.
 *
 * @param destination the ARN of the topic or queue
 * @param events such as {@code s3:ObjectCreated:*}
 * @param prefix what keys begin with, or empty
 * @param suffix what keys end with, or empty
 */
record NotificationRule(String id, String destination, List<String> events, String prefix, String suffix) {
    NotificationRule {
        events = List.copyOf(events);
    }

    /** @param event such as {@code s3:ObjectCreated:Put} */
    boolean matches(String event, String key) {
        return key.startsWith(prefix)
                && key.endsWith(suffix)
                && events.stream().anyMatch(wanted -> covers(wanted, event));
    }

    private static boolean covers(String wanted, String event) {
        return wanted.endsWith("*") ? event.startsWith(wanted.substring(0, wanted.length() - 1)) : wanted.equals(event);
    }

    /** Whether an event could be told of by both. */
    boolean overlaps(NotificationRule other) {
        return (prefix.startsWith(other.prefix) || other.prefix.startsWith(prefix))
                && (suffix.endsWith(other.suffix) || other.suffix.endsWith(suffix))
                && events.stream()
                        .anyMatch(one -> other.events.stream().anyMatch(two -> covers(one, two) || covers(two, one)));
    }
}
