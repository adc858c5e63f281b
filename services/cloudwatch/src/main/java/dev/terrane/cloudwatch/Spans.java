package dev.terrane.cloudwatch;

import java.time.Duration;
import java.time.Instant;

/** How the span of time of a request is fitted to its period, and which periods there are. */
final class Spans {
    private static final Duration FINE = Duration.ofDays(15);
    private static final Duration MIDDLE = Duration.ofDays(63);

    private Spans() {}

    /** Refuses a period that is none. */
    static void checkPeriod(int period) {
        if (period != 1 && period != 5 && period != 10 && period != 20 && period != 30 && period % 60 != 0) {
            throw Errors.value("The parameter Period must be 1, 5, 10, 20, 30 or a multiple of 60.");
        }
    }

    /** The second where the first period begins: the start, rounded down as its age and the period ask. */
    static long start(Instant start, Instant now, int period) {
        long second = start.getEpochSecond();
        Duration age = Duration.between(start, now);
        int grain = age.compareTo(FINE) < 0 ? Math.min(period, 60) : age.compareTo(MIDDLE) < 0 ? 300 : 3600;
        return second - Math.floorMod(second, grain);
    }

    /** The second before which the last period begins. */
    static long end(Instant end) {
        return end.getNano() == 0 ? end.getEpochSecond() : end.getEpochSecond() + 1;
    }
}
