package dev.terrane.cloudformation;

import dev.terrane.cloudformation.ResourceWorkflow.Input;
import dev.terrane.cloudformation.ResourceWorkflow.Signal;
import dev.terrane.kernel.workflow.Steps;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/** Waits for the signals that a resource, or its instances, send while it is worked on. */
final class Signals {
    private final ResourceLedger ledger;

    Signals(ResourceLedger ledger) {
        this.ledger = ledger;
    }

    /**
     * What was heard.
     *
     * @param latestFailure the unique id of the last failure, empty where there was none
     */
    record Heard(int succeeded, int failed, String latestFailure) {}

    /** How many of so many may fail, when a percentage must succeed. */
    static int tolerated(int count, int percent) {
        return count - (int) Math.ceil(count * percent / 100.0);
    }

    /**
     * Waits until so many have signaled, or more than are tolerated have failed, or the time is over. Each is counted once.
     *
     * @param name distinguishes this waiting from others of the same process
     */
    Heard await(Steps steps, Input input, String name, int count, int tolerated, Duration timeout)
            throws InterruptedException {
        Instant latest = steps.now().plus(timeout);
        Set<String> known = new HashSet<>();
        int failed = 0;
        String latestFailure = "";
        for (int i = 1; known.size() < count && failed <= tolerated; i++) {
            Duration left = Duration.between(steps.now(), latest);
            Optional<Signal> signal = steps.await(
                    name + " " + i, ResourceWorkflow.SIGNAL, Signal.class, left.isNegative() ? Duration.ZERO : left);
            if (signal.isEmpty()) {
                break;
            }
            if (known.add(signal.get().uniqueId())) {
                boolean success = signal.get().success();
                failed += success ? 0 : 1;
                latestFailure = success ? latestFailure : signal.get().uniqueId();
                tell(
                        steps,
                        input,
                        name + " told " + i,
                        "Received " + (success ? "SUCCESS" : "FAILURE") + " signal with UniqueId "
                                + signal.get().uniqueId());
            }
        }
        return new Heard(known.size() - failed, failed, latestFailure);
    }

    /** Tells of something in the stack's events, while the resource stays in its status. */
    void tell(Steps steps, Input input, String name, String reason) throws InterruptedException {
        steps.commit(name, () -> ledger.tell(input, ledger.current(input).status(), reason));
    }
}
