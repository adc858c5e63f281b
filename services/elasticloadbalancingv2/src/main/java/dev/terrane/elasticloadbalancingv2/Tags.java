package dev.terrane.elasticloadbalancingv2;

import dev.terrane.kernel.call.SystemTags;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.DuplicateTagKeysException;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.Tag;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.TooManyTagsException;

/** Tags as maps. */
final class Tags {
    private static final int MOST = 50;

    private Tags() {}

    static Map<String, String> of(List<Tag> tags) {
        refuse(tags.stream().map(Tag::key).toList());
        Map<String, String> map = new TreeMap<>();
        for (Tag tag : tags) {
            if (map.putIfAbsent(tag.key(), tag.value() == null ? "" : tag.value()) != null) {
                throw DuplicateTagKeysException.builder()
                        .message("Duplicate tag keys found: " + tag.key())
                        .build();
            }
        }
        return bounded(SystemTags.with(map));
    }

    static void refuse(Collection<String> keys) {
        SystemTags.refuse(keys, key -> Attributes.validation("Tag keys beginning with 'aws:' are reserved"));
    }

    static Map<String, String> bounded(Map<String, String> tags) {
        if (SystemTags.counted(tags) > MOST) {
            throw TooManyTagsException.builder()
                    .message("At most " + MOST + " tags a resource")
                    .build();
        }
        return tags;
    }

    static List<Tag> list(Map<String, String> tags) {
        return tags.entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .map(e -> Tag.builder().key(e.getKey()).value(e.getValue()).build())
                .toList();
    }
}
