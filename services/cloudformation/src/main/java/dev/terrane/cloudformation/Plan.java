package dev.terrane.cloudformation;

import dev.terrane.cloudformation.ResourceRecord.Physical;
import java.time.Duration;

/**
 * What is to be done to a resource so that it is as the template says.
 *
 * @param wanted what it is to be
 * @param given what it is
 * @param signals what its creation waits for
 */
record Plan(Action action, String type, Physical wanted, Physical given, Signals signals) {
    Plan(Action action, String type, Physical wanted, Physical given) {
        this(action, type, wanted, given, Signals.NONE);
    }

    Plan waitingFor(Signals awaited) {
        return new Plan(action, type, wanted, given, awaited);
    }

    /**
     * What a creation policy waits for.
     *
     * @param count how many signals; 0 where there is none to be waited for
     */
    record Signals(int count, Duration timeout) {
        static final Signals NONE = new Signals(0, Duration.ZERO);
    }

    /** What is done. */
    enum Action {
        NOTHING,
        CREATE,
        UPDATE,
        REPLACE
    }
}
