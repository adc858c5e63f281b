package dev.terrane.compute.proxy;

import dev.terrane.kernel.balancer.BalancerStats.TargetCounts;
import java.util.concurrent.atomic.LongAdder;

/** What is counted of one target or one group. */
final class TargetCounter {
    private final LongAdder requests = new LongAdder();
    private final LongAdder inFlight = new LongAdder();
    private final LongAdder connectionErrors = new LongAdder();
    private final StatusCounts answers = new StatusCounts();
    private final ResponseTimeRecorder times = new ResponseTimeRecorder();

    void began() {
        inFlight.increment();
    }

    void ended() {
        inFlight.decrement();
    }

    void sent() {
        requests.increment();
    }

    void answered(int status, long nanos) {
        answers.count(status);
        times.record(nanos);
    }

    void connectionFailed() {
        connectionErrors.increment();
    }

    TargetCounts read() {
        return new TargetCounts(requests.sum(), inFlight.sum(), answers.read(), connectionErrors.sum(), times.read());
    }
}
