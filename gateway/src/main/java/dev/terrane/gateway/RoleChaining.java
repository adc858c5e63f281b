package dev.terrane.gateway;

import dev.terrane.kernel.authorization.Requirement;
import dev.terrane.kernel.call.Principal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a role session passes on to a session of another role that it begins, without the request naming it: its source identity
 * and its transitive tags. Both need the permission that naming them in the request needs.
 */
final class RoleChaining {
    private static final String ASSUME = "sts:AssumeRole";
    private static final String TAG = "sts:TagSession";
    private static final String NAME = "sts:SetSourceIdentity";
    private static final String TAG_KEYS = "aws:TagKeys";
    private static final String REQUEST_TAG = "aws:RequestTag/";

    private RoleChaining() {}

    /** The requirements of an operation, and those of what is passed on with it. */
    static List<Requirement> andPassedOn(Principal caller, List<Requirement> required) {
        if (!(caller instanceof Principal.AssumedRole session)
                || required.stream()
                        .noneMatch(requirement -> requirement.action().equals(ASSUME))) {
            return required;
        }
        Map<String, String> tags = new TreeMap<>(session.sessionTags());
        tags.keySet().retainAll(session.transitiveTagKeys());
        List<Requirement> all = new ArrayList<>();
        for (Requirement requirement : required) {
            Requirement whole = withPassedOn(requirement, session.sourceIdentity(), tags);
            all.add(whole);
            if (whole.action().equals(ASSUME)) {
                if (!tags.isEmpty() && asksNot(required, TAG)) {
                    all.add(new Requirement(TAG, whole.resources(), whole.conditions()));
                }
                if (!session.sourceIdentity().isEmpty() && asksNot(required, NAME)) {
                    all.add(new Requirement(NAME, whole.resources(), whole.conditions()));
                }
            }
        }
        return all;
    }

    private static boolean asksNot(List<Requirement> required, String action) {
        return required.stream().noneMatch(requirement -> requirement.action().equals(action));
    }

    private static Requirement withPassedOn(Requirement requirement, String identity, Map<String, String> tags) {
        Map<String, List<String>> conditions = new HashMap<>(requirement.conditions());
        if (!identity.isEmpty()) {
            conditions.putIfAbsent("sts:SourceIdentity", List.of(identity));
        }
        if (!tags.isEmpty()) {
            tags.forEach((key, value) -> conditions.putIfAbsent(REQUEST_TAG + key, List.of(value)));
            List<String> keys = new ArrayList<>(conditions.getOrDefault(TAG_KEYS, List.of()));
            tags.keySet().stream().filter(key -> !keys.contains(key)).forEach(keys::add);
            conditions.put(TAG_KEYS, keys);
        }
        return new Requirement(requirement.action(), requirement.resources(), conditions);
    }
}
