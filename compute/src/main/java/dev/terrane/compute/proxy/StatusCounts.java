package dev.terrane.compute.proxy;

import dev.terrane.kernel.balancer.BalancerStats.ResponseCodes;
import java.util.concurrent.atomic.LongAdder;

/** Counts answers by their status. */
final class StatusCounts {
    private final LongAdder[] classes = adders(6);
    private final LongAdder[] gateway = adders(3);

    void count(int status) {
        classes[Math.min(status / 100, 5)].increment();
        if (status >= 502 && status <= 504) {
            gateway[status - 502].increment();
        }
    }

    ResponseCodes read() {
        return new ResponseCodes(
                classes[2].sum(),
                classes[3].sum(),
                classes[4].sum(),
                classes[5].sum(),
                gateway[0].sum(),
                gateway[1].sum(),
                gateway[2].sum());
    }

    private static LongAdder[] adders(int count) {
        LongAdder[] adders = new LongAdder[count];
        for (int i = 0; i < count; i++) {
            adders[i] = new LongAdder();
        }
        return adders;
    }
}
