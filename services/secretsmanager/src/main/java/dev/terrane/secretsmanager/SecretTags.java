package dev.terrane.secretsmanager;

import dev.terrane.kernel.call.Call;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import software.amazon.awssdk.services.secretsmanager.model.*;

/** Tags of secrets. */
final class SecretTags {
    private static final int MOST = 50;

    private final SecretTables tables;
    private final Lookup lookup;

    SecretTags(SecretTables tables, Lookup lookup) {
        this.tables = tables;
        this.lookup = lookup;
    }

    /** The tags of a request, checked. */
    static Map<String, String> of(List<Tag> tags) {
        Map<String, String> map = new HashMap<>();
        for (Tag tag : tags) {
            String key = tag.key() == null ? "" : tag.key();
            if (key.isEmpty() || key.toLowerCase(Locale.ROOT).startsWith("aws:")) {
                throw Refusals.parameter("Tag keys can't be empty or begin with aws:, which is reserved.");
            }
            map.put(key, tag.value() == null ? "" : tag.value());
        }
        return limited(map);
    }

    private static Map<String, String> limited(Map<String, String> tags) {
        if (tags.size() > MOST) {
            throw InvalidParameterException.builder()
                    .message("A secret has at most " + MOST + " tags.")
                    .build();
        }
        return tags;
    }

    static List<Tag> list(Map<String, String> tags) {
        return new TreeMap<>(tags)
                .entrySet().stream()
                        .map(tag -> Tag.builder()
                                .key(tag.getKey())
                                .value(tag.getValue())
                                .build())
                        .toList();
    }

    TagResourceResponse tag(TagResourceRequest request) {
        SecretTables.Placed found = lookup.live(request.secretId());
        Map<String, String> tags = new HashMap<>(found.secret().tags());
        tags.putAll(of(request.tags()));
        tables.put(
                found.scope(),
                found.secret().withTags(limited(tags), Call.current().time()));
        return TagResourceResponse.builder().build();
    }

    UntagResourceResponse untag(UntagResourceRequest request) {
        SecretTables.Placed found = lookup.live(request.secretId());
        Map<String, String> tags = new HashMap<>(found.secret().tags());
        tags.keySet().removeAll(request.tagKeys());
        tables.put(found.scope(), found.secret().withTags(tags, Call.current().time()));
        return UntagResourceResponse.builder().build();
    }
}
