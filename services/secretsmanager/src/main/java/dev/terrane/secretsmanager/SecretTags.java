package dev.terrane.secretsmanager;

import dev.terrane.kernel.call.Call;
import dev.terrane.kernel.call.SystemTags;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
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
            if (key.isEmpty()) {
                throw Refusals.parameter("Tag keys can't be empty.");
            }
            map.put(key, tag.value() == null ? "" : tag.value());
        }
        refuse(map.keySet());
        return limited(SystemTags.with(map));
    }

    private static void refuse(Collection<String> keys) {
        SystemTags.refuse(keys, key -> Refusals.parameter("Tag keys can't begin with aws:, which is reserved."));
    }

    private static Map<String, String> limited(Map<String, String> tags) {
        if (SystemTags.counted(tags) > MOST) {
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
        refuse(request.tagKeys());
        SecretTables.Placed found = lookup.live(request.secretId());
        Map<String, String> tags = new HashMap<>(found.secret().tags());
        tags.keySet().removeAll(request.tagKeys());
        tables.put(found.scope(), found.secret().withTags(tags, Call.current().time()));
        return UntagResourceResponse.builder().build();
    }
}
