package dev.terrane.codepipeline;

import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import software.amazon.awssdk.services.codepipeline.model.InvalidTagsException;
import software.amazon.awssdk.services.codepipeline.model.Tag;
import software.amazon.awssdk.services.codepipeline.model.TooManyTagsException;

/** Tags of pipelines. */
final class Tags {
    private static final int MOST = 50;

    private Tags() {}

    static Map<String, String> checked(Collection<Tag> given) {
        return added(Map.of(), given);
    }

    static Map<String, String> added(Map<String, String> old, Collection<Tag> given) {
        Map<String, String> all = new HashMap<>(old);
        for (Tag tag : given) {
            if (tag.key().regionMatches(true, 0, "aws:", 0, 4)) {
                throw InvalidTagsException.builder()
                        .message("Tag keys that begin with aws: are reserved: " + tag.key())
                        .build();
            }
            all.put(tag.key(), tag.value());
        }
        if (all.size() > MOST) {
            throw TooManyTagsException.builder()
                    .message("A resource can have at most " + MOST + " tags")
                    .build();
        }
        return all;
    }

    static Map<String, String> removed(Map<String, String> old, Collection<String> keys) {
        Map<String, String> rest = new HashMap<>(old);
        keys.forEach(rest::remove);
        return rest;
    }

    static List<Tag> listed(Map<String, String> tags) {
        return new TreeMap<>(tags)
                .entrySet().stream()
                        .map(e -> Tag.builder()
                                .key(e.getKey())
                                .value(e.getValue())
                                .build())
                        .toList();
    }
}
