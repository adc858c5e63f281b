package dev.terrane.codedeploy;

import java.time.Instant;
import java.util.Map;

/**
 * An application.
 *
 * @param id stays when the application is renamed; what belongs to the application is kept under it
 */
record ApplicationRecord(String name, String id, Instant created, Map<String, String> tags) {
    ApplicationRecord {
        tags = Map.copyOf(tags);
    }

    ApplicationRecord withTags(Map<String, String> other) {
        return new ApplicationRecord(name, id, created, other);
    }

    ApplicationRecord named(String other) {
        return new ApplicationRecord(other, id, created, tags);
    }
}
