package dev.terrane.cloudwatch;

import java.util.concurrent.ThreadLocalRandom;

/**
 * Samples of one metric in one slot of time. Several rows may hold a slot's samples: each call adds one, so that calls do not wait for each
 * other.
 *
 * @param metric the metric's hash
 * @param time the slot's beginning, in seconds since 1970
 * @param unit the unit that was given, or {@code None}
 * @param part tells the rows of a slot apart
 */
record SamplesRecord(String metric, long time, String unit, String part, Samples samples) {
    static SamplesRecord of(String metric, long time, String unit, Samples samples) {
        String part = Long.toString(ThreadLocalRandom.current().nextLong() >>> 1, 36);
        return new SamplesRecord(metric, time, unit, part, samples);
    }

    String key() {
        return key(metric, time) + part;
    }

    /** The beginning of the keys of a slot; slots of a metric are ordered by time. */
    static String key(String metric, long time) {
        String seconds = Long.toString(Math.max(0, time));
        return metric + '/' + "0".repeat(Math.max(0, 11 - seconds.length())) + seconds + '/';
    }
}
