package dev.terrane.iam;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A user.
 *
 * @param groups the names of its groups
 * @param accessKeys the ids of its access keys, oldest first
 * @param gitCredentials the service user names of its service-specific credentials, oldest first
 */
record UserRecord(
        String account,
        String name,
        String path,
        String id,
        Instant created,
        Map<String, String> tags,
        Permissions permissions,
        List<String> groups,
        List<String> accessKeys,
        List<String> gitCredentials)
        implements Identity, Tagged {
    UserRecord {
        tags = Tagging.ordered(tags);
        groups = List.copyOf(groups);
        accessKeys = List.copyOf(accessKeys);
        gitCredentials = List.copyOf(gitCredentials);
    }

    @Override
    public Kind kind() {
        return Kind.USER;
    }

    @Override
    public UserRecord with(Permissions changed) {
        return new UserRecord(account, name, path, id, created, tags, changed, groups, accessKeys, gitCredentials);
    }

    UserRecord named(String newName, String newPath) {
        return new UserRecord(
                account, newName, newPath, id, created, tags, permissions, groups, accessKeys, gitCredentials);
    }

    UserRecord withTags(Map<String, String> changed) {
        return new UserRecord(
                account, name, path, id, created, changed, permissions, groups, accessKeys, gitCredentials);
    }

    UserRecord withGroups(List<String> changed) {
        return new UserRecord(account, name, path, id, created, tags, permissions, changed, accessKeys, gitCredentials);
    }

    UserRecord withAccessKeys(List<String> changed) {
        return new UserRecord(account, name, path, id, created, tags, permissions, groups, changed, gitCredentials);
    }

    UserRecord withGitCredentials(List<String> changed) {
        return new UserRecord(account, name, path, id, created, tags, permissions, groups, accessKeys, changed);
    }

    /** A list with one element more. */
    static List<String> and(List<String> list, String element) {
        List<String> more = new ArrayList<>(list);
        more.add(element);
        return more;
    }

    /** A list without an element, in any case. */
    static List<String> without(List<String> list, String element) {
        return list.stream().filter(e -> !e.equalsIgnoreCase(element)).toList();
    }
}
