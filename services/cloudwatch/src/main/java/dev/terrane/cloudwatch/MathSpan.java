package dev.terrane.cloudwatch;

import java.util.ArrayList;
import java.util.List;

/**
 * The span of time that expressions are evaluated for.
 *
 * @param from the first second
 * @param to the second where it ends, exclusive
 */
record MathSpan(long from, long to) {
    /** The beginnings of a series' periods within the span. */
    List<Long> times(Series series) {
        long first = series.points().isEmpty()
                ? from
                : from + Math.floorMod(series.points().firstKey() - from, series.period());
        List<Long> times = new ArrayList<>();
        for (long time = first; time < to; time += series.period()) {
            times.add(time);
        }
        return times;
    }
}
