package dev.terrane.cloudwatchlogs;

/**
 * The id of an event, 56 digits as AWS's: its time, its chunk's sequence and its place in the chunk. Ids sort as events are read, so an id
 * is also a place to go on from.
 */
final class EventId {
    /** Before every event, and after every event. */
    static final String LEAST = "0".repeat(56);

    static final String GREATEST = "9".repeat(56);

    private EventId() {}

    static String of(long timestamp, long sequence, int place) {
        StringBuilder id = new StringBuilder(56);
        padded(id, timestamp, 14);
        padded(id, sequence, 20);
        padded(id, place, 22);
        return id.toString();
    }

    private static void padded(StringBuilder id, long number, int length) {
        String digits = Long.toString(number);
        id.repeat('0', length - digits.length()).append(digits);
    }

    /** Before every event of a time, and after those before it. */
    static String before(long timestamp) {
        return LogTables.ordered(timestamp) + "0".repeat(42);
    }

    static long timestamp(String id) {
        return Long.parseLong(id, 0, 14, 10);
    }

    static boolean isId(String text) {
        return text.length() == 56 && text.chars().allMatch(c -> c >= '0' && c <= '9');
    }
}
