package dev.terrane.cloudformation;

import java.time.Instant;
import java.util.List;
import software.amazon.awssdk.services.cloudformation.model.StackResourceDrift;

/** A detection of drift and what it found.
 *
 * @param status {@code DETECTION_IN_PROGRESS}, {@code DETECTION_COMPLETE} or {@code DETECTION_FAILED} */
record DriftRecord(
        String id, String stack, String status, String reason, List<StackResourceDrift> resources, Instant time) {
    DriftRecord {
        resources = List.copyOf(resources);
    }
}
