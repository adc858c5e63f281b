package dev.terrane.iam;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The policies of a user, group or role.
 *
 * @param inline documents by policy name
 * @param attached ARNs of managed policies, in the order they were attached
 * @param boundary the ARN of the managed policy that is the permissions boundary
 */
record Permissions(Map<String, String> inline, List<String> attached, Optional<String> boundary) {
    static final Permissions NONE = new Permissions(Map.of(), List.of(), Optional.empty());

    Permissions {
        inline = Collections.unmodifiableMap(new TreeMap<>(inline));
        attached = List.copyOf(attached);
    }

    Permissions withInline(String name, String document) {
        Map<String, String> more = new TreeMap<>(inline);
        more.put(name, document);
        return new Permissions(more, attached, boundary);
    }

    Permissions withoutInline(String name) {
        Map<String, String> fewer = new TreeMap<>(inline);
        fewer.remove(name);
        return new Permissions(fewer, attached, boundary);
    }

    Permissions withAttached(String arn) {
        List<String> more = new ArrayList<>(attached);
        more.add(arn);
        return new Permissions(inline, more, boundary);
    }

    Permissions withoutAttached(String arn) {
        List<String> fewer = new ArrayList<>(attached);
        fewer.remove(arn);
        return new Permissions(inline, fewer, boundary);
    }

    Permissions withBoundary(Optional<String> arn) {
        return new Permissions(inline, attached, arn);
    }
}
