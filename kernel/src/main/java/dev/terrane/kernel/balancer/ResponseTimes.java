package dev.terrane.kernel.balancer;

import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * A histogram of durations in seconds. Its buckets grow so that a percentile is never more than a sixteenth off.
 *
 * @param buckets those that hold something, in ascending order
 */
public record ResponseTimes(long count, double sum, List<Bucket> buckets) {
    public static final ResponseTimes NONE = new ResponseTimes(0, 0, List.of());

    /** So many durations, each taken for {@code seconds}. */
    public record Bucket(double seconds, long count) {}

    public ResponseTimes {
        buckets = List.copyOf(buckets);
    }

    /** What came in since {@code earlier}, a former state of the same histogram. */
    public ResponseTimes minus(ResponseTimes earlier) {
        NavigableMap<Double, Long> left = new TreeMap<>();
        buckets.forEach(bucket -> left.put(bucket.seconds(), bucket.count()));
        earlier.buckets.forEach(bucket -> left.merge(bucket.seconds(), -bucket.count(), Long::sum));
        List<Bucket> rest = new ArrayList<>();
        left.forEach((seconds, number) -> {
            if (number > 0) {
                rest.add(new Bucket(seconds, number));
            }
        });
        return new ResponseTimes(count - earlier.count, sum - earlier.sum, rest);
    }

    /**
     * The duration that this share of all does not exceed; 0 when there is none.
     *
     * @param percentile 0 to 100
     */
    public double percentile(double percentile) {
        double rank = percentile / 100 * count;
        long seen = 0;
        for (Bucket bucket : buckets) {
            seen += bucket.count();
            if (seen >= rank) {
                return bucket.seconds();
            }
        }
        return 0;
    }
}
