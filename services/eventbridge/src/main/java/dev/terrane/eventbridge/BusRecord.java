package dev.terrane.eventbridge;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.services.eventbridge.model.DeadLetterConfig;

/**
 * An event bus. The default one has a record only once something was set on it.
 *
 * @param policy the resource policy as JSON
 * @param deadLetterConfig stored and returned: it concerns events that a customer-managed key keeps from being delivered
 */
record BusRecord(
        String name,
        Optional<String> description,
        Optional<String> policy,
        Optional<DeadLetterConfig> deadLetterConfig,
        Map<String, String> tags,
        Instant created,
        Instant modified) {
    static final String DEFAULT = "default";

    static BusRecord named(String name, Instant now) {
        return new BusRecord(name, Optional.empty(), Optional.empty(), Optional.empty(), Map.of(), now, now);
    }

    BusRecord withPolicy(Optional<String> changed, Instant now) {
        return new BusRecord(name, description, changed, deadLetterConfig, tags, created, now);
    }

    BusRecord withTags(Map<String, String> changed) {
        return new BusRecord(name, description, policy, deadLetterConfig, changed, created, modified);
    }

    BusRecord with(Optional<String> describedAs, Optional<DeadLetterConfig> deadLetters, Instant now) {
        return new BusRecord(name, describedAs, policy, deadLetters, tags, created, now);
    }
}
