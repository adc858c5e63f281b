package dev.terrane.s3;

import java.util.List;
import software.amazon.awssdk.services.s3.model.LifecycleRule;

/**
 * A bucket's lifecycle configuration.
 *
 * @param rules as they were given, each with an id
 * @param transitionMinimum {@code all_storage_classes_128K} or {@code varies_by_storage_class}
 */
record LifecycleRecord(String bucket, List<LifecycleRule> rules, String transitionMinimum) {
    LifecycleRecord {
        rules = List.copyOf(rules);
    }
}
