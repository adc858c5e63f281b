package dev.terrane.cloudformation;

import dev.terrane.cloudformation.ResourceRecord.Physical;

/**
 * What is to be done to a resource so that it is as the template says.
 *
 * @param wanted what it is to be
 * @param given what it is
 */
record Plan(Action action, String type, Physical wanted, Physical given) {
    /** What is done. */
    enum Action {
        NOTHING,
        CREATE,
        UPDATE,
        REPLACE
    }
}
