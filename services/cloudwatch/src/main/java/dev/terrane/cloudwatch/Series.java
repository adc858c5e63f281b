package dev.terrane.cloudwatch;

import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.function.DoubleBinaryOperator;
import java.util.function.DoubleUnaryOperator;

/**
 * Values by time.
 *
 * @param label what the series is called
 * @param period seconds from one value to the next
 * @param points by the second of their period's beginning
 */
record Series(String label, int period, NavigableMap<Long, Double> points) {
    Series map(DoubleUnaryOperator operator) {
        NavigableMap<Long, Double> mapped = new TreeMap<>();
        points.forEach((time, value) -> put(mapped, time, operator.applyAsDouble(value)));
        return with(mapped);
    }

    /** Combines values of the same time; where one of the two is missing, the result is too. */
    Series zip(Series other, DoubleBinaryOperator operator) {
        NavigableMap<Long, Double> zipped = new TreeMap<>();
        points.forEach((time, value) -> {
            Double second = other.points.get(time);
            if (second != null) {
                put(zipped, time, operator.applyAsDouble(value, second));
            }
        });
        return with(zipped);
    }

    Series with(NavigableMap<Long, Double> changed) {
        return new Series(label, period, changed);
    }

    /** What is no number, such as a division by zero, is missing. */
    private static void put(NavigableMap<Long, Double> points, long time, double value) {
        if (Double.isFinite(value)) {
            points.put(time, value);
        }
    }
}
