package dev.terrane.eventbridge;

import dev.terrane.kernel.call.Scope;
import java.time.Instant;
import java.util.List;

/**
 * An event that was accepted and matched rules, until all their targets have it or a {@link DeliveryRecord}.
 *
 * @param event in EventBridge's JSON form
 * @param rules the names of the rules of the bus that it matched
 * @param forwarded whether it came from another bus, and so goes to no third one
 */
record AcceptedRecord(
        String key,
        String account,
        String region,
        String bus,
        String id,
        String event,
        List<String> rules,
        Instant accepted,
        boolean forwarded) {
    AcceptedRecord {
        rules = List.copyOf(rules);
    }

    Scope scope() {
        return new Scope(account, region);
    }
}
