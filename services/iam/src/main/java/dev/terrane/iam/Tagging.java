package dev.terrane.iam;

import dev.terrane.kernel.error.AwsErrors;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import software.amazon.awssdk.services.iam.model.LimitExceededException;
import software.amazon.awssdk.services.iam.model.Tag;

/**
 * The rules of tags ("Tags for AWS Identity and Access Management resources"). Keys of users and roles differ by more than case; keys of
 * other resources by case too.
 */
final class Tagging {
    private static final int MOST = 50;

    private Tagging() {}

    /** An unchangeable copy in the same order. */
    static Map<String, String> ordered(Map<String, String> tags) {
        return Collections.unmodifiableMap(new LinkedHashMap<>(tags));
    }

    /** Tags with others put in, as TagUser and TagRole do: a key of another case is the same key. */
    static Map<String, String> addIgnoringCase(Map<String, String> present, Collection<Tag> added) {
        return add(present, added, true);
    }

    /** Tags with others put in. */
    static Map<String, String> add(Map<String, String> present, Collection<Tag> added) {
        return add(present, added, false);
    }

    private static Map<String, String> add(Map<String, String> present, Collection<Tag> added, boolean ignoringCase) {
        Map<String, String> tags = new LinkedHashMap<>(present);
        Map<String, String> seen = new LinkedHashMap<>();
        for (Tag tag : added) {
            if (tag.key().toLowerCase(Locale.ROOT).startsWith("aws:")) {
                throw AwsErrors.of(
                        "InvalidInput", 400, "System tags cannot be added/updated by requester. Key: " + tag.key());
            }
            String folded = ignoringCase ? Names.key(tag.key()) : tag.key();
            if (seen.putIfAbsent(folded, tag.key()) != null) {
                throw AwsErrors.of(
                        "InvalidInput",
                        400,
                        "Duplicate tag keys found. Please note that Tag keys are case insensitive.");
            }
            if (ignoringCase) {
                tags.keySet().removeIf(key -> key.equalsIgnoreCase(tag.key()));
            }
            tags.put(tag.key(), tag.value());
        }
        if (tags.size() > MOST) {
            throw LimitExceededException.builder()
                    .message("The number of tags has reached the maximum limit.")
                    .build();
        }
        return tags;
    }

    static Map<String, String> remove(Map<String, String> present, List<String> keys, boolean ignoringCase) {
        Map<String, String> tags = new LinkedHashMap<>(present);
        for (String key : keys) {
            tags.keySet().removeIf(k -> ignoringCase ? k.equalsIgnoreCase(key) : k.equals(key));
        }
        return tags;
    }

    static List<Tag> toSdk(Map<String, String> tags) {
        return tags.entrySet().stream()
                .map(e -> Tag.builder().key(e.getKey()).value(e.getValue()).build())
                .toList();
    }
}
