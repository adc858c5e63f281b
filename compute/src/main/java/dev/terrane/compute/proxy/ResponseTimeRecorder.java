package dev.terrane.compute.proxy;

import dev.terrane.kernel.balancer.ResponseTimes;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.LongAdder;

/** Counts durations in buckets, sixteen to each doubling, from a microsecond to an hour. */
final class ResponseTimeRecorder {
    private static final int STEPS = 16;
    private static final int DOUBLINGS = 33;

    private final AtomicLongArray buckets = new AtomicLongArray(STEPS * DOUBLINGS);
    private final LongAdder nanos = new LongAdder();

    void record(long durationNanos) {
        nanos.add(durationNanos);
        buckets.incrementAndGet(bucket(durationNanos));
    }

    private static int bucket(long durationNanos) {
        long micros = Math.max(1, durationNanos / 1000);
        int doubling = 63 - Long.numberOfLeadingZeros(micros);
        int step = (int) ((micros << 4 >>> doubling) - STEPS);
        return Math.min(doubling * STEPS + step, STEPS * DOUBLINGS - 1);
    }

    ResponseTimes read() {
        List<ResponseTimes.Bucket> filled = new ArrayList<>();
        long count = 0;
        for (int i = 0; i < buckets.length(); i++) {
            long held = buckets.get(i);
            if (held > 0) {
                count += held;
                double micros = Math.scalb(1 + (i % STEPS + 0.5) / STEPS, i / STEPS);
                filled.add(new ResponseTimes.Bucket(micros / 1e6, held));
            }
        }
        return new ResponseTimes(count, nanos.sum() / 1e9, filled);
    }
}
