package dev.terrane.gateway;

import dev.terrane.kernel.authorization.Requirement;
import dev.terrane.kernel.call.Principal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What comes with a session of a role without the request naming it: of the role session that begins it, its source identity and its transitive tags; of
 * an identity provider, those that it vouches for. Both need the permission that naming them in the request needs.
 */
final class RoleChaining {
    private static final String ASSUME = "sts:AssumeRole";
    private static final String TAG = "sts:TagSession";
    private static final String NAME = "sts:SetSourceIdentity";
    private static final String TAG_KEYS = "aws:TagKeys";
    private static final String REQUEST_TAG = "aws:RequestTag/";

    private RoleChaining() {}

    /** The requirements of an operation, and those of what comes with it. */
    static List<Requirement> andPassedOn(Principal caller, List<Requirement> required) {
        if (required.stream().noneMatch(RoleChaining::assumes)) {
            return required;
        }
        if (caller instanceof Principal.AssumedRole session) {
            Map<String, String> tags = new TreeMap<>(session.sessionTags());
            tags.keySet().retainAll(session.transitiveTagKeys());
            return and(required, session.sourceIdentity(), tags, List.of());
        }
        return caller instanceof Principal.Federated user
                ? and(required, user.sourceIdentity(), user.sessionTags(), user.transitiveTagKeys())
                : required;
    }

    private static boolean assumes(Requirement requirement) {
        return requirement.action().startsWith(ASSUME);
    }

    private static List<Requirement> and(
            List<Requirement> required, String identity, Map<String, String> tags, List<String> transitive) {
        List<Requirement> all = new ArrayList<>();
        for (Requirement requirement : required) {
            Requirement whole = withPassedOn(requirement, identity, tags, transitive);
            all.add(whole);
            if (assumes(whole)) {
                if (!tags.isEmpty() && asksNot(required, TAG)) {
                    all.add(new Requirement(TAG, whole.resources(), whole.conditions()));
                }
                if (!identity.isEmpty() && asksNot(required, NAME)) {
                    all.add(new Requirement(NAME, whole.resources(), whole.conditions()));
                }
            }
        }
        return all;
    }

    private static boolean asksNot(List<Requirement> required, String action) {
        return required.stream().noneMatch(requirement -> requirement.action().equals(action));
    }

    private static Requirement withPassedOn(
            Requirement requirement, String identity, Map<String, String> tags, List<String> transitive) {
        Map<String, List<String>> conditions = new HashMap<>(requirement.conditions());
        if (!identity.isEmpty()) {
            conditions.putIfAbsent("sts:SourceIdentity", List.of(identity));
        }
        if (!transitive.isEmpty()) {
            conditions.put("sts:TransitiveTagKeys", transitive);
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
