package dev.terrane.cloudformation;

import dev.terrane.cloudformation.ResourceRecord.Physical;
import java.time.Duration;
import java.util.Optional;

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

    /** How the instances of a group are replaced, when the change is one of theirs. */
    Optional<UpdatePolicy.Rolling> rolling() {
        return action == Action.UPDATE ? rolling(type, wanted, given) : Optional.empty();
    }

    /** How the instances of a group are replaced, when a change is one of theirs. */
    static Optional<UpdatePolicy.Rolling> rolling(String type, Physical wanted, Physical given) {
        return UpdatePolicy.ofInstances(Plans.changed(given.properties(), wanted.properties()))
                ? UpdatePolicy.of(type, wanted.attributes()).rolling()
                : Optional.empty();
    }

    /**
     * What a creation policy waits for.
     *
     * @param count how many signals; 0 where there is none to be waited for
     * @param percent how many of them must tell of success
     */
    record Signals(int count, Duration timeout, int percent) {
        static final Signals NONE = new Signals(0, Duration.ZERO, 100);
    }

    /** What is done. */
    enum Action {
        NOTHING,
        CREATE,
        /** Takes what is there already; its identifier stands in {@link #wanted}. */
        IMPORT,
        UPDATE,
        REPLACE
    }
}
