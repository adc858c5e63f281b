package dev.terrane.sts;

import dev.terrane.kernel.call.Principal;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import software.amazon.awssdk.services.sts.model.AssumeRoleRequest;
import software.amazon.awssdk.services.sts.model.Tag;

/**
 * The tags of a role session ("Passing session tags in AWS STS"): those asked for, and those that the calling session passes on.
 *
 * @param values all of them
 * @param transitiveKeys keys of those that go on to the next session of a chain
 */
record SessionTags(Map<String, String> values, List<String> transitiveKeys) {
    static SessionTags of(AssumeRoleRequest request, Principal caller) {
        return of(request.tags(), request.transitiveTagKeys(), inherited(caller));
    }

    /** Tags that nothing is inherited with. */
    static SessionTags of(List<Tag> tags, List<String> transitiveKeys) {
        return of(tags, transitiveKeys, Map.of());
    }

    private static SessionTags of(List<Tag> tags, List<String> transitiveKeys, Map<String, String> inherited) {
        Map<String, String> asked = asked(tags, inherited);
        TreeSet<String> transitive = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
        for (String key : transitiveKeys) {
            if (asked.keySet().stream().noneMatch(key::equalsIgnoreCase)) {
                throw Refusals.parameter("The specified transitive tag key must be included in the requested tags.");
            }
            transitive.add(key);
        }
        transitive.addAll(inherited.keySet());
        Map<String, String> values = new LinkedHashMap<>(inherited);
        values.putAll(asked);
        return new SessionTags(values, List.copyOf(transitive));
    }

    private static Map<String, String> inherited(Principal caller) {
        Map<String, String> inherited = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        if (caller instanceof Principal.AssumedRole session) {
            session.sessionTags().forEach((key, value) -> {
                if (session.transitiveTagKeys().stream().anyMatch(key::equalsIgnoreCase)) {
                    inherited.put(key, value);
                }
            });
        }
        return inherited;
    }

    private static Map<String, String> asked(List<Tag> tags, Map<String, String> inherited) {
        Map<String, String> asked = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        for (Tag tag : tags) {
            if (tag.key().toLowerCase(Locale.ROOT).startsWith("aws:")) {
                throw Refusals.parameter("Tag keys must not begin with the reserved prefix aws: " + tag.key());
            }
            if (inherited.containsKey(tag.key())) {
                throw Refusals.parameter(
                        "One of the specified transitive tag keys can't be set because it conflicts with a"
                                + " transitive tag key from the calling session.");
            }
            if (asked.put(tag.key(), tag.value()) != null) {
                throw Refusals.parameter("Duplicate tag keys found. Please note that Tag keys are case insensitive.");
            }
        }
        return asked;
    }
}
