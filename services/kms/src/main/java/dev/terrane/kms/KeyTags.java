package dev.terrane.kms;

import dev.terrane.kernel.store.Page;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import software.amazon.awssdk.services.kms.model.*;

/** Tags of keys. */
final class KeyTags {
    private static final int MOST = 50;

    private final KmsTables tables;
    private final Keys keys;
    private final Markers markers;

    KeyTags(KmsTables tables, Keys keys, Markers markers) {
        this.tables = tables;
        this.keys = keys;
        this.markers = markers;
    }

    /** The tags of a request, checked. */
    static Map<String, String> of(List<Tag> tags) {
        Map<String, String> map = new HashMap<>();
        for (Tag tag : tags) {
            if (tag.tagKey().toLowerCase(Locale.ROOT).startsWith("aws:")) {
                throw TagException.builder()
                        .message("Tag keys cannot begin with aws:, which is reserved: " + tag.tagKey())
                        .build();
            }
            if (map.put(tag.tagKey(), tag.tagValue()) != null) {
                throw TagException.builder().message("Duplicate tag keys").build();
            }
        }
        return limited(map);
    }

    private static Map<String, String> limited(Map<String, String> tags) {
        if (tags.size() > MOST) {
            throw LimitExceededException.builder().message("Too many tags").build();
        }
        return tags;
    }

    TagResourceResponse tag(TagResourceRequest request) {
        Keys.Found found = keys.changeable(keys.own(request.keyId()));
        Map<String, String> tags = new HashMap<>(found.key().tags());
        tags.putAll(of(request.tags()));
        tables.put(found.scope(), found.key().withTags(limited(tags)));
        return TagResourceResponse.builder().build();
    }

    UntagResourceResponse untag(UntagResourceRequest request) {
        Keys.Found found = keys.changeable(keys.own(request.keyId()));
        Map<String, String> tags = new HashMap<>(found.key().tags());
        tags.keySet().removeAll(request.tagKeys());
        tables.put(found.scope(), found.key().withTags(tags));
        return UntagResourceResponse.builder().build();
    }

    ListResourceTagsResponse list(ListResourceTagsRequest request) {
        Keys.Found found = keys.own(request.keyId());
        String listing = "ListResourceTags|" + found.key().keyId();
        String after = markers.cursor(listing, request.marker()).orElse("");
        int limit = KeyLifecycle.limit(request.limit(), MOST);
        List<Tag> rest = new TreeMap<>(found.key().tags())
                .tailMap(after, false).entrySet().stream()
                        .map(tag -> Tag.builder()
                                .tagKey(tag.getKey())
                                .tagValue(tag.getValue())
                                .build())
                        .toList();
        List<Tag> shown = rest.subList(0, Math.min(limit, rest.size()));
        boolean more = rest.size() > shown.size();
        Page<Tag> page = new Page<>(shown, more ? Optional.of(shown.getLast().tagKey()) : Optional.empty());
        return ListResourceTagsResponse.builder()
                .tags(shown)
                .nextMarker(markers.next(listing, page))
                .truncated(more)
                .build();
    }
}
