package dev.terrane.cloudwatch;

import java.time.Instant;

/**
 * What happened to an alarm.
 *
 * @param id tells items of the same millisecond apart
 * @param type AWS's alarm type
 * @param kind AWS's history item type
 * @param data JSON
 */
record HistoryRecord(String id, String alarm, String type, Instant time, String kind, String summary, String data) {
    private static final char SEPARATOR = '\1';

    /** Keys rise with time. */
    String key() {
        return "%014d/%s".formatted(time.toEpochMilli(), id);
    }

    String ofAlarm() {
        return prefix(alarm) + key();
    }

    static String prefix(String alarm) {
        return alarm + SEPARATOR;
    }
}
