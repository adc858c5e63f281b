package dev.terrane.kernel.authorization;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkPojo;

/** The tags that a request gives or takes, in whichever shape the service has them. */
final class RequestTags {
    private static final List<String> MEMBERS = List.of(
            "tags", "tagspecifications", "tagspecification", "tagslist", "tagging", "pipeline", "taglist", "addtags");

    private RequestTags() {}

    /** {@code aws:RequestTag/KEY} and {@code aws:TagKeys}; empty where the request has no tags. */
    static Map<String, List<String>> conditions(RequestMembers members) {
        Map<String, String> tags = new LinkedHashMap<>();
        List<String> keys = new ArrayList<>(members.texts("tagkeys"));
        for (String name : MEMBERS) {
            members.member(name).ifPresent(value -> read(value, name, tags, 0));
        }
        keys.addAll(tags.keySet());
        if (keys.isEmpty()) {
            return Map.of();
        }
        Map<String, List<String>> conditions = new LinkedHashMap<>();
        tags.forEach((key, value) -> conditions.put("aws:RequestTag/" + key, List.of(value)));
        conditions.put("aws:TagKeys", keys.stream().distinct().toList());
        return conditions;
    }

    private static void read(@Nullable Object value, String name, Map<String, String> tags, int depth) {
        if (depth > 3) {
            return;
        }
        switch (value) {
            case Map<?, ?> map
            when name.startsWith("tag") ->
                map.forEach((key, text) -> {
                    if (key instanceof String k && text instanceof String v) {
                        tags.put(k, v);
                    }
                });
            case Collection<?> many -> many.forEach(one -> read(one, name, tags, depth));
            case SdkPojo pojo -> readStructure(pojo, tags, depth);
            case null, default -> {
                // Neither tags nor a place for them.
            }
        }
    }

    private static void readStructure(SdkPojo pojo, Map<String, String> tags, int depth) {
        String key = null;
        String text = "";
        for (RequestMembers.Member member : RequestMembers.Member.of(pojo)) {
            Object value = member.field().getValueOrDefault(pojo);
            String name = member.name();
            switch (name) {
                case "key", "tagkey" -> key = value instanceof String string ? string : null;
                case "value", "tagvalue" -> text = value instanceof String string ? string : "";
                case "tags", "tagset", "tagslist" -> read(value, name, tags, depth + 1);
                default -> {
                    // Beside the tags.
                }
            }
        }
        if (key != null) {
            tags.put(key, text);
        }
    }
}
