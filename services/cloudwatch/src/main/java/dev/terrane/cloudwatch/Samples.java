package dev.terrane.cloudwatch;

import java.util.Arrays;
import software.amazon.awssdk.services.cloudwatch.model.StatisticSet;

/**
 * Samples, summed up so that more can be added. Up to {@value #EXACT} different values are kept as they are, of more each to one part in a
 * hundred, so percentiles are exact for few values and off by at most one percent for many.
 *
 * @param values the different values, rising; empty where all are equal, or where only a statistic set was given
 * @param counts how often each of the values came
 */
record Samples(double count, double sum, double min, double max, double[] values, double[] counts) {
    private static final int EXACT = 128;
    private static final double WIDTH = Math.log(1.02);
    private static final double[] NONE = {};

    static Samples of(double value) {
        return of(value, 1);
    }

    static Samples of(double value, double times) {
        return new Samples(times, value * times, value, value, NONE, NONE);
    }

    static Samples of(StatisticSet set) {
        return new Samples(set.sampleCount(), set.sum(), set.minimum(), set.maximum(), NONE, NONE);
    }

    /** Whether it is known how the samples are spread, without which there are no percentiles. */
    boolean spreadKnown() {
        return values.length > 0 || min == max || count == 1;
    }

    /** The different values, rising. */
    double[] distinct() {
        return values.length > 0 ? values : new double[] {min};
    }

    /** How often each of {@link #distinct()} came. */
    double[] times() {
        return values.length > 0 ? counts : new double[] {count};
    }

    Samples plus(Samples other) {
        double[] allValues = NONE;
        double[] allCounts = NONE;
        double least = Math.min(min, other.min);
        double greatest = Math.max(max, other.max);
        if (spreadKnown() && other.spreadKnown() && least < greatest) {
            double[] a = distinct();
            double[] b = other.distinct();
            allValues = new double[a.length + b.length];
            allCounts = new double[allValues.length];
            int length = merge(a, times(), b, other.times(), allValues, allCounts);
            if (length > EXACT) {
                length = round(allValues, allCounts, length);
            }
            allValues = Arrays.copyOf(allValues, length);
            allCounts = Arrays.copyOf(allCounts, length);
        }
        return new Samples(count + other.count, sum + other.sum, least, greatest, allValues, allCounts);
    }

    private static int merge(
            double[] a, double[] timesA, double[] b, double[] timesB, double[] values, double[] counts) {
        int length = 0;
        for (int i = 0, j = 0; i < a.length || j < b.length; ) {
            boolean fromA = j == b.length || (i < a.length && a[i] <= b[j]);
            double value = fromA ? a[i] : b[j];
            double times = fromA ? timesA[i++] : timesB[j++];
            length = append(values, counts, length, value, times);
        }
        return length;
    }

    private static int append(double[] values, double[] counts, int length, double value, double times) {
        if (length > 0 && values[length - 1] == value) {
            counts[length - 1] += times;
            return length;
        }
        values[length] = value;
        counts[length] = times;
        return length + 1;
    }

    private static int round(double[] values, double[] counts, int length) {
        int kept = 0;
        for (int i = 0; i < length; i++) {
            kept = append(values, counts, kept, rounded(values[i]), counts[i]);
        }
        return kept;
    }

    private static double rounded(double value) {
        return value == 0 ? 0 : Math.signum(value) * Math.exp(Math.round(Math.log(Math.abs(value)) / WIDTH) * WIDTH);
    }
}
