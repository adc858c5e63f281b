package dev.terrane.ec2;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import software.amazon.awssdk.services.ec2.model.Tag;

/**
 * The tags of one resource.
 *
 * @param resourceType as EC2 names it, such as {@code launch-template}
 */
record TagsRecord(String resourceId, String resourceType, Map<String, String> tags) {
    TagsRecord {
        tags = Map.copyOf(tags);
    }

    /** In the SDK's form, ordered by key. */
    static List<Tag> list(Map<String, String> tags) {
        return new TreeMap<>(tags)
                .entrySet().stream()
                        .map(tag -> Tag.builder()
                                .key(tag.getKey())
                                .value(tag.getValue())
                                .build())
                        .toList();
    }
}
