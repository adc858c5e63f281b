package dev.terrane.eventbridge;

import java.util.Map;
import java.util.Optional;

/**
 * A rule of a bus.
 *
 * @param managedBy the service that made it and alone may change it
 */
record RuleRecord(
        String bus,
        String name,
        Optional<String> pattern,
        Optional<String> schedule,
        boolean enabled,
        boolean cloudTrailReads,
        Optional<String> description,
        Optional<String> roleArn,
        Optional<String> managedBy,
        Map<String, String> tags) {
    /** Where a rule is: rules of a bus stand together, in the order of their names. */
    String key() {
        return key(bus, name);
    }

    static String key(String bus, String name) {
        return bus + "/" + name;
    }

    RuleRecord withState(boolean on, boolean reads) {
        return new RuleRecord(bus, name, pattern, schedule, on, reads, description, roleArn, managedBy, tags);
    }

    RuleRecord withTags(Map<String, String> changed) {
        return new RuleRecord(
                bus, name, pattern, schedule, enabled, cloudTrailReads, description, roleArn, managedBy, changed);
    }
}
