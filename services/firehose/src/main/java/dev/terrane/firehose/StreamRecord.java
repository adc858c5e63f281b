package dev.terrane.firehose;

import dev.terrane.kernel.arn.Arn;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * A delivery stream.
 *
 * @param id names what belongs to it, and is never given to a later stream of the same name
 * @param version of its destination: one more at every change
 */
record StreamRecord(
        String name,
        String id,
        String account,
        String region,
        int version,
        Instant created,
        Optional<Instant> updated,
        Destination destination,
        Map<String, String> tags) {
    StreamRecord {
        tags = Map.copyOf(tags);
    }

    Arn arn() {
        return Arn.of("firehose", region, account, "deliverystream/" + name);
    }

    StreamRecord changed(Destination to, Instant now) {
        return new StreamRecord(name, id, account, region, version + 1, created, Optional.of(now), to, tags);
    }

    StreamRecord tagged(Map<String, String> all) {
        return new StreamRecord(name, id, account, region, version, created, updated, destination, all);
    }
}
