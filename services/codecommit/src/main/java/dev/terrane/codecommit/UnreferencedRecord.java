package dev.terrane.codecommit;

import java.time.Instant;
import java.util.List;

/**
 * Blobs that no pack refers to: of a pack that is being written, or of one that was replaced and may still be read. They are deleted when
 * a day has passed.
 *
 * @param name the pack's
 */
record UnreferencedRecord(String name, List<String> blobs, Instant since) {
    UnreferencedRecord {
        blobs = List.copyOf(blobs);
    }
}
